import type { Refusal } from '../sessions/errors.ts';
import type {
  Clock,
  NarratorPlace,
  NarratorTurn,
  QueueStats,
  StepPlan,
  StepSource,
  TokenCost,
  TurnQueue,
  WorkClass,
} from '../sessions/ports.ts';
import { forecast } from './forecast.ts';
import type { Forecast } from './forecast.ts';
import { costUnits } from './scheduler.ts';
import type { Changes, Job, Scheduler } from './scheduler.ts';
import type { ServiceMeter } from './service-meter.ts';
import { ServiceRate } from './service-rate.ts';
import { StepTimes } from './step-times.ts';
import type { TurnAdmission } from './turn-admission.ts';
import { TurnCosts } from './turn-costs.ts';

/** Told to callers while no turn has been measured yet, milliseconds. */
const UNKNOWN_TURN_MS = 5_000;
/** Waits are foretold anew at least and at most so often while somebody waits, milliseconds. */
const REFRESH_MS = 1_000;
const STALE_MS = 250;
/** Pauses shorter than this are nobody's concern, milliseconds. */
const SHOWN_PAUSE_MS = 1_000;
/** Waits beyond the first make passages short, until they are below the second (S2.F1), milliseconds. */
const SHORT_FROM_MS = 30_000;
const SHORT_UNTIL_MS = 15_000;

/** What the queue is made of. */
export interface NarratorQueueOptions {
  clock: Clock;
  scheduler: Scheduler;
  admission: TurnAdmission;
  meter: ServiceMeter;
  /** So many running turns lost their permit to others. */
  onPaused?: (count: number) => void;
}

interface Held {
  turn: NarratorTurn;
  since: number;
  /** Somebody has begun it. */
  isClaimed: boolean;
  pausedAt: number | null;
  /** Pauses that are over, together. */
  pausedMs: number;
  /** What it has cost so far. */
  spent: TokenCost;
}

/**
 * The narrator's queue: lets turns in or says why not, asks its scheduler who is next, and knows how long the
 * others wait. Engines that step many turns together ask it before each step (`plan`) and may have turns
 * paused; others only claim turns. Nothing here throws. Bounded by admission.
 */
export class NarratorQueue implements TurnQueue, StepSource {
  readonly #options: NarratorQueueOptions;
  readonly #turns = new Map<string, Held>();
  /** Turns that have a permit and were not claimed yet. */
  readonly #granted: string[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #costs = new TurnCosts();
  readonly #rate = new ServiceRate();
  readonly #times = new StepTimes();
  #forecast: { places: Map<string, Forecast>; at: number } | null = null;
  #isShort = false;
  #isRefreshing = false;
  /** The engine asks before each step, so turns can be paused. */
  #isStepped = false;

  constructor(options: NarratorQueueOptions) {
    this.#options = options;
  }

