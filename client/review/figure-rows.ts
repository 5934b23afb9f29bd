import type { HoldView } from '../../sessions/safety-view.ts';
import { SAFETY } from '../safety/safety-strings.ts';

type Why = NonNullable<HoldView['why']>;

/** One figure of a decision: what it is of, its value, and the value in words. */
export interface Figure {
  name: string;
  value: number;
  words: string;
}

const SHOWN = 5;
const LEAST_SEVERITY = 0.5;
const LEAST_SCORE = 0.1;

/** The figures of a decision that say something, the largest first. */
export function figureRows(why: Pick<Why, 'severities' | 'scores'>): {
  severities: Figure[];
  scores: Figure[];
} {
  return {
    severities: rows(why.severities, SAFETY.harms, LEAST_SEVERITY, SAFETY.severity),
    scores: rows(why.scores, SAFETY.scores, LEAST_SCORE, (value) => `${Math.round(100 * value)} %`),
  };
}

function rows<K extends string>(
  values: Partial<Record<K, number>>,
  names: Record<K, string>,
  least: number,
  inWords: (value: number) => string,
): Figure[] {
  const known = Object.keys(names) as K[];
  return known
    .map((key) => ({ name: names[key], value: values[key] ?? 0 }))
    .filter(({ value }) => value >= least)
    .toSorted((a, b) => b.value - a.value)
    .slice(0, SHOWN)
    .map((row) => ({ ...row, words: inWords(row.value) }));
}
