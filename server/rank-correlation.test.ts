import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spearman } from './rank-correlation.ts';

type Pair = [number, number];
const anyPairs = fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 1, max: 5 })), {
  minLength: 2,
  maxLength: 60,
});

describe('rank correlation', () => {
  it('is 1 for what rises together, -1 for what falls, null where one side never varies', () => {
    expect(
      spearman([
        [1, 10],
        [2, 20],
        [3, 500],
      ]),
    ).toBeCloseTo(1, 12);
    expect(
      spearman([
        [1, 3],
        [2, 2],
        [3, 1],
      ]),
    ).toBeCloseTo(-1, 12);
    expect(
      spearman([
        [1, 3],
        [2, 3],
      ]),
    ).toBeNull();
    expect(spearman([[1, 3]])).toBeNull();
    expect(spearman([])).toBeNull();
  });

  it('shares ranks where values are the same (worked by hand)', () => {
    // Ranks 1, 2.5, 2.5, 4 and 1.5, 1.5, 3, 4.
    expect(
      spearman([
        [1, 1],
        [2, 1],
        [2, 2],
        [5, 9],
      ]),
    ).toBeCloseTo(3.75 / 4.5, 12);
  });

  it('stays within -1 and 1, is symmetric, and does not change where values are stretched', () => {
    fc.assert(
      fc.property(anyPairs, (pairs) => {
        const rho = spearman(pairs);
        const turned = spearman(pairs.map(([a, b]): Pair => [b, a]));
        const stretched = spearman(pairs.map(([a, b]): Pair => [Math.exp(a), b * b * b]));
        if (rho === null) expect([turned, stretched]).toEqual([null, null]);
        else {
          expect(Math.abs(rho)).toBeLessThanOrEqual(1 + 1e-9);
          expect(turned).toBeCloseTo(rho, 9);
          expect(stretched).toBeCloseTo(rho, 9);
        }
      }),
    );
  });
});
