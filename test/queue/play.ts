import { FairQueue } from '../../narrator/fair-queue.ts';
import type { FairQueueOptions } from '../../narrator/fair-queue.ts';
import { SWAP_UNITS, jobUnitsOf } from './limits.ts';
import type { Scenario } from './scenario.ts';
import { Simulation } from './simulation.ts';
import type { Probe, Setup } from './simulation.ts';

/** The fair queue as a trace sets it up. */
export function fairQueue(scenario: Scenario, setup: Setup, more: Partial<FairQueueOptions> = {}): FairQueue {
  const { permits, chunk, preemptUnits, hasCredit, perSession, spareMemory } = scenario;
  return new FairQueue({
    ...setup,
    permits,
    chunk,
    preemptUnits,
    perSession,
    creditUnits: hasCredit ? preemptUnits : 0,
    swapUnits: SWAP_UNITS,
    jobUnits: jobUnitsOf(scenario),
    ...(spareMemory === null ? {} : { resident: permits + spareMemory }),
    ...more,
  });
}

/** A game of the fair queue, and the queue itself. */
export interface Game {
  simulation: Simulation;
  queue: FairQueue;
}

/** Plays a trace to its end, watched by the probes made for it. */
export function play(scenario: Scenario, ...watch: ((game: Game) => Probe)[]): Game {
  let queue: FairQueue | undefined;
  const simulation = new Simulation(scenario, (setup) => (queue = fairQueue(scenario, setup)));
  const game = { simulation, queue: queue! };
  simulation.probes.push(...watch.map((make) => make(game)));
  simulation.run();
  return game;
}
