import { gramsOf, type PassageReading } from './passage-reading.ts';
import { ENOUGH_NEW, LEAST_WORDS } from './coherence.ts';

/** Covington and McFall 2010. */
const MATTR_WINDOW = 100;
/** McCarthy and Jarvis 2010. */
const MTLD_LIMIT = 0.72;
const BLEU_GRAM = 4;
/** The least share of different runs of three words in a passage that is well (D17). */
const ENOUGH_DISTINCT = 0.85;

/** What D17 asks of one passage. */
export interface PassageDiversity {
  /** Different runs of three words of all. */
  distinct3: number;
  /** Share of its runs of four words that the passages before do not have; 1 with nothing before. */
  nov4: number;
  /** The worse of both as one value: 0.85 and more where distinct-3 is at least 0.85 and nov4 at least 0.6. */
  raw: number;
}

/** D17 of a passage, given those before it; null under 25 words. */
export function passageDiversity(
  of: PassageReading,
  before: readonly PassageReading[],
): PassageDiversity | null {
  const distinct3 = distinct(of.words, 3);
  if (of.words.length < LEAST_WORDS || distinct3 === null) return null;
  const nov4 = of.newGrams(before) ?? 1;
  return { distinct3, nov4, raw: Math.min(distinct3, asDistinct(nov4)) };
}

/** Nov4 on the scale of distinct-3: both limits at the same place, and 1 at 1. */
function asDistinct(nov4: number): number {
  if (nov4 < ENOUGH_NEW) return (ENOUGH_DISTINCT * nov4) / ENOUGH_NEW;
  return ENOUGH_DISTINCT + ((1 - ENOUGH_DISTINCT) * (nov4 - ENOUGH_NEW)) / (1 - ENOUGH_NEW);
}

/** Mean share of different words over every stretch of `window` words; over all of a shorter text. Null: no words. */
export function mattr(words: readonly string[], window = MATTR_WINDOW): number | null {
  if (words.length === 0) return null;
  const size = Math.min(window, words.length);
  const counts = new Map<string, number>();
  let sum = 0;
  for (const [at, word] of words.entries()) {
    counts.set(word, (counts.get(word) ?? 0) + 1);
    const gone = words[at - size];
    if (gone !== undefined) {
      const left = (counts.get(gone) ?? 1) - 1;
      if (left === 0) counts.delete(gone);
      else counts.set(gone, left);
    }
    if (at >= size - 1) sum += counts.size / size;
  }
  return sum / (words.length - size + 1);
}

/** Mean number of words in a row that keep their type-token ratio over 0.72, both ways; null: no words. */
export function mtld(words: readonly string[]): number | null {
  if (words.length === 0) return null;
  return (stretchOf(words) + stretchOf([...words].reverse())) / 2;
}

function stretchOf(words: readonly string[]): number {
  let factors = 0;
  let count = 0;
  let types = new Set<string>();
  for (const word of words) {
    types.add(word);
    count += 1;
    if (types.size / count > MTLD_LIMIT) continue;
    factors += 1;
    count = 0;
    types = new Set();
  }
  if (count > 0) factors += (1 - types.size / count) / (1 - MTLD_LIMIT);
  return factors === 0 ? words.length : words.length / factors;
}

/** Different runs of `size` words of all such runs, 0 to 1; null: too few words (Li et al. 2016). */
export function distinct(words: readonly string[], size: number): number | null {
  const grams = gramsOf(words, size);
  return grams.length === 0 ? null : new Set(grams).size / grams.length;
}

/**
 * Self-BLEU-4 (Zhu et al. 2018): how much texts repeat each other, 0 to 1. Each text against all others, mean of the
 * clipped precisions of 1 to 4 words, smoothed by one (Lin and Och 2004), with the brevity penalty. Null under two.
 */
export function selfBleu(texts: readonly (readonly string[])[]): number | null {
  const long = texts.filter((words) => words.length >= BLEU_GRAM);
  if (long.length < 2) return null;
  const counted = long.map((words) => [1, 2, 3, 4].map((size) => countsOf(gramsOf(words, size))));
  const scores = long.map((words, at) => {
    const others = counted.filter((_, other) => other !== at);
    const lengths = long.filter((_, other) => other !== at).map((one) => one.length);
    return precision(counted[at] ?? [], others) * brevity(words.length, lengths);
  });
  return scores.reduce((sum, score) => sum + score, 0) / scores.length;
}

type Counts = ReadonlyMap<number, number>;

function countsOf(grams: readonly number[]): Counts {
  const counts = new Map<number, number>();
  for (const gram of grams) counts.set(gram, (counts.get(gram) ?? 0) + 1);
  return counts;
}

/** Geometric mean over the sizes of grams. */
function precision(own: readonly Counts[], others: readonly (readonly Counts[])[]): number {
  let sum = 0;
  for (const [size, counts] of own.entries()) {
    let matched = 0;
    let all = 0;
    for (const [gram, count] of counts) {
      const most = Math.max(...others.map((other) => other[size]?.get(gram) ?? 0));
      matched += Math.min(count, most);
      all += count;
    }
    sum += Math.log(size === 0 ? Math.max(matched, 1e-9) / all : (matched + 1) / (all + 1));
  }
  return Math.exp(sum / own.length);
}

function brevity(length: number, others: readonly number[]): number {
  const nearest =
    [...others].sort((a, b) => Math.abs(a - length) - Math.abs(b - length) || a - b)[0] ?? length;
  return length >= nearest ? 1 : Math.exp(1 - nearest / length);
}

/** Compressed bytes per byte of text: low where texts repeat themselves. `gzip`: compressed length in bytes. Null: no text. */
export function gzipRatio(text: string, gzip: (text: string) => number): number | null {
  const bytes = new TextEncoder().encode(text).length;
  return bytes === 0 ? null : gzip(text) / bytes;
}
