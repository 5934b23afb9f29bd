import { createHash } from 'node:crypto';
import type { Worker } from 'node:worker_threads';
import { startWorker } from '../start-worker.ts';
import type { EncoderAnswer, EncoderRequest } from './encoder-messages.ts';

/** Numbers in an embedding. */
export const EMBEDDING_SIZE = 512;
/** Longer texts are cut here: the encoder's time grows with the length, and it was made for sentences. */
const MAX_CHARACTERS = 400;
const TEXTS_KEPT = 500;
const MAX_WAITING = 32;
/** The first thread, and one that may take its place. */
const MAX_THREADS = 2;

/** The sentence encoder, in a thread of its own. */
export interface Encoder {
  /**
   * The embedding of a folded text: 512 numbers, Euclidean length 1; all 0 for a text without words. Do not change
   * it: it may be given out again. Only the first 400 characters count. Rejects when the signal aborts, when 32
   * texts are waiting, when the encoder fails or its thread dies, and after `close`.
   */
  embed(text: string, signal?: AbortSignal): Promise<Float32Array>;
  /** Ends the thread; what is pending rejects. Idempotent. */
  close(): Promise<void>;
}

export interface EncoderOptions {
  /** Is told why there is no encoder. */
  onAbsent?: (reason: string) => void;
  /** Starts the thread; for tests. */
  startThread?: () => Worker;
}

interface Waiter {
  id: number;
  text: string;
  resolve: (embedding: Float32Array) => void;
  reject: (error: Error) => void;
}

const startThread = (): Worker => startWorker('encoder', new URL('./encoder-worker', import.meta.url));

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64');

/** The last embeddings by hash of their texts; a Map keeps insertion order, so a hit moves to the end. */
class EmbeddingCache {
  readonly #embeddings = new Map<string, Float32Array>();

  get(text: string): Float32Array | undefined {
    const key = hashOf(text);
    const embedding = this.#embeddings.get(key);
    if (embedding === undefined) return undefined;
    this.#embeddings.delete(key);
    this.#embeddings.set(key, embedding);
    return embedding;
  }

  put(text: string, embedding: Float32Array): void {
    const [oldest] = this.#embeddings.keys();
    if (this.#embeddings.size >= TEXTS_KEPT && oldest !== undefined) this.#embeddings.delete(oldest);
    this.#embeddings.set(hashOf(text), embedding);
  }
}

class WorkerEncoder implements Encoder {
  readonly #cache = new EmbeddingCache();
  readonly #startThread: () => Worker;
  #worker: Worker | null = null;
  #threads = 0;
  #isReady = false;
  #isClosed = false;
  #lastId = 0;
  /** The one the thread is busy with, and those behind it, oldest first. */
  #current: Waiter | null = null;
  #waiting: Waiter[] = [];
  /** Settles when the first thread is ready or cannot be. */
  readonly opened: Promise<string | null>;
  #settleOpened: (fault: string | null) => void = () => undefined;

  constructor(startThread: () => Worker) {
    this.#startThread = startThread;
    this.opened = new Promise((resolve) => {
      this.#settleOpened = resolve;
    });
    this.#start();
  }

  async embed(text: string, signal?: AbortSignal): Promise<Float32Array> {
    signal?.throwIfAborted();
    const cut = text.slice(0, MAX_CHARACTERS);
    if (!/[\p{L}\p{N}]/u.test(cut)) return new Float32Array(EMBEDDING_SIZE);
    const known = this.#cache.get(cut);
    if (known !== undefined) return known;
    this.#refuseWhenUnable();
    return this.#enqueue(cut, signal);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const worker = this.#worker;
    this.#drop('the encoder is closed');
    await worker?.terminate();
  }

  #refuseWhenUnable(): void {
    if (this.#isClosed) throw new Error('the encoder is closed');
    if (this.#waiting.length >= MAX_WAITING) throw new Error('too many texts wait for the encoder');
    if (this.#worker === null && this.#threads >= MAX_THREADS) throw new Error('the encoder has died');
  }

  #enqueue(text: string, signal?: AbortSignal): Promise<Float32Array> {
    return new Promise((resolve, reject) => {
      this.#lastId += 1;
      const waiter: Waiter = { id: this.#lastId, text, resolve, reject };
      const abort = () => {
        this.#waiting = this.#waiting.filter((other) => other !== waiter);
        reject(signal?.reason instanceof Error ? signal.reason : new Error('aborted'));
      };
      signal?.addEventListener('abort', abort, { once: true });
      waiter.resolve = (embedding) => {
        signal?.removeEventListener('abort', abort);
        resolve(embedding);
      };
      waiter.reject = (error) => {
        signal?.removeEventListener('abort', abort);
        reject(error);
      };
      this.#waiting.push(waiter);
      this.#pump();
    });
  }

  /** Sends the next text once the thread is free; a thread that died is replaced here, when there is need of it. */
  #pump(): void {
    if (this.#worker === null && this.#threads < MAX_THREADS && !this.#isClosed) this.#start();
    if (!this.#isReady || this.#current !== null) return;
    this.#current = this.#waiting.shift() ?? null;
    if (this.#current === null) return;
    const { id, text } = this.#current;
    this.#worker?.postMessage({ id, text } satisfies EncoderRequest);
  }

  #start(): void {
    this.#threads += 1;
    const worker = this.#startThread();
    this.#worker = worker;
    const die = (reason: string) => {
      if (this.#worker === worker) this.#drop(reason);
    };
    worker.on('message', (answer: EncoderAnswer) => {
      if (this.#worker === worker) this.#settle(answer);
    });
    worker.on('error', (error) => die(error.message));
    worker.on('messageerror', (error) => die(error.message));
    worker.on('exit', (code) => die(`exit code ${code}`));
  }

  #settle(answer: EncoderAnswer): void {
    if ('isReady' in answer) {
      this.#isReady = true;
      this.#settleOpened(null);
    } else if (answer.id === 0) {
      // It will never be ready: a replacement would not be either.
      this.#threads = MAX_THREADS;
      const worker = this.#worker;
      this.#drop('fault' in answer ? answer.fault : 'no answer');
      void worker?.terminate();
    } else this.#answer(answer);
    this.#pump();
  }

  #answer(answer: Exclude<EncoderAnswer, { isReady: true }>): void {
    const waiter = this.#current;
    if (waiter === null || waiter.id !== answer.id) return;
    this.#current = null;
    if ('fault' in answer) waiter.reject(new Error(answer.fault));
    else {
      this.#cache.put(waiter.text, answer.embedding);
      waiter.resolve(answer.embedding);
    }
  }

  /** Gives the thread up and rejects all that wait. */
  #drop(reason: string): void {
    this.#worker = null;
    this.#isReady = false;
    this.#settleOpened(reason);
    const pending = [...(this.#current === null ? [] : [this.#current]), ...this.#waiting];
    this.#current = null;
    this.#waiting = [];
    for (const waiter of pending) waiter.reject(new Error(reason));
  }
}

/** Starts the encoder; null when it cannot be, which without the optional packages is the normal case. */
export async function openEncoder(options: EncoderOptions = {}): Promise<Encoder | null> {
  const encoder = new WorkerEncoder(options.startThread ?? startThread);
  const fault = await encoder.opened;
  if (fault === null) return encoder;
  options.onAbsent?.(fault);
  await encoder.close();
  return null;
}
