import { refuse, toRefusal } from '../sessions/errors.ts';
import { narratorVersion } from './version.ts';
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
  QueueStats,
  TextModel,
  TurnQueue,
} from '../sessions/ports.ts';
import { ModelKeeper } from './model-keeper.ts';
import type { NarratorObserver, TurnFigures } from './narrator-observer.ts';
import type { PackedPrompt } from './prompt.ts';
import { SideLine, errorOf } from './side-line.ts';
import type { SideRunner, SideTurn, SideWork } from './side-line.ts';
import { samplingOf } from './turn-sight.ts';
import { TurnRun } from './turn-run.ts';
import type { TurnEnd } from './turn-run.ts';
import { TurnTimer } from './turn-timer.ts';
import { VoiceSwitches } from './voice-switches.ts';

const DEFAULTS = { turnMs: 60_000, firstTokenMs: 20_000, reloadAfterMs: 15_000, waitMs: 120_000 } as const;
/** Tokens of a passage while waits are long (S2.F1). */
const SHORT_TOKENS = 120;

/** What the narrator is made of. */
export interface ModelNarratorOptions {
  queue: TurnQueue;
  model: TextModel;
  clock: Clock;
  random: Random;
  observer?: Partial<NarratorObserver>;
  /**
   * Whole turn and first token without the time it was paused, first pause before an unavailable model is tried
   * again, and the longest wait in the queue; milliseconds.
   */
  timeouts?: Partial<Record<keyof typeof DEFAULTS, number>>;
}

const NOTHING_SPENT = { inputTokens: 0, reusedTokens: 0, outputTokens: 0 } as const;
const NOTHING_DONE = { clippedTo: null, withheldSentences: 0, sight: null, promptHash: null } as const;

interface Entry {
  turn: NarratorTurn;
  desk: NarratorDesk;
  timer: TurnTimer;
  /** See `TurnFigures.load`. */
  load: number;
  run: TurnRun | null;
  /** Stops the clock of its wait. */
  cancelWait: () => void;
}

/**
 * The narrator over one queue and one model. A turn ends exactly once at its desk, by `complete` or `fail`; one
 * that waits too long is failed with NARRATOR_LATE. Without a usable model (see `ModelKeeper`) the narrator is
 * 'off' with a reason. Bounded by the queue.
 */
export class ModelNarrator implements Narrator, SideRunner {
  readonly #options: ModelNarratorOptions;
  readonly #observer: Partial<NarratorObserver>;
  readonly #times: Record<keyof typeof DEFAULTS, number>;
  readonly #keeper: ModelKeeper;
  readonly #sides: SideLine;
  readonly #entries = new Map<string, Entry>();
  readonly #runs = new Set<Promise<void>>();
  readonly #listeners = new Set<() => void>();
  readonly #voices = new VoiceSwitches();
  readonly #unsubscribe: () => void;
  #isPumping = false;
  #closing: Promise<void> | null = null;

