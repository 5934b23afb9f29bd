import type { TokenCost } from '../../../sessions/ports.ts';
import type { Scheduler } from '../../../narrator/scheduler.ts';
import { forecast } from '../../../narrator/forecast.ts';
import { StepTimes } from '../../../narrator/step-times.ts';
import { TurnCosts } from '../../../narrator/turn-costs.ts';
import type { SimTurn } from './simulation.ts';

/** Turns that the product lets wait; beyond, nothing is foretold. */
const MAX_WAITING = 64;

/** How long a turn was told to wait when it was asked, and how long it did. */
export interface ForecastError {
  isShown: boolean;
  foretoldMs: number;
  realMs: number;
}

/**
 * Foretells waits as the narrator's queue does, and keeps what came of it. `stride`: every how manieth turn is
 * told; Infinity: none.
 */
export class WaitForecasts {
  readonly errors: ForecastError[] = [];
  readonly #scheduler: Scheduler;
  readonly #stride: number;
  readonly #costs = new TurnCosts();
  readonly #times = new StepTimes();
  readonly #open = new Map<string, SimTurn>();
  readonly #foretold = new Map<string, { askedMs: number; foretoldMs: number }>();
  #asked = 0;

  constructor(scheduler: Scheduler, stride: number) {
    this.#scheduler = scheduler;
    this.#stride = stride;
  }

  /** A turn has been added to the scheduler. */
  asked(turn: SimTurn, nowMs: number): void {
    if (this.#stride === Infinity) return;
    const { id } = turn.spec;
    this.#open.set(id, turn);
    this.#asked += 1;
    if (this.#asked % this.#stride !== 0) return;
    if (this.#scheduler.waiting().length > MAX_WAITING) return;
    const places = forecast(this.#scheduler, {
      left: (job) => {
        const spent = this.#open.get(job.id) ?? { inputTokens: 0, outputTokens: 0 };
        return this.#costs.left(job.sessionId, spent);
      },
      msOf: (steps) => this.#times.msOf(steps, true),
      mayPause: true,
    });
    const msAhead = places.get(id)?.msAhead;
    if (msAhead != null) this.#foretold.set(id, { askedMs: nowMs, foretoldMs: msAhead });
  }

  /** A turn got a permit. */
  granted({ spec }: SimTurn, nowMs: number): void {
    const told = this.#foretold.get(spec.id);
    if (told === undefined) return;
    this.#foretold.delete(spec.id);
    const realMs = nowMs - told.askedMs;
    this.errors.push({ isShown: spec.isShown, foretoldMs: told.foretoldMs, realMs });
  }

  /** The engine has worked. */
  charged(cost: TokenCost, nowMs: number): void {
    if (this.#stride !== Infinity) this.#times.note(cost, nowMs);
  }

  /** A turn is over. */
  ended(turn: SimTurn): void {
    this.#open.delete(turn.spec.id);
    this.#foretold.delete(turn.spec.id);
    if (turn.fate === 'done') this.#costs.learn(turn.spec.sessionId, turn);
  }

  /** Nothing is left to do for now. */
  rest(): void {
    this.#times.rest();
  }
}
