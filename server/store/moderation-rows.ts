import { createHmac } from 'node:crypto';
import type { Insertable, Selectable } from 'kysely';
import type { DecisionEntry, LabelledRow, ReviewEntry, TextSpan } from '../../sessions/moderator.ts';
import type { DecisionTable, LabelTable, ReviewTable } from './tables.ts';

/** Spans that are recorded of one decision. */
const MAX_SPANS = 50;
/** Hex digits of a hashed id: enough to tell the players of a server apart. */
const HASH_LENGTH = 16;
/** How detectors name what they find; anything else may be somebody's words. */
const LABEL = /^[a-z][a-z0-9_.-]{0,39}$/;

/** The same id has the same hash while the server has the same secret. The narrator stays `narrator`. */
export function keyedHash(secret: string): (id: string) => string {
  return (id) =>
    id === 'narrator'
      ? id
      : createHmac('sha256', secret).update(`moderation-log\0${id}`).digest('hex').slice(0, HASH_LENGTH);
}

/** A span without words of people: the topic of a line is what somebody at the table has asked for. */
function withoutWords({ start, end, source, label }: TextSpan): TextSpan {
  const isPlain = source !== 'table' && LABEL.test(label);
  return { start, end, source, label: isPlain ? label : source };
}

const rounded = (values: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Math.round(value * 1e4) / 1e4]));

/** A decision as it is stored. */
export function decisionRow(entry: DecisionEntry, hash: (id: string) => string): Insertable<DecisionTable> {
  const { verdict } = entry;
  return {
    at: entry.at,
    session_id: entry.sessionId,
    author: hash(entry.author),
    channel: entry.channel,
    rating: entry.rating,
    length: entry.length,
    stage: entry.stage,
    outcome: verdict.outcome,
    action: verdict.action,
    harm: verdict.harm,
    rules: JSON.stringify(verdict.rules),
    severities: JSON.stringify(verdict.severities),
    scores: JSON.stringify(rounded(verdict.scores)),
    spans: JSON.stringify(verdict.spans.slice(0, MAX_SPANS).map(withoutWords)),
    needs_help: verdict.needsHelp ? 1 : 0,
    is_strike: verdict.isStrike ? 1 : 0,
    policy_hash: verdict.policyHash,
    model_version: verdict.modelVersion,
    failed_tiers: JSON.stringify(verdict.failedTiers),
    ms: verdict.ms,
  };
}

/** A review as it is stored. */
export function reviewRow(entry: ReviewEntry, hash: (id: string) => string): Insertable<ReviewTable> {
  return {
    at: entry.at,
    session_id: entry.sessionId,
    hold_id: entry.holdId,
    reviewer: hash(entry.reviewer),
    review: entry.review,
    harm: entry.harm,
    is_overturn: entry.isOverturn ? 1 : 0,
    waited_ms: entry.waitedMs,
  };
}

/** A labelled text as it is stored. */
export function labelRow(row: LabelledRow): Insertable<LabelTable> {
  return {
    at: row.at,
    session_id: row.sessionId,
    text: row.text,
    channel: row.channel,
    rating: row.rating,
    harm: row.harm,
    is_harmful: row.isHarmful ? 1 : 0,
    policy_hash: row.policyHash,
    model_version: row.modelVersion,
  };
}

/** A decision as operators read it. */
export function decisionView(row: Selectable<DecisionTable>) {
  return {
    id: row.id,
    at: row.at,
    sessionId: row.session_id,
    author: row.author,
    channel: row.channel,
    rating: row.rating,
    length: row.length,
    stage: row.stage,
    outcome: row.outcome,
    decision: row.action,
    harm: row.harm,
    rules: JSON.parse(row.rules) as unknown,
    severities: JSON.parse(row.severities) as unknown,
    scores: JSON.parse(row.scores) as unknown,
    spans: JSON.parse(row.spans) as unknown,
    needsHelp: row.needs_help === 1,
    isStrike: row.is_strike === 1,
    policyHash: row.policy_hash,
    modelVersion: row.model_version,
    failedTiers: JSON.parse(row.failed_tiers) as unknown,
    ms: row.ms,
  };
}
export type DecisionView = ReturnType<typeof decisionView>;

/** A labelled text as it is handed out: which session it is from is told by a hash only. */
export function labelView(row: Selectable<LabelTable>, hash: (id: string) => string) {
  return {
    at: row.at,
    session: hash(row.session_id),
    text: row.text,
    channel: row.channel,
    rating: row.rating,
    harm: row.harm,
    isHarmful: row.is_harmful === 1,
    policyHash: row.policy_hash,
    modelVersion: row.model_version,
  };
}
export type LabelView = ReturnType<typeof labelView>;
