// The shape of alerts: what Prometheus evaluates, what people are told, and the two cases that prove it.

/** Series of a promtool test: name with labels -> values in its notation, one a minute. */
type TestSeries = Readonly<Record<string, string>>;

/** A case in which the alert fires. */
interface FiringCase {
  series: TestSeries;
  /** When it is looked at, as `30m`. */
  at: string;
  /** Labels that the alert has from its series. */
  labels?: Readonly<Record<string, string>>;
  /** The figure that it tells, to three digits. */
  value: string;
}

/** How loudly an alert is told: to whoever is on call, or in the chat. */
type AlertSeverity = 'critical' | 'warning';

export interface Alert {
  /** PascalCase; the runbook has the same name in kebab-case. */
  name: string;
  /** PromQL. */
  expr: string;
  /** How long it has to hold, as `10m`; null: not at all. */
  hold: string | null;
  severity: AlertSeverity;
  /** The objective it is about; null: none. */
  slo: string | null;
  /** Told whatever is silenced: the safety of people and the log that proves what happened. */
  isNeverMuted: boolean;
  /** Its series carry the model that is concerned. */
  isByModel: boolean;
  /** What is wrong, in a few words; may name labels as `{{ $labels.metric }}`. */
  summary: string;
  /** What it means for players, in a sentence or two. */
  description: string;
  /** What the figure is, for people. */
  figure: string;
  fires: FiringCase;
  /** The twin in which all is well, or just well enough. */
  healthy: { series: TestSeries; at: string };
}

type Told = Omit<Alert, 'slo' | 'isNeverMuted' | 'isByModel'>;
type Extra = Partial<Pick<Alert, 'slo' | 'isNeverMuted' | 'isByModel'>>;

/** An alert; without more it is about no objective, may be silenced, and names no model. */
export function alert(of: Told & Extra): Alert {
  return { slo: null, isNeverMuted: false, isByModel: false, ...of };
}

/** A rule that keeps what alerts look at. */
export interface RecordingRule {
  record: string;
  expr: string;
}

/** Path of the runbook of an alert in the repository. */
export function runbookOf(name: string): string {
  return `docs/runbooks/${name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase()}.md`;
}

/** Longer than most cases last, minutes. */
const USUAL = 450;

/** A series that grows so much a minute from 0, for so many minutes. */
export function growing(perMinute: number, minutes = USUAL): string {
  return `0+${perMinute}x${minutes}`;
}

/** A series that stays where it is for so many minutes. */
export function steady(value: number, minutes = USUAL): string {
  return `${value}x${minutes}`;
}
