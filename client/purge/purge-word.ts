import { PURGE } from './purge-strings.ts';

/** Whether what was typed says that a text is to go for good. */
export function isPurgeWord(typed: string): boolean {
  return typed.trim().toLowerCase() === PURGE.word;
}
