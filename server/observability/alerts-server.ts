import { alert, growing, steady, type Alert } from './alerts-shape.ts';

function appends(all: number, within: number) {
  const of = (le: string) => `story_store_append_seconds_bucket{le="${le}"}`;
  return {
    [of('0.25')]: growing(within),
    [of('0.5')]: growing(all),
    [of('+Inf')]: growing(all),
    story_store_append_seconds_count: growing(all),
  };
}

const drift = (state: number) => ({
  'story_drift_state{metric="narrative_coherence",model="m"}': steady(state),
});
const rollbacks = (reason: string, values: string) => ({
  [`story_rollbacks_total{reason="${reason}"}`]: values,
});

/** Alerts about the store, the process and what the narrator's versions do over days. */
export const SERVER_ALERTS: readonly Alert[] = [
  alert({
    name: 'StoreReadOnly',
    expr: 'min(story_store_writable) == 0',
    hold: '1m',
    severity: 'critical',
    slo: 'commands',
    summary: 'Nothing can be stored: all sessions are read-only',
    description: 'Players see that they cannot write for now. Nothing that was shown to anybody is lost.',
    figure: '1 while the store takes writes',
    fires: { series: { story_store_writable: steady(0) }, at: '5m', value: '0' },
    healthy: { series: { story_store_writable: steady(1) }, at: '5m' },
  }),
  alert({
    name: 'StoreAppendSlow',
    expr:
      'histogram_quantile(0.95, sum by (le) (rate(story_store_append_seconds_bucket[10m]))) > 0.25 ' +
      'and on () sum(increase(story_store_append_seconds_count[10m])) >= 20',
    hold: '10m',
    severity: 'warning',
    slo: 'edit-propagation',
    summary: 'The disk is slow',
    description: 'Nothing is shown before it is stored: all typing reaches the others late.',
    figure: 'seconds that 95 of 100 transactions stay under',
    fires: { series: appends(100, 50), at: '30m', value: '0.475' },
    healthy: { series: appends(100, 99), at: '30m' },
  }),
  alert({
    name: 'EventLoopBlocked',
    expr: 'max(nodejs_eventloop_lag_p99_seconds) > 0.5',
    hold: '10m',
    severity: 'warning',
    slo: 'command-latency',
    summary: 'The server is held up by its own work',
    description: 'Everything reacts late for everybody, by half a second and more.',
    figure: 'seconds of delay that 99 of 100 moments stay under',
    fires: { series: { nodejs_eventloop_lag_p99_seconds: steady(0.8) }, at: '20m', value: '0.8' },
    healthy: { series: { nodejs_eventloop_lag_p99_seconds: steady(0.15) }, at: '20m' },
  }),
  alert({
    name: 'TelemetryMissing',
    expr: 'absent(story_sessions_active)',
    hold: '5m',
    severity: 'critical',
    summary: 'The server tells nothing about itself',
    description: 'It is down, not to be reached, or refuses the token: none of the other alerts can fire.',
    figure: '1 while it is missing',
    fires: { series: { up: steady(0) }, at: '20m', value: '1' },
    healthy: { series: { story_sessions_active: steady(0) }, at: '20m' },
  }),
  alert({
    name: 'QualityDrift',
    expr: 'max by (metric, model) (story_drift_state) == 2',
    hold: '10m',
    severity: 'warning',
    slo: 'quality',
    isByModel: true,
    summary: 'The narrator has become worse: {{ $labels.metric }}',
    description: 'Compared with its own baseline passages score lower than chance explains.',
    figure: '2 is drift',
    fires: {
      series: drift(2),
      at: '20m',
      labels: { metric: 'narrative_coherence', model: 'm' },
      value: '2',
    },
    healthy: { series: drift(1), at: '20m' },
  }),
  alert({
    name: 'RollbackTooOften',
    expr: 'sum(increase(story_rollbacks_total{reason="version"}[30d])) > 1',
    hold: null,
    severity: 'warning',
    summary: "The narrator's passages had to be taken back more than once in 30 days",
    description: 'Game masters took back all that a version of the narrator had written.',
    figure: 'rollbacks within 30 days',
    fires: { series: rollbacks('version', '0x60 1x60 2x60 3x200'), at: '240m', value: '3' },
    healthy: { series: rollbacks('passage', growing(1)), at: '240m' },
  }),
];
