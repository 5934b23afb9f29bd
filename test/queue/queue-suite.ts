import fc from 'fast-check';
import { describe, it } from 'vitest';
import * as orders from './checks-order.ts';
import * as checks from './checks.ts';
import { play } from './play.ts';
import type { Game } from './play.ts';
import { scenarios } from './scenario.ts';
import type { Scenario } from './scenario.ts';
import type { Probe } from './simulation.ts';

const PROPERTIES = 12;
/** Shrinking a long trace stops after this. */
const LIMIT_MS = 200_000;

/** How many traces to play in all, and from which seed; RUNS counts traces of each property. */
export interface SuiteSize {
  traces: number;
}

/** What the fair queue promises, as properties over random traces; a failure prints its seed and path. */
export function describeFairQueue({ traces }: SuiteSize): void {
  const runs = Number(process.env.RUNS ?? Math.ceil(traces / PROPERTIES));
  const seed = process.env.SEED === undefined ? Date.now() % 1_000_000_000 : Number(process.env.SEED);
  const holds = (arbitrary: fc.Arbitrary<Scenario>, ...watch: ((game: Game) => Probe)[]) =>
    fc.assert(
      fc.property(arbitrary, (scenario) => void play(scenario, ...watch)),
      { numRuns: runs, seed, endOnFailure: process.env.SHRINK === 'no', interruptAfterTimeLimit: LIMIT_MS },
    );

  describe(`the fair queue (SEED=${seed} RUNS=${runs})`, () => {
    it('Q11: jobs are neither lost nor made up, and each charge goes to its own flows', () => {
      holds(scenarios(), checks.conservation);
    });

    it('Q12: those who wait stand no further apart than U', () => {
      holds(scenarios(), checks.spread);
    });

    it('Q12: while two wait, their service differs by 2U at most', () => {
      holds(scenarios(), checks.service);
    });

    it('Q12: with one permit that is true of all who have work, also while they run', () => {
      const alone = scenarios(['cancel', 'expire', 'crash', 'weight']).map((one) => ({ ...one, permits: 1 }));
      holds(alone, checks.busyService);
    });

    it('Q13: no permit is free while a job may run; permits and caps hold', () => {
      holds(scenarios(), checks.permits);
    });

    it('Q13: a permit that was given is not taken back in the same schedule', () => {
      holds(scenarios(), checks.steady);
    });

    it('Q14: every job ends exactly once', () => {
      holds(scenarios(), orders.liveness);
    });

    it('Q14: who waits gets a permit before its n siblings had 2(n-1)U', () => {
      holds(scenarios(), orders.delay);
    });

    it('Q15: jobs of a player begin in order, and what has begun goes on first', () => {
      holds(scenarios(), orders.order);
    });

    it('Q16: counters move by charges and by the two limits on entry alone', () => {
      holds(scenarios(), checks.counters);
    });

    it('Q19: a lower class yields at once, but for one permit below its floor', () => {
      holds(scenarios(), orders.classes);
    });
  });
}
