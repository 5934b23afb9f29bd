import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auprc, calibrationError, countsAt, quantile, type Scored } from './metrics.ts';

const of = (scores: readonly number[], positives: readonly number[]): Scored[] =>
  scores.map((score, at) => ({ score, isPositive: positives[at] === 1 }));

describe('countsAt', () => {
  it('by hand: two of three flagged are right, two of four are found', () => {
    const scored = of([0.9, 0.8, 0.7, 0.4, 0.3], [1, 0, 1, 1, 1]);
    expect(countsAt(scored, 0.5)).toEqual({ precision: 2 / 3, recall: 0.5, f1: 4 / 7 });
  });

  it('is 0 where there is nothing to count', () => {
    expect(countsAt([], 0.5)).toEqual({ precision: 0, recall: 0, f1: 0 });
    expect(countsAt(of([0.9], [0]), 0.5)).toEqual({ precision: 0, recall: 0, f1: 0 });
  });

  it('a score at the threshold counts as flagged', () => {
    expect(countsAt(of([0.5], [1]), 0.5).recall).toBe(1);
  });
});

describe('auprc', () => {
  it.each<[string, number[], number[], number]>([
    ['perfect', [0.9, 0.8, 0.2, 0.1], [1, 1, 0, 0], 1],
    ['upside down', [0.9, 0.8, 0.2, 0.1], [0, 0, 1, 1], (1 / 3 + 2 / 4) / 2],
    ['mixed', [0.9, 0.8, 0.7, 0.6], [1, 0, 1, 0], (1 + 2 / 3) / 2],
    ['all the same', [0.5, 0.5, 0.5, 0.5], [1, 0, 0, 0], 0.25],
    ['a tie in the middle', [0.9, 0.5, 0.5], [1, 1, 0], (1 + 2 / 3) / 2],
    ['no positives', [0.9], [0], 0],
  ])('%s', (_, scores, positives, expected) => {
    expect(auprc(of(scores, positives))).toBeCloseTo(expected, 12);
  });

  it('does not depend on the order of the list, nor on a rising change of scores', () => {
    const list = fc.array(fc.record({ score: fc.integer({ min: -9, max: 9 }), isPositive: fc.boolean() }));
    fc.assert(
      fc.property(list, (scored) => {
        expect(auprc(scored.toReversed())).toBeCloseTo(auprc(scored), 12);
        const risen = scored.map((one) => ({ ...one, score: one.score ** 3 + 1 }));
        expect(auprc(risen)).toBeCloseTo(auprc(scored), 12);
      }),
    );
  });
});

describe('calibrationError', () => {
  it('by hand: two bins, each off by what its mean lacks', () => {
    // Bin of 0.2: mean 0.2, none positive, 2 texts. Bin of 0.9: mean 0.9, one of two positive.
    const scored = of([0.2, 0.2, 0.9, 0.9], [0, 0, 1, 0]);
    expect(calibrationError(scored)).toBeCloseTo((2 * 0.2 + 2 * 0.4) / 4, 12);
  });

  it('is 0 for scores that keep their word, and takes 1 into the last bin', () => {
    expect(calibrationError(of([0.5, 0.5, 1, 1, 0], [1, 0, 1, 1, 0]))).toBe(0);
    expect(calibrationError([])).toBe(0);
  });
});

describe('quantile', () => {
  it.each([
    [[3, 1, 2, 4], 0.5, 2],
    [[3, 1, 2, 4], 0.95, 4],
    [[3, 1, 2, 4], 0, 1],
    [[], 0.5, 0],
  ])('of %j at %d is %d', (values, q, expected) => {
    expect(quantile(values, q)).toBe(expected);
  });
});
