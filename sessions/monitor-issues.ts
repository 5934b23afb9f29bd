import type { CollabScores, Health, HealthReason, Issue } from './monitor-view.ts';
import { ISSUES } from './monitor-view.ts';
import type { QualityMetric } from './quality.ts';

const MINUTE_MS = 60_000;
/** V7. */
const LEAST_BALANCE = 0.35;
const DOMINATED_PEOPLE = 3;
/** Fewer words together tell nothing about their shares. */
const LEAST_WORDS = 100;
const DOMINATED_MS = 10 * MINUTE_MS;
const STALLED_MS = 5 * MINUTE_MS;
const GIVEN_UP_MS = 60 * MINUTE_MS;
const LEAST_VOICE = 0.85;
const CONFLICTS = 3;
const HOLDS = 3;
const HOLDS_MS = 10 * MINUTE_MS;
/** Under these a figure is worth a word (D9, D10). */
const LEAST_THREADS = 0.6;
const LEAST_SYNERGY = 0.45;

/** What the issues are read from; null: not measured. */
export interface Figures {
  now: number;
  scores: CollabScores;
  /** People who are here and may write. */
  present: number;
  /** People who count for the balance, their words, and the share of the one who wrote most. */
  counted: number;
  countedWords: number;
  largestShare: number | null;
  /** When somebody last did anything, or could not; null: nobody has yet. */
  lastActAt: number | null;
  passages: number;
  /** V3. */
  isDiverging: boolean;
  /** The voice is off in the newest passages (J6). */
  voiceAlert: boolean;
  openConflicts: number;
  /** The longest wait in the narrator's queue, and from which on it is too long, ms. */
  longestWaitMs: number;
  starvedAfterMs: number | null;
  /** When texts were held, epoch ms, oldest first. */
  heldAt: readonly number[];
  waitingForReview: number;
  isPaused: boolean;
  isReadOnly: boolean;
  /** Fast metrics whose session mean is under the threshold. */
  below: readonly QualityMetric[];
}

/** An issue as it stands, with its reason in words and figures. */
export interface Found {
  issue: Issue;
  why: string;
}

const percent = (share: number) => `${Math.round(share * 100)} %`;
const minutes = (ms: number) => `${Math.round(ms / MINUTE_MS)} min`;

type Rule = (of: Figures) => string | null;

/** One row per issue: why it is there, or null. */
const RULES: Record<Issue, Rule> = {
  dominated: ({ scores, counted, countedWords, largestShare }) =>
    counted >= DOMINATED_PEOPLE &&
    countedWords >= LEAST_WORDS &&
    scores.balance !== null &&
    scores.balance < LEAST_BALANCE
      ? `One person wrote ${percent(largestShare ?? 1)} of the words of ${counted}.`
      : null,
  stalled: ({ now, lastActAt, present, passages, isPaused, isReadOnly }) => {
    if (present === 0 || passages === 0 || isPaused || isReadOnly || lastActAt === null) return null;
    const idleMs = now - lastActAt;
    // Later the page is only open still.
    return idleMs >= STALLED_MS && idleMs <= GIVEN_UP_MS
      ? `Nobody has done anything for ${minutes(idleMs)}.`
      : null;
  },
  diverging: ({ scores, isDiverging }) =>
    isDiverging
      ? `Passages go on from the same author's better than from others', by ${(scores.coherence_gap ?? 0).toFixed(2)}.`
      : null,
  voice_break: ({ scores, voiceAlert }) => {
    if (scores.voice !== null && scores.voice < LEAST_VOICE)
      return `The voices of the cast are at ${scores.voice.toFixed(2)}, under ${LEAST_VOICE}.`;
    return voiceAlert ? 'The voices of the cast have dropped.' : null;
  },
  conflict_loop: ({ openConflicts }) =>
    openConflicts >= CONFLICTS ? `${openConflicts} conflicts over text are open.` : null,
  starved: ({ longestWaitMs, starvedAfterMs }) =>
    starvedAfterMs !== null && longestWaitMs > starvedAfterMs
      ? `A request to the narrator has waited ${Math.round(longestWaitMs / 1_000)} s, more than three times the usual.`
      : null,
  unsafe_streak: ({ now, heldAt }) => {
    const held = heldAt.filter((at) => at > now - HOLDS_MS).length;
    return held >= HOLDS ? `${held} texts were held in the last 10 minutes.` : null;
  },
};

/** Issues that need time to be one: how long their rule has to hold, ms. */
const NEEDS_MS: Partial<Record<Issue, number>> = { dominated: DOMINATED_MS };

/** Follows which issues hold, and since when. */
export class IssueWatch {
  /** Since when a rule has held, epoch ms. */
  private readonly held = new Map<Issue, number>();

  /** The issues of a moment. To be asked regularly: it notes how long each has held. */
  look(figures: Figures): (Found & { since: number })[] {
    return ISSUES.flatMap((issue) => {
      const why = RULES[issue](figures);
      if (why === null) {
        this.held.delete(issue);
        return [];
      }
      const since = this.held.get(issue) ?? figures.now;
      this.held.set(issue, since);
      return figures.now - since >= (NEEDS_MS[issue] ?? 0) ? [{ issue, why, since }] : [];
    });
  }
}

const RED: ReadonlySet<Issue> = new Set(['unsafe_streak', 'conflict_loop']);
const OLD_REVIEW = 5;

/** Why a session is not green. */
export function reasonsOf(figures: Figures, found: readonly Found[]): HealthReason[] {
  const { scores } = figures;
  const reasons: HealthReason[] = found.map(({ issue, why }) => ({
    level: RED.has(issue) ? 'red' : 'yellow',
    about: issue,
    text: why,
  }));
  const yellow = (about: HealthReason['about'], text: string) =>
    reasons.push({ level: 'yellow', about, text });
  if (figures.isReadOnly)
    reasons.push({ level: 'red', about: 'storage', text: 'Nothing can be stored now; nothing is taken in.' });
  if (figures.waitingForReview >= OLD_REVIEW)
    yellow('review', `${figures.waitingForReview} texts wait for a game master.`);
  if (scores.threads !== null && scores.threads < LEAST_THREADS)
    yellow('threads', `${percent(1 - scores.threads)} of the threads have not been taken up for long.`);
  if (scores.synergy !== null && scores.synergy < LEAST_SYNERGY)
    yellow('synergy', `Passages build little on each other (${scores.synergy.toFixed(2)}).`);
  for (const metric of figures.below)
    if (metric !== 'character_consistency') yellow(metric, `${WORDS[metric] ?? metric} has dropped.`);
  return reasons;
}

const WORDS: Partial<Record<QualityMetric, string>> = {
  narrative_coherence: 'How passages go on from each other',
  user_engagement: 'How people answer the narrator',
  diversity: 'How varied the passages are',
};

/** The colour of the worst reason. */
export function healthOf(reasons: readonly HealthReason[]): Health {
  if (reasons.some(({ level }) => level === 'red')) return 'red';
  return reasons.length > 0 ? 'yellow' : 'green';
}
