import type { QueuePolicy } from '../../../narrator/queue-policies.ts';
import { ENGINE } from './engine-model.ts';
import type { VirtualRun } from './virtual.ts';

/** What the fair queue has to reach, and whether it does. */
export interface Check {
  name: string;
  value: number;
  limit: number;
  isMet: boolean;
}

const FIGURE_SLACK = 1.5;
const HEAD_UNITS = 128;
const SHORT_HEAD_UNITS = 2_048;

/**
 * The most that two who wait should differ by, cost units over weight: 2 (H + step + K). It is the promise of ADR
 * 0010 for flows that enter from idleness or pauses alone; the general one is half as large again.
 */
function boundUnits(headUnits: number): number {
  return 2 * (headUnits + ENGINE.chunk + 2 * ENGINE.permits + HEAD_UNITS);
}

/** Figures of the fair queue that the design foresaw; up to half more is let pass. */
const FORESEEN: readonly [workload: string, figure: string, value: number][] = [
  ['W1', 'firstTokenP50S', 0.27],
  ['W1', 'firstTokenP95S', 2.1],
  ['W1', 'maxDifferenceUnits', 530],
  ['W2', 'maxDifferenceUnits', 628],
  ['W3', 'firstTokenP95S', 2.2],
  ['W4', 'maxDifferenceUnits', 762],
  ['W5', 'firstTokenP95S', 3.6],
  ['W7-28-judge', 'firstTokenP95S', 0.36],
  ['W7-63-judge', 'firstTokenP95S', 18.2],
  ['W8', 'firstTokenP50S', 0.25],
  ['W8', 'firstTokenP95S', 5.2],
];
/** Of a cancelled turn some policies do more than others before it is cancelled: times do not compare. */
const WITHOUT_MAKESPAN = ['W2-short', 'W9'];

const atMost = (name: string, value: number, limit: number): Check => {
  return { name, value, limit, isMet: value <= limit };
};
const atLeast = (name: string, value: number, limit: number): Check => {
  return { name, value, limit, isMet: value >= limit };
};
const near = (name: string, value: number, limit: number, slack: number): Check => {
  return { name, value, limit, isMet: Math.abs(value - limit) <= slack };
};

/** The figures of a run by name; of a missing one NaN, which meets nothing. */
type Lookup = (workload: string, figure: string, policy?: QueuePolicy) => number;

function differenceChecks(runs: readonly VirtualRun[]): Check[] {
  const fair = runs.filter(({ policy }) => policy === 'fair');
  return fair.map(({ workload, seeds }) => {
    const worst = Math.max(...seeds.map((figures) => figures['maxDifferenceUnits'] ?? Number.NaN));
    const bound = boundUnits(workload === 'W2-short' ? SHORT_HEAD_UNITS : HEAD_UNITS);
    return atMost(`${workload}: largest difference of any seed, units`, worst, bound);
  });
}

function makespanChecks(runs: readonly VirtualRun[]): Check[] {
  const fair = runs.filter((run) => run.policy === 'fair' && !WITHOUT_MAKESPAN.includes(run.workload));
  return fair.map(({ workload, medians }) =>
    atLeast(`${workload}: total time, FCFS / fair`, medians['makespanRatio'] ?? Number.NaN, 0.97),
  );
}

function figureChecks(of: Lookup): Check[] {
  const withJudge = (perMinute: number) =>
    of(`W7-${perMinute}-judge`, 'firstTokenP95S') / of(`W7-${perMinute}`, 'firstTokenP95S');
  const firstComeP95 = of('W1', 'firstTokenP95S', 'first-come');
  const quietToVtc = (workload: string) =>
    of(workload, 'firstTokenP95S') / of(workload, 'firstTokenP95S', 'vtc');
  return [
    atMost('W1: light first token p95 to FCFS', of('W1', 'firstTokenP95S') / firstComeP95, 1 / 50),
    atLeast('W2: Jain at 40 % of the run', of('W2', 'jain'), 0.99),
    near('W4: share of weight 2', of('W4', 'shareOfWeight2'), 2, 0.1),
    near('W4: share of weight 4', of('W4', 'shareOfWeight4'), 4, 0.2),
    atMost('W5: quiet first token p95 to VTC', quietToVtc('W5'), 0.03),
    atMost('W5-linear: quiet first token p95 to VTC', quietToVtc('W5-linear'), 0.03),
    near('W6: share of who joins', of('W6', 'windowShare'), 0.33, 0.03),
    atMost('W7, 28 a minute: first token p95 with judge to without', withJudge(28), 1.2),
    atMost('W7, 63 a minute: first token p95 with judge to without', withJudge(63), 1.2),
  ];
}

/** All checks over the runs of the fair queue and its baselines. Checks of runs that are not there fail. */
export function acceptanceChecks(runs: readonly VirtualRun[]): Check[] {
  const of: Lookup = (workload, figure, policy = 'fair') => {
    const run = runs.find((other) => other.workload === workload && other.policy === policy);
    return run?.medians[figure] ?? Number.NaN;
  };
  const foreseen = FORESEEN.map(([workload, figure, value]) =>
    atMost(`${workload}: ${figure}, ${FIGURE_SLACK} of ${value}`, of(workload, figure), value * FIGURE_SLACK),
  );
  return [...figureChecks(of), ...differenceChecks(runs), ...makespanChecks(runs), ...foreseen];
}
