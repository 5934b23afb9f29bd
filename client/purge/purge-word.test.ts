import { expect, it } from 'vitest';
import { isPurgeWord } from './purge-word.ts';

it('G1: only the word itself, however it is written, says that a text is to go for good', () => {
  expect(['remove', ' Remove ', 'REMOVE'].map(isPurgeWord)).toEqual([true, true, true]);
  expect(['', 'remov', 'remove it', 'yes'].map(isPurgeWord)).toEqual([false, false, false, false]);
});
