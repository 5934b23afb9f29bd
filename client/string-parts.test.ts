import { describe, expect, it } from 'vitest';
import { age, ordinal, tryAgain, wait } from './string-parts.ts';

describe('waits in words', () => {
  it('are as exact as people need', () => {
    const words = [0, 1_900, 2_000, 4_200, 9_000, 12_000, 33_000, 57_000, 61_000, 130_000].map(wait);
    expect(words.slice(0, 2)).toEqual(['in a moment', 'in a moment']);
    expect(words.slice(2).map((text) => text.replace('in about ', ''))).toEqual([
      '2 s',
      '5 s',
      '9 s',
      '10 s',
      '35 s',
      '55 s',
      '1 min',
      '2 min',
    ]);
    expect(wait(59.9 * 60_000)).toBe('in about 1 h');
  });

  it('tell when to try again', () => {
    expect([900, 5_000, 40_000, 60_000, 120_000, 3_600_000].map(tryAgain)).toEqual([
      'Try again in a moment.',
      'Try again in 5 seconds.',
      'Try again in 40 seconds.',
      'Try again in 1 minute.',
      'Try again in 2 minutes.',
      'Try again in 1 hour.',
    ]);
  });

  it('places have their endings', () => {
    expect([1, 2, 3, 4, 11, 12, 13, 21, 64, 112].map(ordinal).join(' ')).toBe(
      '1st 2nd 3rd 4th 11th 12th 13th 21st 64th 112th',
    );
  });
});

describe('age', () => {
  it('is told in whole units', () => {
    const minute = 60_000;
    expect([0, minute - 1, minute, 59 * minute, 90 * minute, 72 * 60 * minute].map(age)).toEqual([
      'less than a minute',
      'less than a minute',
      '1 min',
      '59 min',
      '1 h',
      '3 days',
    ]);
  });
});
