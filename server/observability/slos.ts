import type { Unit } from '../../sessions/ops-view.ts';
import type { Harm } from '../../sessions/protocol.ts';
import type { QualityMetric } from '../../sessions/quality.ts';
import {
  increase,
  minus,
  over,
  plus,
  promqlOf,
  durationOf,
  quantile,
  upTo,
  type Expression,
  type Match,
} from './expressions.ts';

/** What is counted for an objective, as increases; several objectives may share it. */
export interface Counts {
  /** Names the stored rows: never given another meaning. */
  id: string;
  good: Expression;
  total: Expression;
}

interface Said {
  id: string;
  title: string;
  /** What counts as good, and as all, in words. */
  good: string;
  total: string;
  target: number;
  unit: Unit;
  windowDays: number;
  /** By how much the target may be missed for 'yellow'; 0: one miss is 'red', however few were counted. */
  slack: number;
  /** Events below which nothing is claimed. */
  least: number;
}

/** A promise that is kept or not over a window. */
export type Objective =
  | (Said & { kind: 'share'; counts: Counts })
  /** `good` adds values up; the mean begins at `prior`, as if so many had said so. */
  | (Said & { kind: 'mean'; counts: Counts; prior: { value: number; weight: number } })
  | (Said & { kind: 'quantile'; q: number; histogram: string; match: Match });

const MONTH_DAYS = 30;
const HOUR_DAYS = 1 / 24;
const LEAST = 30;
/** To claim 99.9 % with no miss takes three times the thousand (rule of three). */
const LEAST_SAFE = 3_000;
/** S0.88: how far a target may be missed for 'yellow'. */
const SLA_SLACK = 0.02;
const SLA_LATENCY_SLACK = 0.1;
/** What no table may allow, see moderation/policy/default.yaml. */
const ZERO_TOLERANCE: readonly Harm[] = ['sexual_minors'];

const NARRATOR: Match = { endpoint: 'narrator' };
const DELIVERED = increase('story_passages_total');

const commands: Counts = {
  id: 'commands',
  good: increase('story_commands_total', { match: { status: { none: ['error', 'rejected'] } } }),
  total: increase('story_commands_total', { match: { status: { none: ['rejected'] } } }),
};

/** Observations of a histogram up to a bound, of all. */
function within(id: string, bound: number, histogram: string, match: Match = {}): Counts {
  return { id, good: upTo(bound, histogram, match), total: increase(`${histogram}_count`, { match }) };
}

/** A share of 30 days with an error budget; yellow while no more than twice the budget is used. */
function share(
  counts: Counts,
  target: number,
  words: Pick<Said, 'title' | 'good' | 'total'> & Partial<Pick<Said, 'slack' | 'least'>>,
): Objective {
  const slack = 1 - target;
  const rest = {
    id: counts.id,
    kind: 'share',
    counts,
    target,
    unit: 'ratio',
    windowDays: MONTH_DAYS,
  } as const;
  return { slack, least: LEAST, ...words, ...rest };
}

function quality(metric: QualityMetric, title: string): Objective {
  const counts: Counts = {
    id: `quality-${metric.replaceAll('_', '-')}`,
    good: increase('story_quality_checks_total', { match: { metric, verdict: 'ok' } }),
    total: increase('story_quality_checks_total', { match: { metric, verdict: { none: ['skipped'] } } }),
  };
  return share(counts, 0.95, {
    title,
    good: 'passages at or above the threshold of the metric',
    total: 'passages that were measured',
  });
}

/** What is promised to players and watched by alerts, each with an error budget over 30 days. */
export const OBJECTIVES: readonly Objective[] = [
  share(commands, 0.999, {
    title: 'Commands work',
    good: 'commands that did not fail by a fault of the server',
    total: 'commands that were not refused by the rules',
  }),
  share(within('command-latency', 0.3, 'story_command_duration_seconds', { status: 'ok' }), 0.95, {
    title: 'Commands are answered within 0.3 s',
    good: 'commands answered within 0.3 s',
    total: 'commands that worked',
  }),
  share(within('command-latency-tail', 0.5, 'story_command_duration_seconds', { status: 'ok' }), 0.99, {
    title: 'Nearly all commands are answered within 0.5 s',
    good: 'commands answered within 0.5 s',
    total: 'commands that worked',
  }),
  share(within('edit-propagation', 0.1, 'story_edit_propagation_seconds'), 0.95, {
    title: 'Edits reach the others within 0.1 s',
    good: 'edits sent on within 0.1 s of their arrival, storing included',
    total: 'edits',
  }),
  share(narratorCounts('narrator', ['success'], ['cancelled', 'rejected']), 0.995, {
    title: 'The narrator answers',
    good: 'requests to the narrator that succeeded',
    total: 'requests that were neither taken back nor refused at the door',
  }),
  share(
    {
      id: 'narrator-faults',
      good: increase('llm_requests_total', {
        match: { ...NARRATOR, status: { none: ['error', 'timeout', 'rejected'] } },
      }),
      total: increase('llm_requests_total', { match: { ...NARRATOR, status: { none: ['rejected'] } } }),
    },
    0.999,
    {
      title: 'The model runs without faults',
      good: 'requests to the narrator that ended without a fault or a timeout of the model',
      total: 'requests that were not refused at the door',
    },
  ),
  share(within('first-token', 0.5, 'llm_time_to_first_token_seconds', NARRATOR), 0.95, {
    title: 'The narrator begins within 0.5 s of its turn',
    good: 'turns whose first text came within 0.5 s of their slot',
    total: 'turns of the narrator that brought text',
  }),
  // Of a turn that was alone: what waits for others is the matter of the queue.
  share(within('first-token-alone', 1, 'story_turn_first_token_seconds', { waiting: '1' }), 0.95, {
    title: 'With an empty queue the narrator begins within 1 s',
    good: 'turns that were alone and had their first token within 1 s of being asked for',
    total: 'turns that were alone and brought a token',
  }),
  share(within('queue-wait', 5, 'llm_queue_wait_seconds', { priority: 'narrator' }), 0.9, {
    title: 'Turns wait no longer than 5 s',
    good: 'turns of the narrator that got their slot within 5 s',
    total: 'turns of the narrator that got a slot',
  }),
  quality('narrative_coherence', 'Passages follow from the story'),
  quality('character_consistency', 'Characters keep their voice'),
  quality('user_engagement', 'Players go on with what the narrator wrote'),
  share(safety('safety', {}), 0.999, {
    title: 'What is delivered is safe',
    good: 'delivered passages that nothing was found against later',
    total: 'delivered passages',
    slack: 0,
    least: LEAST_SAFE,
  }),
  share(safety('zero-tolerance', { category: { any: ZERO_TOLERANCE } }), 1, {
    title: 'Nothing is delivered that is never allowed',
    good: 'delivered passages without content that no table may allow',
    total: 'delivered passages',
    slack: 0,
  }),
];

