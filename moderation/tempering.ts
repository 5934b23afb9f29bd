import type { Scores } from '../sessions/moderator.ts';
import type { Finding, ModelScores, TextViews } from './findings.ts';
import { groupTalk } from './hate.ts';

/** The score that a rule's finding is worth at least, by severity 0 to 4. */
const WORTH = [0, 0.55, 0.75, 0.9, 0.97] as const;
/** Where a defended group, or none at all, leaves the model's score for hate. */
const DEFENDED = 0.4;
const NO_GROUP = 0.85;
const FANTASY = 0.25;

const SCORED = ['hate', 'harassment', 'sexual', 'self_harm', 'injection'] as const;

/**
 * The model's scores after what the rules know better: whether a group is defended or made up, and what they found
 * for certain. Scores of minors and privacy come from the rules alone.
 */
export function temper(model: ModelScores, findings: readonly Finding[], views: TextViews): Scores {
  const worth = (harm: Finding['harm']): number =>
    Math.max(0, ...findings.filter((each) => each.harm === harm).map((each) => WORTH[each.severity] ?? 0));
  const scores: Scores = {
    ...model,
    hate: temperedHate(model.hate, findings, views.folded),
    sexual_minors: worth('sexual_minors'),
    privacy: worth('privacy'),
  };
  for (const harm of SCORED) scores[harm] = Math.max(scores[harm], worth(harm));
  scores.violence = Math.max(scores.violence, worth('real_person'));
  return scores;
}

function temperedHate(score: number, findings: readonly Finding[], folded: string): number {
  const hasWord = findings.some(({ harm, source }) => harm === 'hate' && source === 'lexicon');
  const isSure = findings.some(
    ({ harm, source, severity }) => harm === 'hate' && source === 'rule' && severity >= 2,
  );
  const isDenied = findings.some(({ id }) => id === 'hate.counter');
  const { names, defends, isFantasy } = groupTalk(folded);
  if (isSure) return score;
  if (isDenied || (names && defends)) return Math.min(score, DEFENDED);
  if (names || hasWord) return score;
  return Math.min(score, isFantasy ? FANTASY : NO_GROUP);
}
