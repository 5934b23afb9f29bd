import type { Worker } from 'node:worker_threads';
import type { ScreenRequest } from '../sessions/moderator.ts';
import type { Reading } from './reader.ts';
import type { ReaderAnswer, ReaderQuestion } from './reader-worker.ts';
import { startWorker } from './start-worker.ts';

interface Pending {
  resolve: (reading: Reading) => void;
  reject: (error: Error) => void;
}

/** Reads long texts in a thread of its own, which is started for the first one and replaced when it dies. */
export class ReaderThread {
  readonly #start: () => Worker;
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | null = null;
  #lastId = 0;

  constructor(start = () => startWorker('reader', new URL('./reader-worker', import.meta.url))) {
    this.#start = start;
  }

  /** Rejects when the thread dies or is closed meanwhile. */
  read(request: ScreenRequest): Promise<Reading> {
    this.#worker ??= this.#begin();
    this.#lastId += 1;
    const question: ReaderQuestion = { id: this.#lastId, request };
    return new Promise((resolve, reject) => {
      this.#pending.set(question.id, { resolve, reject });
      this.#worker?.ref();
      this.#worker?.postMessage(question);
    });
  }

  /** Ends the thread. Idempotent. */
  async close(): Promise<void> {
    const worker = this.#worker;
    this.#drop('the reader is closed');
    await worker?.terminate();
  }

  #begin(): Worker {
    const worker = this.#start();
    const die = (reason: string) => {
      if (this.#worker === worker) this.#drop(reason);
    };
    worker.on('message', ({ id, reading }: ReaderAnswer) => {
      this.#pending.get(id)?.resolve(reading);
      this.#pending.delete(id);
      // A program that ends does not wait for a thread with nothing to do.
      if (this.#pending.size === 0) worker.unref();
    });
    worker.on('error', (error) => die(error.message));
    worker.on('exit', (code) => die(`exit code ${code}`));
    return worker;
  }

  #drop(reason: string): void {
    this.#worker = null;
    for (const { reject } of this.#pending.values()) reject(new Error(reason));
    this.#pending.clear();
  }
}
