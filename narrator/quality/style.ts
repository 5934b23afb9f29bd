import { calibrate, type Anchors } from '../../sessions/measures/coherence.ts';
import type { Persona } from '../../sessions/quality.ts';
import { plainWords } from '../story-words.ts';
import { dialogueOf } from './dialogue.ts';

/** Words of dialogue before style says anything, and words that are looked at, the last ones (requirement D4b). */
const LEAST_WORDS = 600;
const MOST_WORDS = 1_500;
/** Words of samples that make a profile. */
const LEAST_SAMPLE_WORDS = 300;
/** Words of the rest of the session that tell what is usual in it. */
const LEAST_REST_WORDS = 5_000;
/** Passages that are searched for dialogue, the last ones. */
const MOST_PASSAGES = 200;

type Shares = ReadonlyMap<string, number>;

/** Shares of the runs of three letters, names masked. */
function gramShares(text: string, names: readonly string[]): Shares {
  const parts = new Set(names.flatMap(plainWords).map((name) => name.toLowerCase()));
  const words = plainWords(text).map((word) => {
    const lower = word.toLowerCase();
    return parts.has(lower) ? '_' : lower;
  });
  const line = ` ${words.join(' ')} `;
  const counts = new Map<string, number>();
  for (let at = 0; at + 3 <= line.length; at += 1) {
    const gram = line.slice(at, at + 3);
    counts.set(gram, (counts.get(gram) ?? 0) + 1);
  }
  const all = Math.max(1, line.length - 2);
  return new Map([...counts].map(([gram, count]) => [gram, count / all]));
}

/**
 * Cosine of two texts by how they differ from what is usual, each run by the root of how usual it is; -1 to 1. Each is
 * held against its own half of the rest: what is odd about one small half would make them look alike.
 */
function centredCosine(one: Shares, other: Shares, [left, right]: readonly [Shares, Shares]): number {
  let dot = 0;
  let ones = 0;
  let others = 0;
  for (const gram of new Set([...left.keys(), ...right.keys()])) {
    const [usualLeft, usualRight] = [left.get(gram) ?? 0, right.get(gram) ?? 0];
    const usual = (usualLeft + usualRight) / 2;
    const first = (one.get(gram) ?? 0) - usualLeft;
    const second = (other.get(gram) ?? 0) - usualRight;
    dot += (first * second) / usual;
    ones += (first * first) / usual;
    others += (second * second) / usual;
  }
  return ones === 0 || others === 0 ? 0 : dot / Math.sqrt(ones * others);
}

/** The last lines with at most so many words; null: they have too few. */
function lastWords(lines: readonly string[]): string | null {
  const taken: string[] = [];
  let words = 0;
  for (const line of [...lines].reverse()) {
    if (words >= MOST_WORDS) break;
    taken.push(line);
    words += plainWords(line).length;
  }
  return words < LEAST_WORDS ? null : taken.reverse().join('\n');
}

/** What style is measured by. */
export interface StyleOf {
  persona: Persona;
  /** Texts of the session, oldest first. */
  passages: readonly string[];
  /** Names of the rest of the cast. */
  others: readonly string[];
}

/**
 * D4b before calibration, -1 to 1: how much the last 600 to 1,500 words of a character's dialogue differ from the rest
 * of the session in the way its samples do. Null: less dialogue, under 300 words of samples, under 5,000 of the rest.
 */
export function rawStyle({ persona, passages, others }: StyleOf): number | null {
  const sample = persona.samples.join('\n');
  if (plainWords(sample).length < LEAST_SAMPLE_WORDS) return null;
  const asked = { names: [persona.name], others, speaker: null };
  const heard = passages.slice(-MOST_PASSAGES).map((text) => {
    const lines = dialogueOf(text, asked).said.get(persona.name) ?? [];
    return { lines, rest: lines.reduce((rest, line) => rest.replace(line, ' '), text) };
  });
  const said = lastWords(heard.flatMap(({ lines }) => lines));
  const restOf = (half: number) =>
    heard
      .filter((_, at) => at % 2 === half)
      .map(({ rest }) => rest)
      .join('\n');
  const halves = [restOf(0), restOf(1)] as const;
  if (said === null || halves.some((half) => plainWords(half).length < LEAST_REST_WORDS / 2)) return null;
  const shares = (text: string) => gramShares(text, [persona.name, ...others]);
  return centredCosine(shares(said), shares(sample), [shares(halves[0]), shares(halves[1])]);
}

/** D4b: (1 + `rawStyle`) / 2, calibrated to a score of 0 to 1; under `threshold`: less alike than 95 of 100. */
export function styleScore(of: StyleOf, anchors: Anchors, threshold: number): number | null {
  const raw = rawStyle(of);
  return raw === null ? null : calibrate((1 + raw) / 2, anchors, threshold);
}