/** What is promised in agreements (S0.82 to S0.88). S0.84, ten thousand sessions, is about clusters and not counted. */
export const AGREEMENTS: readonly Objective[] = [
  latency('sla-command-p95', 'Commands: 95 of 100 within 0.5 s', {
    histogram: 'story_command_duration_seconds',
    match: { status: 'ok' },
    total: 'commands that worked',
  }),
  latency('sla-first-token-p95', 'First text: 95 of 100 within 0.5 s of their slot', {
    histogram: 'llm_time_to_first_token_seconds',
    match: NARRATOR,
    total: 'turns of the narrator that brought text',
  }),
  {
    ...share(commands, 0.9999, {
      title: 'Commands work: the line of the agreement',
      good: 'commands that did not fail by a fault of the server',
      total: 'commands that were not refused by the rules',
      slack: SLA_SLACK * 0.9999,
    }),
    id: 'sla-availability',
  },
  meanScore('sla-coherence', 'narrative_coherence', { title: 'Coherence', target: 0.85 }),
  meanScore('sla-character', 'character_consistency', { title: 'Voices of characters', target: 0.9 }),
  {
    id: 'sla-satisfaction',
    kind: 'mean',
    title: 'Satisfaction',
    good: 'ratings of passages, 1 to 5; the mean begins as if ten had said 4',
    total: 'ratings',
    counts: {
      id: 'satisfaction',
      good: increase('story_feedback_rating_sum'),
      total: increase('story_feedback_rating_count'),
    },
    prior: { value: 4, weight: 10 },
    target: 4.2,
    unit: 'score',
    windowDays: 7,
    slack: SLA_SLACK * 4.2,
    least: LEAST,
  },
];

function narratorCounts(id: string, good: readonly string[], without: readonly string[]): Counts {
  const counted = (status: Match['status']) =>
    increase('llm_requests_total', { match: { ...NARRATOR, ...(status && { status }) } });
  return { id, good: counted({ any: good }), total: counted({ none: without }) };
}

function safety(id: string, match: Match): Counts {
  const found = increase('story_policy_violations_total', { match: { ...match, stage: 'delivered' } });
  return { id, good: minus(DELIVERED, found), total: DELIVERED };
}

function latency(
  id: string,
  title: string,
  of: { histogram: string; match: Match; total: string },
): Objective {
  const target = 0.5;
  return {
    id,
    kind: 'quantile',
    q: 0.95,
    title,
    good: 'the time that 95 of 100 stay under, seconds',
    target,
    unit: 'seconds',
    windowDays: MONTH_DAYS,
    slack: SLA_LATENCY_SLACK * target,
    least: LEAST,
    ...of,
  };
}

function meanScore(id: string, metric: QualityMetric, of: { title: string; target: number }): Objective {
  return {
    id,
    kind: 'mean',
    good: 'scores of the narrator’s passages in the last hour, 0 to 1, their mean',
    total: 'passages that were measured',
    counts: {
      id,
      good: increase('story_quality_score_sum', { match: { metric } }),
      total: increase('story_quality_score_count', { match: { metric } }),
    },
    prior: { value: 0, weight: 0 },
    unit: 'score',
    windowDays: HOUR_DAYS,
    slack: SLA_SLACK,
    least: LEAST,
    ...of,
  };
}

/** The value of an objective as an expression: over its window it is what the report tells. */
export function valueExpression(objective: Objective): Expression {
  if (objective.kind === 'quantile') return quantile(objective.q, objective.histogram, objective.match);
  const { good, total } = objective.counts;
  if (objective.kind === 'share' || objective.prior.weight === 0) return over(good, total);
  const { value, weight } = objective.prior;
  return over(plus(good, value * weight), plus(total, weight));
}

/** The same as PromQL over the window of the objective. */
export function objectivePromql(objective: Objective): string {
  return promqlOf(valueExpression(objective), durationOf(Math.round(objective.windowDays * 86_400_000)));
}
