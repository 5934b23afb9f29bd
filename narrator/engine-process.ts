import { AppError } from '../sessions/errors.ts';
import type { GenerateRequest, GenerateResult } from '../sessions/ports.ts';
import { EngineLink } from './engine-link.ts';
import { EngineLoop } from './engine-loop.ts';
import type { EngineLoopOptions } from './engine-loop.ts';
import { BEAT_MS } from './engine-protocol.ts';
import type { EngineInfo, EngineLoad, EngineReport } from './engine-protocol.ts';

/** Bounds and times of the supervisor. */
const STALL_MS = 20_000;
const LOAD_TIMEOUT_MS = 600_000;
const READY_TIMEOUT_MS = 15_000;
const COUNT_TIMEOUT_MS = 10_000;
const FIRST_BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 5_000;
/** So many lost processes in a row without a finished turn, and the engine is given up. */
const MAX_LOSSES = 8;
const MAX_COUNTS = 256;

/** How the engine process is run. */
export interface EngineProcessOptions extends Omit<EngineLoopOptions, 'parallel'> {
  load: Omit<EngineLoad, 'type' | 'threads' | 'beatMs'>;
  /** Loading, 0 to 1. */
  progress?: (ratio: number) => void;
  /** A process was lost and is being replaced. */
  restarted?: (reason: string) => void;
  /** Heartbeat interval, milliseconds. Default 1,000. */
  beatMs?: number;
  /** Longest time that one step may take, milliseconds. Default 20,000. */
  stallMs?: number;
}

interface Count {
  resolve: (counts: number[]) => void;
  reject: (error: AppError) => void;
}

interface Waiter {
  resolve: (link: EngineLink) => void;
  reject: (error: AppError) => void;
}

/**
 * Keeps one engine process alive: loads the model in it, passes turns to it, and replaces it when it dies, stops
 * beating or stands still. Turns that ran in a lost process are rejected with NARRATOR_FAILED and may be asked
 * again at once: they wait for the replacement. `load` rejects with NARRATOR_OFF and a reason for people.
 */
export class EngineProcess {
  readonly #options: EngineProcessOptions;
  #link: EngineLink | null = null;
  #isReady = false;
  #info: EngineInfo | null = null;
  #offReason: string | null = 'the engine is not started';
  #losses = 0;
  #nextId = 1;
  #restartTimer: NodeJS.Timeout | null = null;
  #loadTimer: NodeJS.Timeout | null = null;
  #starting: { resolve: (info: EngineInfo) => void; reject: (error: AppError) => void } | null = null;
  #goneWaiters: (() => void)[] = [];
  readonly #loop: EngineLoop;
  readonly #counts = new Map<string, Count>();
  readonly #waiters = new Set<Waiter>();

  constructor(options: EngineProcessOptions) {
    this.#options = options;
    this.#loop = new EngineLoop({ ...options, parallel: options.load.parallel });
  }

  /** Process id of the running engine; null between two of them. */
  get pid(): number | null {
    return this.#link?.pid ?? null;
  }

  /** Starts the process and loads the model. Once per object. */
  load(): Promise<EngineInfo> {
    return new Promise((resolve, reject) => {
      this.#starting = { resolve, reject };
      this.#offReason = null;
      this.#start();
    });
  }

  /** See `TextModel.generate`. Waits up to 15 s for an engine that is being replaced. */
  async generate(request: GenerateRequest): Promise<GenerateResult> {
    const link = await this.#ready(request.signal);
    if (link === null || request.signal.aborted)
      return { finish: 'stopped', inputTokens: 0, reusedTokens: 0, outputTokens: 0, firstTokenMs: null };
    const result = await this.#loop.generate(request);
    this.#losses = 0;
    return result;
  }

