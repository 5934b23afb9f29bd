import { refuse, toRefusal } from '../sessions/errors.ts';
import type { Refusal } from '../sessions/errors.ts';
import type { Random } from '../sessions/ids.ts';
import type {
  Clock,
  ModelInfo,
  Narrator,
  NarratorDesk,
  NarratorPlace,
  NarratorStatus,
  NarratorTurn,
  TextModel,
  TurnQueue,
} from '../sessions/ports.ts';
import type { NarratorObserver, TurnFigures } from './narrator-observer.ts';
import { TurnRun } from './turn-run.ts';
import type { TurnEnd } from './turn-run.ts';

const DEFAULTS = { turnMs: 60_000, firstTokenMs: 20_000, reloadAfterMs: 15_000 } as const;
const MAX_RELOAD_MS = 300_000;

/** What the narrator is made of. */
export interface ModelNarratorOptions {
  queue: TurnQueue;
  model: TextModel;
  clock: Clock;
  random: Random;
  observer?: Partial<NarratorObserver>;
  /** Whole turn, first token, and first pause before an unavailable model is tried again; milliseconds. */
  timeouts?: Partial<Record<keyof typeof DEFAULTS, number>>;
}

interface Entry {
  turn: NarratorTurn;
  desk: NarratorDesk;
  askedAt: number;
  run: TurnRun | null;
}

/**
 * The narrator over one queue and one model. A turn ends exactly once at its desk, by `complete` or `fail`.
 * A model that cannot be loaded or was given up leaves the narrator 'off' with a reason; it is tried again by
 * itself with growing pauses, and by `reload`. Bounded by the queue.
 */
export class ModelNarrator implements Narrator {
  readonly #options: ModelNarratorOptions;
  readonly #times: Record<keyof typeof DEFAULTS, number>;
  readonly #entries = new Map<string, Entry>();
  readonly #runs = new Set<Promise<void>>();
  readonly #listeners = new Set<() => void>();
  readonly #unsubscribe: () => void;
  #status: 'ready' | 'loading' | 'off' = 'off';
  #reason: string | null = 'The narrator is not started.';
  #info: ModelInfo | null = null;
  #loading: Promise<void> | null = null;
  #failedLoads = 0;
  #cancelReload = () => {};
  #closing: Promise<void> | null = null;

  constructor(options: ModelNarratorOptions) {
    this.#options = options;
    this.#times = { ...DEFAULTS, ...options.timeouts };
    this.#unsubscribe = options.queue.onChanged(() => this.#changed());
  }

  /** Loads the model. Resolves when it is ready or has failed (see `status`); never rejects. */
  reload(): Promise<void> {
    return this.#reload('loading');
  }

  /** What is known of the model; null until it was loaded once. */
  info(): ModelInfo | null {
    return this.#info;
  }

