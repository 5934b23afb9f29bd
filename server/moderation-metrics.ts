import type { Registry } from 'prom-client';
import {
  ACTIONS,
  CHANNELS,
  HARMS,
  type Action,
  type Moderator,
  type Verdict,
} from '../sessions/moderator.ts';
import { makers } from './metric-makers.ts';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.08, 0.1, 0.25, 0.5, 1, 2, 5];

/** Tiers of moderation, as far as they are told apart. */
const TIERS = ['rules', 'classifier', 'encoder', 'judge', 'other'] as const;
/** What can fail: a tier, or the text is too long for all of them. */
const FAILURES = [...TIERS, 'length'] as const;
/** Values of `stage` of story_moderation_seconds: the whole judgement, a quick look, and single tiers. */
const STAGES = ['screen', 'look', ...TIERS] as const;
/** Kinds of personal data that a placeholder stands for. */
const PII_KINDS = ['email', 'phone', 'card', 'iban', 'ip', 'ssn', 'address', 'licence', 'other'] as const;
/** Where a text against the policy was caught: at the door, held for a person, or after people had seen it. */
const VIOLATION_STAGES = ['input', 'held', 'delivered'] as const;
export type ViolationStage = (typeof VIOLATION_STAGES)[number];

/** Where nothing decided. */
const NO_HARM = 'none';
const CATEGORIES: readonly string[] = [...HARMS, NO_HARM];
const ACTION_NAMES: readonly Action[] = [...new Set(Object.values(ACTIONS))];

function folded<T extends string>(known: readonly T[], name: string): T | 'other' {
  return known.find((each) => each === name) ?? 'other';
}

/** The name of a tier without the part of it that is told behind a dot, as in `rules.pii`. */
const tierOf = (tier: string) => tier.split('.', 1)[0] ?? tier;
/** The label of a tier; unknown ones are `other`. */
export const tierLabel = (tier: string) => folded(TIERS, tierOf(tier));
/** The label of a kind of personal data; unknown ones are `other`. */
export const piiLabel = (kind: string) => folded(PII_KINDS, kind);
/** The label of what decided. */
export const categoryLabel = (harm: string | null): string => harm ?? NO_HARM;

/** Metrics of moderation. */
export function moderationMetrics(registry: Registry) {
  const { counter, gauge, histogram } = makers(registry);
  return {
    moderationDecisions: counter('story_moderation_decisions_total', 'Texts judged, by what was decided.', [
      'action',
      'category',
      'source',
    ]),
    moderationSeconds: histogram('story_moderation_seconds', 'Judging one text.', SECONDS, ['stage']),
    policyViolations: counter('story_policy_violations_total', 'Texts against the policy.', [
      'category',
      'stage',
    ]),
    reviewItems: gauge('story_review_queue_items', 'Texts that wait for a game master.'),
    reviewOldest: gauge('story_review_oldest_seconds', 'How long the oldest of them has waited.'),
    moderationOverturned: counter(
      'story_moderation_overturned_total',
      'Texts let through by a person against the decision.',
      ['category'],
    ),
    piiRedactions: counter('story_pii_redactions_total', 'Personal data that a placeholder replaced.', [
      'kind',
    ]),
    moderationTierFailures: counter(
      'story_moderation_tier_failures_total',
      'Tiers that gave no answer in time.',
      ['tier'],
    ),
    moderationLogLost: counter(
      'story_moderation_log_lost_total',
      'Rows of the moderation log that could not be stored.',
    ),
  };
}

export type ModerationMetrics = ReturnType<typeof moderationMetrics>;

/** Every label set at 0. */
export function prepareModerationMetrics(metrics: ModerationMetrics): void {
  for (const source of CHANNELS) {
    for (const action of ACTION_NAMES) {
      // What is allowed was decided by no harm.
      const categories = action === 'allow' ? [NO_HARM] : CATEGORIES;
      for (const category of categories) metrics.moderationDecisions.inc({ action, category, source }, 0);
    }
  }
  for (const stage of STAGES) metrics.moderationSeconds.zero({ stage });
  for (const category of CATEGORIES) {
    for (const stage of VIOLATION_STAGES) metrics.policyViolations.inc({ category, stage }, 0);
    metrics.moderationOverturned.inc({ category }, 0);
  }
  for (const kind of PII_KINDS) metrics.piiRedactions.inc({ kind }, 0);
  for (const tier of FAILURES) metrics.moderationTierFailures.inc({ tier }, 0);
}

/** The same moderator, with the time it takes and the tiers that fail counted. */
export function measured(moderator: Moderator, metrics: ModerationMetrics): Moderator {
  const observe = (stage: 'screen' | 'look', verdict: Verdict): Verdict => {
    metrics.moderationSeconds.observe({ stage }, verdict.ms / 1_000);
    for (const tier of verdict.failedTiers)
      metrics.moderationTierFailures.inc({ tier: folded(FAILURES, tierOf(tier)) });
    return verdict;
  };
  return {
    screen: async (request, depth) => observe('screen', await moderator.screen(request, depth)),
    look: (request) => observe('look', moderator.look(request)),
    banned: (text) => moderator.banned(text),
    floor: (rating) => moderator.floor(rating),
    info: () => moderator.info(),
  };
}
