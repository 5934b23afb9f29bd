import { splitSentences } from './sentences.ts';
import { spokenParts } from './spoken-parts.ts';
import { tellingWords } from './story-words.ts';

/** Further sentences of one work are not looked at. */
const MAX_SENTENCES = 2_000;
/** Sentences of one passage that are looked at, from its beginning and from its end. */
const PASSAGE_EDGE = 40;

/** A sentence of a passage, without the white space around it. */
export interface StorySentence {
  text: string;
  passageId: string;
  /** Index of its passage. */
  at: number;
  isFirst: boolean;
  isLast: boolean;
  /** Part of it that somebody says, 0 to 1; 1 also where a speech begins or ends in it. */
  speech: number;
  words: string[];
}

/** How much of a sentence is spoken; `isOpen`: a speech goes on from the sentence before. */
function speechOf(sentence: string, isOpen: boolean): { speech: number; isOpen: boolean } {
  const spoken = spokenParts(sentence, isOpen);
  const isTorn = isOpen || spoken.isOpen || spoken.isDash;
  const said = spoken.parts.reduce((sum, part) => sum + part.length, 0);
  return { speech: isTorn ? 1 : said / Math.max(1, sentence.length), isOpen: spoken.isOpen };
}

function sentencesOf(passage: { id: string; text: string }, at: number): StorySentence[] {
  let isOpen = false;
  const sentences = splitSentences(passage.text).flatMap((piece) => {
    const text = piece.trim();
    const said = speechOf(text, isOpen);
    // A quote that nobody closed ends with its paragraph.
    isOpen = said.isOpen && !piece.includes('\n');
    return text === '' ? [] : [{ text, speech: said.speech }];
  });
  return sentences
    .map(({ text, speech }, place) => ({
      text,
      speech,
      passageId: passage.id,
      at,
      isFirst: place === 0,
      isLast: place === sentences.length - 1,
    }))
    .filter((_, place) => place < PASSAGE_EDGE || place >= sentences.length - PASSAGE_EDGE)
    .map((sentence) => ({ ...sentence, words: tellingWords(sentence.text) }));
}

/** The sentences of passages in story order, 2,000 at most. */
export function storySentences(passages: readonly { id: string; text: string }[]): StorySentence[] {
  const found: StorySentence[] = [];
  for (const [at, passage] of passages.entries()) {
    if (found.length >= MAX_SENTENCES) break;
    found.push(...sentencesOf(passage, at));
  }
  return found.slice(0, MAX_SENTENCES);
}
