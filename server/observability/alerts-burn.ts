import { minus, over, plus, promqlOf, times, type Expression } from './expressions.ts';
import { alert, growing, type Alert, type RecordingRule } from './alerts-shape.ts';
import { OBJECTIVES, type Objective } from './slos.ts';

type Share = Extract<Objective, { kind: 'share' }>;

/** Windows and rates of the Site Reliability Workbook, chapter 5: the short window is a twelfth of the long one. */
const FAST = { long: '1h', short: '5m', rate: 14.4 } as const;
const SLOW = { long: '6h', short: '30m', rate: 6 } as const;
const DAY = { long: '1d', short: '2h', rate: 3 } as const;
const DAYS = { long: '3d', short: '6h', rate: 1 } as const;
/** The seeds' rate for quality, which is sampled and burns slowly. */
const QUALITY = { long: '6h', short: '30m', rate: 4 } as const;
/** Failures in the long window below which nobody is called: with few events one failure is a high rate. */
const LEAST_FAILURES = 5;
/** Passages that must have been measured within 30 minutes before quality is spoken of. */
const LEAST_SCORED = 30;

interface Burn {
  long: string;
  short: string;
  rate: number;
}

function objective(id: string): Share {
  const found = OBJECTIVES.find((each) => each.id === id);
  if (found?.kind !== 'share') throw new Error(`There is no objective ${id} that is a share.`);
  return found;
}

/** What the objective allows to fail. */
const budgetOf = (id: string) => Number((1 - objective(id).target).toPrecision(6));
const recordOf = (id: string, window: string) => `slo:${id.replaceAll('-', '_')}:error_ratio${window}`;

function errorRatio({ counts: { good, total } }: Share): Expression {
  return plus(times(over(good, total), -1), 1);
}

function recordsOf(id: string, windows: readonly string[]): RecordingRule[] {
  return windows.map((window) => ({
    record: recordOf(id, window),
    expr: promqlOf(errorRatio(objective(id)), window),
  }));
}

function burning(id: string, { long, short, rate }: Burn): string {
  const limit = `${rate} * ${budgetOf(id)}`;
  return `(${recordOf(id, long)} > ${limit} and ${recordOf(id, short)} > ${limit})`;
}

/** With enough failures in the window to be more than bad luck. */
function guarded(id: string, burn: Burn): string {
  const { good, total } = objective(id).counts;
  return `${burning(id, burn)} and (${promqlOf(minus(total, good), burn.long)}) >= ${LEAST_FAILURES}`;
}

const slowTicket = (id: string) => `${burning(id, DAY)} or ${burning(id, DAYS)}`;

/** Rules that keep the share of what failed, for each objective and window that an alert looks at. */
export const BURN_RECORDS: readonly RecordingRule[] = [
  ...['commands', 'narrator'].flatMap((id) => recordsOf(id, ['5m', '30m', '1h', '2h', '6h', '1d', '3d'])),
  ...['edit-propagation', 'command-latency'].flatMap((id) => recordsOf(id, ['30m', '6h'])),
  ...(['30m', '6h'] as const).map((window) => ({
    record: recordOf('quality', window),
    expr:
      `sum by (metric) (rate(story_quality_checks_total{verdict="below"}[${window}])) / ` +
      `sum by (metric) (rate(story_quality_checks_total{verdict!="skipped"}[${window}]))`,
  })),
];

/** As long as the longest of these cases lasts. */
const MINUTES = 4_600;
const commands = (ok: number, error: number) => ({
  'story_commands_total{command="draft:open",status="ok"}': growing(ok, MINUTES),
  'story_commands_total{command="draft:open",status="error"}': growing(error, MINUTES),
});
const requests = (success: number, error: number) => ({
  'llm_requests_total{model="m",endpoint="narrator",status="success"}': growing(success, MINUTES),
  'llm_requests_total{model="m",endpoint="narrator",status="error"}': growing(error, MINUTES),
});
const checks = (ok: number, below: number) => ({
  'story_quality_checks_total{metric="narrative_coherence",model="m",verdict="ok"}': growing(ok, MINUTES),
  'story_quality_checks_total{metric="narrative_coherence",model="m",verdict="below"}': growing(below),
});

const SHARE_OF_FAILURES = 'share that failed in the long window';
const COMMANDS_FAIL =
  'Joining, editing, voting or asking the narrator fails for players by a fault of the server.';
const NARRATOR_FAILS = 'Players ask the narrator and get an error or wait in vain; writing without it works.';

