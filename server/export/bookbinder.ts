import { Worker } from 'node:worker_threads';
import { bookLength, type Book } from '../../sessions/book.ts';
import { AppError } from '../../sessions/errors.ts';

export interface BindOrder {
  format: 'epub' | 'docx';
  book: Book;
}
export type BindAnswer = { data: Uint8Array } | { fault: string };

/** Longer ones are for Markdown: two million words. */
const MOST_CHARACTERS = 12_000_000;
/** Books that wait while one is being made. */
const MOST_WAITING = 8;
const TIMEOUT_MS = 60_000;
const MOST_MEMORY_MIB = 512;

function startThread(): Worker {
  const settings = { name: 'export', resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY_MIB } };
  if (!import.meta.url.endsWith('.ts'))
    return new Worker(new URL('./export-worker.js', import.meta.url), settings);
  // Run from source (tests): a worker of Node 20 does not take over the loader for TypeScript.
  const entry = new URL('./export-worker.ts', import.meta.url).href;
  const load = `import(${JSON.stringify(entry)})`;
  const boot = `void import('tsx/esm/api').then(({ register }) => { register(); return ${load}; });`;
  return new Worker(boot, { ...settings, eval: true, execArgv: [] });
}

/** Makes EPUB and DOCX files, one after the other, each in a thread of its own that ends with it. */
export class Bookbinder {
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;
  private readonly ending = new AbortController();
  private readonly start: () => Worker;

  constructor(of: { startThread?: () => Worker } = {}) {
    this.start = of.startThread ?? startThread;
  }

  /**
   * Throws AppError TOO_LARGE when the story is too long for such a file, RATE_LIMITED when too many wait,
   * SHUTTING_DOWN once it is closed.
   */
  async bind(order: BindOrder): Promise<Uint8Array> {
    if (bookLength(order.book) > MOST_CHARACTERS) throw tooLong();
    if (this.waiting > MOST_WAITING)
      throw new AppError('RATE_LIMITED', { detail: 'Others are exporting too.' });
    this.waiting += 1;
    const made = this.last.then(() => this.make(order));
    this.last = made.catch(() => undefined);
    try {
      return await made;
    } finally {
      this.waiting -= 1;
    }
  }

  /** Stops what is being made. Idempotent. */
  async close(): Promise<void> {
    this.ending.abort();
    await this.last;
  }

  private async make(order: BindOrder): Promise<Uint8Array> {
    if (this.ending.signal.aborted) throw new AppError('SHUTTING_DOWN');
    const worker = this.start();
    try {
      const answer = await answerOf(worker, order, this.ending.signal);
      if ('data' in answer) return answer.data;
      throw new AppError('INTERNAL', { detail: answer.fault });
    } finally {
      await worker.terminate();
    }
  }
}

function tooLong(): AppError {
  return new AppError('TOO_LARGE', {
    detail: 'The story is too long for this format. Take it home as Markdown.',
  });
}

function answerOf(worker: Worker, order: BindOrder, signal: AbortSignal): Promise<BindAnswer> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(tooLong()), TIMEOUT_MS);
    const stop = () => reject(new AppError('SHUTTING_DOWN'));
    signal.addEventListener('abort', stop, { once: true });
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    };
    worker.once('message', (answer: BindAnswer) => {
      end();
      resolve(answer);
    });
    worker.once('error', (error: NodeJS.ErrnoException) => {
      end();
      const isTooMuch = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      reject(isTooMuch ? tooLong() : new AppError('INTERNAL', { cause: error }));
    });
    worker.once('exit', (code) => {
      end();
      reject(new AppError('INTERNAL', { detail: `The export thread ended with code ${code}.` }));
    });
    worker.postMessage(order);
  });
}
