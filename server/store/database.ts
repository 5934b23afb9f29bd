import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Kysely } from 'kysely';
import { AppError } from '../../sessions/errors.ts';
import { lockFile } from './file-lock.ts';
import { migrate } from './migrations.ts';
import type { SqlFlavour } from './sql-flavour.ts';
import { SQLITE, SqliteWorkerDialect } from './sqlite-dialect.ts';
import type { Tables } from './tables.ts';

const BUSY_TIMEOUT_MS = 5_000;

/** The one database of the server, with its tables up to date; stores share it. */
export interface Database {
  db: Kysely<Tables>;
  flavour: SqlFlavour;
  /** Closes the file after those who wait have been served. Idempotent. */
  close(): Promise<void>;
}

/** Opens the SQLite file, brings its tables up to date. Throws AppError STORAGE_UNAVAILABLE naming the file. */
export async function openDatabase(options: {
  file: string;
  /** 'power': what is committed survives power loss. 'process': it survives the death of the process. */
  durability: 'power' | 'process';
  /** Largest size of the file in pages of 4 KiB; without it the disk is the limit. */
  maxPages?: number;
}): Promise<Database> {
  const { file, durability, maxPages = null } = options;
  const synchronous = durability === 'power' ? 'FULL' : 'NORMAL';
  await mkdir(dirname(file), { recursive: true }).catch(() => undefined);
  const lock = lockFile(file);
  const dialect = new SqliteWorkerDialect({ file, synchronous, busyTimeoutMs: BUSY_TIMEOUT_MS, maxPages });
  const db = new Kysely<Tables>({ dialect });
  try {
    const ran = await migrate(db, SQLITE);
    // Before the history there was nothing to be removed for good, and deletions left their content in the file. Where
    // there is no room to rewrite it, the server still has to start.
    if (ran.includes('0003-history') && !ran.includes('0001-sessions'))
      await SQLITE.scrub(db).catch(() => undefined);
  } catch (cause) {
    await db.destroy();
    lock.release();
    const reason = cause instanceof AppError ? (cause.detail ?? cause.code) : String(cause);
    throw new AppError('STORAGE_UNAVAILABLE', { detail: `${reason} (${file})`, cause });
  }
  let closing: Promise<void> | null = null;
  return { db, flavour: SQLITE, close: () => (closing ??= db.destroy().finally(lock.release)) };
}
