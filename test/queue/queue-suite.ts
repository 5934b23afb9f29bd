import fc from 'fast-check';
import { describe, it } from 'vitest';
import { choices } from './checks-choice.ts';
import * as known from './known.ts';
import * as orders from './checks-order.ts';
import * as checks from './checks.ts';
import { play } from './play.ts';
import type { Game } from './play.ts';
import { scenarios } from './scenario.ts';
import * as shares from './checks-share.ts';
import * as twins from './twins.ts';
import type { Scenario } from './scenario.ts';
import type { Probe } from './simulation.ts';

const PROPERTIES = 21;
/** Shrinking a long trace stops after this. */
const LIMIT_MS = 200_000;

/**
 * What the fair queue promises, as properties over so many random traces in all (RUNS: of each property). A
 * failure prints its seed and path; SEED repeats it, SHRINK=no ends at the first one.
 */
export function describeFairQueue(traces: number): void {
  const runs = Number(process.env.RUNS ?? Math.ceil(traces / PROPERTIES));
  const seed = process.env.SEED === undefined ? Date.now() % 1_000_000_000 : Number(process.env.SEED);
  const assert = (arbitrary: fc.Arbitrary<Scenario>, check: (scenario: Scenario) => void) =>
    fc.assert(fc.property(arbitrary, check), {
      numRuns: runs,
      seed,
      endOnFailure: process.env.SHRINK === 'no',
      interruptAfterTimeLimit: LIMIT_MS,
    });
  const holds = (arbitrary: fc.Arbitrary<Scenario>, ...watch: ((game: Game) => Probe)[]) =>
    assert(arbitrary, (scenario) => void play(scenario, ...watch));

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

    it('Q13: whoever is paused and next in the same schedule runs on', () => {
      play(known.TWO_ALONE, checks.steady, checks.conservation);
    });

    it('Q14: every job ends exactly once', () => {
      holds(scenarios(), orders.liveness);
    });

    it('Q14: the floor of a class does not keep others from ending where memory is short', () => {
      play(known.SHORT_MEMORY, orders.liveness);
    });

    it('Q14: who waits gets a permit before its n siblings had 2(n-1)U', () => {
      holds(scenarios(), orders.delay);
    });

    it('Q15: jobs of a player begin in order, and what has begun goes on first', () => {
      holds(scenarios(), orders.order);
    });

    it('Q17: who was idle gets its share and no more', () => {
      holds(shares.latecomers, shares.noCredit);
    });

    it('Q17: who was alone is not made to wait for it', () => {
      holds(shares.loners, shares.noPunishment);
    });

    it('Q18: more sessions are no larger share', () => {
      holds(shares.sybils, shares.oneShare);
    });

    it('Q18: a quiet player of a flooded session has its turn', () => {
      holds(shares.floods, shares.quietPlayer);
    });

    it('Q19: a lower class yields at once, but for one permit below its floor', () => {
      holds(scenarios(), orders.classes);
    });

    it('Q19: the floor is worth one permit', () => {
      play(known.TWO_BELOW_FLOOR, orders.classes);
    });

    it('Q20: renaming changes no decision', () => {
      assert(scenarios(), twins.sameByAnyName);
    });

    it('Q20: doubling all weights changes no decision', () => {
      assert(scenarios(['cancel', 'expire', 'crash', 'permits']), twins.sameByScaledWeights);
    });

    it('Q20: doubling all costs changes no decision', () => {
      assert(scenarios(['cancel', 'expire', 'crash', 'weight']), twins.sameByScaledCosts);
    });

    it('Q12: who was served least is next, and who is more than H ahead yields', () => {
      holds(scenarios(), choices);
    });

    it('Q21: after the death of the engine everybody goes on where they were', () => {
      holds(scenarios(['crash', 'crash', 'cancel']), shares.crash, orders.order, checks.counters);
    });

    it('Q20: decides the same as a copy of it, which leaves it alone', () => {
      assert(scenarios(), twins.sameByCopy);
    });

    it('Q16: counters move by charges and by the two limits on entry alone', () => {
      holds(scenarios(), checks.counters);
    });
  });
}
