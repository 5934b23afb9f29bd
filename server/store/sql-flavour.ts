import type { ColumnDataType, Kysely, Transaction } from 'kysely';
import type { Tables } from './tables.ts';

/** Everything in which the SQL engines differ for us; queries and migrations are the same text for all. */
export interface SqlFlavour {
  /** Column type of binary data. */
  blobType: ColumnDataType;
  /** Column type of numbers up to 2^53. */
  bigintType: ColumnDataType;
  /** The row breaks a key or foreign key: a fault of that row alone, not of the database. */
  isConflict(error: unknown): boolean;
  /** Rewrites the files, so that nothing is left of what earlier versions have deleted. Throws STORAGE_UNAVAILABLE. */
  scrub(db: Kysely<Tables>): Promise<void>;
  /**
   * Runs writes in one transaction, after which nothing of what they replaced or deleted is left in the files. Throws
   * AppError STORAGE_UNAVAILABLE; then nothing was written, or all of it but its former content may still be in the
   * log: doing it again ends it.
   */
  forget(db: Kysely<Tables>, write: (transaction: Transaction<Tables>) => Promise<void>): Promise<void>;
}
