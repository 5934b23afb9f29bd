import { POINTING_WORDS } from './common-words.ts';
import type { LineIndex } from './dependency-index.ts';

const SPEECH = /["“”„«»‘‹›「『]|(?:^|\n)\s*[—–]/u;
const OPENS_WITH_SPEECH = /^\s*["“„«»‘‹›「『—–]/u;
/** A question at the end of what somebody says, or of the passage. */
const ASKS = /[?？؟]["”“«»’'」』\s]*(?:[^.!?？؟]{0,40}[.!]?\s*)?$/u;
/** Within so many characters what somebody says still answers. */
const SPEECH_SOON = 60;
/** How much of the end of a passage is asked for a question. */
const END = 200;
/** Words of an answer that can hardly stand by itself. */
const SHORT_ANSWER = 15;

/** How surely a passage answers the one directly before it, 0 to 1, from how the one ends and the other begins. */
export function replyStrength(index: LineIndex, at: number): number {
  const { text, words } = index.at(at);
  const before = index.at(at - 1);
  const opens = openingStrength(text, before.text);
  const points = pointingStrength(words);
  const strength = Math.max(opens, points);
  const isShort = words.length < SHORT_ANSWER;
  return strength > 0 && isShort ? strength + 0.1 : strength;
}

/** "it's" points as "it" does. */
const headOf = (word: string): string => word.split(/['’]/u, 1)[0] ?? '';

/** "She knelt" points back surely, "Tonight she" perhaps. */
function pointingStrength(words: readonly string[]): number {
  const at = words.slice(0, 3).findIndex((word) => POINTING_WORDS.has(headOf(word)));
  return at < 0 ? 0 : at === 0 ? 0.6 : 0.4;
}

function openingStrength(text: string, before: string): number {
  const isFirst = OPENS_WITH_SPEECH.test(text);
  if (!isFirst && !SPEECH.test(text.slice(0, SPEECH_SOON))) return 0;
  if (ASKS.test(before.slice(-END))) return isFirst ? 0.8 : 0.7;
  if (SPEECH.test(before)) return isFirst ? 0.66 : 0.58;
  return isFirst ? 0.5 : 0;
}
