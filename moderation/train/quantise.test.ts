import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BUCKETS } from '../model/features.ts';
import { quantise } from './quantise.ts';

describe('quantise', () => {
  it('misses no weight by more than half a step, and uses the whole range', () => {
    const someWeights = fc.array(fc.double({ min: -9, max: 9, noNaN: true }), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(fc.array(someWeights, { minLength: 1, maxLength: 3 }), (heads) => {
        const fits = heads.map((numbers) => {
          const weights = new Float64Array(BUCKETS);
          weights.set(numbers);
          return { weights, bias: 0 };
        });
        const { weights, scales } = quantise(fits);
        heads.forEach((numbers, head) => {
          const scale = scales[head]!;
          const steps = numbers.map((_, bucket) => weights[bucket * heads.length + head]!);
          numbers.forEach((weight, at) => {
            expect(Math.abs(steps[at]! * scale - weight)).toBeLessThanOrEqual(scale / 2 + 1e-12);
          });
          if (numbers.some((weight) => Math.abs(weight) > 1e-300))
            expect(Math.max(...steps.map(Math.abs))).toBe(127);
        });
      }),
      { numRuns: 20 },
    );
  });
});
