import type { Figures, ServerName, WorkloadName } from './job.ts';
import { median } from './quantiles.ts';

/** One measurement of one server. */
export interface Run {
  round: number;
  workload: WorkloadName;
  server: ServerName;
  figures: Figures;
}

/** Which way a figure is better; `none`: told, not compared. */
type Better = 'lower' | 'higher' | 'none';

/** Every figure of every workload; the first of each is its headline. */
const METRICS = {
  fanout: {
    cpuMicrosPerDelivery: 'lower',
    p50Ms: 'lower',
    p95Ms: 'lower',
    p99Ms: 'lower',
    deliveriesPerSecond: 'none',
    deliveries: 'none',
    bytesOutPerDelivery: 'lower',
    bytesInPerSecond: 'none',
    serverCpuShare: 'none',
    loadCpuShare: 'none',
    rssMiB: 'lower',
  },
  join: {
    cpuMillisPerJoin: 'lower',
    p50Ms: 'lower',
    p95Ms: 'lower',
    bytesPerJoin: 'lower',
    textLength: 'none',
    serverCpuShare: 'none',
    loadCpuShare: 'none',
    rssMiB: 'lower',
  },
  trace: {
    cpuMicrosPerEdit: 'lower',
    cpuMicrosPerEditReplaying: 'lower',
    editsPerSecond: 'higher',
    settleSeconds: 'none',
    storedBytes: 'lower',
    storedGrowthBytes: 'lower',
    bytesOutPerEdit: 'lower',
    textLength: 'none',
    serverCpuShare: 'none',
    loadCpuShare: 'none',
    rssMiB: 'lower',
  },
} as const satisfies Record<WorkloadName, Record<string, Better>>;

/** Medians by server, and Taleloom relative to the better of the peers in the same figure. */
export interface WorkloadSummary {
  medians: Partial<Record<ServerName, Figures>>;
  ratios: Figures;
}

function mediansOf(runs: readonly Run[], names: readonly string[]): Figures {
  return Object.fromEntries(
    names.map((name) => [name, median(runs.map((run) => run.figures[name] ?? Number.NaN))]),
  );
}

/** Summary of a workload over all rounds; `ratios` is empty without Taleloom or without any peer. */
export function summarize(workload: WorkloadName, runs: readonly Run[]): WorkloadSummary {
  const metrics: Record<string, Better> = METRICS[workload];
  const medians: WorkloadSummary['medians'] = {};
  for (const server of new Set(runs.map((run) => run.server))) {
    const own = runs.filter((run) => run.server === server && run.workload === workload);
    if (own.length > 0) medians[server] = mediansOf(own, Object.keys(metrics));
  }
  const { taleloom, ...peers } = medians;
  const ratios: Figures = {};
  for (const [name, better] of Object.entries(metrics)) {
    const others = Object.values(peers).map((figures) => figures[name] ?? Number.NaN);
    const own = taleloom?.[name];
    if (own === undefined || others.length === 0 || better === 'none') continue;
    ratios[name] = own / (better === 'lower' ? Math.min(...others) : Math.max(...others));
  }
  return { medians, ratios };
}

const SHOWN: Record<WorkloadName, readonly [name: string, unit: string][]> = {
  fanout: [
    ['cpuMicrosPerDelivery', 'us CPU/delivery'],
    ['p95Ms', 'ms p95'],
  ],
  join: [
    ['cpuMillisPerJoin', 'ms CPU/join'],
    ['p95Ms', 'ms p95'],
  ],
  trace: [
    ['cpuMicrosPerEdit', 'us CPU/edit'],
    ['editsPerSecond', 'edits/s'],
  ],
};

const number = (value: number | undefined): string =>
  (value ?? Number.NaN).toPrecision(3).replace(/e\+\d+$/, (e) => e);

/** The result of a workload in one line. */
export function summaryLine(workload: WorkloadName, { medians, ratios }: WorkloadSummary): string {
  const shown = SHOWN[workload];
  const servers = Object.entries(medians).map(
    ([server, figures]) =>
      `${server} ${shown.map(([name, unit]) => `${number(figures[name])} ${unit}`).join(', ')}`,
  );
  const compared = shown.flatMap(([name]) =>
    ratios[name] === undefined ? [] : [`x${number(ratios[name])} ${name}`],
  );
  const end = compared.length === 0 ? '' : ` | against the better peer: ${compared.join(', ')}`;
  return `${workload}: ${servers.join(' | ')}${end}`;
}
