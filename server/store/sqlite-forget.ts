import { sql, type Kysely, type Transaction } from 'kysely';
import { AppError } from '../../sessions/errors.ts';
import type { Tables } from './tables.ts';

/**
 * `SqlFlavour.forget` for SQLite: deleted content is overwritten at once (secure_delete, sqlite-worker.ts); then the
 * write-ahead log, which has the former pages, is moved into the file and cut off.
 */
export async function forget(
  db: Kysely<Tables>,
  write: (transaction: Transaction<Tables>) => Promise<void>,
): Promise<void> {
  await db.connection().execute(async (connection) => {
    await connection.transaction().execute(write);
    await cutLog(connection);
  });
}

/** `SqlFlavour.scrub` for SQLite. It takes as much room as the file once more while it runs. */
export async function scrub(db: Kysely<Tables>): Promise<void> {
  await db.connection().execute(async (connection) => {
    await sql`vacuum`.execute(connection);
    await cutLog(connection);
  });
}

async function cutLog(connection: Kysely<Tables>): Promise<void> {
  const { rows } = await sql<{ busy: number }>`pragma wal_checkpoint(truncate)`.execute(connection);
  if (rows[0]?.busy === 0) return;
  throw new AppError('STORAGE_UNAVAILABLE', { detail: 'another program is reading the database file' });
}