  /** Ready, loading or off, with the reason in words for people. */
  status(): NarratorStatus {
    const { name = '', isDemo = false } = this.#info ?? {};
    return { status: this.#status, reason: this.#reason, model: name, isDemo, isShort: false };
  }

  /** Queues a turn. Refuses with NARRATOR_OFF, SHUTTING_DOWN or the queue's codes. While loading, turns wait. */
  ask(turn: NarratorTurn, desk: NarratorDesk): { ok: true } | Refusal {
    const answer = this.#admit(turn, desk);
    if (answer.ok) this.#options.observer?.queued?.();
    else this.#options.observer?.refused?.(answer.code);
    return answer;
  }

  /** See `Narrator.stop`: whole sentences are kept. */
  stop(turnId: string): void {
    const entry = this.#entries.get(turnId);
    if (entry === undefined) return;
    if (entry.run !== null) return entry.run.cut('stopped');
    this.#entries.delete(turnId);
    this.#options.queue.cancel(turnId);
    const nothing = {
      inputTokens: 0,
      outputTokens: 0,
      droppedPassageIds: [],
      clippedTo: null,
      withheldSentences: 0,
    };
    this.#tellDesk(() =>
      entry.desk.complete(turnId, { finish: 'stopped', model: this.#info?.name ?? '', ...nothing }),
    );
    this.#options.observer?.finished?.({ status: 'cancelled', durationMs: 0, contextRatio: 0, ...nothing });
  }

  /** Where a turn stands; null: not here. */
  place(turnId: string): NarratorPlace | null {
    return this.#entries.has(turnId) ? this.#options.queue.place(turnId) : null;
  }

  /** Turns waiting and running, for gauges. */
  stats(): { waiting: number; running: number; oldestWaitMs: number } {
    return this.#options.queue.stats();
  }

  /** Calls `listener` when the status or any place has changed; returns the way to unsubscribe. */
  onChanged(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Takes no more turns, lets the running ones end until `deadlineMs` from now and then cuts them to whole
   * sentences; waiting turns stay with their sessions, which ask again after the restart. Then closes the model.
   */
  close(options: { deadlineMs: number }): Promise<void> {
    this.#closing ??= this.#close(options.deadlineMs);
    return this.#closing;
  }

  #admit(turn: NarratorTurn, desk: NarratorDesk): { ok: true } | Refusal {
    if (this.#closing !== null) return refuse('SHUTTING_DOWN');
    if (this.#status === 'off') return refuse('NARRATOR_OFF', this.#reason);
    if (this.#entries.has(turn.turnId)) return { ok: true };
    const answer = this.#options.queue.enqueue(turn);
    if (!answer.ok) return answer;
    this.#entries.set(turn.turnId, { turn, desk, askedAt: this.#options.clock.now(), run: null });
    // Later, so that the caller has finished its own step before the desk is called.
    queueMicrotask(() => this.#pump());
    return answer;
  }

  /** Tries by itself show no 'loading': an unavailable model would flicker for everybody. */
  #reload(shown: 'loading' | 'off'): Promise<void> {
    if (this.#closing !== null || this.#status === 'ready') return Promise.resolve();
    this.#cancelReload();
    this.#loading ??= this.#load(shown).finally(() => {
      this.#loading = null;
    });
    return this.#loading;
  }

  async #load(shown: 'loading' | 'off'): Promise<void> {
    const began = this.#options.clock.now();
    if (shown === 'loading') this.#set('loading', null);
    try {
      this.#info = await this.#options.model.load();
      this.#failedLoads = 0;
      this.#options.observer?.loaded?.(this.#options.clock.now() - began);
      this.#set('ready', null);
      this.#pump();
    } catch (error) {
      this.#turnOff(error);
    }
  }

  #turnOff(error: unknown): void {
    const refusal = toRefusal(error);
    this.#options.observer?.faulted?.('narrator-off', error);
    this.#set('off', refusal.detail ?? refusal.message);
    for (const entry of [...this.#entries.values()].filter((one) => one.run === null)) {
      this.#entries.delete(entry.turn.turnId);
      this.#options.queue.cancel(entry.turn.turnId);
      this.#tellDesk(() => entry.desk.fail(entry.turn.turnId, refuse('NARRATOR_OFF', this.#reason)));
    }
    if (this.#closing !== null) return;
    const pauseMs = Math.min(MAX_RELOAD_MS, this.#times.reloadAfterMs * 2 ** this.#failedLoads);
    this.#failedLoads += 1;
    this.#cancelReload();
    this.#cancelReload = this.#options.clock.after(pauseMs, () => void this.#reload('off'));
  }

  #set(status: 'ready' | 'loading' | 'off', reason: string | null): void {
    const isNew = status !== this.#status || reason !== this.#reason;
    this.#status = status;
    this.#reason = reason;
    if (isNew) this.#changed();
  }

  #pump(): void {
    while (this.#status === 'ready' && this.#info !== null && this.#closing === null) {
      if (this.#runs.size >= this.#info.parallel) return;
      const turn = this.#options.queue.claim();
      if (turn === null) return;
      const entry = this.#entries.get(turn.turnId);
      if (entry === undefined) {
        this.#options.queue.cancel(turn.turnId);
        continue;
      }
      const run: Promise<void> = this.#run(entry, this.#info).finally(() => {
        this.#runs.delete(run);
        this.#pump();
      });
      this.#runs.add(run);
    }
  }

  async #run(entry: Entry, info: ModelInfo): Promise<void> {
    const { model, clock, random, observer } = this.#options;
    const grantedAt = clock.now();
    let contextRatio = 0;
    observer?.granted?.(grantedAt - entry.askedAt);
    entry.run = new TurnRun(entry.turn, entry.desk, {
      model,
      info,
      clock,
      random,
      timeouts: this.#times,
      hooks: {
        packed: (packed) => {
          contextRatio = Math.min(1, (packed.promptTokens + packed.maxTokens) / info.contextTokens);
          const { output, ...texts } = packed.clipped;
          void output;
          if (packed.droppedPassageIds.length > 0 || Object.values(texts).includes(true))
            observer?.truncated?.();
        },
        firstText: () => observer?.firstToken?.(clock.now() - grantedAt, clock.now() - entry.askedAt),
        retried: () => observer?.retried?.(),
      },
    });
    const end = await entry.run.run();
    this.#end(entry, end, { ...entry.run.tokens, durationMs: clock.now() - grantedAt, contextRatio });
  }

  #end(entry: Entry, end: TurnEnd, figures: Omit<TurnFigures, 'status'>): void {
    const { queue, observer } = this.#options;
    const { turnId } = entry.turn;
    this.#entries.delete(turnId);
    if (end.kind === 'void') queue.cancel(turnId);
    else if (end.kind === 'fail') queue.fail(turnId, false);
    else queue.complete(turnId);
    if (end.kind === 'complete') this.#tellDesk(() => entry.desk.complete(turnId, end.outcome));
    if (end.kind === 'fail') this.#tellDesk(() => entry.desk.fail(turnId, end.refusal));
    observer?.finished?.({ status: statusOf(end), ...figures });
    if (end.kind === 'complete' && end.outcome.withheldSentences > 0) {
      observer?.withheld?.(end.outcome.withheldSentences);
    }
    const error = end.kind === 'void' ? null : end.error;
    if (error === null) return;
    observer?.faulted?.('turn', error);
    if (toRefusal(error).code === 'NARRATOR_OFF' && this.#status === 'ready') this.#turnOff(error);
  }

  #tellDesk(tell: () => void): void {
    try {
      tell();
    } catch (error) {
      this.#options.observer?.faulted?.('desk', error);
    }
  }

  async #close(deadlineMs: number): Promise<void> {
    this.#cancelReload();
    for (const entry of [...this.#entries.values()].filter((one) => one.run === null)) {
      this.#entries.delete(entry.turn.turnId);
      this.#options.queue.cancel(entry.turn.turnId);
    }
    const cancel = this.#options.clock.after(deadlineMs, () => {
      for (const entry of this.#entries.values()) entry.run?.cut('shutdown');
    });
    await Promise.allSettled(this.#runs);
    cancel();
    await this.#options.model.close();
    this.#unsubscribe();
    this.#set('off', 'The server is shutting down.');
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

function statusOf(end: TurnEnd): TurnFigures['status'] {
  if (end.kind === 'void') return 'cancelled';
  if (end.cut === 'timeout') return 'timeout';
  if (end.kind === 'fail' || end.outcome.finish === 'broken') return 'error';
  return end.outcome.finish === 'stopped' ? 'cancelled' : 'success';
}
