import { jainIndex, maxMinShares } from '../../../narrator/fairness.ts';
import { median, quantile } from '../collab/quantiles.ts';
import type { PlayResult, Snapshot } from './simulation.ts';
import type { ForecastError } from './wait-forecasts.ts';
import type { Workload } from './workloads.ts';

/** Figures of one policy on one trace by name; their units stand in the names. NaN: nothing to measure. */
export type Figures = Record<string, number>;

const NONE: Snapshot = new Map();

/** Times of the shown turns, from the asking. */
function timesOf({ turns }: PlayResult): Figures {
  const shown = turns.filter(({ spec }) => spec.isShown);
  const seconds = (key: 'firstPermitMs' | 'firstTokenMs') =>
    shown.flatMap((turn) => (turn[key] === null ? [] : [(turn[key] - turn.spec.askedMs) / 1_000]));
  const waits = seconds('firstPermitMs');
  const firsts = seconds('firstTokenMs');
  return {
    firstTokenP50S: quantile(firsts, 0.5),
    firstTokenP95S: quantile(firsts, 0.95),
    waitP50S: quantile(waits, 0.5),
    waitP95S: quantile(waits, 0.95),
  };
}

/** Jain's index over received / max-min fair share of those who wanted anything. */
function jainOf(snapshot: Snapshot, weightOf: (tenantId: string) => number): number {
  const tenants = [...snapshot].filter(([, { wanted }]) => wanted > 0);
  const received = tenants.map(([, figures]) => figures.received);
  const shares = maxMinShares(
    tenants.map(([, { wanted }]) => wanted),
    tenants.map(([tenantId]) => weightOf(tenantId)),
    received.reduce((sum, units) => sum + units, 0),
  );
  return jainIndex(received.map((units, at) => units / (shares[at] ?? units)));
}

/** What tenants of the weights 2 and 4 received, in terms of those of the weight 1. */
function weightedShares(snapshot: Snapshot, weightOf: (tenantId: string) => number): Figures {
  const mean = (weight: number) => {
    const own = [...snapshot].filter(([tenantId]) => weightOf(tenantId) === weight);
    return own.reduce((sum, [, { received }]) => sum + received, 0) / own.length;
  };
  return { shareOfWeight2: mean(2) / mean(1), shareOfWeight4: mean(4) / mean(1) };
}

/** The part of the engine that the shown tenants had between two snapshots. */
function shareBetween({ turns }: PlayResult, from: Snapshot, to: Snapshot): number {
  const shown = new Set(turns.flatMap(({ spec }) => (spec.isShown ? [spec.tenantId] : [])));
  let own = 0;
  let all = 0;
  for (const [tenantId, { received }] of to) {
    const units = received - (from.get(tenantId)?.received ?? 0);
    all += units;
    if (shown.has(tenantId)) own += units;
  }
  return own / all;
}

function forecastsOf({ forecasts }: PlayResult): Figures {
  const errorOf = ({ foretoldMs, realMs }: ForecastError) => Math.abs(foretoldMs - realMs) / 1_000;
  const long = forecasts.filter(({ realMs }) => realMs > 1_000);
  const parts = long.map(({ foretoldMs, realMs }) => Math.abs(foretoldMs - realMs) / realMs);
  return {
    forecasts: forecasts.length,
    forecastErrorS: median(forecasts.map(errorOf)),
    forecastErrorPart: median(parts),
    forecastErrorShownS: median(forecasts.filter(({ isShown }) => isShown).map(errorOf)),
  };
}

/** When it is noted who had what, ms. */
export function snapshotTimes(workload: Workload, firstComeMs: number): { jainMs: number; all: number[] } {
  const { jainAt, window = [] } = workload;
  const jainMs = 'ms' in jainAt ? jainAt.ms : jainAt.partOfRun * firstComeMs;
  return { jainMs, all: [jainMs, ...window] };
}

/** All figures of a play; `firstComeMs` is the makespan of the first-come policy on the same trace. */
export function figuresOf(result: PlayResult, workload: Workload, firstComeMs: number): Figures {
  const { weightOf = () => 1, window } = workload;
  const atJain = result.snapshots.get(snapshotTimes(workload, firstComeMs).jainMs) ?? NONE;
  const [from, to] = (window ?? []).map((at) => result.snapshots.get(at) ?? NONE);
  return {
    ...timesOf(result),
    maxDifferenceUnits: result.maxDifference,
    jain: jainOf(atJain, weightOf),
    ...(workload.weightOf === undefined ? {} : weightedShares(atJain, weightOf)),
    ...(from === undefined || to === undefined ? {} : { windowShare: shareBetween(result, from, to) }),
    makespanS: result.makespanMs / 1_000,
    makespanRatio: firstComeMs / result.makespanMs,
    pauses: result.pauses,
    gapP95Ms: quantile(result.gapsMs, 0.95),
    restoredTokens: result.restoredTokens,
    ...forecastsOf(result),
    turnsDone: result.turns.filter(({ fate }) => fate === 'done').length,
    schedulerMicrosPerStep: (result.schedulerMs * 1_000) / result.steps,
  };
}
