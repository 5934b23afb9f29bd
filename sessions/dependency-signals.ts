import { POINTING_WORDS } from './common-words.ts';
import type { LineIndex } from './dependency-index.ts';

/** Words in a row that two passages must share to count as a quote, and how many letters they have at least. */
export const QUOTE_WORDS = 5;
const QUOTE_LETTERS = 15;

const SPEECH = /["“”„«»‘‹›「『]|(?:^|\n)\s*[—–]/u;
const OPENS_WITH_SPEECH = /^\s*["“„«»‘‹›「『—–]/u;
/** A question at the end of what somebody says, or of the passage. */
const ASKS = /[?？؟]["”“«»’'」』\s]*(?:[^.!?？؟]{0,40}[.!]?\s*)?$/u;
const SHORT_ANSWER = 15;

/** Where each run of words of a passage stands. */
export function shinglesOf(words: readonly string[]): string[] {
  const shingles: string[] = [];
  for (let at = 0; at + QUOTE_WORDS <= words.length; at += 1)
    shingles.push(words.slice(at, at + QUOTE_WORDS).join(' '));
  return shingles;
}

/** The longest run of words that a passage shares with given shingles; '' when it says too little. */
export function quotedWords(words: readonly string[], shingles: ReadonlySet<string>): string {
  let best: readonly string[] = [];
  let from = -1;
  for (let at = 0; at + QUOTE_WORDS <= words.length + 1; at += 1) {
    const isShared = shingles.has(words.slice(at, at + QUOTE_WORDS).join(' '));
    if (isShared && from < 0) from = at;
    if (isShared || from < 0) continue;
    const run = words.slice(from, at + QUOTE_WORDS - 1);
    if (run.length > best.length) best = run;
    from = -1;
  }
  return best.join('').length >= QUOTE_LETTERS ? best.join(' ') : '';
}

/** How surely a passage answers the one directly before it, 0 to 1, from how the one ends and the other begins. */
export function replyStrength(index: LineIndex, at: number): number {
  const { text, words } = index.at(at);
  const before = index.at(at - 1);
  const opens = openingStrength(text, before.text);
  const points = words.slice(0, 2).some((word) => POINTING_WORDS.has(headOf(word))) ? 0.5 : 0;
  const strength = Math.max(opens, points);
  const isShort = words.length < SHORT_ANSWER;
  return strength > 0 && isShort ? strength + 0.1 : strength;
}

/** "it's" points as "it" does. */
const headOf = (word: string): string => word.split(/['’]/u, 1)[0] ?? '';

function openingStrength(text: string, before: string): number {
  if (!OPENS_WITH_SPEECH.test(text)) return 0;
  if (ASKS.test(before)) return 0.75;
  return SPEECH.test(before) ? 0.6 : 0.4;
}
