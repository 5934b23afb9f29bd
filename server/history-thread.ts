import type { Worker } from 'node:worker_threads';
import { startWorker } from '../moderation/start-worker.ts';
import { AppError } from '../sessions/errors.ts';
import { replay, type Replay, type Replayed } from '../sessions/past.ts';
import type { Clock } from '../sessions/ports.ts';
import type { HistoryAnswer, HistoryQuestion } from './history-worker.ts';

/** Replays up to this size are done in place: about 10 ms of the event loop. */
const IN_PLACE_BYTES = 150 * 1024;
/** Replays that may wait or run; beyond, who asks is told to come again. */
const MOST_WAITING = 32;
const MOST_WAITING_BYTES = 256 * 1024 * 1024;
/** A replay that takes longer is given up with its thread. */
const TIME_LIMIT_MS = 60_000;

interface Waiting {
  bytes: number;
  resolve: (story: Replayed) => void;
  reject: (error: AppError) => void;
  cancelLimit: () => void;
}

function sizeOf({ base, updates }: Replay): number {
  return updates.reduce((sum, update) => sum + update.byteLength, base?.byteLength ?? 0);
}

/**
 * Replays stories: short ones in place, long ones in a thread of its own, one after the other, so that nobody at a
 * table waits for somebody who looks back. The thread is started for the first one and replaced when it dies.
 */
export class HistoryThread {
  private readonly clock: Clock;
  private readonly start: () => Worker;
  private readonly waiting = new Map<number, Waiting>();
  private waitingBytes = 0;
  private worker: Worker | null = null;
  private lastId = 0;
  private isClosed = false;

  constructor(
    clock: Clock,
    start = () => startWorker('history', new URL('./history-worker', import.meta.url)),
  ) {
    this.clock = clock;
    this.start = start;
  }

  /** See `replay`. Throws AppError RATE_LIMITED, SHUTTING_DOWN, or INTERNAL when it cannot be replayed. */
  replay(what: Replay): Replayed | Promise<Replayed> {
    const bytes = sizeOf(what);
    if (bytes <= IN_PLACE_BYTES) return replay(what);
    if (this.isClosed) throw new AppError('SHUTTING_DOWN');
    if (this.waiting.size >= MOST_WAITING || this.waitingBytes + bytes > MOST_WAITING_BYTES)
      throw new AppError('RATE_LIMITED', { detail: 'Many are looking back just now.' });
    return this.ask(what, bytes);
  }

  /** Ends the thread. Idempotent. */
  async close(): Promise<void> {
    this.isClosed = true;
    const { worker } = this;
    this.drop(new AppError('SHUTTING_DOWN'));
    await worker?.terminate();
  }

  private ask(what: Replay, bytes: number): Promise<Replayed> {
    const worker = (this.worker ??= this.begin());
    this.lastId += 1;
    const id = this.lastId;
    return new Promise((resolve, reject) => {
      const cancelLimit = this.clock.after(TIME_LIMIT_MS, () => this.giveUp(worker));
      this.waiting.set(id, { bytes, resolve, reject, cancelLimit });
      this.waitingBytes += bytes;
      worker.ref();
      worker.postMessage({ id, what } satisfies HistoryQuestion);
    });
  }

  private begin(): Worker {
    const worker = this.start();
    const die = (reason: string) => {
      if (this.worker === worker) this.drop(new AppError('INTERNAL', { detail: `replaying: ${reason}` }));
    };
    worker.on('message', (answer: HistoryAnswer) => this.settle(worker, answer));
    worker.on('error', (error) => die(error.message));
    worker.on('exit', (code) => die(`exit code ${code}`));
    return worker;
  }

  private settle(worker: Worker, { id, story }: HistoryAnswer): void {
    const waiting = this.take(id);
    if (story === null) waiting?.reject(new AppError('INTERNAL', { detail: 'a past cannot be replayed' }));
    else waiting?.resolve(JSON.parse(story) as Replayed);
    // A program that ends does not wait for a thread with nothing to do.
    if (this.waiting.size === 0) worker.unref();
  }

  private giveUp(worker: Worker): void {
    if (this.worker !== worker) return;
    this.drop(new AppError('INTERNAL', { detail: 'replaying took too long' }));
    void worker.terminate();
  }

  private take(id: number): Waiting | undefined {
    const waiting = this.waiting.get(id);
    if (waiting === undefined) return undefined;
    this.waiting.delete(id);
    this.waitingBytes -= waiting.bytes;
    waiting.cancelLimit();
    return waiting;
  }

  private drop(error: AppError): void {
    this.worker = null;
    for (const id of [...this.waiting.keys()]) this.take(id)?.reject(error);
  }
}
