import type { PassageReading } from './passage-reading.ts';

/** Characters that make a gram. */
const GRAM = 4;
/** Grams of the beginning of a word only: what bends its end says little about what it means. */
const PER_WORD = 4;

/**
 * Runs of four characters of the words of passages, with 1 + ln of how often each comes: a stand-in for stems in
 * languages whose endings and common words are not known here. Runs that nearly every passage of a language has
 * count for less by the logarithm alone.
 */
export function quadgramsOf(passages: readonly PassageReading[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { words } of passages)
    for (const word of words)
      for (const gram of gramsOfWord(word)) counts.set(gram, (counts.get(gram) ?? 0) + 1);
  for (const [gram, count] of counts) counts.set(gram, 1 + Math.log(count));
  return counts;
}

/** Short words say little and are left out, but pairs of a script without spaces count whole. */
function gramsOfWord(word: string): string[] {
  if (word.length < GRAM) return UNSPACED.test(word) ? [word] : [];
  const grams: string[] = [];
  for (let at = 0; at + GRAM <= word.length && at < PER_WORD; at += 1) grams.push(word.slice(at, at + GRAM));
  return grams;
}

const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}]/u;