  constructor(options: ModelNarratorOptions) {
    const { queue, model, clock, observer = {} } = options;
    this.#options = options;
    this.#observer = observer;
    this.#times = { ...DEFAULTS, ...options.timeouts };
    this.#sides = new SideLine({ queue, model, clock, observer });
    this.#keeper = new ModelKeeper({
      model,
      clock,
      observer,
      reloadAfterMs: this.#times.reloadAfterMs,
      onReady: ({ parallel, resident }) => {
        queue.setParallel(parallel, resident);
        this.#pump();
      },
      onUnavailable: (reason) => this.#failWaiting(reason),
      onChanged: () => this.#changed(),
    });
    this.#unsubscribe = queue.onChanged(() => {
      this.#pump();
      this.#changed();
    });
  }

  /** Loads the model. Resolves when it is ready or has failed (see `status`); never rejects. */
  reload(): Promise<void> {
    return this.#keeper.load();
  }

  /** What is known of the model; null until it was loaded once. */
  info(): ModelInfo | null {
    return this.#keeper.info;
  }

  /** The version that writes now (`AlternativeInfo.version`); null until the model was loaded once. */
  get version(): string | null {
    const info = this.info();
    return info === null ? null : narratorVersion(info, samplingOf(this.#options.model));
  }

  /** Ready, loading or off, with the reason in words for people. */
  status(): NarratorStatus {
    const { status, reason, info } = this.#keeper;
    const { isShort } = this.#options.queue.stats();
    return { status, reason, model: info?.name ?? '', isDemo: info?.isDemo ?? false, isShort };
  }

  /** Queues a turn. Refuses with NARRATOR_OFF, SHUTTING_DOWN or the queue's codes. While loading, turns wait. */
  ask(turn: NarratorTurn, desk: NarratorDesk): { ok: true } | Refusal {
    const answer = this.#admit(turn, desk);
    if (answer.ok) this.#observer.queued?.();
    else this.#observer.refused?.(answer.code);
    return answer;
  }

  /** See `SideRunner`. Side work goes on while the model is on trial and proves nothing of it. */
  side<T>(turn: SideTurn, work: SideWork<T>, signal: AbortSignal): Promise<T> {
    if (this.#closing !== null) return Promise.reject(errorOf(refuse('SHUTTING_DOWN')));
    const { status, reason } = this.#keeper;
    if (status === 'off') return Promise.reject(errorOf(refuse('NARRATOR_OFF', reason)));
    return this.#sides.run(turn, work, signal);
  }

  /** See `Narrator.stop`: whole sentences are kept. */
  stop(turnId: string): void {
    const entry = this.#entries.get(turnId);
    if (entry === undefined) return;
    if (entry.run !== null) return entry.run.cut('stopped');
    this.#takeOut(entry);
    const timing = entry.timer.timing();
    const model = this.#keeper.info?.name ?? '';
    const outcome = { ...NOTHING_DONE, ...NOTHING_SPENT, finish: 'stopped', model, timing } as const;
    this.#tellDesk(() => entry.desk.complete(turnId, { ...outcome, droppedPassageIds: [] }));
    this.#finished(entry, { status: 'cancelled', timing, ...NOTHING_SPENT, contextRatio: 0 });
  }

  /** Where a turn stands; null: not here. */
  place(turnId: string): NarratorPlace | null {
    return this.#entries.has(turnId) ? this.#options.queue.place(turnId) : null;
  }

  /** Turns waiting and running, for gauges. */
  stats(): QueueStats {
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
    const { queue, clock } = this.#options;
    if (this.#closing !== null) return refuse('SHUTTING_DOWN');
    if (this.#keeper.status === 'off') return refuse('NARRATOR_OFF', this.#keeper.reason);
    if (this.#entries.has(turn.turnId)) return { ok: true };
    const cancelWait = clock.after(this.#times.waitMs, () => this.#expire(turn.turnId));
    const timer = new TurnTimer(clock, clock.now());
    const load = this.#entries.size + 1;
    this.#entries.set(turn.turnId, { turn, desk, timer, load, run: null, cancelWait });
    // Turns begin later, so that the caller has finished its own step before the desk is called.
    const wasPumping = this.#isPumping;
    this.#isPumping = true;
    const answer = queue.enqueue(turn);
    this.#isPumping = wasPumping;
    if (answer.ok) queueMicrotask(() => this.#pump());
    else this.#forget(turn.turnId);
    return answer;
  }

  #forget(turnId: string): void {
    this.#entries.get(turnId)?.cancelWait();
    this.#entries.delete(turnId);
  }

  /** Removes a turn that has not begun. */
  #takeOut(entry: Entry): void {
    this.#forget(entry.turn.turnId);
    this.#options.queue.cancel(entry.turn.turnId);
  }

  #failWaiting(reason: string): void {
    const refusal = refuse('NARRATOR_OFF', reason);
    for (const entry of this.#waiting()) this.#failEntry(entry, refusal);
    this.#sides.failAll(refusal);
  }

  #expire(turnId: string): void {
    const entry = this.#entries.get(turnId);
    if (entry !== undefined && entry.run === null) this.#failEntry(entry, refuse('NARRATOR_LATE'));
  }

  #failEntry(entry: Entry, refusal: Refusal): void {
    this.#takeOut(entry);
    const timing = entry.timer.timing();
    this.#tellDesk(() => entry.desk.fail(entry.turn.turnId, refusal, timing));
    this.#finished(entry, { status: 'timeout', timing, ...NOTHING_SPENT, contextRatio: 0 });
  }

  #waiting(): Entry[] {
    return [...this.#entries.values()].filter((entry) => entry.run === null);
  }

  /** Begins the turns that the queue lets begin. Calls of itself by way of the queue's listeners do nothing. */
  #pump(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    try {
      while (this.#keeper.status === 'ready' && this.#closing === null) {
        if (this.#keeper.isOnTrial && this.#runs.size > 0) return;
        const turn = this.#options.queue.claim();
        if (turn !== null) this.#begin(turn.turnId);
        else if (!this.#giveWay()) return;
      }
    } finally {
      this.#isPumping = false;
    }
  }

  /** Work in the background cannot pause on an engine that does not step: it ends when a turn waits for its place. */
  #giveWay(): boolean {
    const { info } = this.#keeper;
    if (info === null || info.resident !== null || this.#waiting().length === 0) return false;
    return this.#options.queue.stats().running >= info.parallel && this.#sides.giveWay();
  }

  #begin(turnId: string): void {
    const entry = this.#entries.get(turnId);
    const { info } = this.#keeper;
    if (info !== null && this.#sides.begin(turnId, info)) return;
    if (entry === undefined || info === null) return this.#options.queue.cancel(turnId);
    entry.cancelWait();
    const run: Promise<void> = this.#run(entry, info).finally(() => {
      this.#runs.delete(run);
      this.#pump();
    });
    this.#runs.add(run);
  }

  async #run(entry: Entry, info: ModelInfo): Promise<void> {
    const { model, clock, random, queue } = this.#options;
    const { turn, desk, timer } = entry;
    const observer = this.#observer;
    let contextRatio = 0;
    let isSwitch = false;
    timer.granted();
    observer.granted?.(timer.timing().queueMs, turn.workClass);
    entry.run = new TurnRun(turn, desk, {
      model,
      info,
      clock,
      random,
      timeouts: this.#times,
      pausedMs: () => queue.pausedMs(turn.turnId),
      usualTokens: queue.stats().isShort ? SHORT_TOKENS : null,
      hooks: {
        packed: (packed, { speakAs }) => {
          timer.reads();
          isSwitch ||= this.#voices.note(turn.sessionId, speakAs);
          contextRatio = Math.min(1, (packed.promptTokens + packed.maxTokens) / info.contextTokens);
          if (isShortened(packed)) observer.truncated?.();
        },
        heard: () => {
          const { gapMs, ...first } = timer.heard();
          if (gapMs === null) observer.firstToken?.({ ...first, load: entry.load, isSwitch });
          else observer.gap?.(gapMs);
        },
        retried: (error) => {
          observer.retried?.();
          this.#keeper.failed(error);
        },
        cost: (cost) => queue.charge(turn.turnId, cost),
      },
    });
    const end = await entry.run.run();
    this.#end(entry, end, { ...entry.run.tokens, timing: timer.timing(), contextRatio });
  }

  #end(entry: Entry, end: TurnEnd, figures: Omit<TurnFigures, 'status' | 'load'>): void {
    const { queue } = this.#options;
    const observer = this.#observer;
    const { turnId } = entry.turn;
    this.#entries.delete(turnId);
    // First of all, so that nobody else begins on a model that is given up.
    this.#judgeModel(end);
    if (end.kind === 'complete') queue.complete(turnId);
    else queue.cancel(turnId);
    const { timing } = figures;
    if (end.kind === 'complete')
      this.#tellDesk(() => entry.desk.complete(turnId, { ...end.outcome, timing }));
    if (end.kind === 'fail') this.#tellDesk(() => entry.desk.fail(turnId, end.refusal, timing));
    this.#finished(entry, { status: statusOf(end), ...figures });
    if (end.kind === 'complete' && end.outcome.withheldSentences > 0) {
      observer.withheld?.(end.outcome.withheldSentences);
    }
  }

  #finished({ load }: Entry, figures: Omit<TurnFigures, 'load'>): void {
    this.#observer.finished?.({ ...figures, load });
  }

  #judgeModel(end: TurnEnd): void {
    const error = end.kind === 'void' ? null : end.error;
    if (error !== null) this.#observer.faulted?.('turn', error);
    if (error === null && end.kind === 'complete') this.#keeper.worked();
    else if (isModelFault(error)) this.#keeper.failed(error);
  }

  #tellDesk(tell: () => void): void {
    try {
      tell();
    } catch (error) {
      this.#observer.faulted?.('desk', error);
    }
  }

  async #close(deadlineMs: number): Promise<void> {
    this.#keeper.stopLoading();
    for (const entry of this.#waiting()) this.#takeOut(entry);
    this.#sides.failAll(refuse('SHUTTING_DOWN'));
    const cancel = this.#options.clock.after(deadlineMs, () => {
      for (const entry of this.#entries.values()) entry.run?.cut('shutdown');
    });
    await Promise.allSettled(this.#runs);
    cancel();
    await this.#keeper.close();
    this.#unsubscribe();
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

/** Passages, premise or cast had to give way; a cap on the output is no loss of sight. */
function isShortened({ clipped, droppedPassageIds }: PackedPrompt): boolean {
  return (
    droppedPassageIds.length > 0 || Object.entries(clipped).some(([what, is]) => is && what !== 'output')
  );
}

/** The model failed, and not the store or somebody's stop. */
function isModelFault(error: unknown): boolean {
  return error !== null && ['NARRATOR_FAILED', 'NARRATOR_OFF', 'INTERNAL'].includes(toRefusal(error).code);
}

function statusOf(end: TurnEnd): TurnFigures['status'] {
  if (end.kind === 'void') return 'cancelled';
  if (end.cut === 'timeout') return 'timeout';
  if (end.kind === 'fail' || end.outcome.finish === 'broken') return 'error';
  return end.outcome.finish === 'stopped' ? 'cancelled' : 'success';
}
