import {
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
  type DatabaseIntrospector,
  type Dialect,
  type DialectAdapter,
  type Driver,
  type Kysely,
  type QueryCompiler,
  type QueryResult,
} from 'kysely';
import { AppError } from '../../sessions/errors.ts';
import type { SqlFlavour } from './sql-flavour.ts';
import { isConstraintError } from './sqlite-errors.ts';
import { forget, scrub } from './sqlite-forget.ts';
import type { SqliteOptions } from './sqlite-messages.ts';
import { SqliteThread } from './sqlite-thread.ts';

/** Callers that may wait for the one connection; more are refused with STORAGE_UNAVAILABLE. */
const MAX_WAITING = 10_000;

/** SQLite's side of what differs between engines. */
export const SQLITE: SqlFlavour = {
  blobType: 'blob',
  bigintType: 'integer',
  isConflict: isConstraintError,
  scrub,
  forget,
};

/** Kysely on a SQLite file in a worker thread: the event loop never waits for the disk. */
export class SqliteWorkerDialect implements Dialect {
  private readonly options: SqliteOptions;

  constructor(options: SqliteOptions) {
    this.options = options;
  }

  createAdapter(): DialectAdapter {
    return new TransactionalAdapter();
  }

  createDriver(): Driver {
    return new SqliteWorkerDriver(this.options);
  }

  createQueryCompiler(): QueryCompiler {
    return new SqliteQueryCompiler();
  }

  // Kysely's interface asks for any database here.
  createIntrospector(db: Kysely<never>): DatabaseIntrospector {
    return new SqliteIntrospector(db);
  }
}

/** SQLite can change tables within a transaction; a migration that breaks off leaves nothing behind. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/** A connection as lent to one caller: bound to the thread that was alive then, so no transaction spans two. */
class SqliteConnection implements DatabaseConnection {
  readonly thread: SqliteThread;

  constructor(thread: SqliteThread) {
    this.thread = thread;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { rows, changes } = await this.thread.run(query.sql, query.parameters);
    const result = { rows: rows as R[] };
    return changes === null ? result : { ...result, numAffectedRows: BigInt(changes) };
  }

  streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new AppError('INTERNAL', { detail: 'The SQLite driver does not stream; read page by page.' });
  }
}

/** Lends the one connection to one caller at a time, in order of asking; replaces a dead thread. */
class SqliteWorkerDriver implements Driver {
  private readonly options: SqliteOptions;
  private thread: SqliteThread | null = null;
  private isLent = false;
  private isDestroyed = false;
  private waiting: (() => void)[] = [];

  constructor(options: SqliteOptions) {
    this.options = options;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<SqliteConnection> {
    await this.takeTurn();
    try {
      return new SqliteConnection(await this.liveThread());
    } catch (error) {
      this.passOn();
      throw error;
    }
  }

  async beginTransaction(connection: SqliteConnection): Promise<void> {
    await connection.thread.run('begin immediate', []);
  }

  async commitTransaction(connection: SqliteConnection): Promise<void> {
    await connection.thread.run('commit', []);
  }

  async rollbackTransaction(connection: SqliteConnection): Promise<void> {
    try {
      await connection.thread.run('rollback', []);
    } catch {
      // A transaction left open would swallow later writes; the end of the thread rolls it back for sure.
      connection.thread.kill('rollback failed');
    }
  }

  async releaseConnection(): Promise<void> {
    await Promise.resolve(this.passOn());
  }

  /** Closes the file after those who wait have been served. Idempotent. */
  async destroy(): Promise<void> {
    if (this.isDestroyed) return;
    await this.takeTurn();
    this.isDestroyed = true;
    await this.thread?.close();
    this.passOn();
  }

  private async takeTurn(): Promise<void> {
    if (!this.isLent) {
      this.isLent = true;
      return;
    }
    if (this.waiting.length >= MAX_WAITING) {
      throw new AppError('STORAGE_UNAVAILABLE', { detail: 'too many requests wait for the database' });
    }
    await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  private passOn(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.isLent = false;
    else next();
  }

  private async liveThread(): Promise<SqliteThread> {
    if (this.isDestroyed) throw new AppError('STORAGE_UNAVAILABLE', { detail: 'the database is closed' });
    if (this.thread === null || this.thread.isDead) this.thread = await SqliteThread.open(this.options);
    return this.thread;
  }
}
