import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BUCKETS, featuresOf } from './features.ts';
import { murmur3 } from './murmur3.ts';

const bucket = (text: string, seed: number) => murmur3(new TextEncoder().encode(text), seed) >>> 14;
const valueOf = (text: string, wanted: number): number => {
  const { buckets, values } = featuresOf(text);
  return values[buckets.indexOf(wanted)] ?? 0;
};

describe('featuresOf', () => {
  it('sees words, pairs of words, and parts of words with their edges', () => {
    const { buckets } = featuresOf('old inn');
    const parts = [
      ' ol',
      'old',
      'ld ',
      ' old',
      'old ',
      ' old ',
      ' in',
      'inn',
      'nn ',
      ' inn',
      'inn ',
      ' inn ',
    ];
    const expected = [
      ...['old', 'inn'].map((word) => bucket(word, 1)),
      bucket('old inn', 2),
      ...parts.map((part) => bucket(part, 3)),
    ];
    expect([...buckets].sort()).toEqual(expected.sort());
  });

  it('counts by the square root, at length 1', () => {
    const { values } = featuresOf('snow snow snow snow');
    expect(valueOf('snow snow snow snow', bucket('snow', 1))).toBeCloseTo(
      valueOf('snow snow snow snow', bucket('snow snow', 2)) * Math.sqrt(4 / 3),
      5,
    );
    expect(values.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 5);
  });

  it.each([
    ['never a light', 'light', 4, true],
    ['a light never', 'light', 4, false],
    ['not in the old light', 'light', 4, false],
    ['you see the light', 'light', 5, true],
    ['they see the light', 'light', 5, false],
  ])('%j: is %j behind the word that seed %i stands for? %s', (text, word, seed, isThere) => {
    expect(valueOf(text, bucket(word, seed)) > 0).toBe(isThere);
  });

  it('punctuation and the form of an apostrophe make no difference', () => {
    expect(featuresOf("don't stop, ferry")).toEqual(featuresOf('don\u2019t ... stop! (ferry)'));
  });

  it('has no bucket twice, length 1 or nothing, and leaves nothing behind for the next text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
        const { buckets, values } = featuresOf(text);
        expect(new Set(buckets).size).toBe(buckets.length);
        expect(buckets.every((one) => one >= 0 && one < BUCKETS)).toBe(true);
        const length = values.reduce((sum, value) => sum + value * value, 0);
        expect(buckets.length === 0 ? 1 : length).toBeCloseTo(1, 4);
        expect(featuresOf(text)).toEqual({ buckets, values });
      }),
    );
  });

  it('looks at 1,000 words and 40 characters of each', () => {
    const words = Array.from({ length: 1_500 }, (_, at) => `w${at}`);
    expect(featuresOf(words.join(' '))).toEqual(featuresOf(words.slice(0, 1_000).join(' ')));
    expect(featuresOf('z'.repeat(5_000))).toEqual(featuresOf('z'.repeat(40)));
  });
});
