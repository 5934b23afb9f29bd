import type { ColumnDataType } from 'kysely';

/** Everything in which the SQL engines differ for us; queries and migrations are the same text for all. */
export interface SqlFlavour {
  /** Column type of binary data. */
  blobType: ColumnDataType;
  /** Column type of numbers up to 2^53. */
  bigintType: ColumnDataType;
  /** The row breaks a key or foreign key: a fault of that row alone, not of the database. */
  isConflict(error: unknown): boolean;
}
