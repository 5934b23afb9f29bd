import { stringify } from 'yaml';
import { BURN_ALERTS, BURN_RECORDS } from './alerts-burn.ts';
import { NARRATOR_ALERTS } from './alerts-narrator.ts';
import { SAFETY_ALERTS } from './alerts-safety.ts';
import { SERVER_ALERTS } from './alerts-server.ts';
import { runbookOf, type Alert } from './alerts-shape.ts';
import type { GeneratedFile } from './grafana.ts';

/** Every alert there is. */
export const ALERTS: readonly Alert[] = [
  ...BURN_ALERTS,
  ...NARRATOR_ALERTS,
  ...SAFETY_ALERTS,
  ...SERVER_ALERTS,
];

/** The `service` label of all alerts. */
export const SERVICE = 'taleloom';
const FOLDER = 'docker/prometheus';
const NOTE = '# Written by scripts/observability.mjs from server/observability/. Changes here are lost.\n';
const RULES_EVERY = '30s';
const GROUPS = ['slo-recording', 'alerts'];

const yaml = (of: unknown) => NOTE + stringify(of, { lineWidth: 0 });

function labelsOf({ severity, slo, isNeverMuted, isByModel }: Alert): Record<string, string> {
  return {
    severity,
    service: SERVICE,
    silenceable: isNeverMuted ? 'false' : 'true',
    ...(slo === null ? {} : { slo }),
    ...(isByModel ? { model_version: '{{ $labels.model }}' } : {}),
  };
}

function annotationsOf({ name, summary, description, figure }: Alert): Record<string, string> {
  return { summary, description, figure, value: '{{ printf "%.3g" $value }}', runbook: runbookOf(name) };
}

function ruleOf(alert: Alert) {
  const { name, expr, hold } = alert;
  const held = hold === null ? {} : { for: hold };
  return { alert: name, expr, ...held, labels: labelsOf(alert), annotations: annotationsOf(alert) };
}

/** What Prometheus makes of `{{ $labels.x }}` and of the figure. */
function rendered(texts: Record<string, string>, alert: Alert): Record<string, string> {
  const { labels = {}, value } = alert.fires;
  const render = (text: string) =>
    text
      .replace('{{ printf "%.3g" $value }}', value)
      .replaceAll(/\{\{ \$labels\.(\w+) \}\}/g, (_all, label: string) => labels[label] ?? '');
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, render(text)]));
}

const inputOf = (series: Readonly<Record<string, string>>) =>
  Object.entries(series).map(([name, values]) => ({ series: name, values }));

/** A case of an alert, and how many minutes it takes. */
interface Case {
  minutes: number;
  test: unknown;
}

function casesOf(alert: Alert): Case[] {
  const { name, fires, healthy } = alert;
  const labels = { ...rendered(labelsOf(alert), alert), ...fires.labels };
  const told = { exp_labels: labels, exp_annotations: rendered(annotationsOf(alert), alert) };
  const caseOf = (what: string, of: Alert['healthy'], alerts: unknown[]): Case => ({
    minutes: parseInt(of.at, 10),
    test: {
      name: `${name} ${what}`,
      interval: '1m',
      input_series: inputOf(of.series),
      alert_rule_test: [{ eval_time: of.at, alertname: name, exp_alerts: alerts }],
    },
  });
  return [caseOf('fires', fires, [told]), caseOf('is silent', healthy, [])];
}

/** Cases up to so many minutes, and the longer ones, for which rules are evaluated more rarely: days take their time. */
const SHORT_MINUTES = 120;

function testFile(cases: readonly Case[], every: string): string {
  const tests = cases.map(({ test }) => test);
  // Alerts look at what was recorded in the same step.
  return yaml({ rule_files: ['rules.yml'], evaluation_interval: every, group_eval_order: GROUPS, tests });
}

function rules(): unknown {
  const rulesOf = [BURN_RECORDS, ALERTS.map(ruleOf)];
  return { groups: GROUPS.map((name, at) => ({ name, interval: RULES_EVERY, rules: rulesOf[at] })) };
}

function prometheus(): unknown {
  return {
    global: { scrape_interval: '15s', evaluation_interval: RULES_EVERY },
    rule_files: ['rules.yml'],
    alerting: { alertmanagers: [{ static_configs: [{ targets: ['alertmanager:9093'] }] }] },
    scrape_configs: [
      {
        job_name: SERVICE,
        metrics_path: '/metrics',
        // The METRICS_TOKEN of the server, alone in a file beside this one.
        authorization: { type: 'Bearer', credentials_file: 'metrics-token' },
        sample_limit: 10_000,
        static_configs: [{ targets: ['taleloom:3000'] }],
      },
    ],
  };
}

/** The files of Prometheus: what to scrape, the rules, and the tests of the rules for promtool. */
export function prometheusFiles(): GeneratedFile[] {
  const cases = ALERTS.flatMap(casesOf);
  const isShort = ({ minutes }: Case) => minutes <= SHORT_MINUTES;
  const long = cases.filter((each) => !isShort(each));
  return [
    { path: `${FOLDER}/prometheus.yml`, text: yaml(prometheus()) },
    { path: `${FOLDER}/rules.yml`, text: yaml(rules()) },
    { path: `${FOLDER}/rules.test.yml`, text: testFile(cases.filter(isShort), '1m') },
    { path: `${FOLDER}/rules-long.test.yml`, text: testFile(long, '15m') },
  ];
}
