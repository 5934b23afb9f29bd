import { AppError, toRefusal } from '../sessions/errors.ts';
import type { Clock, ModelInfo, TextModel } from '../sessions/ports.ts';
import { FailureBreaker } from './failure-breaker.ts';
import type { NarratorObserver } from './narrator-observer.ts';

const MAX_RELOAD_MS = 300_000;
const RESTS =
  'The narrator failed several times in a row and is tried again in a moment. Go on writing without it.';

/** What keeps a model at work. */
export interface ModelKeeperOptions {
  model: TextModel;
  clock: Clock;
  observer: Partial<NarratorObserver>;
  /** First pause before an unavailable model is tried again; it doubles, milliseconds. */
  reloadAfterMs: number;
  /** The model can be used from now on. */
  onReady: (info: ModelInfo) => void;
  /** It cannot be loaded; whoever waits for it waits in vain. A model that only failed is tried again first. */
  onUnavailable: (reason: string) => void;
  onChanged: () => void;
}

/**
 * Loads the model and knows whether it can be used. One that cannot be loaded, was given up, or failed five
 * times within 30 s (S2.F6) is off with a reason for people; it is tried again by itself, after 15 s and then
 * ever more rarely, and comes back on trial.
 */
export class ModelKeeper {
  readonly #options: ModelKeeperOptions;
  readonly #breaker = new FailureBreaker();
  #status: 'ready' | 'loading' | 'off' = 'off';
  #reason: string | null = 'The narrator is not started.';
  #info: ModelInfo | null = null;
  #loading: Promise<void> | null = null;
  #failedLoads = 0;
  #cancelReload = () => {};
  #isClosed = false;

  constructor(options: ModelKeeperOptions) {
    this.#options = options;
  }

  get status(): 'ready' | 'loading' | 'off' {
    return this.#status;
  }

  /** Why it is off, in words for people. */
  get reason(): string | null {
    return this.#reason;
  }

  /** What is known of the model; null until it was loaded once. */
  get info(): ModelInfo | null {
    return this.#info;
  }

  /** One turn at a time: the model has just failed and has to prove itself. */
  get isOnTrial(): boolean {
    return this.#breaker.state === 'trial';
  }

  /** Loads the model. Tries by itself show no 'loading': an unavailable model would flicker for everybody. */
  load(shown: 'loading' | 'off' = 'loading'): Promise<void> {
    if (this.#isClosed || this.#status === 'ready') return Promise.resolve();
    this.#cancelReload();
    this.#loading ??= this.#load(shown).finally(() => {
      this.#loading = null;
    });
    return this.#loading;
  }

  /** A turn ended well. */
  worked(): void {
    this.#breaker.worked();
    this.#tellCircuit();
  }

  /** An attempt at a turn failed by the model's fault. */
  failed(error: unknown): void {
    const isGivenUp = toRefusal(error).code === 'NARRATOR_OFF';
    const opens = this.#breaker.failed(this.#options.clock.now());
    if (this.#status !== 'ready' || (!isGivenUp && !opens)) return;
    this.#turnOff(isGivenUp ? error : new AppError('NARRATOR_OFF', { detail: RESTS, cause: error }));
    this.#tellCircuit();
  }

  /** Gives the model up for good. */
  async close(): Promise<void> {
    await this.#options.model.close();
    this.#set('off', 'The server is shutting down.');
  }

  /** Loads nothing any more; what runs goes on. */
  stopLoading(): void {
    this.#isClosed = true;
    this.#cancelReload();
  }

  async #load(shown: 'loading' | 'off'): Promise<void> {
    const { model, clock, observer, onReady, onUnavailable } = this.#options;
    const began = clock.now();
    if (shown === 'loading') this.#set('loading', null);
    try {
      const info = await model.load();
      const reason = this.#info !== null && this.#info.name !== info.name ? 'swap' : 'cold';
      this.#info = info;
      this.#failedLoads = 0;
      this.#breaker.rested();
      this.#tellCircuit();
      observer.loaded?.(clock.now() - began, reason);
      this.#set('ready', null);
      onReady(info);
    } catch (error) {
      this.#turnOff(error);
      onUnavailable(this.#reason ?? '');
    }
  }

  #turnOff(error: unknown): void {
    const refusal = toRefusal(error);
    this.#options.observer.faulted?.('narrator-off', error);
    this.#set('off', refusal.detail ?? refusal.message);
    if (this.#isClosed) return;
    const pauseMs = Math.min(MAX_RELOAD_MS, this.#options.reloadAfterMs * 2 ** this.#failedLoads);
    this.#failedLoads += 1;
    this.#cancelReload();
    this.#cancelReload = this.#options.clock.after(pauseMs, () => void this.load('off'));
  }

  #tellCircuit(): void {
    this.#options.observer.circuit?.(this.#breaker.state);
  }

  #set(status: 'ready' | 'loading' | 'off', reason: string | null): void {
    const isNew = status !== this.#status || reason !== this.#reason;
    this.#status = status;
    this.#reason = reason;
    if (isNew) this.#options.onChanged();
  }
}
