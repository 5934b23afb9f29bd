import { stemOf, termsOf, type PassageTerms } from '../dependency-terms.ts';

/** Titles, days and months: written as names are, but nobody in particular. */
const NO_NAMES: ReadonlySet<string> = new Set(
  `mr mrs miss ms sir madam lady lord master mistress king queen prince princess captain doctor dr father mother uncle
  aunt god heaven christmas easter english french german england france monday tuesday wednesday thursday friday saturday
  sunday january february march april june july august september october november december`
    .split(/\s+/)
    .map((word) => stemOf(word)),
);

/** Words that make a gram. */
const GRAM = 4;

/**
 * What the measures read in a passage, once: its words, its content stems with how often they come, its names, the runs
 * of four words in it. Scripts without spaces are read in pairs of characters.
 */
export class PassageReading {
  readonly text: string;
  readonly words: readonly string[];
  /** Content stems (no common and no short words) with how often each comes. */
  readonly stems: ReadonlyMap<string, number>;
  /** Stems written with a capital within sentences and never without -> the word as written. */
  readonly names: ReadonlyMap<string, string>;
  /** Stems written without a capital within sentences. */
  readonly plain: ReadonlySet<string>;
  /** Words within sentences, and those of them with a capital. */
  readonly inside: number;
  readonly capitalised: number;
  private grams: ReadonlySet<number> | null = null;

  constructor(text: string) {
    const terms = termsOf(text);
    this.text = text;
    this.words = terms.words;
    this.stems = countStems(terms);
    this.names = namesOf(terms);
    this.plain = terms.plain;
    this.inside = terms.inside;
    this.capitalised = terms.capitalised;
  }

  /** The different runs of four words, as 32-bit hashes. */
  get fourGrams(): ReadonlySet<number> {
    this.grams ??= new Set(gramsOf(this.words, GRAM));
    return this.grams;
  }

  /**
   * Nov4: share of its runs of four words that neither a passage before has nor it itself has had, 0 to 1; null under
   * four words.
   */
  newGrams(before: readonly PassageReading[]): number | null {
    const runs = this.words.length - GRAM + 1;
    if (runs < 1) return null;
    let fresh = 0;
    for (const gram of this.fourGrams) if (!before.some((one) => one.fourGrams.has(gram))) fresh += 1;
    return fresh / runs;
  }
}

function countStems({ words, terms }: PassageTerms): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) {
    const stem = terms.has(word) ? word : stemOf(word);
    if (terms.has(stem)) counts.set(stem, (counts.get(stem) ?? 0) + 1);
  }
  return counts;
}

function namesOf({ terms, capitals, plain }: PassageTerms): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const stem of capitals) {
    if (plain.has(stem) || NO_NAMES.has(stem)) continue;
    names.set(stem, (terms.get(stem) ?? stem).replace(/['’]s?$/u, ''));
  }
  return names;
}

/** Hashes of every run of `size` words, in order (FNV-1a over the words). */
export function gramsOf(words: readonly string[], size: number): number[] {
  const hashes = words.map(hashOf);
  const grams: number[] = [];
  for (let at = 0; at + size <= hashes.length; at += 1) {
    let gram = size;
    for (let step = 0; step < size; step += 1)
      gram = Math.imul(gram ^ (hashes[at + step] ?? 0), 0x01000193) ^ (gram >>> 15);
    grams.push(gram >>> 0);
  }
  return grams;
}

function hashOf(word: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < word.length; at += 1) hash = Math.imul(hash ^ word.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

/** What was read lately, so that several measures read a passage once; beyond the limit the oldest is forgotten. */
export class ReadingCache {
  private readonly read = new Map<string, PassageReading>();
  private readonly limit: number;

  /** `limit`: most passages kept. */
  constructor(limit = 64) {
    this.limit = limit;
  }

  /** The reading of a text; the same object while it is remembered. */
  of(text: string): PassageReading {
    const known = this.read.get(text);
    if (known !== undefined) return known;
    const [oldest] = this.read.keys();
    if (this.read.size >= this.limit && oldest !== undefined) this.read.delete(oldest);
    const reading = new PassageReading(text);
    this.read.set(text, reading);
    return reading;
  }
}

/** A passage as the ledgers of a session take it. */
export interface AuthoredReading {
  id: string;
  /** When it was written, epoch ms. */
  at: number;
  /** Who wrote most of it: a player id, or `narrator`. */
  author: string;
  reading: PassageReading;
}
