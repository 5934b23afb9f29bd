import { realMedians } from './real.ts';
import type { RealRun } from './real.ts';
import { POLICY_NAMES, table } from './report.ts';
import type { Column } from './report.ts';
import type { RealWorkload } from './real-workloads.ts';

const COLUMNS: readonly Column[] = [
  ['TTFT p50 ms', 'firstTokenP50Ms', 0],
  ['p95 ms', 'firstTokenP95Ms', 0],
  ['others p50 ms', 'othersP50Ms', 0],
  ['total s', 'totalS', 1],
  ['FCFS/total', 'totalRatio', 3],
  ['engine CPU s', 'engineCpuS', 1],
  ['FCFS/CPU', 'cpuRatio', 3],
  ['turns', 'turns', 0],
  ['units', 'units', 0],
  ['pauses', 'pauses', 0],
  ['weight 2', 'shareOfWeight2', 2],
  ['weight 4', 'shareOfWeight4', 2],
];

/** The figures of one workload on the bundled model, all policies. */
export function realTable({ name, about, shown }: RealWorkload, runs: readonly RealRun[]): string {
  const rows = realMedians(runs, name).map(([policy, figures]) => [POLICY_NAMES[policy], figures] as const);
  return `real ${name}: ${about} (times: ${shown})\n${table(rows, COLUMNS)}`;
}

/** The real part in one line. */
export function realLine(runs: readonly RealRun[]): string {
  const medians = new Map(realMedians(runs, 'W1'));
  const times = (['first-come', 'vtc', 'fair'] as const).map((policy) => {
    const p95 = medians.get(policy)?.['firstTokenP95Ms'] ?? Number.NaN;
    return `${POLICY_NAMES[policy]} ${p95.toFixed(0)} ms`;
  });
  const fair = medians.get('fair');
  const ratio = (name: string) => (fair?.[name] ?? Number.NaN).toFixed(2);
  return (
    `real: W1 light first token p95 ${times.join(', ')}; ` +
    `FCFS / fair: total time ${ratio('totalRatio')}, engine CPU ${ratio('cpuRatio')}`
  );
}
