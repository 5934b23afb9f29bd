import type { Background } from '../quality.ts';
import { quadgramsOf } from './character-grams.ts';
import type { PassageReading } from './passage-reading.ts';

/** Raw values of healthy passages: the one that 5, 50 and 99 of 100 stay under. */
export interface Anchors {
  q05: number;
  q50: number;
  q99: number;
}

/** The calibrated score of a passage in the middle. */
const MEDIAN_SCORE = 0.93;
/** Shorter passages say too little about themselves. */
export const LEAST_WORDS = 25;
/** A passage is compared with so many before it, and with more while they have fewer words together. */
const WINDOW = 3;
const WINDOW_WORDS = 450;
/** Words that the anchors were learnt from; what each word less adds, so that as few healthy short passages fall under. */
const FULL_LENGTH = 150;
const LIFT_PER_WORD = 0.00025;
/** From this share of new runs of four words on a passage is no repetition. */
export const ENOUGH_NEW = 0.6;
/** How steeply coherence falls with what is copied. */
const COPY_FALL = 6;
/** Share of the commonest words from which on a text is in the background's language. */
const OF_LANGUAGE = 0.2;

/**
 * D0: a raw value as a score of 0 to 1, piecewise linear through (0, 0), (q05, threshold), (q50, 0.93), (q99, 1): under
 * the threshold means worse than 95 of 100 healthy passages. Never falls as the raw value rises.
 */
export function calibrate(raw: number, anchors: Anchors, threshold: number): number {
  const points: [number, number][] = [
    [0, 0],
    [anchors.q05, threshold],
    [anchors.q50, Math.max(threshold, MEDIAN_SCORE)],
    [anchors.q99, 1],
  ];
  if (!(raw > 0)) return 0;
  for (const [at, [right, upper]] of points.entries()) {
    const [left, lower] = points[at - 1] ?? [0, 0];
    if (raw < right) return right > left ? lower + ((upper - lower) * (raw - left)) / (right - left) : upper;
  }
  return 1;
}

/** D1 of a passage before calibration. */
export interface RawCoherence {
  raw: number;
  /** How it was measured, as it stands in `PassageQuality.methods`. */
  method: string;
  /** Whether the anchors hold for it; false: another language than the background's, nothing may alert. */
  isCalibrated: boolean;
}

/**
 * D1: cosine of the TF-IDF vectors of content stems of a passage and of those shown before it joined, times
 * min(1, nov4 / 0.6)^6, since a copy raises the cosine by itself, and times the fluency of its words, since words thrown
 * together may be the right ones. Compared are the last 3, or more (of those given) until they have 450 words. The cosine of a
 * passage under 150 words is lifted a little, since short healthy ones share less by chance: under 40 words nothing but
 * repetition falls under the threshold. Stories in another language than the background's are compared by runs of four
 * characters and flagged. Null under 25 words, or with nothing before it. `before`: oldest first.
 */
export function rawCoherence(
  of: PassageReading,
  before: readonly PassageReading[],
  background: Background,
): RawCoherence | null {
  const window = windowOf(before);
  if (of.words.length < LEAST_WORDS || window.length === 0) return null;
  const novelty = noveltyOf(of, window) ** COPY_FALL;
  if (!isOfLanguage(window, background)) {
    const cosine = cosineOf(quadgramsOf([of]), quadgramsOf(window), () => 1);
    return { raw: lifted(cosine, of) * novelty, method: 'D1-char4', isCalibrated: false };
  }
  const cosine = likeness(of, window, background);
  const fluency = background.fluency?.(of.words) ?? 1;
  return {
    raw: lifted(cosine, of) * novelty * fluency,
    method: `D1-tfidf/${background.version}`,
    isCalibrated: true,
  };
}

/** The last passages that a passage is compared with. */
function windowOf(before: readonly PassageReading[]): readonly PassageReading[] {
  let words = 0;
  let first = before.length;
  while (first > 0 && (before.length - first < WINDOW || words < WINDOW_WORDS)) {
    first -= 1;
    words += before[first]?.words.length ?? 0;
  }
  return before.slice(first);
}

function lifted(cosine: number, { words }: PassageReading): number {
  return cosine + LIFT_PER_WORD * Math.max(0, FULL_LENGTH - words.length);
}

/** Min(1, nov4 / 0.6) against the passages before: 0 for a copy of them. */
export function noveltyOf(of: PassageReading, before: readonly PassageReading[]): number {
  return Math.min(1, (of.newGrams(before) ?? 1) / ENOUGH_NEW);
}

/** Cosine of the TF-IDF vectors of a passage and of others joined, 0 to 1. */
export function likeness(
  of: PassageReading,
  others: readonly PassageReading[],
  background: Background,
): number {
  const joined = new Map<string, number>();
  for (const { stems } of others)
    for (const [stem, count] of stems) joined.set(stem, (joined.get(stem) ?? 0) + count);
  return cosineOf(of.stems, joined, (stem) => background.idf(stem));
}

/** Whether the story so far is written in the background's language, told by its commonest words. */
function isOfLanguage(story: readonly PassageReading[], background: Background): boolean {
  if (background.commonShare === undefined) return true;
  return background.commonShare(story.flatMap(({ words }) => words)) >= OF_LANGUAGE;
}

function cosineOf(
  one: ReadonlyMap<string, number>,
  other: ReadonlyMap<string, number>,
  weight: (key: string) => number,
): number {
  let dot = 0;
  for (const [key, count] of one) dot += count * (other.get(key) ?? 0) * weight(key) ** 2;
  return dot === 0 ? 0 : Math.min(1, dot / (lengthOf(one, weight) * lengthOf(other, weight)));
}

function lengthOf(vector: ReadonlyMap<string, number>, weight: (key: string) => number): number {
  let sum = 0;
  for (const [key, count] of vector) sum += (count * weight(key)) ** 2;
  return Math.sqrt(sum);
}