  /** Adds a turn. Refuses with NARRATOR_BUSY, NARRATOR_QUEUE_FULL, NARRATOR_BUDGET or NARRATOR_LOOP. */
  enqueue(turn: NarratorTurn): { ok: true } | Refusal {
    if (this.#turns.has(turn.turnId)) return { ok: true };
    const now = this.#options.clock.now();
    const refusal = this.#options.admission.check(turn, this.#held(turn), now);
    if (refusal !== null) return refusal;
    this.#options.admission.entered(turn, now);
    const spent = { inputTokens: 0, outputTokens: 0 };
    const held = { turn, since: now, isClaimed: false, pausedAt: null, pausedMs: 0, spent };
    this.#turns.set(turn.turnId, held);
    const { turnId, ...job } = turn;
    this.#options.scheduler.add({ id: turnId, ...job });
    this.#changed();
    return { ok: true };
  }

  claim(): NarratorTurn | null {
    if (this.#granted.length === 0) this.#note(this.#options.scheduler.schedule(false));
    const held = this.#turns.get(this.#granted.shift() ?? '');
    if (held === undefined) return null;
    held.isClaimed = true;
    this.#changed();
    return held.turn;
  }

  plan(): StepPlan {
    const { scheduler, onPaused } = this.#options;
    this.#isStepped = true;
    const changes = scheduler.schedule(true);
    if (changes.paused.length > 0) onPaused?.(changes.paused.length);
    this.#note(changes);
    // Whoever listens begins the new turns; they step when their prompt is ready.
    if (changes.granted.some((id) => this.#granted.includes(id))) this.#changed();
    return {
      run: scheduler.running().map((job) => ({ turnId: job.id, workClass: job.workClass })),
      paused: scheduler.paused().map((job) => job.id),
    };
  }

  /** Turns that ran go back in front of their lines; the next engine goes on with them. */
  lost(): void {
    const running = this.#options.scheduler.running().map((job) => job.id);
    for (const id of running) this.#options.scheduler.putBack(id);
    this.#note({ granted: [], paused: running });
    this.#changed();
  }

  charge(turnId: string, cost: TokenCost): void {
    const held = this.#turns.get(turnId);
    if (held === undefined) return;
    const { scheduler, admission, meter, clock } = this.#options;
    const now = clock.now();
    scheduler.charge(turnId, cost);
    admission.spent(held.turn, cost, now);
    if (held.turn.workClass === 'narrator') meter.note(held.turn, costUnits(cost), now);
    this.#rate.note(costUnits(cost), now);
    this.#times.note(cost, now);
    held.spent.inputTokens += cost.inputTokens;
    held.spent.outputTokens += cost.outputTokens;
  }

  complete(turnId: string): void {
    const held = this.#turns.get(turnId);
    if (held === undefined) return;
    const isTypical = held.turn.workClass === 'narrator' && held.spent.outputTokens > 0;
    if (isTypical) this.#costs.learn(held.turn.sessionId, held.spent);
    this.cancel(turnId);
  }

  cancel(turnId: string): void {
    if (!this.#turns.delete(turnId)) return;
    const granted = this.#granted.indexOf(turnId);
    if (granted >= 0) this.#granted.splice(granted, 1);
    this.#options.scheduler.remove(turnId);
    if (this.#options.scheduler.running().length === 0) {
      this.#rate.rest();
      this.#times.rest();
    }
    this.#changed();
  }

  /** Position (1 = next, 0 = running) and the expected wait; null for turns that are not here. */
  place(turnId: string): NarratorPlace | null {
    const held = this.#turns.get(turnId);
    if (held === undefined) return null;
    const now = this.#options.clock.now();
    const isPaused = held.pausedAt !== null && now - held.pausedAt >= SHOWN_PAUSE_MS;
    if (held.isClaimed && !isPaused) return { position: 0, expectedWaitMs: 0, isPaused: false };
    const place = this.#places(now).get(turnId);
    return { position: place?.position ?? 1, expectedWaitMs: this.#waitMs(place), isPaused };
  }

  pausedMs(turnId: string): number {
    const held = this.#turns.get(turnId);
    if (held === undefined) return 0;
    return held.pausedMs + (held.pausedAt === null ? 0 : this.#options.clock.now() - held.pausedAt);
  }

  stats(): QueueStats {
    const now = this.#options.clock.now();
    this.#places(now);
    const waiting = [...this.#turns.values()].filter((held) => !held.isClaimed);
    const oldest = waiting.reduce((since, held) => Math.min(since, held.since), now);
    const running = this.#turns.size - waiting.length;
    return { waiting: waiting.length, running, oldestWaitMs: now - oldest, isShort: this.#isShort };
  }

  /** What waits to be claimed of one class, and since when the oldest does; 0 when nothing waits. */
  waitingOf(workClass: WorkClass): Pick<QueueStats, 'waiting' | 'oldestWaitMs'> {
    const now = this.#options.clock.now();
    const waiting = [...this.#turns.values()].filter(
      (held) => !held.isClaimed && held.turn.workClass === workClass,
    );
    const oldest = waiting.reduce((since, held) => Math.min(since, held.since), now);
    return { waiting: waiting.length, oldestWaitMs: now - oldest };
  }

  /** How well the engine is shared, for operators; cost units. */
  service(): { unitsPerSecond: number | null; spread: number; bound: number | null; jain: number } {
    const { scheduler, meter, clock } = this.#options;
    const { units, bound } = scheduler.spread();
    return {
      unitsPerSecond: this.#rate.perSecond,
      spread: units,
      bound: Number.isFinite(bound) ? bound : null,
      jain: meter.jain(this.#outstanding(), clock.now()),
    };
  }

  /** What each session has been served lately beside its fair share, for operators. */
  shares(): ReturnType<ServiceMeter['shares']> {
    return this.#options.meter.shares(this.#outstanding(), this.#options.clock.now());
  }

  setParallel(parallel: number, resident: number | null): void {
    this.#options.scheduler.setPermits(parallel, resident ?? Infinity);
    this.#forecast = null;
  }

  onChanged(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #held(turn: NarratorTurn) {
    const all = [...this.#turns.values()];
    const ofSession = all.filter((held) => held.turn.sessionId === turn.sessionId);
    return {
      ofPlayer: ofSession.filter((held) => held.turn.playerId === turn.playerId).length,
      ofSession: ofSession.length,
      waiting: all.filter((held) => !held.isClaimed && held.turn.workClass === turn.workClass).length,
      turnMs: this.#turnMs(turn.sessionId),
    };
  }

  #turnMs(sessionId: string): number {
    const perSecond = this.#rate.perSecond;
    if (perSecond === null) return UNKNOWN_TURN_MS;
    const units = costUnits(this.#costs.left(sessionId, { inputTokens: 0, outputTokens: 0 }));
    return Math.max(1_000, Math.round((units * 1_000) / perSecond));
  }

  #note({ granted, paused }: Changes): void {
    const now = this.#options.clock.now();
    for (const id of paused) {
      const held = this.#turns.get(id);
      if (held === undefined) continue;
      held.pausedAt ??= now;
      // It lost its permit before anybody took it up: it begins when it gets the next one.
      const unclaimed = this.#granted.indexOf(id);
      if (unclaimed >= 0) this.#granted.splice(unclaimed, 1);
    }
    for (const id of granted) {
      const held = this.#turns.get(id);
      if (held === undefined) continue;
      if (held.pausedAt !== null) held.pausedMs += now - held.pausedAt;
      held.pausedAt = null;
      if (!held.isClaimed) this.#granted.push(id);
    }
    if (granted.length + paused.length > 0) this.#forecast = null;
  }

  #left(job: Job): TokenCost {
    const held = this.#turns.get(job.id);
    return this.#costs.left(job.sessionId, held?.spent ?? { inputTokens: 0, outputTokens: 0 });
  }

  /** Narrator turns in the queue and the cost units that they are expected to take yet: what sessions share. */
  #outstanding(): { turn: NarratorTurn; units: number }[] {
    const held = [...this.#turns.values()].filter(({ turn }) => turn.workClass === 'narrator');
    return held.map(({ turn, spent }) => {
      return { turn, units: costUnits(this.#costs.left(turn.sessionId, spent)) };
    });
  }

  #places(now: number): Map<string, Forecast> {
    if (this.#forecast === null || now - this.#forecast.at > STALE_MS) {
      const places = forecast(this.#options.scheduler, {
        left: (job) => this.#left(job),
        msOf: (steps) => this.#times.msOf(steps, this.#isStepped),
        mayPause: this.#isStepped,
      });
      this.#forecast = { places, at: now };
      this.#judgeWaits(places);
    }
    return this.#forecast.places;
  }

  /** Only narrator turns count: other work waits behind them and makes nobody's wait longer. */
  #judgeWaits(places: Map<string, Forecast>): void {
    const waits = [...places].map(([id, place]) =>
      this.#turns.get(id)?.turn.workClass === 'narrator' ? (this.#waitMs(place) ?? 0) : 0,
    );
    const longest = Math.max(0, ...waits);
    this.#isShort = longest > (this.#isShort ? SHORT_UNTIL_MS : SHORT_FROM_MS);
  }

  #waitMs(place: Forecast | undefined): number | null {
    return place?.msAhead == null ? null : Math.round(place.msAhead);
  }

  #changed(): void {
    this.#forecast = null;
    for (const listener of [...this.#listeners]) listener();
    this.#refreshLater();
  }

  /** Waits change while the engine works: those who wait are told now and then. */
  #refreshLater(): void {
    if (this.#isRefreshing || this.#turns.size === 0) return;
    this.#isRefreshing = true;
    this.#options.clock.after(REFRESH_MS, () => {
      this.#isRefreshing = false;
      this.#changed();
    });
  }
}