const COMMAND_ALERTS = [
  alert({
    name: 'CommandErrorBudgetFastBurn',
    expr: guarded('commands', FAST),
    hold: '2m',
    severity: 'critical',
    slo: 'commands',
    summary: 'Commands fail 14 times as often as the objective allows',
    description: `${COMMANDS_FAIL} At this rate the error budget of a month is gone in two days.`,
    figure: SHARE_OF_FAILURES,
    fires: { series: commands(96, 4), at: '70m', value: '0.04' },
    healthy: { series: commands(10_000, 5), at: '70m' },
  }),
  alert({
    name: 'CommandErrorBudgetSlowBurn',
    expr: guarded('commands', SLOW),
    hold: '15m',
    severity: 'critical',
    slo: 'commands',
    summary: 'Commands fail 6 times as often as the objective allows, for hours',
    description: `${COMMANDS_FAIL} At this rate the error budget of a month is gone in five days.`,
    figure: SHARE_OF_FAILURES,
    fires: { series: commands(992, 8), at: '400m', value: '0.008' },
    healthy: { series: commands(996, 4), at: '400m' },
  }),
  alert({
    name: 'CommandErrorBudgetTicket',
    expr: slowTicket('commands'),
    hold: '1h',
    severity: 'warning',
    slo: 'commands',
    summary: 'Commands fail a little more often than the objective allows, for a day',
    description: `${COMMANDS_FAIL} Rarely, but the month will end below the objective.`,
    figure: SHARE_OF_FAILURES,
    fires: { series: commands(996, 4), at: '1600m', value: '0.004' },
    healthy: { series: commands(9_995, 5), at: '4500m' },
  }),
  alert({
    name: 'CommandLatencyBurn',
    expr: burning('command-latency', SLOW),
    hold: '15m',
    severity: 'warning',
    slo: 'command-latency',
    summary: 'Commands are answered slowly, for hours',
    description: 'Buttons react late for everybody: more than 30 of 100 commands take over 0.3 s.',
    figure: 'share of commands slower than 0.3 s',
    fires: { series: slowCommands(100, 60), at: '400m', value: '0.4' },
    healthy: { series: slowCommands(100, 90), at: '400m' },
  }),
];

const NARRATOR_ALERTS = [
  alert({
    name: 'NarratorAvailabilityFastBurn',
    expr: guarded('narrator', FAST),
    hold: '2m',
    severity: 'critical',
    slo: 'narrator',
    summary: 'The narrator fails 14 times as often as the objective allows',
    description: `${NARRATOR_FAILS} At this rate the error budget of a month is gone in two days.`,
    figure: SHARE_OF_FAILURES,
    fires: { series: requests(8, 2), at: '70m', value: '0.2' },
    healthy: { series: requests(100, 4), at: '70m' },
  }),
  alert({
    name: 'NarratorAvailabilitySlowBurn',
    expr: guarded('narrator', SLOW),
    hold: '15m',
    severity: 'critical',
    slo: 'narrator',
    summary: 'The narrator fails 6 times as often as the objective allows, for hours',
    description: `${NARRATOR_FAILS} At this rate the error budget of a month is gone in five days.`,
    figure: SHARE_OF_FAILURES,
    fires: { series: requests(95, 5), at: '400m', value: '0.05' },
    healthy: { series: requests(98, 2), at: '400m' },
  }),
  alert({
    name: 'NarratorAvailabilityTicket',
    expr: slowTicket('narrator'),
    hold: '1h',
    severity: 'warning',
    slo: 'narrator',
    summary: 'The narrator fails a little more often than the objective allows, for a day',
    description: `${NARRATOR_FAILS} Rarely, but the month will end below the objective.`,
    figure: SHARE_OF_FAILURES,
    fires: { series: requests(98, 2), at: '1600m', value: '0.02' },
    healthy: { series: requests(998, 2), at: '4500m' },
  }),
];

const STORY_ALERTS = [
  alert({
    name: 'EditPropagationBurn',
    expr: burning('edit-propagation', SLOW),
    hold: '15m',
    severity: 'warning',
    slo: 'edit-propagation',
    summary: 'Edits reach the other players late, for hours',
    description:
      'Players see the typing of others with a delay: more than 30 of 100 edits take over 0.1 s in the server.',
    figure: 'share of edits slower than 0.1 s',
    fires: { series: edits(100, 50), at: '400m', value: '0.5' },
    healthy: { series: edits(100, 96), at: '400m' },
  }),
  alert({
    name: 'StoryQualityBurn',
    expr:
      `(${recordOf('quality', QUALITY.long)} > ${QUALITY.rate} * ${budgetOf('quality-narrative-coherence')} and ` +
      `${recordOf('quality', QUALITY.short)} > ${QUALITY.rate} * ${budgetOf('quality-narrative-coherence')}) and on (metric) ` +
      `sum by (metric) (increase(story_quality_checks_total{verdict!="skipped"}[30m])) >= ${LEAST_SCORED}`,
    hold: '5m',
    severity: 'critical',
    slo: 'quality',
    summary: 'Passages of the narrator fall under the threshold of {{ $labels.metric }}',
    description:
      'More than 20 of 100 passages are worse than 95 of 100 healthy ones: the narrator breaks stories.',
    figure: 'share of passages under the threshold',
    fires: {
      series: checks(2, 1),
      at: '400m',
      labels: { metric: 'narrative_coherence' },
      value: '0.333',
    },
    healthy: { series: checks(19, 1), at: '400m' },
  }),
];

/** Alerts that say how fast an error budget is used up. */
export const BURN_ALERTS: readonly Alert[] = [...COMMAND_ALERTS, ...NARRATOR_ALERTS, ...STORY_ALERTS];

function slowCommands(all: number, within: number) {
  const labels = 'command="draft:open",status="ok"';
  return {
    [`story_command_duration_seconds_bucket{${labels},le="0.3"}`]: growing(within),
    [`story_command_duration_seconds_count{${labels}}`]: growing(all),
  };
}

function edits(all: number, within: number) {
  return {
    'story_edit_propagation_seconds_bucket{le="0.1"}': growing(within),
    'story_edit_propagation_seconds_count': growing(all),
  };
}
