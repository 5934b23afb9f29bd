import {
  HARMS,
  OUTCOMES,
  type Harm,
  type Outcome,
  type Scores,
  type ScreenRequest,
  type Severities,
} from '../../sessions/moderator.ts';
import type { Finding } from '../findings.ts';
import { collaborativeImpact } from './impact.ts';
import { readLayout } from '../text/layout.ts';
import { artisticIntent, sceneOf } from './placement.ts';
import { allowedFor, perHarm, type Policy } from './policy.ts';

/** What a policy says about a text: the parts of a verdict that do not depend on who judged it. */
export interface Decision {
  outcome: Outcome;
  rules: string[];
  harm: Harm | null;
  severities: Severities;
  reason: string;
  needsHelp: boolean;
  isStrike: boolean;
  /** Findings whose spans are to be masked. */
  masked: Finding[];
}

/** All that D16 looks at for one kind of harm. */
export interface Weighing {
  severity: number;
  allowed: number;
  /** Artistic intent, 0 to 1. */
  intent: number;
  isDepiction: boolean;
  isZeroTolerance: boolean;
  impact: number;
  history: number;
}

const LADDER = ['allow', 'allow_with_note', 'hold_for_gm', 'block'] as const;

/**
 * D16 for one kind of harm. What is allowed is never made stricter, a bad history takes nothing beyond a hold
 * (D15: it never blocks alone), and both together are one step.
 */
export function weigh(weighing: Weighing, stricter: Policy['stricter']): Outcome {
  const { severity, allowed, intent, impact, history } = weighing;
  if (weighing.isZeroTolerance && severity >= 2) return 'block_escalate';
  const s = severity * (weighing.isDepiction ? 1 - 0.5 * intent : 1) - allowed;
  const rung = s <= 0 ? 0 : s <= 1 ? 1 : s <= 2 ? 2 : 3;
  if (rung === 0) return 'allow';
  if (impact >= stricter.impact) return LADDER[Math.min(3, rung + 1)] ?? 'block';
  if (history < stricter.history) return LADDER[Math.max(rung, Math.min(2, rung + 1))] ?? 'block';
  return LADDER[rung] ?? 'block';
}

/**
 * The decision about a text from what was found in it: pure, the same for the same arguments. Zero tolerance comes
 * first, then rules with an outcome of their own, then D16 over all kinds of harm; the hardest outcome decides.
 */
export function decide(
  findings: readonly Finding[],
  scores: Scores,
  request: ScreenRequest,
  policy: Policy,
): Decision {
  const channel = policy.channels[request.channel];
  const scene = sceneOf(request, readLayout(request.text), !channel.isFiction);
  const all = withoutEchoes([...findings, ...findingsOfScores(scores, request, policy)]);
  const severities = perHarm((harm) =>
    Math.max(0, ...all.map((each) => (each.harm === harm ? each.severity : 0))),
  );
  const impact = collaborativeImpact(
    request.playersPresent,
    severities.line > 0 || severities.veil > 0,
    Math.max(...HARMS.map((harm) => severities[harm])),
  );
  const judged = all.map((finding) => ({
    finding,
    ...judge(finding, {
      request,
      policy,
      impact,
      intent: artisticIntent(finding.spans, scene),
    }),
  }));
  return summary(judged, severities, policy);
}

interface Judged {
  finding: Finding;
  outcome: Outcome;
  rule: Policy['rules'][number] | null;
}

interface Circumstances {
  request: ScreenRequest;
  policy: Policy;
  impact: number;
  intent: number;
}

function judge(
  finding: Finding,
  { request, policy, impact, intent }: Circumstances,
): Omit<Judged, 'finding'> {
  const { harm, severity } = finding;
  const rule = policy.rules.find(({ id }) => isUnder(finding.id, id)) ?? null;
  if (rule !== null) return { outcome: rule.outcome, rule };
  const weighed = weigh(
    {
      severity,
      allowed: allowedFor(policy, request.rules, request.channel, harm),
      intent,
      isDepiction: policy.depiction.includes(harm),
      isZeroTolerance: policy.zeroTolerance.includes(harm),
      impact,
      history: request.history,
    },
    policy.stricter,
  );
  const isCurable = policy.soften.includes(harm) && finding.spans.length > 0;
  // A word may pass with a note; personal data never passes as it is.
  const isCured =
    isCurable && rank(weighed) >= rank(finding.source === 'pii' ? 'allow_with_note' : 'hold_for_gm');
  if (!isCured) return { outcome: weighed, rule };
  return { outcome: policy.channels[request.channel].canSoften ? 'soften' : 'block', rule };
}

function summary(judged: readonly Judged[], severities: Severities, policy: Policy): Decision {
  const applied = judged
    .filter(({ outcome }) => outcome !== 'allow')
    .sort((a, b) => rank(b.outcome) - rank(a.outcome) || b.finding.severity - a.finding.severity);
  const [first] = applied;
  const needsHelp = judged.some(({ rule }) => rule?.needsHelp === true);
  const masked = judged.filter(({ outcome }) => outcome === 'soften').map(({ finding }) => finding);
  if (first === undefined)
    return {
      outcome: 'allow',
      rules: [],
      harm: null,
      severities,
      reason: '',
      needsHelp,
      isStrike: false,
      masked,
    };
  const { outcome, finding, rule } = first;
  const isBlocked = rank(outcome) >= rank('block');
  return {
    outcome,
    rules: [...new Set(applied.map((each) => each.finding.id))],
    harm: finding.harm,
    severities,
    reason: (rule === null ? undefined : policy.reasons[rule.id]) ?? policy.reasons[finding.harm] ?? '',
    needsHelp,
    isStrike: rule?.isStrike ?? (isBlocked && policy.strikes.includes(finding.harm)),
    masked,
  };
}

/**
 * Who tells of wanting to hurt themselves is not accused by the model of what they said: its findings fall away
 * beside that of the rule. The rules' own findings stay.
 */
function withoutEchoes(findings: readonly Finding[]): Finding[] {
  const isDisclosure = findings.some(({ id }) => isUnder(id, 'self-harm.disclosure'));
  return isDisclosure ? findings.filter(({ source }) => source !== 'model') : [...findings];
}

/** What the scores of the model amount to in the channel at hand, by the policy's bands. */
function findingsOfScores(scores: Scores, request: ScreenRequest, policy: Policy): Finding[] {
  const kind = policy.channels[request.channel].isFiction ? 'fiction' : 'real';
  return Object.entries(policy.bands).flatMap(([name, bands]) => {
    const harm = HARMS.find((each) => each === name);
    const score = Object.entries(scores).find(([each]) => each === name)?.[1] ?? 0;
    const severity = bands[kind].findLast(([from]) => score >= from)?.[1] ?? 0;
    if (harm === undefined || severity === 0) return [];
    return [{ id: `model.${harm}`, harm, severity, spans: [], source: 'model', label: harm } as const];
  });
}

/** Whether an id is a rule's id, or lies under it. */
function isUnder(id: string, rule: string): boolean {
  return id === rule || id.startsWith(`${rule}.`) || id.startsWith(`${rule}-`);
}

/** Place of an outcome from mild to hard. */
export function rank(outcome: Outcome): number {
  return OUTCOMES.indexOf(outcome);
}
