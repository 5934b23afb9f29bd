import type { Random } from './random.ts';
import { between } from './random.ts';

const STARTS = ['b', 'br', 'd', 'f', 'gr', 'h', 'k', 'l', 'm', 'n', 'p', 'r', 's', 'st', 't', 'th', 'w'];
const VOWELS = ['a', 'e', 'i', 'o', 'u', 'ea', 'ou'];
const ENDS = ['', '', 'n', 'r', 's', 't', 'nd', 'll'];

function pick(random: Random, from: readonly string[]): string {
  return from[Math.floor(random() * from.length)] ?? '';
}

/** Invented words with spaces and full stops, exactly `length` characters. */
export function prose(random: Random, length: number): string {
  let text = '';
  while (text.length < length) {
    for (let syllable = between(random, 1, 3); syllable > 0; syllable--)
      text += pick(random, STARTS) + pick(random, VOWELS) + pick(random, ENDS);
    text += random() < 0.1 ? '. ' : ' ';
  }
  return text.slice(0, length);
}