  /** Exact token counts. Throws NARRATOR_FAILED when the engine is lost or silent for 10 s. */
  async countTokens(texts: readonly string[]): Promise<number[]> {
    const link = await this.#ready(null);
    if (link === null || this.#counts.size >= MAX_COUNTS) throw new AppError('NARRATOR_FAILED');
    const id = String(this.#nextId++);
    let timer: NodeJS.Timeout | null = null;
    try {
      return await new Promise<number[]>((resolve, reject) => {
        this.#counts.set(id, { resolve, reject });
        timer = setTimeout(() => reject(new AppError('NARRATOR_FAILED')), COUNT_TIMEOUT_MS);
        link.send({ type: 'count', id, texts: [...texts] });
      });
    } finally {
      if (timer !== null) clearTimeout(timer);
      this.#counts.delete(id);
    }
  }

  /** Ends the process; everything that runs is rejected. Idempotent. */
  async close(): Promise<void> {
    this.#turnOff('The server is shutting the narrator down.');
    this.#loop.close();
    const link = this.#link;
    if (link === null) return;
    const gone = new Promise<void>((resolve) => this.#goneWaiters.push(resolve));
    link.kill('closed');
    await Promise.race([gone, new Promise<void>((resolve) => setTimeout(resolve, 2_000).unref())]);
  }

  #start(): void {
    const { load, beatMs = BEAT_MS, stallMs = STALL_MS } = this.#options;
    this.#restartTimer = null;
    const link = new EngineLink({
      beatMs,
      stallMs,
      log: (level, line) => this.#options.log?.(level, line),
      onReport: (report) => this.#heard(link, report),
      onGone: (reason) => this.#lost(link, reason),
    });
    this.#link = link;
    this.#loadTimer = setTimeout(
      () => link.kill('the model took longer than 10 minutes to load'),
      LOAD_TIMEOUT_MS,
    );
    // A replacement takes what the first one found out: it has to be quick.
    link.send({ type: 'load', ...load, beatMs, threads: this.#info?.threads ?? null });
  }

  #heard(link: EngineLink, report: EngineReport): void {
    switch (report.type) {
      case 'beat':
        return;
      case 'log':
        return this.#options.log?.(report.level, report.line);
      case 'progress':
        return this.#options.progress?.(report.ratio);
      case 'loaded':
        return this.#loaded(link, report.info);
      case 'load-failed':
        return link.kill(report.reason);
      case 'counted':
        return this.#counts.get(report.id)?.resolve(report.counts);
      case 'count-failed':
        return this.#counts
          .get(report.id)
          ?.reject(new AppError('NARRATOR_FAILED', { detail: report.reason }));
      case 'stepped':
      case 'closed':
        return this.#loop.heard(report);
    }
  }

  #loaded(link: EngineLink, info: EngineInfo): void {
    if (this.#loadTimer !== null) clearTimeout(this.#loadTimer);
    this.#isReady = true;
    this.#info = info;
    this.#loop.attach(link);
    this.#starting?.resolve(info);
    this.#starting = null;
    for (const waiter of [...this.#waiters]) waiter.resolve(link);
  }

  #lost(link: EngineLink, reason: string): void {
    if (link !== this.#link) return;
    this.#link = null;
    this.#isReady = false;
    if (this.#loadTimer !== null) clearTimeout(this.#loadTimer);
    for (const done of this.#goneWaiters.splice(0)) done();
    this.#rejectRunning(reason);
    if (this.#offReason !== null) return;
    this.#losses += 1;
    if (this.#info === null || this.#losses > MAX_LOSSES) return this.#turnOff(reason);
    this.#options.restarted?.(reason);
    const backoffMs = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (this.#losses - 1));
    this.#restartTimer = setTimeout(() => this.#start(), backoffMs);
  }

  #rejectRunning(reason: string): void {
    const error = new AppError('NARRATOR_FAILED', { cause: new Error(reason) });
    this.#loop.detach(error);
    for (const count of this.#counts.values()) count.reject(error);
  }

  #turnOff(reason: string): void {
    this.#offReason ??= reason;
    if (this.#restartTimer !== null) clearTimeout(this.#restartTimer);
    if (this.#loadTimer !== null) clearTimeout(this.#loadTimer);
    const error = this.#offError();
    this.#starting?.reject(error);
    this.#starting = null;
    for (const waiter of [...this.#waiters]) waiter.reject(error);
  }

  #offError(): AppError {
    return new AppError('NARRATOR_OFF', { detail: this.#offReason ?? 'the engine is off' });
  }

  /** The running engine, or the next one; null when `signal` was first. */
  async #ready(signal: AbortSignal | null): Promise<EngineLink | null> {
    if (signal?.aborted === true) return null;
    if (this.#offReason !== null) throw this.#offError();
    if (this.#isReady && this.#link !== null) return this.#link;
    let waiter: Waiter | null = null;
    let timer: NodeJS.Timeout | null = null;
    let stop = () => {};
    try {
      return await new Promise<EngineLink | null>((resolve, reject) => {
        waiter = { resolve, reject };
        this.#waiters.add(waiter);
        timer = setTimeout(() => reject(new AppError('NARRATOR_FAILED')), READY_TIMEOUT_MS);
        stop = () => resolve(null);
        signal?.addEventListener('abort', stop, { once: true });
      });
    } finally {
      signal?.removeEventListener('abort', stop);
      if (timer !== null) clearTimeout(timer);
      if (waiter !== null) this.#waiters.delete(waiter);
    }
  }
}
