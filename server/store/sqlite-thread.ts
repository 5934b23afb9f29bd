import { Worker } from 'node:worker_threads';
import type { AppError } from '../../sessions/errors.ts';
import { toStorageError } from './sqlite-errors.ts';
import type { SqliteAnswer, SqliteOptions, SqliteRequest, SqliteResult } from './sqlite-messages.ts';

/** A statement that takes longer has met a dead disk: its thread is given up. */
const ANSWER_TIMEOUT_MS = 60_000;
const CLOSE_TIMEOUT_MS = 10_000;

interface Waiter {
  resolve: (result: SqliteResult) => void;
  reject: (error: AppError) => void;
  timer: NodeJS.Timeout;
}

function startWorker(options: SqliteOptions): Worker {
  const settings = { workerData: options, name: 'sqlite' };
  if (!import.meta.url.endsWith('.ts')) {
    return new Worker(new URL('./sqlite-worker.js', import.meta.url), settings);
  }
  // Run from source (tests): a worker of Node 20 does not take over the loader for TypeScript.
  const entry = new URL('./sqlite-worker.ts', import.meta.url).href;
  const load = `import(${JSON.stringify(entry)})`;
  const boot = `void import('tsx/esm/api').then(({ register }) => { register(); return ${load}; });`;
  return new Worker(boot, { ...settings, eval: true, execArgv: [] });
}

/** One database thread, from its start to its death; it is never restarted, a new one takes its place. */
export class SqliteThread {
  private readonly worker: Worker;
  private readonly waiters = new Map<number, Waiter>();
  private readonly exited: Promise<void>;
  private lastId = 0;
  private death: AppError | null = null;

  private constructor(options: SqliteOptions) {
    this.worker = startWorker(options);
    this.worker.on('message', (answer: SqliteAnswer) => this.settle(answer));
    this.worker.on('error', (error) => this.die(error.message));
    this.worker.on('messageerror', (error) => this.die(error.message));
    this.exited = new Promise((resolve) => {
      this.worker.once('exit', (code) => {
        this.die(`exit code ${code}`);
        resolve();
      });
    });
  }

  /** Starts a thread and opens the file. Throws AppError STORAGE_UNAVAILABLE. */
  static async open(options: SqliteOptions): Promise<SqliteThread> {
    const thread = new SqliteThread(options);
    try {
      await new Promise<SqliteResult>((resolve, reject) => thread.expect(0, resolve, reject));
    } catch (error) {
      await thread.worker.terminate();
      throw error;
    }
    return thread;
  }

  /** True once the thread has ended; every later `run` is refused. */
  get isDead(): boolean {
    return this.death !== null;
  }

  /** Runs one statement. Throws AppError STORAGE_UNAVAILABLE, also when the thread dies before it answers. */
  run(sql: string, parameters: readonly unknown[]): Promise<SqliteResult> {
    return new Promise((resolve, reject) => {
      if (this.death !== null) return reject(this.death);
      this.lastId += 1;
      this.expect(this.lastId, resolve, reject);
      this.worker.postMessage({ id: this.lastId, sql, parameters } satisfies SqliteRequest);
    });
  }

  /** Ends the thread at once; a statement it is in is rolled back by SQLite, or was already committed. */
  kill(reason: string): void {
    this.die(reason);
    void this.worker.terminate();
  }

  /** Closes the file and ends the thread; forces it after 10 s. Idempotent. */
  async close(): Promise<void> {
    if (this.death === null) this.worker.postMessage({ id: 0, close: true } satisfies SqliteRequest);
    const timer = setTimeout(() => void this.worker.terminate(), CLOSE_TIMEOUT_MS);
    await this.exited;
    clearTimeout(timer);
  }

  private expect(id: number, resolve: Waiter['resolve'], reject: Waiter['reject']): void {
    const timer = setTimeout(() => this.kill('no answer in time'), ANSWER_TIMEOUT_MS);
    this.waiters.set(id, { resolve, reject, timer });
  }

  private settle(answer: SqliteAnswer): void {
    const waiter = this.waiters.get(answer.id);
    if (waiter === undefined) return;
    this.waiters.delete(answer.id);
    clearTimeout(waiter.timer);
    if ('fault' in answer) waiter.reject(toStorageError(answer.fault));
    else waiter.resolve(answer.result);
  }

  private die(reason: string): void {
    this.death ??= toStorageError({ code: 'WORKER', message: reason });
    for (const waiter of this.waiters.values()) {
      clearTimeout(waiter.timer);
      waiter.reject(this.death);
    }
    this.waiters.clear();
  }
}
