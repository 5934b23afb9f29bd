// What operators see at /ops: the shapes that travel from the server to the page.
import type { Health, Issue } from './monitor-view.ts';
import type { QualityMetric } from './quality.ts';

export const BOARDS = ['executive', 'on-call', 'debug'] as const;
export type BoardId = (typeof BOARDS)[number];

/** Units of figures; ratios are 0 to 1. */
export type Unit = 'count' | 'perSecond' | 'seconds' | 'bytes' | 'ratio' | 'tokens' | 'score';

/** One line of a chart; null where there is nothing to tell. */
export interface Series {
  /** '' when the panel has only one. */
  label: string;
  /** Epoch ms and value, oldest first. */
  points: [at: number, value: number | null][];
}

export interface PanelData {
  id: string;
  title: string;
  /** What it tells, and when to worry, in a sentence. */
  help: string;
  unit: Unit;
  /** 'stat': the newest value counts; 'line': the course. */
  kind: 'stat' | 'line';
  series: Series[];
  /** A line that should not be crossed; null: none. */
  limit: number | null;
}

/** Answer of `GET /api/ops/boards/:id?minutes=60`. */
export interface BoardData {
  id: BoardId;
  title: string;
  at: number;
  /** Between two points, ms. */
  stepMs: number;
  rows: { title: string; panels: PanelData[] }[];
}

/** 'insufficient': too few events to tell. */
export type SloStatus = 'green' | 'yellow' | 'red' | 'insufficient';

/** One objective over its window, from counters. `GET /api/ops/slo` answers a list of these, `/api/ops/sla` too. */
export interface SloReport {
  id: string;
  title: string;
  /** What counts as good, and as all, in words. */
  good: string;
  total: string;
  /** The same as PromQL. */
  promql: string;
  windowDays: number;
  /** 0 to 1, or the target value of a mean. */
  target: number;
  unit: Unit;
  goodCount: number | null;
  totalCount: number;
  /** Null with 'insufficient' and nothing measured. */
  value: number | null;
  /** Share of the error budget that is left, 1 to minus infinity; null: not measured, or no ratio. */
  budgetLeft: number | null;
  /** Burn rates, 1 = uses the budget up exactly in the window; null: not measured. */
  burn: { '5m': number | null; '1h': number | null; '6h': number | null };
  status: SloStatus;
}

/** A session in the operator's list, unhealthy ones first. No names, no text. */
export interface OpsSession {
  id: string;
  health: Health;
  issues: Issue[];
  reasons: string[];
  present: number;
  passages: number;
  narratorWaiting: number;
  waitingForReview: number;
  /** Last time anybody did anything, epoch ms. */
  activeAt: number;
  quality: Partial<Record<QualityMetric, number | null>>;
}

/** A version of the narrator, from all its passages since the start and the stored feedback. */
export interface OpsVersion {
  version: string;
  model: string;
  isCurrent: boolean;
  passages: number;
  /** Means over the last 1,000 passages. */
  quality: Partial<Record<QualityMetric, number | null>>;
  /** D18 by metric: 0 none, 1 suspect, 2 drift; null: no baseline yet. `legacyZ`: the seeds' figure. */
  drift: Partial<Record<QualityMetric, { state: 0 | 1 | 2; cusum: number; legacyZ: number | null } | null>>;
  feedback: {
    positive: number;
    neutral: number;
    negative: number;
    brokeStory: number;
    rating: number | null;
  };
}

/** One level of `GET /status` (S0.1). */
export interface LevelStatus {
  state: Health;
  reasons: string[];
}
export interface StatusAnswer {
  version: string;
  at: number;
  /** 'cpu' or the name of the device. */
  device: string;
  requestsPerMinute: number | null;
  levels: { basic: LevelStatus; cognitive: LevelStatus; integration: LevelStatus };
}

/** One line of the log that the server still has in memory. Never story text, names or secrets. */
export interface LogLine {
  at: number;
  level: 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'FATAL';
  event: string;
  session: string | null;
  turn: string | null;
  request: string | null;
  /** Everything else of it. */
  fields: Record<string, unknown>;
}

/** What a turn spent its time on, from the newest turns (S0.31, S0.35). */
export interface OpsTurn {
  turn: string;
  session: string;
  at: number;
  model: string | null;
  version: string | null;
  outcome: 'committed' | 'empty' | 'failed' | 'cancelled';
  ms: { queue: number; prefill: number; decode: number; post: number; total: number };
  tokens: { in: number; reused: number; out: number };
  /** S0.35: what would make it faster; empty: it was fast enough. */
  advice: string[];
}

/** What was decided by the screens lately, without text. */
interface OpsModeration {
  waiting: number;
  oldestSeconds: number | null;
  decisions: { action: string; category: string; count: number }[];
}

/** `GET /api/ops/overview`: the top of the page. */
export interface OpsOverview {
  status: StatusAnswer;
  narrator: { status: 'ready' | 'loading' | 'off'; model: string; reason: string | null };
  sessions: { loaded: number; active: number; players: number; byHealth: Record<Health, number> };
  queue: {
    policy: string;
    waiting: number;
    running: number;
    oldestWaitSeconds: number;
    jain: number;
    spread: number;
    bound: number | null;
  };
  moderation: OpsModeration;
  audit: { size: number; root: string; checkpointAt: number | null; verifiedAt: number | null; ok: boolean };
  flags: { flag: string; sessionId: string | null; reason: string; setAt: number }[];
}

/** What an incident is about; one about privacy has a deadline. */
export const INCIDENT_KINDS = ['quality', 'safety', 'privacy', 'availability'] as const;
export type IncidentKind = (typeof INCIDENT_KINDS)[number];

export const INCIDENT_STEPS = ['triage', 'isolate', 'mitigate', 'communicate', 'postmortem'] as const;
export type IncidentStep = (typeof INCIDENT_STEPS)[number];

/** An incident (S2.18) as the list shows it. */
export interface OpsIncident {
  id: string;
  title: string;
  kind: IncidentKind;
  openedAt: number;
  closedAt: number | null;
  /** A privacy incident has 72 hours (epoch ms); null: none. */
  dueAt: number | null;
  /** `guide`: what to do, in sentences for people. */
  steps: { step: IncidentStep; guide: string; doneAt: number | null; note: string }[];
}

/** Answer of `GET /api/ops/me`: who asks, how they came in, and which ways in are open. */
export interface OpsMe {
  /** Null: not logged in. */
  name: string | null;
  how: 'token' | 'oidc' | null;
  ways: { token: boolean; oidc: boolean };
}
