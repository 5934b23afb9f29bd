import type { StorySentence } from './story-sentences.ts';
import { isStopWord, plainWords } from './story-words.ts';

/** Facts taken of one work. */
const MAX_FACTS = 3;
/** UTF-16 units. */
const MAX_LENGTH = 300;
const MIN_LENGTH = 12;
/** Names looked for in one work, those of the cast first. */
const MAX_NAMES = 40;
/** A sentence with more speech than this says what somebody says, not what is so. */
const MAX_SPEECH = 0.2;

const ARTICLE =
  "(?:(?:a|an|the|one of|ein|eine|einer|der|die|das|un|une|le|la|el|una|uno|il|lo|um|uma|o|een|de|het|no|his|her|their)\\s|l['’])";
const BE = 'was|is|were|are|war|ist|était|est|era|es|è|é|foi';
const HAVE = 'had|has|hatte|hat|avait|a|tenía|tiene|aveva|ha|tinha|tem|heeft';
const NAMED = 'named|called|namens|genannt|nommée?|appelée?|llamad[oa]|chiamat[oa]|chamad[oa]|genaamd';
const COUNT =
  '(?:two|three|four|five|six|seven|many|zwei|drei|deux|trois|dos|tres|due|tre|dois|três|twee|drie)\\s';

/** The forms in which a sentence says what `name` is, the clearest first. */
function formsFor(name: string): RegExp[] {
  const bare = name.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  const before = '(?<![\\p{L}\\p{N}])';
  const after = '(?![\\p{L}\\p{N}])';
  return [
    `${before}${ARTICLE}(?:[^.!?]{1,80}\\s)?(?:${NAMED})\\s${bare}${after}`,
    `${before}${bare}\\s(?:${BE})\\s${ARTICLE}`,
    `${before}${bare},\\s${ARTICLE}`,
    `${before}${bare}\\s(?:${HAVE})\\s(?:${ARTICLE}|${COUNT})`,
  ].map((form) => new RegExp(form, 'iu'));
}

interface Word {
  passages: Set<number>;
  /** It was seen with a capital where no sentence begins. */
  isName: boolean;
}

/** Words with a capital, seen in two passages at least and never without it. Most seen first, then by first place. */
function capitalWords(sentences: readonly StorySentence[]): string[] {
  const seen = new Map<string, Word>();
  const small = new Set<string>();
  for (const { text, at } of sentences) {
    for (const [place, word] of plainWords(text).entries()) {
      const bare = word.replace(/['’]s$/, '');
      if (!/^\p{Lu}\p{Ll}/u.test(bare)) small.add(bare);
      else if (!isStopWord(bare)) {
        const entry = seen.get(bare) ?? { passages: new Set(), isName: false };
        entry.passages.add(at);
        entry.isName ||= place > 0;
        seen.set(bare, entry);
      }
    }
  }
  return [...seen]
    .filter(([word, { passages, isName }]) => isName && passages.size > 1 && !small.has(word.toLowerCase()))
    .sort(([, a], [, b]) => b.passages.size - a.passages.size)
    .map(([word]) => word);
}

interface Found {
  sentence: StorySentence;
  /** Which form it has: 0 is the clearest. */
  form: number;
  isOfCast: boolean;
}

/** The first sentence that says what a name is, in its clearest form. */
function introduction(name: string, isOfCast: boolean, sentences: readonly StorySentence[]): Found | null {
  const mentions = sentences.filter(({ text }) => text.includes(name));
  for (const [form, pattern] of formsFor(name).entries()) {
    const sentence = mentions.find(({ text }) => pattern.test(text));
    if (sentence !== undefined) return { sentence, form, isOfCast };
  }
  return null;
}

/**
 * Sentences that say what somebody or something with a name is ("X was a ...", "X, the ...", "a ... called X",
 * "X had a ..."), three at most, in story order. Names are those of the cast and words written with a capital in two
 * passages at least; in a script without capitals only the cast is known.
 */
export function factSentences(
  sentences: readonly StorySentence[],
  castNames: readonly string[],
): StorySentence[] {
  const fit = sentences.filter(
    ({ text, speech }) => text.length >= MIN_LENGTH && text.length <= MAX_LENGTH && speech <= MAX_SPEECH,
  );
  const cast = [...new Set(castNames.map((name) => name.trim()).filter(Boolean))];
  const known = new Set(cast.flatMap((name) => [name, ...plainWords(name)]));
  const others = capitalWords(sentences).filter((word) => !known.has(word));
  const names = [
    ...cast.map((name) => [name, true] as const),
    ...others.map((name) => [name, false] as const),
  ];
  const found = names
    .slice(0, MAX_NAMES)
    .flatMap(([name, isOfCast]) => introduction(name, isOfCast, fit) ?? [])
    .sort((a, b) => Number(b.isOfCast) - Number(a.isOfCast) || a.form - b.form);
  const chosen = new Set(found.map(({ sentence }) => sentence));
  const first = new Set([...chosen].slice(0, MAX_FACTS));
  return fit.filter((sentence) => first.has(sentence));
}
