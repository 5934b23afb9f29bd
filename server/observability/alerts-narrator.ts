import { alert, growing, steady, type Alert } from './alerts-shape.ts';

/** First tokens within 0.5 s of the slot, in a histogram of two bounds. */
function firstTokens(all: number, within: number) {
  const labels = 'model="m",endpoint="narrator"';
  const of = (le: string) => `llm_time_to_first_token_seconds_bucket{${labels},le="${le}"}`;
  return {
    [of('0.5')]: growing(within),
    [of('1')]: growing(all),
    [of('+Inf')]: growing(all),
    [`llm_time_to_first_token_seconds_count{${labels}}`]: growing(all),
  };
}

function loads(seconds: 'quick' | 'slow') {
  const of = (le: string) => `llm_model_load_seconds_bucket{model="m",reason="cold",le="${le}"}`;
  return {
    [of('30')]: growing(seconds === 'quick' ? 0.1 : 0),
    [of('60')]: growing(0.1),
    [of('+Inf')]: growing(0.1),
  };
}

const queue = (waiting: number, tokens: number) => ({
  'llm_requests_waiting{priority="narrator"}': steady(waiting),
  'llm_tokens_used_total{model="m",type="output"}': growing(tokens),
});

const LATENCY = [
  alert({
    name: 'TimeToFirstTokenSlow',
    expr:
      'histogram_quantile(0.95, sum by (le, model) (rate(llm_time_to_first_token_seconds_bucket{endpoint="narrator"}[10m]))) > 0.5 ' +
      'and on (model) sum by (model) (increase(llm_time_to_first_token_seconds_count{endpoint="narrator"}[10m])) >= 20',
    hold: '10m',
    severity: 'warning',
    slo: 'first-token',
    isByModel: true,
    summary: 'The narrator begins slowly',
    description:
      'Players look at an empty passage: of 100 turns more than 5 begin later than 0.5 s after their slot.',
    figure: 'seconds that 95 of 100 stay under',
    fires: { series: firstTokens(4, 2), at: '30m', labels: { model: 'm' }, value: '0.95' },
    healthy: { series: firstTokens(100, 97), at: '30m' },
  }),
  alert({
    name: 'NarratorQueueBacklog',
    expr: 'max by (priority) (llm_queue_oldest_age_seconds{priority="narrator"}) > 30',
    hold: '2m',
    severity: 'warning',
    slo: 'queue-wait',
    summary: 'Turns wait longer than 30 s for the narrator',
    description: 'Players wait; passages are kept short by themselves until waits are below 15 s.',
    figure: 'seconds that the oldest turn has waited',
    fires: {
      series: { 'llm_queue_oldest_age_seconds{priority="narrator"}': steady(45) },
      at: '10m',
      labels: { priority: 'narrator' },
      value: '45',
    },
    healthy: { series: { 'llm_queue_oldest_age_seconds{priority="narrator"}': steady(20) }, at: '10m' },
  }),
  alert({
    name: 'NarratorQueueStuck',
    expr: 'max(llm_requests_waiting) > 0 and sum(rate(llm_tokens_used_total{type="output"}[5m])) == 0',
    hold: '5m',
    severity: 'critical',
    slo: 'narrator',
    summary: 'Requests wait and the engine writes nothing',
    description:
      'Nobody gets a passage of the narrator. Turns fail by themselves after two minutes of waiting.',
    figure: 'requests that wait',
    fires: { series: queue(3, 0), at: '20m', value: '3' },
    healthy: { series: queue(3, 40), at: '20m' },
  }),
  alert({
    name: 'SchedulingUnfair',
    expr: 'llm_service_fairness_jain_ratio < 0.8 and on () sum(llm_requests_waiting{priority="narrator"}) > 3',
    hold: '5m',
    severity: 'warning',
    summary: 'Sessions that wait are not served alike',
    description: 'One table gets the narrator more often than others that wait just as long.',
    figure: "Jain's index, 1 is even",
    fires: {
      series: { llm_service_fairness_jain_ratio: steady(0.6), ...queue(5, 40) },
      at: '20m',
      value: '0.6',
    },
    healthy: { series: { llm_service_fairness_jain_ratio: steady(0.6), ...queue(2, 40) }, at: '20m' },
  }),
];

const ENGINE = [
  alert({
    name: 'NarratorOff',
    expr: 'max(llm_model_ready) == 0 and on () sum(increase(llm_queue_rejected_total{reason="off"}[30m])) > 0',
    hold: '5m',
    severity: 'critical',
    slo: 'narrator',
    summary: 'The narrator is off and players ask for it',
    description:
      'The model cannot be loaded or was given up; everybody writes without it. It is tried again by itself.',
    figure: '1 while it can be asked',
    fires: {
      series: { 'llm_model_ready': steady(0), 'llm_queue_rejected_total{reason="off"}': growing(1) },
      at: '20m',
      value: '0',
    },
    healthy: {
      series: { 'llm_model_ready': steady(0), 'llm_queue_rejected_total{reason="off"}': steady(0) },
      at: '20m',
    },
  }),
  alert({
    name: 'EngineRestarting',
    expr: 'sum by (reason) (increase(llm_worker_restarts_total[30m])) >= 3',
    hold: null,
    severity: 'warning',
    slo: 'narrator',
    summary: 'The engine of the narrator dies again and again',
    description: 'Each time running passages break off and are tried once more; players see pauses.',
    figure: 'restarts within 30 minutes',
    fires: {
      series: { 'llm_worker_restarts_total{reason="crash"}': growing(0.2) },
      at: '60m',
      labels: { reason: 'crash' },
      value: '6',
    },
    healthy: { series: { 'llm_worker_restarts_total{reason="crash"}': '0x30 1x300' }, at: '60m' },
  }),
  alert({
    name: 'ModelLoadSlow',
    expr: 'histogram_quantile(0.95, sum by (le, model) (rate(llm_model_load_seconds_bucket[1h]))) > 30',
    hold: null,
    severity: 'warning',
    isByModel: true,
    summary: 'The model takes longer than 30 s to load',
    description: 'After a start or a failure the narrator is away for long.',
    figure: 'seconds that 95 of 100 loads stay under',
    fires: { series: loads('slow'), at: '90m', labels: { model: 'm' }, value: '58.5' },
    healthy: { series: loads('quick'), at: '90m' },
  }),
  alert({
    name: 'TokenSpendJump',
    expr:
      'sum(rate(llm_tokens_used_total[30m])) > 3 * sum(rate(llm_tokens_used_total[1d] offset 1h)) ' +
      'and sum(rate(llm_tokens_used_total[30m])) > 50',
    hold: '15m',
    severity: 'warning',
    summary: 'The narrator works three times as much as yesterday',
    description: 'Somebody may be asking in a loop, or many new players have come. Power and waits grow.',
    figure: 'tokens a second',
    fires: {
      series: { 'llm_tokens_used_total{model="m",type="output"}': '0+600x1560 936000+60000x400' },
      at: '1620m',
      value: '1e+03',
    },
    healthy: {
      series: { 'llm_tokens_used_total{model="m",type="output"}': growing(6_000, 1_700) },
      at: '1620m',
    },
  }),
];

/** Alerts about the model, its queue and its engine. */
export const NARRATOR_ALERTS: readonly Alert[] = [...LATENCY, ...ENGINE];
