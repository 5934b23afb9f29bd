import { stringify } from 'yaml';
import { ALERTS, SERVICE } from './alerts.ts';
import type { GeneratedFile } from './grafana.ts';

const FOLDER = 'docker/alertmanager';
const NOTE = '# Written by scripts/observability.mjs from server/observability/. Changes here are lost.\n';
/** Who is told: whoever is on call, and everybody in the chat. */
const RECEIVER = { critical: 'on-call', warning: 'chat' } as const;

/** Where a message of this severity goes; for the tests of routing. */
export function receiverOf(severity: keyof typeof RECEIVER): string {
  return RECEIVER[severity];
}

const MESSAGE = {
  send_resolved: true,
  title: '{{ template "taleloom.title" . }}',
  text: '{{ template "taleloom.text" . }}',
};

/** Secrets are in files beside this one; a way whose file is missing is not used, and nothing else fails. */
const RECEIVERS = [
  {
    name: RECEIVER.critical,
    pagerduty_configs: [
      {
        routing_key_file: 'on-call-key',
        send_resolved: true,
        description: '{{ template "taleloom.title" . }}',
        details: { text: '{{ template "taleloom.text" . }}' },
      },
    ],
    slack_configs: [{ api_url_file: 'on-call-url', ...MESSAGE }],
  },
  { name: RECEIVER.warning, slack_configs: [{ api_url_file: 'chat-url', ...MESSAGE }] },
];

/** The alerts whose names end like this, as a matcher. */
function named(...endings: string[]): string {
  const names = ALERTS.map(({ name }) => name).filter((name) => endings.some((end) => name.endsWith(end)));
  return `alertname=~"${names.join('|')}"`;
}

/** What is told already by a louder alert is not told again; what is never to be muted always is. */
function inhibitions(): unknown[] {
  const isMutable = 'silenceable!="false"';
  return [
    {
      source_matchers: ['alertname="NarratorQueueBacklog"'],
      target_matchers: ['alertname="TimeToFirstTokenSlow"', isMutable],
      equal: ['service'],
    },
    {
      source_matchers: [named('FastBurn')],
      target_matchers: [named('SlowBurn', 'BudgetTicket', 'AvailabilityTicket'), isMutable],
      equal: ['service', 'slo'],
    },
    {
      source_matchers: ['alertname="StoreReadOnly"'],
      target_matchers: [named('CommandErrorBudgetFastBurn', 'CommandErrorBudgetSlowBurn'), isMutable],
      equal: ['service'],
    },
  ];
}

function config(): unknown {
  return {
    global: { resolve_timeout: '5m' },
    templates: ['taleloom.tmpl'],
    route: {
      receiver: RECEIVER.warning,
      group_by: ['alertname', 'service', 'model_version'],
      group_wait: '30s',
      group_interval: '5m',
      repeat_interval: '3h',
      routes: [{ matchers: ['severity="critical"'], receiver: RECEIVER.critical }],
    },
    inhibit_rules: inhibitions(),
    receivers: RECEIVERS,
  };
}

const TEMPLATE = `{{ define "taleloom.title" }}{{ if eq .Status "resolved" }}Over: {{ else }}{{ if eq .CommonLabels.severity "critical" }}Now: {{ end }}{{ end }}{{ with .CommonAnnotations.summary }}{{ . }}{{ else }}{{ .CommonLabels.alertname }}{{ end }}{{ end }}

{{ define "taleloom.text" }}{{ range .Alerts }}{{ .Annotations.description }}
{{ .Annotations.figure }}: {{ .Annotations.value }}
Objective: {{ with .Labels.slo }}{{ . }}{{ else }}none{{ end }}
Model: {{ with .Labels.model_version }}{{ . }}{{ else }}any{{ end }}
Runbook: {{ .Annotations.runbook }}
Since: {{ .StartsAt.UTC.Format "2006-01-02 15:04" }} UTC
{{ end }}{{ end }}
`;

/** The files of Alertmanager: who is told what, and the words of the message. */
export function alertmanagerFiles(): GeneratedFile[] {
  return [
    { path: `${FOLDER}/alertmanager.yml`, text: NOTE + stringify(config(), { lineWidth: 0 }) },
    { path: `${FOLDER}/${SERVICE}.tmpl`, text: TEMPLATE },
  ];
}
