import type { Scores } from '../../sessions/moderator.ts';
import type { Finding, ModelScores, TextViews } from '../findings.ts';
import { isRefusal } from '../rules/depiction.ts';
import { deniesAttack } from '../rules/harassment.ts';
import { groupTalk } from '../rules/hate.ts';
import { childrenIn } from '../rules/minors.ts';
import { isFigureOfSpeech } from '../rules/self-harm.ts';
import { isPlayful } from '../text/speech.ts';

/** The score that a rule's finding is worth at least, by severity 0 to 4. */
const WORTH = [0, 0.55, 0.75, 0.9, 0.97] as const;
/** What the model may say at most of a group that is defended, or of what is denied or a figure of speech. */
const DEFENDED = 0.4;
/** Its share that is left where no group is named, and where only peoples of fiction are. */
const NO_GROUP = 0.6;
const FANTASY = 0.3;

const IN_PLAY = 0.7;

const SCORED = ['hate', 'harassment', 'sexual', 'self_harm', 'injection'] as const;

/**
 * The model's scores after what the rules know better: whether a group is defended or made up, and what they found
 * for certain. Scores of minors and privacy come from the rules alone.
 */
export function temper(model: ModelScores, findings: readonly Finding[], views: TextViews): Scores {
  const worth = (harm: Finding['harm']): number =>
    Math.max(
      0,
      ...findings
        .filter((each) => each.harm === harm && each.id !== 'hate.reported')
        .map((each) => WORTH[each.severity] ?? 0),
    );
  const scores: Scores = {
    ...model,
    hate: temperedHate(model.hate, findings, views.folded),
    harassment: temperedHarassment(model.harassment, findings, views.folded),
    sexual: isRefusal(views.folded) ? Math.min(model.sexual, DEFENDED) : model.sexual,
    self_harm: isFigureOfSpeech(views.folded)
      ? Math.min(model.self_harm, DEFENDED)
      : moved(model.self_harm, hintOf(findings, 'self-harm.hint')),
    sexual_minors: Math.max(worth('sexual_minors'), childScore(model.sexual, findings, views)),
    privacy: worth('privacy'),
  };
  for (const harm of SCORED) scores[harm] = Math.max(scores[harm], worth(harm));
  scores.violence = Math.max(scores.violence, worth('real_person'));
  return scores;
}

/** In so short a text a child and sex are in one scene, whatever words it is told in. */
const ONE_SCENE = 600;
/** From which score the model is sure enough that a text is sexual, where a child is in it. */
const SEXUAL = 0.5;

function childScore(sexual: number, findings: readonly Finding[], { folded }: TextViews): number {
  const told = findings.some(
    ({ harm, source, severity }) => harm === 'sexual' && source === 'rule' && severity >= 2,
  );
  if ((!told && sexual < SEXUAL) || folded.length > ONE_SCENE || isRefusal(folded)) return 0;
  if (findings.some(({ id }) => id === 'minors.survivor') || childrenIn(folded).length === 0) return 0;
  return told ? Math.max(sexual, SEXUAL) : sexual;
}

function temperedHate(score: number, findings: readonly Finding[], folded: string): number {
  const hasWord = findings.some(({ harm, source }) => harm === 'hate' && source === 'lexicon');
  const isSure = findings.some(
    ({ harm, source, severity }) => harm === 'hate' && source === 'rule' && severity >= 2,
  );
  const isDenied = findings.some(({ id }) => id === 'hate.counter' || id === 'hate.reported');
  const { names, defends, isFantasy } = groupTalk(folded);
  if (isSure) return score;
  if (isDenied || (names && defends)) return Math.min(score, DEFENDED);
  if (names || hasWord) return score;
  return score * (isFantasy ? FANTASY : NO_GROUP);
}

/** Findings after what the whole text shows: a word for a group is softer where its members use it of themselves. */
export function temperFindings(findings: readonly Finding[], views: TextViews): Finding[] {
  const { defends } = groupTalk(views.folded);
  if (!defends) return [...findings];
  return findings.map((each) =>
    each.harm === 'hate' && each.source === 'lexicon' ? { ...each, severity: 0 } : each,
  );
}

/** Denied or among friends it is none; in play the model alone is not enough to hold a text. */
function temperedHarassment(score: number, findings: readonly Finding[], folded: string): number {
  if (deniesAttack(folded) || isBanter(findings)) return Math.min(score, DEFENDED);
  if (isPlayful(folded)) return Math.min(score, IN_PLAY);
  return moved(score, hintOf(findings, 'harassment.hint'));
}

/** How much the weak signs that the rules saw count, in logits: none, one kind, two kinds. */
const HINTED = [0, 0.7, 1.4] as const;

/** Weak signs are no verdict, but what the model half suspects they make sure. */
function moved(score: number, hints: number): number {
  const by = HINTED[hints] ?? 0;
  if (by === 0 || score <= 0 || score >= 1) return score;
  return 1 / (1 + Math.exp(-(Math.log(score / (1 - score)) + by)));
}

/** Kinds of weak signs of a sort that were found: 0, 1 or 2. */
function hintOf(findings: readonly Finding[], id: string): number {
  if (findings.some((each) => each.id === `${id}.two`)) return 2;
  return findings.some((each) => each.id.startsWith(id)) ? 1 : 0;
}

/** The rules have found an insult among friends, which the model cannot tell from an earnest one. */
function isBanter(findings: readonly Finding[]): boolean {
  const insults = findings.filter(
    ({ harm, source, severity }) => harm === 'harassment' && source === 'rule' && severity > 0,
  );
  return insults.length > 0 && insults.every(({ severity }) => severity <= 1);
}
