import type { QueuePolicy } from '../../../narrator/queue-policies.ts';
import type { Check } from './acceptance.ts';
import type { Figures } from './figures.ts';
import type { SchedulerCpu } from './scheduler-cpu.ts';
import type { VirtualRun } from './virtual.ts';
import type { Workload } from './workloads.ts';

/** Names of the policies as the literature has them, in the order they are shown. */
export const POLICY_NAMES = {
  'first-come': 'FCFS',
  'round-robin': 'RR',
  'lcf': 'LCF',
  'vtc': 'VTC',
  'fair': 'fair',
} as const satisfies Record<QueuePolicy, string>;

/** One column: its title, the figure, and digits after the point. */
export type Column = readonly [title: string, figure: string, digits: number];

const COLUMNS: readonly Column[] = [
  ['TTFT p50 s', 'firstTokenP50S', 2],
  ['p95 s', 'firstTokenP95S', 2],
  ['wait p50 s', 'waitP50S', 2],
  ['p95 s', 'waitP95S', 2],
  ['max diff', 'maxDifferenceUnits', 0],
  ['Jain', 'jain', 3],
  ['FCFS/total', 'makespanRatio', 3],
  ['pauses', 'pauses', 0],
  ['gap p95 ms', 'gapP95Ms', 0],
  ['swapped', 'restoredTokens', 0],
  ['forecast +-s', 'forecastErrorS', 2],
  ['+-part', 'forecastErrorPart', 2],
  ['shown +-s', 'forecastErrorShownS', 2],
  ['CPU us/step', 'schedulerMicrosPerStep', 0],
];
const EXTRA: readonly Column[] = [
  ['weight 2', 'shareOfWeight2', 2],
  ['weight 4', 'shareOfWeight4', 2],
  ['share', 'windowShare', 2],
];

function cell(value: number | undefined, digits: number): string {
  return value === undefined || Number.isNaN(value) ? '-' : value.toFixed(digits);
}

/** A table of aligned text: one row for each named set of figures, without the columns that nobody has. */
export function table(
  rows: readonly (readonly [name: string, figures: Figures])[],
  columns: readonly Column[],
): string {
  const shown = columns.filter(([, figure]) => rows.some(([, figures]) => figures[figure] !== undefined));
  const lines = [
    ['', ...shown.map(([title]) => title)],
    ...rows.map(([name, figures]) => [
      name,
      ...shown.map(([, figure, digits]) => cell(figures[figure], digits)),
    ]),
  ];
  const widths = (lines[0] ?? []).map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)));
  const pad = (text: string, at: number) =>
    at === 0 ? text.padEnd(widths[at] ?? 0) : text.padStart(widths[at] ?? 0);
  return lines.map((line) => `  ${line.map(pad).join('  ')}`).join('\n');
}

/** The figures of one workload, all policies. */
export function workloadTable({ name, about, shown }: Workload, runs: readonly VirtualRun[]): string {
  const rows = Object.keys(POLICY_NAMES).flatMap((policy) => {
    const run = runs.find((other) => other.workload === name && other.policy === policy);
    return run === undefined ? [] : [[POLICY_NAMES[run.policy], run.medians] as const];
  });
  return `${name}: ${about} (times: ${shown})\n${table(rows, [...COLUMNS, ...EXTRA])}`;
}

/** All checks, one a line. */
export function checkList(checks: readonly Check[]): string {
  const lines = checks.map(({ name, value, limit, isMet }) => {
    return `  ${isMet ? 'met ' : 'MISS'}  ${name}: ${value.toPrecision(3)} (${limit.toPrecision(3)})`;
  });
  return ['Targets', ...lines].join('\n');
}

/** Scheduler times, one policy a line. */
export function cpuTable(times: readonly SchedulerCpu[]): string {
  const rows = times.map(({ policy, ...figures }) => [POLICY_NAMES[policy], figures] as const);
  const columns: Column[] = [
    ['CPU mean ms', 'cpuMs', 3],
    ['p50 ms', 'p50Ms', 3],
    ['p95 ms', 'p95Ms', 3],
  ];
  return `Scheduler time for each step, 64 turns waiting (aim: 0.1 ms)\n${table(rows, columns)}`;
}

/** The virtual part in one line. */
export function virtualLine(runs: readonly VirtualRun[], checks: readonly Check[]): string {
  const p95 = (policy: QueuePolicy) =>
    runs.find((run) => run.workload === 'W1' && run.policy === policy)?.medians['firstTokenP95S'] ??
    Number.NaN;
  const times = (['first-come', 'vtc', 'fair'] as const).map(
    (policy) => `${POLICY_NAMES[policy]} ${cell(p95(policy), 2)} s`,
  );
  const met = checks.filter(({ isMet }) => isMet).length;
  return `virtual: ${met} of ${checks.length} targets met | W1 light first token p95 ${times.join(', ')}`;
}
