import { MICRO } from '../../narrator/fair-flows.ts';
import type { Scenario } from './scenario.ts';
import type { Simulation, WeightedLevel } from './simulation.ts';

/** H while memory is short, in these tests. */
export const SWAP_UNITS = 600;

export interface Limits {
  weightOf(level: WeightedLevel, key: string): number;
  /** H with so many begun jobs, micro-units. */
  head(begun: number): number;
  /** How far from the virtual time a flow may enter, micro-units, with so many begun jobs; one that runs will be charged yet, one that ran has not been idle. */
  range(
    flow: { level: string; key: string; runs: boolean; ran: boolean },
    begun: number,
  ): { credit: number; debt: number };
  /** U over tenants and sessions, cost units over weight. */
  bound(): number;
  /** U over the players of a session. */
  playerBound(): number;
}

/** Largest cost of one request without accidents, as the queue is told. */
export function jobUnitsOf({ requests }: Scenario): number {
  return Math.max(...requests.map(({ prompt, output }) => prompt + 2 * output));
}

/** What the design promises for a trace, from its figures alone. */
export function limitsOf(simulation: Simulation): Limits {
  const { scenario } = simulation;
  const head = scenario.preemptUnits;
  const credit = scenario.hasCredit ? head : 0;
  const swap = Math.max(head, SWAP_UNITS, jobUnitsOf(scenario));
  /** All that one step can charge: the chunk, and of each job the last token of its prompt and a sampled one. */
  const stepUnits = (permits: number) => scenario.chunk + 3 * permits;
  const weightOf = (level: WeightedLevel, key: string) => simulation.weightOf(level, key);
  return {
    weightOf,
    range({ level, key, runs, ran }, begun) {
      const weight = level === 'class' ? 1 : weightOf(level as WeightedLevel, key);
      if (level === 'player') return { credit: 0, debt: (jobUnitsOf(scenario) * MICRO) / weight };
      const units = begun >= simulation.resident ? swap : head;
      const step = (stepUnits(simulation.permits) * MICRO) / weight;
      const behind = ran ? units * MICRO + step : 0;
      return { credit: Math.max(credit * MICRO, behind), debt: units * MICRO + (runs ? 0 : step) };
    },
    head: (begun) => (begun >= simulation.resident ? swap : head) * MICRO,
    bound() {
      const units = scenario.spareMemory === null ? head : swap;
      const ahead = units + stepUnits(simulation.mostPermits) / simulation.leastWeight;
      return ahead + Math.max(credit, ahead);
    },
    playerBound() {
      const dearest = Math.max(jobUnitsOf(scenario), ...simulation.jobs.map((job) => job.spentUnits));
      return (Math.min(scenario.perSession, simulation.mostPermits) * dearest) / simulation.leastPlayerWeight;
    },
  };
}
