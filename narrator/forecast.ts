import type { TokenCost } from '../sessions/ports.ts';
import { costUnits } from './scheduler.ts';
import type { Job, Scheduler } from './scheduler.ts';
import type { Steps } from './step-times.ts';

/** Tokens that one round of the forecast works on, per job: coarse, so that it is cheap. */
const ROUND = { inputTokens: 256, outputTokens: 16 } as const;
/** A forecast that needs more rounds is given up; those it did not reach have none. */
const MAX_ROUNDS = 2_000;

/** Where a waiting job stands. */
export interface Forecast {
  /** 1 = next. */
  position: number;
  /** Cost units that the engine will work on before the job gets a permit. */
  unitsAhead: number;
  /** How long that takes, milliseconds; null: not known. */
  msAhead: number | null;
}

/** What the future is played with. */
export interface ForecastOptions {
  /** Tokens still to be worked on for a waiting or running job. */
  left: (job: Job) => TokenCost;
  /** How long so many steps with so many tokens take, milliseconds; null: not known. */
  msOf: (steps: Steps) => number | null;
  /** As in `schedule`. */
  mayPause: boolean;
}

/** Works on one job for a round; true when it is done. */
function work(left: TokenCost): { cost: TokenCost; isDone: boolean } {
  const inputTokens = Math.min(left.inputTokens, ROUND.inputTokens);
  const isRead = inputTokens === left.inputTokens;
  const outputTokens = isRead ? Math.min(left.outputTokens, ROUND.outputTokens) : 0;
  left.inputTokens -= inputTokens;
  left.outputTokens -= outputTokens;
  return { cost: { inputTokens, outputTokens }, isDone: left.inputTokens + left.outputTokens <= 0 };
}

/**
 * Where each waiting job stands, by playing a copy of the scheduler forward with what each job is expected to
 * cost yet. It knows nothing of jobs to come, so newcomers with less service make waits longer than foretold.
 * The scheduler is not changed.
 */
export function forecast(scheduler: Scheduler, options: ForecastOptions): Map<string, Forecast> {
  const { left, msOf, mayPause } = options;
  const places = new Map<string, Forecast>();
  const waiting = new Set(scheduler.waiting().map((job) => job.id));
  if (waiting.size === 0) return places;
  const copy = scheduler.clone();
  const rest = new Map(
    [...scheduler.running(), ...scheduler.waiting()].map((job) => [job.id, { ...left(job) }]),
  );
  let unitsAhead = 0;
  let msAhead: number | null = 0;
  for (let round = 0; round < MAX_ROUNDS && places.size < waiting.size; round += 1) {
    for (const id of copy.schedule(mayPause).granted) {
      if (waiting.has(id) && !places.has(id))
        places.set(id, { position: places.size + 1, unitsAhead, msAhead });
    }
    const running = copy.running();
    if (running.length === 0) break;
    const round: Steps = { steps: 0, inputTokens: 0, outputTokens: 0 };
    for (const { id } of running) {
      const { cost, isDone } = work(rest.get(id) ?? { inputTokens: 0, outputTokens: 0 });
      copy.charge(id, cost);
      round.inputTokens += cost.inputTokens;
      round.outputTokens += cost.outputTokens;
      round.steps = Math.max(round.steps, cost.outputTokens, 1);
      if (isDone) copy.remove(id);
    }
    unitsAhead += costUnits(round);
    const ms = msOf(round);
    msAhead = ms === null || msAhead === null ? null : msAhead + ms;
  }
  return places;
}
