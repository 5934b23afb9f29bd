import { COMMON_WORDS } from './common-words.ts';

/** What a passage is read as, once. */
export interface PassageTerms {
  text: string;
  /** Its words in order, folded; scripts without spaces in pairs of characters. */
  words: readonly string[];
  /** What it may be about: its words but common and short ones, without endings; with the word as it is written. */
  terms: ReadonlyMap<string, string>;
  /** Those that were written with a capital within a sentence, and those without. */
  capitals: ReadonlySet<string>;
  plain: ReadonlySet<string>;
  /** Words within sentences, with and without capitals: a language that capitalises every noun shows by it. */
  inside: number;
  capitalised: number;
}

const WORD = /[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}]+)*/gu;
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}]/u;
/** What stands before a word that is not the first of its sentence. */
const WITHIN = /[\p{L}\p{N},;]/u;
const CAPITAL = /^\p{Lu}/u;
/** Shorter words are rarely about anything. */
const LEAST_TERM = 3;
/** Elided articles: l'huile, d'or. */
const ELISION = /^(?:[cdjlmnst]|qu)['’](?=\p{L}{2})/u;

/** A word without what an apostrophe adds, plural and the commonest endings, lower case. Made for comparing, not for showing. */
export function stemOf(word: string): string {
  let stem = word
    .toLowerCase()
    .replace(ELISION, '')
    .replace(/['’].*$/u, '');
  if (stem.length > 4 && stem.endsWith('ies')) stem = `${stem.slice(0, -3)}y`;
  else if (stem.length > 3 && stem.endsWith('s') && !stem.endsWith('ss')) stem = stem.slice(0, -1);
  if (stem.length > 5 && stem.endsWith('ing')) stem = stem.slice(0, -3);
  else if (stem.length > 4 && /(?:ed|en|er|em)$/u.test(stem)) stem = stem.slice(0, -2);
  if (stem.length > 4 && stem.endsWith('e')) stem = stem.slice(0, -1);
  return stem;
}

/** Pairs of neighbouring characters, for scripts that do not part their words. */
function pairsOf(run: string): string[] {
  const characters = [...run];
  if (characters.length < 2) return characters;
  return characters.slice(1).map((character, at) => `${characters[at] ?? ''}${character}`);
}

/** Whether a word is too common or too short to be about anything. */
function isCommon(word: string, stem: string): boolean {
  return stem.length < LEAST_TERM || COMMON_WORDS.has(word) || COMMON_STEMS.has(stem);
}

const COMMON_STEMS: ReadonlySet<string> = new Set([...COMMON_WORDS].map(stemOf));

/** Reads a passage. */
export function termsOf(text: string): PassageTerms {
  const words: string[] = [];
  const terms = new Map<string, string>();
  const capitals = new Set<string>();
  const plain = new Set<string>();
  let inside = 0;
  let capitalised = 0;
  for (const { 0: word, index } of text.matchAll(WORD)) {
    if (UNSPACED.test(word)) {
      const pairs = pairsOf(word);
      words.push(...pairs);
      for (const pair of pairs) terms.set(pair, pair);
      continue;
    }
    const folded = word.toLowerCase();
    const stem = stemOf(word);
    words.push(folded);
    const before = text[index - 1] === ' ' ? text[index - 2] : text[index - 1];
    const isInside = before !== undefined && WITHIN.test(before);
    const hasCapital = CAPITAL.test(word);
    if (isInside) inside += 1;
    if (isInside && hasCapital) capitalised += 1;
    if (isCommon(folded, stem)) continue;
    terms.set(stem, word);
    if (isInside) (hasCapital ? capitals : plain).add(stem);
  }
  return { text, words, terms, capitals, plain, inside, capitalised };
}

/** What was read of passages, so that the same text is read once; beyond the limit the oldest is forgotten. */
export class TermCache {
  private readonly read = new Map<string, PassageTerms>();
  private readonly limit: number;

  /** `limit`: most passages kept. */
  constructor(limit = 5_000) {
    this.limit = limit;
  }

  get(id: string, text: string): PassageTerms {
    const known = this.read.get(id);
    if (known?.text === text) return known;
    const terms = termsOf(text);
    this.read.delete(id);
    const [oldest] = this.read.keys();
    if (this.read.size >= this.limit && oldest !== undefined) this.read.delete(oldest);
    this.read.set(id, terms);
    return terms;
  }
}
