import { describe, expect, it } from 'vitest';
import { fitLogistic, seededPicks, shuffle, type Example } from './logistic.ts';

const example = (numbers: Record<number, number>, isPositive: boolean, cost = 1): Example => ({
  features: {
    buckets: Int32Array.from(Object.keys(numbers).map(Number)),
    values: Float32Array.from(Object.values(numbers)),
  },
  isPositive,
  cost,
});

/** Forty texts on four features that pull in different directions, some of them labelled wrongly. */
const pick = seededPicks(7);
const examples = Array.from({ length: 40 }, (_, at) =>
  example(
    { [pick(2)]: 0.5, [2 + pick(2)]: (1 + pick(3)) / 4 },
    pick(4) === 0 ? at % 2 === 0 : at % 3 === 0,
    1 + pick(3),
  ),
);

describe('fitLogistic', () => {
  it('ends where the gradient of the loss with its penalty is 0', () => {
    const { weights, bias } = fitLogistic(examples, { dimensions: 4, epochs: 200, seed: 1 });
    const gradient = [...weights, bias];
    for (const { features, isPositive, cost } of examples) {
      const sign = isPositive ? 1 : -1;
      const at = [...features.buckets.entries()].map(
        ([n, bucket]) => [bucket, features.values[n] ?? 0] as const,
      );
      const score = at.reduce((sum, [bucket, value]) => sum + value * (weights[bucket] ?? 0), bias);
      const pull = (cost * sign) / (1 + Math.exp(sign * score));
      for (const [bucket, value] of [...at, [4, 1] as const])
        gradient[bucket] = (gradient[bucket] ?? 0) - pull * value;
    }
    for (const part of gradient) expect(Math.abs(part)).toBeLessThan(1e-3);
    expect(Math.max(...weights.map(Math.abs))).toBeGreaterThan(0.1);
  });

  it('a cost of two is the same as two examples', () => {
    const options = { dimensions: 4, epochs: 200, seed: 1 };
    const doubled = fitLogistic(
      examples.map((one) => ({ ...one, cost: one.cost * 2 })),
      options,
    );
    const twice = fitLogistic([...examples, ...examples], options);
    doubled.weights.forEach((weight, at) => expect(weight).toBeCloseTo(twice.weights[at]!, 3));
  });

  it('is the same for the same seed', () => {
    const options = { dimensions: 4, epochs: 3, seed: 5 };
    expect(fitLogistic(examples, options)).toEqual(fitLogistic(examples, options));
  });
});

describe('shuffle', () => {
  it('keeps every number, and moves some', () => {
    const order = Int32Array.from({ length: 100 }, (_, at) => at);
    shuffle(order, seededPicks(3));
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, at) => at));
    expect(order.some((value, at) => value !== at)).toBe(true);
  });
});
