import {
  ACTIONS,
  CHANNELS,
  HARMS,
  type Action,
  type Moderator,
  type Verdict,
} from '../sessions/moderator.ts';
import { SCREEN } from './metric-buckets.ts';
import { counter, gauge, histogram, type MetricsOf } from './metric-definition.ts';

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

const source = CHANNELS;
const category = CATEGORIES;

/** The model label of the sentence encoder. */
export const ENCODER = 'sentence-encoder';

/** Definitions of everything about moderation. */
export const MODERATION_METRICS = {
  embeddingDimensions: gauge('embedding_dimensions', 'Numbers in an embedding; absent: no encoder.', {
    labels: { model: [ENCODER] },
    start: null,
  }),
  moderationDecisions: counter(
    'story_moderation_decisions_total',
    'Texts judged, by what was decided.',
    { action: ACTION_NAMES, category, source },
    // What is allowed was decided by no harm.
    { has: ({ action, category: harm }) => action !== 'allow' || harm === NO_HARM },
  ),
  moderationSeconds: histogram('story_moderation_seconds', 'Judging one text.', SCREEN, {
    labels: { stage: STAGES },
  }),
  policyViolations: counter('story_policy_violations_total', 'Texts against the policy.', {
    category,
    stage: VIOLATION_STAGES,
  }),
  reviewItems: gauge('story_review_queue_items', 'Texts that wait for a game master.', { start: 0 }),
  reviewOldest: gauge('story_review_oldest_seconds', 'How long the oldest of them has waited.', { start: 0 }),
  moderationOverturned: counter(
    'story_moderation_overturned_total',
    'Texts let through by a person against the decision.',
    { category },
  ),
  piiRedactions: counter('story_pii_redactions_total', 'Personal data that a placeholder replaced.', {
    kind: PII_KINDS,
  }),
  moderationTierFailures: counter(
    'story_moderation_tier_failures_total',
    'Tiers that gave no answer in time.',
    { tier: FAILURES },
  ),
  moderationLogLost: counter(
    'story_moderation_log_lost_total',
    'Rows of the moderation log that could not be stored.',
  ),
};

export type ModerationMetrics = MetricsOf<typeof MODERATION_METRICS>;

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
