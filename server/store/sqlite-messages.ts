/** How the worker opens its database file. */
export interface SqliteOptions {
  /** Path of the database file; made if it does not exist, its folder is not. */
  file: string;
  /** FULL: every commit survives power loss. NORMAL: every commit survives the death of the process. */
  synchronous: 'FULL' | 'NORMAL';
  /** How long a statement waits for another process that holds the file. */
  busyTimeoutMs: number;
  /** Largest size of the file in pages of 4 KiB; null: the disk is the limit. */
  maxPages: number | null;
}

/** A statement for the worker, or the wish to close. */
export type SqliteRequest =
  { id: number; sql: string; parameters: readonly unknown[] } | { id: number; close: true };

/** What a statement gave. */
export interface SqliteResult {
  rows: unknown[];
  /** Rows changed; null for statements that only read. */
  changes: number | null;
}

/** An error of SQLite as it crosses the thread border. */
export interface SqliteFault {
  /** SQLite's extended code, as `SQLITE_FULL`; `WORKER` when the thread itself failed. */
  code: string;
  message: string;
}

/** The worker's answer to the request `id`; id 0 answers the opening of the file. */
export type SqliteAnswer = { id: number; result: SqliteResult } | { id: number; fault: SqliteFault };
