import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { satisfactionOf } from './satisfaction.ts';

const anyRatings = fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 200 });
const of = (ratings: readonly number[]) =>
  satisfactionOf({ count: ratings.length, sum: ratings.reduce((sum, rating) => sum + rating, 0) });

describe('satisfaction', () => {
  it('F4: begins at 4.0', () => {
    expect(of([])).toEqual({ value: 4, ratings: 0, status: 'insufficient' });
  });

  it('F4: three ratings are not enough, thirty are', () => {
    expect(of([1, 1, 1])).toEqual({ value: 43 / 13, ratings: 3, status: 'insufficient' });
    expect(of(Array.from({ length: 29 }, () => 5)).status).toBe('insufficient');
    expect(of(Array.from({ length: 30 }, () => 5))).toEqual({ value: 4.75, ratings: 30, status: 'measured' });
  });

  it('F4: lies between the beginning and the mean of the ratings', () => {
    fc.assert(
      fc.property(anyRatings, (ratings) => {
        const mean = ratings.reduce((sum, rating) => sum + rating, 0) / Math.max(1, ratings.length);
        const { value } = of(ratings);
        const ends = ratings.length === 0 ? [4, 4] : [Math.min(4, mean), Math.max(4, mean)];
        expect(value).toBeGreaterThanOrEqual(ends[0]! - 1e-9);
        expect(value).toBeLessThanOrEqual(ends[1]! + 1e-9);
      }),
    );
  });
});
