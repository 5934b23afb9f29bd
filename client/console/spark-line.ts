import type { QualityMetric } from '../../sessions/quality.ts';
import type { QualityView } from '../../sessions/monitor-view.ts';

/** A point of a small picture of scores: 0 to 1 from its left end, and from its bottom. */
export interface Spot {
  x: number;
  y: number;
}

/** The scores of one measure over the passages given newest first, oldest first; null: not measured. */
export function scoresOver(passages: readonly QualityView[], metric: QualityMetric): (number | null)[] {
  return passages.map(({ scores }) => scores[metric]).toReversed();
}

/** Lines through scores, the last at the right end; where one is missing, a line ends and the next begins. */
export function sparkLines(scores: readonly (number | null)[]): Spot[][] {
  const step = 1 / Math.max(1, scores.length - 1);
  const lines: Spot[][] = [[]];
  scores.forEach((score, index) => {
    if (score === null) lines.push([]);
    else
      lines.at(-1)?.push({ x: 1 - (scores.length - 1 - index) * step, y: Math.min(1, Math.max(0, score)) });
  });
  return lines.filter((line) => line.length > 0);
}
