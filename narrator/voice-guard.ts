import { splitSentences } from './sentences.ts';

/** An utterance longer than this is judged as it stands, sentences. */
const MAX_HELD = 40;

const VERBS =
  `say|ask|repl|answer|whisper|shout|yell|cr|call|exclaim|mutter|murmur|mumble|add|continue|agree|scream|
sigh|laugh|giggle|chuckle|smile|grin|growl|hiss|snap|declare|announce|explain|admit|warn|promise|insist|beg|plead|demand|
remark|observe|interrupt|respond|repeat|suggest|wonder|gasp|groan|moan|sob|stammer|stutter|roar|bark|boast|tease|joke|
protest|object|confess|order|command|urge|cheer|chirp|squeak|croak|purr|bellow|wail|sing|recite|conclude|offer|complain`
    .replaceAll('\n', '')
    .split('|');
const IRREGULAR =
  'said|told|tells|spoke|speaks|began|begins|went on|sang|swore|thought aloud|shot back|called out|' +
  'cried out|replied|replies|cried|cries|begged|snapped|sobbed|grinned';
const VERB = `(?:${IRREGULAR}|(?:${VERBS.join('|')})(?:s|d|ed|es)?)(?![\\p{L}\\p{N}])`;
const QUOTE = '["\u201c\u201d\u201e\u00ab\u00bb\u300c\u300d]';
const ADVERB = '(?:\\p{Ll}+ly\\s+|then\\s+|just\\s+|once\\s+more\\s+)?';
const TITLE =
  '(?:(?:the|old|young|little|poor|brave|dear|big|wise|Captain|Lady|Lord|Sir|Mr\\.|Mrs\\.|Dr\\.)\\s+)*';
// Words between the subject and its verb; a capital may only stand behind a preposition (another subject speaks else).
const GAP =
  '(?:\\s+(?:to|at|towards?|with|for|on|by|behind|of|from)\\s+\\p{Lu}[\\p{L}\\p{N}\'-]*|[^.!?\\n\\p{Lu}"\u201c\u201d]){0,80}?';
const COMMON = new Set([
  'the',
  'of',
  'and',
  'a',
  'an',
  'von',
  'van',
  'de',
  'la',
  'le',
  'mr',
  'mrs',
  'ms',
  'dr',
]);
const RANKS = new Set([
  'captain',
  'king',
  'queen',
  'prince',
  'princess',
  'lady',
  'lord',
  'sir',
  'old',
  'young',
]);

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

function wordsOf(name: string): string[] {
  return name.split(/[\s.]+/).filter((word) => word !== '');
}

/** The ways a name is written in prose: whole, and its first and last telling word where these mean nobody else. */
function variants(name: string, others: readonly string[]): string[] {
  const taken = new Set(others.flatMap(wordsOf).map((word) => word.toLowerCase()));

  const isUsable = (word: string) =>
    word.length > 1 &&
    !taken.has(word.toLowerCase()) &&
    !COMMON.has(word.toLowerCase()) &&
    !RANKS.has(word.toLowerCase());
  const words = wordsOf(name).filter(isUsable);
  const bases = [name, ...words.slice(0, 1), ...words.slice(-1)];
  return bases.flatMap((base) => [base, base.charAt(0).toUpperCase() + base.slice(1), base.toUpperCase()]);
}

function buildPattern(names: string[]): RegExp {
  const unique = [...new Set(names)].sort((a, b) => b.length - a.length);
  const name = `(?<![\\p{L}\\p{N}])(?:${unique.map(escaped).join('|')})(?![\\p{L}\\p{N}])`;
  const subject = `(?:^|[.!?,;:\\n]\\s*|${QUOTE}\\s*|(?<!\\p{L})(?:[Aa]nd|[Bb]ut|[Tt]hen|[Ss]o|[Aa]s|[Ww]hen|[Ww]hile|[Ww]here|[Bb]ecause)\\s+)${TITLE}${name}`;
  return new RegExp(
    [
      `${QUOTE}[\\s,\u2014\u2013-]*${ADVERB}${VERB}\\s+${TITLE}${name}`,
      `${QUOTE}[\\s,\u2014\u2013-]*${TITLE}${name},?\\s+(?:and\\s+\\p{L}+\\s+)?${ADVERB}${VERB}`,
      `${subject}${GAP}(?<!\\p{L})${VERB}[^.!?\\n"\u201c\u201d]{0,60}[,:\u2014\u2013-]\\s*${QUOTE}`,
      `(?:^|\\n)[\\s*_>-]*${name}[\\s*_]*:(?!\\d)`,
      `${name}[^。！？\\n]{0,10}[说說道问問喊叫答][^。！？\\n]{0,4}${QUOTE}`,
    ].join('|'),
    'u',
  );
}

