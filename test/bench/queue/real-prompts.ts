import type { TextModel } from '../../../sessions/ports.ts';
import { seededRandom } from '../collab/random.ts';
import type { TraceTurn } from './trace.ts';

const NAMES = ['Mia', 'Tom', 'Ben', 'Lily', 'Max', 'Sue', 'Tim', 'Anna'];
const PLACES = ['the river', 'the old house', 'the garden', 'a big tree', 'the park', 'the shop'];
const DEEDS = ['found a red ball near', 'walked slowly to', 'saw a small dog at', 'wanted to play in'];
/** A sentence has at least so many tokens. */
const SENTENCE_TOKENS = 8;

function sentences(count: number, seed: number): string {
  const random = seededRandom(seed);
  const pick = (words: readonly string[]) => words[Math.floor(random() * words.length)] ?? '';
  const one = () => `${pick(NAMES)} ${pick(DEEDS)} ${pick(PLACES)}.`;
  return Array.from({ length: count }, one).join(' ');
}

/**
 * A text of about as many tokens for each turn. No two have a common beginning, so nothing of one can be reused
 * for another.
 */
export async function makePrompts(model: TextModel, turns: readonly TraceTurn[]): Promise<string[]> {
  const long = turns.map(({ id, promptTokens }) => {
    const text = sentences(Math.ceil(promptTokens / SENTENCE_TOKENS), Number(id) + 1);
    return `${id} ${NAMES[Number(id) % NAMES.length] ?? ''}: ${text}`;
  });
  const counts = await model.countTokens(long);
  return long.map((text, at) => {
    const share = (turns[at]?.promptTokens ?? 1) / (counts[at] ?? 1);
    return text.slice(0, Math.round(text.length * Math.min(1, share)));
  });
}
