import type { Digest, Summariser, SummaryWork } from '../sessions/history-ports.ts';
import { factSentences } from './fact-sentences.ts';
import { storySentences } from './story-sentences.ts';
import type { StorySentence } from './story-sentences.ts';
import { plainWords, pointsBack } from './story-words.ts';

/** One sentence stands for so many passages. */
const PASSAGES_PER_SENTENCE = 2.5;
/** What a sentence takes of the summary, UTF-16 units: a long scene is told with as many as have room. */
const USUAL_LENGTH = 90;
const SHORT_WORDS = 5;
const LONG_WORDS = 40;
const MAX_NAMES = 40;

interface Scored {
  sentence: StorySentence;
  score: number;
}

/** How well a sentence does as a summary by its form alone, about 0 to 1.5. */
function formOf(sentence: StorySentence, names: readonly string[]): number {
  const { text, speech } = sentence;
  const length = plainWords(text).length;
  const named = names.filter((name) => text.includes(name)).length;
  const isCapital = /\s\p{Lu}\p{Ll}/u.test(text);
  return (
    (1 - 0.75 * speech) *
    (speech > 0 ? 0.6 : 1) *
    (sentence.isFirst ? 1.15 : 1) *
    (sentence.isLast ? 1.1 : 1) *
    (length < SHORT_WORDS ? 0.5 : 1) *
    (length > LONG_WORDS ? 0.8 : 1) *
    (pointsBack(text) ? 0.75 : 1) *
    (/[?？]/u.test(text) ? 0.6 : 1) *
    (1 + 0.15 * Math.min(3, named) + (isCapital ? 0.1 : 0))
  );
}

/** How often each word is told, as a part of all. */
function weightsOf(sentences: readonly StorySentence[]): Map<string, number> {
  const counts = new Map<string, number>();
  const words = sentences.flatMap((sentence) => sentence.words);
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  for (const [word, count] of counts) counts.set(word, count / words.length);
  return counts;
}

/** What a sentence tells: the weights of its words, so that neither the shortest nor the longest always win. */
function contentOf({ words }: StorySentence, weights: ReadonlyMap<string, number>): number {
  const unique = [...new Set(words)];
  if (unique.length === 0) return 0;
  return unique.reduce((sum, word) => sum + (weights.get(word) ?? 0), 0) / Math.sqrt(unique.length);
}

/** Sentences in neighbouring groups, `count` of them, each of about as many passages. */
function groupsOf(sentences: readonly StorySentence[], count: number, passages: number): StorySentence[][] {
  const groups: StorySentence[][] = Array.from({ length: count }, () => []);
  for (const sentence of sentences) groups[Math.floor((sentence.at * count) / passages)]?.push(sentence);
  return groups.filter((group) => group.length > 0);
}

function best(group: readonly StorySentence[], score: (sentence: StorySentence) => number): Scored | null {
  let found: Scored | null = null;
  for (const sentence of group) {
    const value = score(sentence);
    if (found === null || value > found.score) found = { sentence, score: value };
  }
  return found;
}

/** What stands between two sentences: nothing behind the full stop of a script without spaces. */
function jointAfter(text: string): string {
  return /[。！？｡][」』）]?$/u.test(text) ? '' : ' ';
}

function joined(sentences: readonly StorySentence[]): string {
  return sentences
    .map(({ text }, at) => (at === sentences.length - 1 ? text : text + jointAfter(text)))
    .join('');
}

/** A sentence that is longer than a whole summary, cut behind a word. */
function cutTo(text: string, maxLength: number): string {
  if (maxLength < 2) return '';
  const cut = text.slice(0, maxLength - 1).replace(/[\uD800-\uDBFF]$/, '');
  const space = cut.search(/\s\S*$/u);
  return `${(space > maxLength / 2 ? cut.slice(0, space) : cut).trimEnd()}…`;
}

/** The best sentence of each group in turn, those that tell most first, as far as there is room. */
function choose(
  groups: readonly StorySentence[][],
  names: readonly string[],
  maxLength: number,
): StorySentence[] {
  const weights = weightsOf(groups.flat());
  const form = new Map(groups.flat().map((sentence) => [sentence, formOf(sentence, names)]));
  const score = (sentence: StorySentence) => contentOf(sentence, weights) * (form.get(sentence) ?? 0);
  const chosen: StorySentence[] = [];
  const open = new Set(groups);
  let room = maxLength;
  while (open.size > 0) {
    const picks = [...open].map((group) => {
      const fitting = group.filter(({ text }) => text.length + (chosen.length > 0 ? 1 : 0) <= room);
      return { group, pick: best(fitting, score) };
    });
    const [first] = picks.sort((a, b) => (b.pick?.score ?? -1) - (a.pick?.score ?? -1));
    if (first?.pick == null) break;
    const { sentence } = first.pick;
    open.delete(first.group);
    chosen.push(sentence);
    room -= sentence.text.length + (chosen.length > 1 ? 1 : 0);
    // What is told once need not be told again.
    for (const word of sentence.words) weights.set(word, (weights.get(word) ?? 0) ** 2);
  }
  return chosen.sort((a, b) => a.at - b.at);
}

function summaryOf(sentences: readonly StorySentence[], work: SummaryWork): string {
  const { passages, maxLength, names } = work;
  const fitting = sentences.filter(({ text }) => text.length <= maxLength);
  const known = names.filter((name) => name.trim() !== '').slice(0, MAX_NAMES);
  if (fitting.length === 0) {
    const longest = best(sentences, (sentence) => formOf(sentence, known));
    return longest === null ? '' : cutTo(longest.sentence.text, maxLength);
  }
  const wanted = Math.ceil(passages.length / PASSAGES_PER_SENTENCE);
  const count = Math.max(1, Math.min(wanted, Math.floor(maxLength / USUAL_LENGTH)));
  return joined(choose(groupsOf(fitting, count, passages.length), known, maxLength));
}

/** The same passages in the same words give the same digest: no model, no time, no chance. */
function digestOf(work: SummaryWork): Digest {
  const sentences = storySentences(work.passages);
  const facts = factSentences(sentences, work.names);
  return {
    summary: summaryOf(sentences, work),
    facts: facts.map(({ text, passageId }) => ({ text, passageId })),
  };
}

/**
 * Tells passages by their own sentences: about one of two or three passages, in story order, whole, and at most
 * `maxLength` characters together; only where every sentence alone is longer is one of them cut. Facts are
 * sentences that say what something with a name is. Works in any language, without a model, and always.
 */
export class ExtractiveSummariser implements Summariser {
  /** See `Summariser.summarise`; an empty summary: there is nothing to tell. Null only when `signal` has aborted. */
  summarise(work: SummaryWork, signal: AbortSignal): Promise<Digest | null> {
    return Promise.resolve(signal.aborted ? null : digestOf(work));
  }
}
