import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jainIndex, maxMinShares } from './fairness.ts';

const ones = (count: number) => Array.from({ length: count }, () => 1);
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe('max-min fair shares', () => {
  it.each([
    { name: 'enough for all', demands: [1, 2, 3], weights: ones(3), capacity: 10, shares: [1, 2, 3] },
    {
      name: 'small demands whole, the rest alike',
      demands: [2, 8, 10],
      weights: ones(3),
      capacity: 12,
      shares: [2, 5, 5],
    },
    { name: 'by weight', demands: [99, 99, 99], weights: [1, 2, 4], capacity: 14, shares: [2, 4, 8] },
    { name: 'what the heavy leave over', demands: [99, 1], weights: [1, 4], capacity: 10, shares: [9, 1] },
    {
      name: 'water rises in steps',
      demands: [1, 3, 9, 9],
      weights: ones(4),
      capacity: 16,
      shares: [1, 3, 6, 6],
    },
    { name: 'no demand', demands: [0, 5], weights: ones(2), capacity: 3, shares: [0, 3] },
    { name: 'no capacity', demands: [4, 5], weights: ones(2), capacity: 0, shares: [0, 0] },
    { name: 'nobody', demands: [], weights: [], capacity: 5, shares: [] },
  ])('$name', ({ demands, weights, capacity, shares }) => {
    expect(maxMinShares(demands, weights, capacity)).toEqual(shares);
  });

  it('nothing is given beyond demand or left over, and nobody has less over weight than another that wants more', () => {
    const flow = fc.record({ demand: fc.nat(1_000), weight: fc.constantFrom(0.5, 1, 2, 4) });
    fc.assert(
      fc.property(fc.array(flow, { minLength: 1, maxLength: 12 }), fc.nat(5_000), (flows, capacity) => {
        const demands = flows.map(({ demand }) => demand);
        const weights = flows.map(({ weight }) => weight);
        const shares = maxMinShares(demands, weights, capacity);
        expect(sum(shares)).toBeCloseTo(Math.min(capacity, sum(demands)), 6);
        const levels = shares.map((share, at) => share / weights[at]!);
        for (const [at, share] of shares.entries()) {
          expect(share).toBeLessThanOrEqual(demands[at]! + 1e-6);
          if (share < demands[at]! - 1e-6)
            expect(levels[at]).toBeGreaterThanOrEqual(Math.max(...levels) - 1e-6);
        }
      }),
    );
  });
});

describe('the index of Jain', () => {
  it.each([
    { values: [3, 3, 3], index: 1 },
    { values: [1, 0, 0, 0], index: 0.25 },
    { values: [1, 2], index: 0.9 },
    { values: [0, 0], index: 1 },
    { values: [], index: 1 },
  ])('of $values is $index', ({ values, index }) => {
    expect(jainIndex(values)).toBeCloseTo(index, 12);
  });
});
