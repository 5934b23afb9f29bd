import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { openDatabase } from '../../server/store/database.ts';

/** Pages of 4 KiB that the tables take before anything is in them. */
export async function emptyPages(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'taleloom-empty-'));
  const database = await openDatabase({ file: join(folder, 'empty.sqlite'), durability: 'process' });
  const { rows } = await sql<{ page_count: number }>`pragma page_count`.execute(database.db);
  await database.close();
  rmSync(folder, { recursive: true });
  return rows[0]?.page_count ?? 0;
}
