import { AppError } from '../../sessions/errors.ts';
import type { SqliteFault } from './sqlite-messages.ts';

/** By the start of SQLite's code; the first that fits counts. Shown to players, so without paths. */
const DETAILS: readonly (readonly [code: string, detail: string])[] = [
  ['SQLITE_FULL', 'no space is left for the database'],
  ['SQLITE_CORRUPT', 'the database file is damaged'],
  ['SQLITE_NOTADB', 'the database file is damaged or not a SQLite database'],
  ['SQLITE_CANTOPEN', 'the database file cannot be opened'],
  ['SQLITE_READONLY', 'the database file or its folder is read-only'],
  ['SQLITE_PERM', 'the server may not write the database file'],
  ['SQLITE_BUSY', 'another Taleloom server, or another program, is using the database'],
  ['SQLITE_LOCKED', 'another process holds the database'],
  ['SQLITE_IOERR', 'the disk failed to read or write the database'],
  ['SQLITE_CONSTRAINT_FOREIGNKEY', 'the session is not in the database'],
  ['SQLITE_CONSTRAINT', 'another writer has already taken this position'],
  ['SQLITE_TOOBIG', 'the data is larger than the database can hold'],
  ['WORKER', 'the database thread stopped'],
];

/** What SQLite said, as the cause of an AppError. */
class SqliteFailure extends Error {
  readonly code: string;

  constructor(fault: SqliteFault) {
    super(`${fault.code}: ${fault.message}`);
    this.name = 'SqliteFailure';
    this.code = fault.code;
  }
}

/** STORAGE_UNAVAILABLE with a sentence for people; SQLite's own words are its cause. */
export function toStorageError(fault: SqliteFault): AppError {
  const known = DETAILS.find(([code]) => fault.code.startsWith(code));
  const detail = known?.[1] ?? 'the database refused a statement';
  return new AppError('STORAGE_UNAVAILABLE', { detail, cause: new SqliteFailure(fault) });
}

/** The statement broke a key, a foreign key or another constraint of its own rows. */
export function isConstraintError(error: unknown): boolean {
  return (
    error instanceof AppError &&
    error.cause instanceof SqliteFailure &&
    error.cause.code.startsWith('SQLITE_CONSTRAINT')
  );
}
