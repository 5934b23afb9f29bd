import type { QueuePolicy } from '../../../narrator/queue-policies.ts';
import { median } from '../collab/quantiles.ts';
import { figuresOf, snapshotTimes } from './figures.ts';
import type { Figures } from './figures.ts';
import { play } from './simulation.ts';
import type { PlayResult } from './simulation.ts';
import type { TraceTurn } from './trace.ts';
import type { Workload } from './workloads.ts';

/** Seeds of the traces. */
export const SEEDS: readonly number[] = [1, 2, 3, 4, 5];
/** Turns of a run whose wait is foretold. */
const MAX_FORECASTS = 24;

/** One policy on one workload. */
export interface VirtualRun {
  workload: string;
  policy: QueuePolicy;
  /** Medians over the seeds. */
  medians: Figures;
  /** By seed, in the order of `seeds`. */
  seeds: Figures[];
}

/** What is played. */
export interface VirtualOptions {
  workloads: readonly Workload[];
  seeds: readonly number[];
  /** Policies beside the first-come one, which all are compared with. */
  policiesOf: (workload: Workload) => readonly QueuePolicy[];
  hasForecasts: boolean;
  onDone?: (run: VirtualRun) => void;
}

function mediansOf(seeds: readonly Figures[]): Figures {
  const names = Object.keys(seeds[0] ?? {});
  return Object.fromEntries(
    names.map((name) => {
      const measured = seeds.map((figures) => figures[name] ?? Number.NaN).filter((value) => !isNaN(value));
      return [name, median(measured)];
    }),
  );
}

/** The first-come run with the snapshots that its own length decides on. */
function playFirstCome(workload: Workload, trace: readonly TraceTurn[], maxForecasts: number): PlayResult {
  const options = { policy: 'first-come', workload, trace } as const;
  if ('ms' in workload.jainAt) {
    return play({ ...options, maxForecasts, snapshotsMs: snapshotTimes(workload, 0).all });
  }
  const { makespanMs } = play({ ...options, maxForecasts: 0, snapshotsMs: [] });
  return play({ ...options, maxForecasts, snapshotsMs: snapshotTimes(workload, makespanMs).all });
}

function playSeed(
  workload: Workload,
  seed: number,
  { policiesOf, hasForecasts }: VirtualOptions,
): Map<QueuePolicy, Figures> {
  const trace = workload.makeTrace(seed);
  const maxForecasts = hasForecasts ? MAX_FORECASTS : 0;
  const firstCome = playFirstCome(workload, trace, maxForecasts);
  const { makespanMs } = firstCome;
  const snapshotsMs = snapshotTimes(workload, makespanMs).all;
  const figures = new Map<QueuePolicy, Figures>();
  figures.set('first-come', figuresOf(firstCome, workload, makespanMs));
  for (const policy of policiesOf(workload)) {
    const result = play({ policy, workload, trace, maxForecasts, snapshotsMs });
    figures.set(policy, figuresOf(result, workload, makespanMs));
  }
  return figures;
}

/** Plays all workloads with all seeds and policies on the virtual clock. Deterministic but for scheduler times. */
export function runVirtual(options: VirtualOptions): VirtualRun[] {
  const runs: VirtualRun[] = [];
  for (const workload of options.workloads) {
    const bySeed = options.seeds.map((seed) => playSeed(workload, seed, options));
    const policies = [...(bySeed[0]?.keys() ?? [])];
    for (const policy of policies) {
      const seeds = bySeed.map((figures) => figures.get(policy) ?? {});
      const run = { workload: workload.name, policy, medians: mediansOf(seeds), seeds };
      runs.push(run);
      options.onDone?.(run);
    }
  }
  return runs;
}