function endsWithQuote(text: string): boolean {
  return /["\u201d\u00bb\u300d][.,!?]?\s*$/.test(text);
}

function hasOpenQuote(text: string): boolean {
  const count = (marks: RegExp) => text.match(marks)?.length ?? 0;
  return count(/"/g) % 2 === 1 || count(/[\u201c\u300c]/g) > count(/[\u201d\u300d]/g);
}

/**
 * Keeps the narrator from speaking for cast members whose players have not allowed it. Sentences go in as they
 * are finished; those that may be shown come out, in order and unchanged. What is said and who says it often
 * are two sentences (`"Go!" Ann cried.`), so an utterance is held until its attribution is known. Without
 * protected names everything passes at once. Pure; judges English prose and script form (`Ann: ...`).
 */
export class VoiceGuard {
  readonly #pattern: RegExp | null;
  #held: string[] = [];
  #withheld = 0;
  #utterances: string[] = [];

  /** `protectedNames`: must not speak. `otherNames`: the rest of the cast, so that shared surnames stay usable. */
  constructor(protectedNames: readonly string[], otherNames: readonly string[]) {
    const names = protectedNames.filter((name) => name.trim() !== '');
    this.#pattern =
      names.length === 0 ? null : buildPattern(names.flatMap((name) => variants(name.trim(), otherNames)));
  }

  /** Sentences withheld so far. */
  get withheld(): number {
    return this.#withheld;
  }

  /** Takes one sentence; returns those that may be shown now. */
  push(sentence: string): string[] {
    if (this.#pattern === null) return [sentence];
    const before = this.#held.join('');
    // `Ann said, "Go."` is judged without the innocent sentence behind it.
    const released =
      this.#held.length > 0 && !hasOpenQuote(before) && this.#isForbidden(before) ? this.flush() : [];
    this.#held.push(sentence);
    const text = this.#held.join('');
    const isOpen = (hasOpenQuote(text) || endsWithQuote(text)) && !/\n\s*$/.test(sentence);
    return isOpen && this.#held.length < MAX_HELD ? released : [...released, ...this.flush()];
  }

  /** The end of the text: judges what is still held. */
  flush(): string[] {
    const held = this.#held;
    this.#held = [];
    if (held.length === 0 || !this.#isForbidden(held.join(''))) return held;
    this.#withheld += held.length;
    this.#utterances.push(held.join(''));
    return [];
  }

  /** What was withheld since the last call, each utterance with the words about it. */
  takeWithheld(): string[] {
    const utterances = this.#utterances;
    this.#utterances = [];
    return utterances;
  }

  #isForbidden(text: string): boolean {
    return this.#pattern?.test(text) ?? false;
  }
}

/** Guards a finished text at once: what may be shown, and how many sentences were withheld. */
export function guardText(
  text: string,
  protectedNames: readonly string[],
  otherNames: readonly string[] = [],
): { text: string; withheld: number } {
  const guard = new VoiceGuard(protectedNames, otherNames);
  const shown = splitSentences(text).flatMap((sentence) => guard.push(sentence));
  return { text: [...shown, ...guard.flush()].join(''), withheld: guard.withheld };
}

/** Finds in finished texts where a character is said to speak: each utterance with the words about it, in order. */
export function utteranceFinder(name: string, otherNames: readonly string[]): (text: string) => string[] {
  const guard = new VoiceGuard([name], otherNames);
  return (text) => {
    for (const sentence of splitSentences(text)) guard.push(sentence);
    guard.flush();
    return guard.takeWithheld();
  };
}
