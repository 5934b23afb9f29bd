import type {
  Judgement,
  Mask,
  Outcome,
  Scores,
  ScreenRequest,
  TextSpan,
  Verdict,
} from '../../sessions/moderator.ts';
import { ACTIONS } from '../../sessions/moderator.ts';
import { decide, rank, type Decision } from './decide.ts';
import type { Finding } from '../findings.ts';
import { maskText } from '../text/mask.ts';
import type { Policy } from './policy.ts';

/** What all tiers together say about one text. */
export interface Evidence {
  request: ScreenRequest;
  findings: readonly Finding[];
  scores: Scores;
  failedTiers: readonly string[];
  judgement: Judgement | null;
}

/** Tiers without which a text counts as not judged. */
const NEEDED = /^(?:rules\.|classifier$|length$)/;

/** The verdict from the evidence: the policy's decision, the judge's say in it, and what to do when a tier failed. */
export function verdictOf(evidence: Evidence, policy: Policy, modelVersion: string): Omit<Verdict, 'ms'> {
  const { request, findings, scores, failedTiers, judgement } = evidence;
  const decided = decide(findings, scores, request, policy);
  const heard = judgement === null ? decided : withJudge(decided, judgement, policy);
  const { masked, ...decision } = withFailures(heard, evidence, policy);
  const spans = spansOf(findings.filter(({ severity }) => severity > 0));
  return {
    ...decision,
    action: ACTIONS[decision.outcome],
    text: maskText(request.text, spansOf(masked)),
    masks: masksOf(request.text, spansOf(masked)),
    scores,
    spans,
    policyHash: policy.hash,
    modelVersion,
    failedTiers: [...failedTiers],
  };
}

/**
 * Whether a second opinion may change anything: not for what is blocked or needs a person, but where scores are
 * uncertain or the rules and the model do not agree.
 */
export function isUncertain({ outcome, needsHelp }: Decision, scores: Scores, policy: Policy): boolean {
  if (rank(outcome) >= rank('block') || needsHelp) return false;
  const [low, high] = policy.greyBand;
  const values = Object.values(scores);
  const isGrey = values.some((score) => score >= low && score <= high);
  const isHeld = outcome === 'hold_for_gm';
  const most = Math.max(...values);
  return isGrey || (isHeld && most < low) || (outcome === 'allow' && most > high);
}

/** The judge may turn a hold into a note and what is allowed into a hold; it never touches a block or a call for help. */
function withJudge(decision: Decision, judgement: Judgement, policy: Policy): Decision {
  const isAgainst = judgement.decision === 'hold' || judgement.decision === 'block';
  const { outcome, needsHelp } = decision;
  if (needsHelp || rank(outcome) >= rank('block')) return decision;
  if (outcome === 'hold_for_gm' && !isAgainst)
    return { ...decision, outcome: 'allow_with_note', isStrike: false };
  if (rank(outcome) < rank('hold_for_gm') && isAgainst) {
    const reason = decision.reason === '' ? (policy.reasons.unjudged ?? '') : decision.reason;
    return { ...decision, outcome: 'hold_for_gm', rules: ['judge', ...decision.rules], reason };
  }
  return decision;
}

/** A text that could not be judged is held, but for story text at a mature table. */
function withFailures(decision: Decision, { request, failedTiers }: Evidence, policy: Policy): Decision {
  const missing = failedTiers.filter((tier) => NEEDED.test(tier));
  const mayPass =
    request.rules.rating === 'mature' && (request.channel === 'story' || request.channel === 'draft');
  if (missing.length === 0 || mayPass || rank(decision.outcome) >= rank('hold_for_gm')) return decision;
  const outcome: Outcome = 'hold_for_gm';
  const rules = [...missing.map((tier) => `unjudged.${tier}`), ...decision.rules];
  return { ...decision, outcome, rules, reason: policy.reasons.unjudged ?? '' };
}

/** The spans of findings in order; those of one source and label that touch are one. */
function spansOf(findings: readonly Finding[]): TextSpan[] {
  const sorted = findings
    .flatMap(({ spans, source, label }) => spans.map(({ start, end }) => ({ start, end, source, label })))
    .sort((a, b) => a.start - b.start || a.end - b.end);
  const merged: TextSpan[] = [];
  const last = new Map<string, TextSpan>();
  for (const span of sorted) {
    const key = `${span.source} ${span.label}`;
    const before = last.get(key);
    if (before !== undefined && span.start <= before.end) before.end = Math.max(before.end, span.end);
    else {
      merged.push(span);
      last.set(key, span);
    }
  }
  return merged;
}

/** What masking writes instead of what; what it leaves as it was is left out. */
function masksOf(text: string, spans: readonly TextSpan[]): Mask[] {
  const clusters: { start: number; end: number; spans: TextSpan[] }[] = [];
  for (const span of spans) {
    const last = clusters.at(-1);
    if (last === undefined || span.start >= last.end) clusters.push({ ...span, spans: [span] });
    else {
      last.end = Math.max(last.end, span.end);
      last.spans.push(span);
    }
  }
  return clusters.flatMap(({ start, end, spans: inside }) => {
    const shown = text.slice(start, end);
    const masked = maskText(
      shown,
      inside.map((span) => ({ ...span, start: span.start - start, end: span.end - start })),
    );
    return masked === shown ? [] : [{ start, end, text: masked }];
  });
}
