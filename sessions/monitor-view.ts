// How a session is doing, as game masters see it; requirements D5 to D12, S0.53 to S0.65.

import type { QualityMetric, QualityScores, VoiceFinding } from './quality.ts';

export const HEALTH = ['green', 'yellow', 'red'] as const;
export type Health = (typeof HEALTH)[number];

/** What can be wrong with how a group works together. */
export const ISSUES = [
  'dominated',
  'stalled',
  'diverging',
  'voice_break',
  'conflict_loop',
  'starved',
  'unsafe_streak',
] as const;
export type Issue = (typeof ISSUES)[number];

/** What the server does about it by itself; none of them touches anybody's text. */
export const ACTIONS_OF_MONITOR = ['nudge', 'offer_turn', 'recap', 'slow_mode', 'tell_master'] as const;
export type MonitorAction = (typeof ACTIONS_OF_MONITOR)[number];

/** The measures of a session; null: not measured yet. Ratios 0 to 1 unless said otherwise. */
export const COLLAB_METRICS = [
  /** D6 over words, and Jain's index; the same B over turns; turn-taking index. */
  'balance',
  'jain',
  'turn_balance',
  'turn_taking',
  /** D7: new ideas a minute and a hundred words; share that came up again. */
  'ideas_per_minute',
  'ideas_per_100_words',
  'ideas_kept',
  /** D8: coherence over author changes, and how much less that is than within authors. */
  'coherence',
  'coherence_gap',
  /** D9, D10, D11 (and the median time to settle a conflict, seconds), D5. */
  'threads',
  'synergy',
  'conflict_resolution',
  'conflict_seconds',
  'engagement',
  /** D4 over the session. */
  'voice',
  /** Words by the narrator over all words shown. */
  'narrator_share',
  /** D12: wire bytes per byte of text; waiting over waiting and running; (wait + run) / run. */
  'sync_overhead',
  'contention',
  'slowdown',
  /** D20, 1 to 5. */
  'satisfaction',
] as const;
export type CollabMetric = (typeof COLLAB_METRICS)[number];
export type CollabScores = Record<CollabMetric, number | null>;

/** One player's part. A hint for the game master, no score of people. */
export interface Participation {
  /** A player id, or `narrator`. */
  author: string;
  words: number;
  turns: number;
  /** Of all words in the window, 0 to 1. */
  share: number;
  /** Connected; and has typed, voted or moved the cursor within 5 minutes. */
  isPresent: boolean;
  isActive: boolean;
}

/** A thread of the plot: made by people, or found as a name that keeps coming back (D9). */
export interface ThreadView {
  id: string;
  title: string;
  origin: 'made' | 'found';
  status: 'open' | 'dormant' | 'resolved' | 'paused';
  lastPassageId: string | null;
  /** Passages since it was last mentioned. */
  passagesSince: number;
  /** The narrator is reminded of it in its next passage. */
  isReminded: boolean;
}

/** Why a session is not green. */
export interface HealthReason {
  level: 'yellow' | 'red';
  /** An issue, or the metric that is below its limit. */
  about: Issue | CollabMetric | QualityMetric | 'queue' | 'review' | 'storage';
  /** For people, with figures. */
  text: string;
}

/** What the server did by itself, and why. */
export interface Intervention {
  id: string;
  at: number;
  issue: Issue;
  action: MonitorAction;
  /** Whom it was about or told; null: everybody. */
  playerId: string | null;
  /** What was done, in words. */
  text: string;
  /** What it was done for, with figures. */
  why: string;
}

/** A passage's quality as the console and the passage card show it. */
export interface QualityView {
  passageId: string;
  scores: QualityScores;
  below: QualityMetric[];
  voice: VoiceFinding[];
}

/** Everything of the game master's console that is not in the other slices; sent as `session:health` to game masters. */
export interface MonitorView {
  at: number;
  health: Health;
  reasons: HealthReason[];
  scores: CollabScores;
  /** How many ratings `satisfaction` is made of; under 30 it tells little (D20). */
  ratings: number;
  /** Present, and active within 5 minutes. */
  present: number;
  active: number;
  /** Most words first; the narrator is among them. The window is the last 15 minutes or 30 passages, whichever is longer. */
  people: Participation[];
  threads: ThreadView[];
  issues: { issue: Issue; since: number }[];
  /** Newest first, at most 20. */
  interventions: Intervention[];
  /** Issues about which nothing is done until then (epoch ms). */
  muted: Partial<Record<Issue, number>>;
  /** Mean of the last five quality scores of the session, weighted to the newest (EWMA 0.2). */
  quality: QualityScores;
  /** The newest 20 measured passages, newest first. */
  passages: QualityView[];
  /** Words a minute of the last 30 minutes, oldest first: the picture of who writes when. */
  minutes: { at: number; words: Record<string, number> }[];
}
