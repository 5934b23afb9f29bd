import { expect } from 'vitest';
import type { FairQueue, FairQueueOptions } from '../../narrator/fair-queue.ts';
import { SWAP_UNITS, jobUnitsOf } from './limits.ts';
import { fairQueue } from './play.ts';
import type { Scenario } from './scenario.ts';
import { Simulation } from './simulation.ts';

interface Twist {
  options?: Partial<FairQueueOptions>;
  rename?: (name: string) => string;
  costFactor?: number;
}

function decisions(scenario: Scenario, { options, rename, costFactor }: Twist = {}): string[] {
  const simulation = new Simulation(scenario, (setup) => fairQueue(scenario, setup, options), rename);
  simulation.costFactor = costFactor ?? 1;
  simulation.run();
  return simulation.log;
}

/** Names that sort the other way round. */
const rename = (name: string) => `${9_999 - Math.round(Number(name.slice(1)) * 10)}${name[0]}`;

/** Renaming everybody changes no decision. */
export function sameByAnyName(scenario: Scenario): void {
  expect(decisions(scenario, { rename })).toEqual(decisions(scenario));
}

/** Twice the weights, with H and K as service over weight, are the same weights. */
export function sameByScaledWeights(scenario: Scenario): void {
  const even = { ...scenario, spareMemory: null };
  const twice = (weights: readonly number[]) => weights.map((weight) => 2 * weight);
  const { tenantWeights, sessionWeights, playerWeights, preemptUnits, hasCredit } = scenario;
  const scaled = {
    ...even,
    tenantWeights: twice(tenantWeights),
    sessionWeights: twice(sessionWeights),
    playerWeights: twice(playerWeights),
  };
  const head = preemptUnits / 2;
  const options = { preemptUnits: head, creditUnits: hasCredit ? head : 0 };
  expect(decisions(scaled, { options })).toEqual(decisions(even));
}

/** Twice the costs, with all limits in cost units doubled, are the same costs. */
export function sameByScaledCosts(scenario: Scenario): void {
  const { chunk, permits, preemptUnits, hasCredit } = scenario;
  const options = {
    chunk: 2 * chunk + 3 * permits,
    preemptUnits: 2 * preemptUnits,
    creditUnits: hasCredit ? 2 * preemptUnits : 0,
    swapUnits: 2 * SWAP_UNITS,
    jobUnits: 2 * jobUnitsOf(scenario),
  };
  expect(decisions(scenario, { options, costFactor: 2 })).toEqual(decisions(scenario));
}

/** A copy of the queue can take its place, and playing with another one leaves no trace. */
export function sameByCopy(scenario: Scenario): void {
  const simulation = new Simulation(scenario, (setup) => fairQueue(scenario, setup));
  simulation.probes.push({
    scheduled() {
      if (simulation.step % 7 !== 3) return;
      const queue = simulation.queue as FairQueue;
      const before = queue.inspect().flows;
      const toy = queue.clone();
      for (let round = 0; round < 3; round += 1) {
        for (const { id } of toy.running()) toy.charge(id, { inputTokens: 50, outputTokens: 3 });
        toy.remove(toy.running()[0]?.id ?? '');
        toy.schedule(true);
      }
      expect(queue.inspect().flows).toEqual(before);
      if (simulation.step % 2 === 1) simulation.queue = queue.clone();
    },
  });
  simulation.run();
  expect(simulation.log).toEqual(decisions(scenario));
}
