import { refuse } from '../sessions/errors.ts';
import type { Refusal } from '../sessions/errors.ts';
import { LIMITS } from '../sessions/limits.ts';
import type { Clock, NarratorPlace, NarratorTurn, TurnQueue } from '../sessions/ports.ts';

/** Weight of the newest turn in the running mean of turn durations. */
const MEAN_WEIGHT = 0.2;
/** Told to callers while no turn has been measured yet, milliseconds. */
const UNKNOWN_WAIT_MS = 5_000;
const MIN_RETRY_MS = 1_000;

interface Waiting {
  turn: NarratorTurn;
  since: number;
  claimedAt: number;
  hasFailed: boolean;
}

/** What the queue is made of. */
export interface FirstComeOptions {
  clock: Clock;
  /** Turns that may run at the same time over all sessions, from 1. */
  parallel: number;
  /** Turns that may wait over all sessions. Default: `LIMITS.narratorTurnsWaiting`. */
  maxWaiting?: number;
}

/**
 * The plain queue: first come, first served, at most one running turn per session. A turn whose session is
 * already being served is passed over until that one ends. Bounds: `LIMITS.narratorTurnsPerSession` turns per
 * session and `maxWaiting` waiting ones; a turn put back after a failure keeps its old right and may stand
 * above that bound. Pure apart from the clock, and nothing here throws.
 */
export class FirstComeQueue implements TurnQueue {
  readonly #clock: Clock;
  readonly #maxWaiting: number;
  #parallel: number;
  #waiting: Waiting[] = [];
  readonly #running = new Map<string, Waiting>();
  readonly #listeners = new Set<() => void>();
  #meanMs: number | null = null;

  constructor(options: FirstComeOptions) {
    this.#clock = options.clock;
    this.#parallel = Math.max(1, options.parallel);
    this.#maxWaiting = options.maxWaiting ?? LIMITS.narratorTurnsWaiting;
  }

  /** Changes how many turns may run at once, e.g. when another model is loaded; running ones go on. */
  setParallel(parallel: number): void {
    this.#parallel = Math.max(1, parallel);
    this.#changed();
  }

  /** Adds a turn at the end. Refuses with NARRATOR_BUSY or NARRATOR_QUEUE_FULL. A known id is accepted as is. */
  enqueue(turn: NarratorTurn): { ok: true } | Refusal {
    if (this.#running.has(turn.turnId) || this.#indexOf(turn.turnId) >= 0) return { ok: true };
    if (this.#countOf(turn.sessionId) >= LIMITS.narratorTurnsPerSession) {
      return refuse('NARRATOR_BUSY', null, this.#retryAfterMs(1));
    }
    if (this.#waiting.length >= this.#maxWaiting) {
      return refuse('NARRATOR_QUEUE_FULL', null, this.#retryAfterMs(this.#parallel));
    }
    this.#waiting.push({ turn, since: this.#clock.now(), claimedAt: 0, hasFailed: false });
    this.#changed();
    return { ok: true };
  }

  /** The oldest waiting turn whose session is not being served, or null when none may run now. */
  claim(): NarratorTurn | null {
    if (this.#running.size >= this.#parallel) return null;
    const busy = new Set([...this.#running.values()].map((entry) => entry.turn.sessionId));
    const index = this.#waiting.findIndex((entry) => !busy.has(entry.turn.sessionId));
    const [entry] = index < 0 ? [] : this.#waiting.splice(index, 1);
    if (entry === undefined) return null;
    entry.claimedAt = this.#clock.now();
    this.#running.set(entry.turn.turnId, entry);
    this.#changed();
    return entry.turn;
  }

  /** Ends a running turn and learns from its duration; unknown ids are ignored. */
  complete(turnId: string): void {
    const entry = this.#running.get(turnId);
    if (entry === undefined) return;
    this.#running.delete(turnId);
    const ms = this.#clock.now() - entry.claimedAt;
    this.#meanMs = this.#meanMs === null ? ms : this.#meanMs * (1 - MEAN_WEIGHT) + ms * MEAN_WEIGHT;
    this.#changed();
  }

  /** Costs do not matter here. */
  charge(): void {}

  /** Gives a running turn up; with `again` it stands in front once more, but only after its first failure. */
  fail(turnId: string, again: boolean): void {
    const entry = this.#running.get(turnId);
    if (entry === undefined) return;
    this.#running.delete(turnId);
    if (again && !entry.hasFailed) this.#waiting.unshift({ ...entry, hasFailed: true });
    this.#changed();
  }

  /** Removes a turn wherever it stands; unknown ids are ignored. */
  cancel(turnId: string): void {
    const index = this.#indexOf(turnId);
    if (index >= 0) this.#waiting.splice(index, 1);
    if (index >= 0 || this.#running.delete(turnId)) this.#changed();
  }

  /** Position (1 = next, 0 = running) and the expected wait; null for turns that are not here. */
  place(turnId: string): NarratorPlace | null {
    if (this.#running.has(turnId)) return { position: 0, expectedWaitMs: 0, isPaused: false };
    const index = this.#indexOf(turnId);
    if (index < 0) return null;
    return { position: index + 1, expectedWaitMs: this.#expectedWaitMs(index + 1), isPaused: false };
  }

  /** Counts for gauges; `oldestWaitMs` is 0 when nothing waits. */
  stats(): { waiting: number; running: number; oldestWaitMs: number } {
    const now = this.#clock.now();
    const oldest = this.#waiting.reduce((since, entry) => Math.min(since, entry.since), now);
    return { waiting: this.#waiting.length, running: this.#running.size, oldestWaitMs: now - oldest };
  }

  /** Calls `listener` after every change of place; returns the way to unsubscribe. */
  onChanged(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #indexOf(turnId: string): number {
    return this.#waiting.findIndex((entry) => entry.turn.turnId === turnId);
  }

  #countOf(sessionId: string): number {
    const all = [...this.#waiting, ...this.#running.values()];
    return all.filter((entry) => entry.turn.sessionId === sessionId).length;
  }

  #expectedWaitMs(position: number): number | null {
    if (this.#meanMs === null) return null;
    const rounds = Math.floor((position - 1 + this.#running.size) / this.#parallel);
    return Math.round(rounds * this.#meanMs);
  }

  /** When one of `servers` busy places is likely to be free. */
  #retryAfterMs(servers: number): number {
    return Math.max(MIN_RETRY_MS, Math.round((this.#meanMs ?? UNKNOWN_WAIT_MS) / servers));
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
