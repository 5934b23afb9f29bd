import type { Features } from '../model/features.ts';

// Logistic regression with an L2 penalty, solved in the dual by coordinate descent: no step size to tune, and the
// same result for the same seed.

export interface Example {
  features: Features;
  isPositive: boolean;
  /** How much the loss of this example counts; the penalty on the weights is a half of their squared length. */
  cost: number;
}

export interface Fit {
  weights: Float64Array;
  bias: number;
}

export interface FitOptions {
  dimensions: number;
  epochs: number;
  seed: number;
}

/** Whole numbers below a bound from a seed (mulberry32); the same on every machine. */
export function seededPicks(seed: number): (below: number) => number {
  let state = seed | 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** Puts `order` into a random order, in place. */
export function shuffle(order: Int32Array, pick: (below: number) => number): void {
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = pick(last + 1);
    const kept = order[last] ?? 0;
    order[last] = order[other] ?? 0;
    order[other] = kept;
  }
}

function product({ buckets, values }: Features, weights: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < buckets.length; at += 1) sum += (values[at] ?? 0) * (weights[buckets[at] ?? 0] ?? 0);
  return sum;
}

function addScaled({ buckets, values }: Features, scale: number, weights: Float64Array): void {
  for (let at = 0; at < buckets.length; at += 1) {
    const bucket = buckets[at] ?? 0;
    weights[bucket] = (weights[bucket] ?? 0) + scale * (values[at] ?? 0);
  }
}

/**
 * The dual variable in (0, cost) that minimises the dual along one coordinate: the root of
 * log(a / (cost - a)) + margin + length * (a - before), by Newton's method kept inside a bracket.
 */
function solveCoordinate(margin: number, length: number, cost: number, before: number): number {
  let low = 0;
  let high = cost;
  let alpha = Math.min(Math.max(before, cost * 1e-6), cost * (1 - 1e-6));
  for (let step = 0; step < 30; step += 1) {
    const slope = Math.log(alpha / (cost - alpha)) + margin + length * (alpha - before);
    if (Math.abs(slope) < 1e-6) break;
    if (slope > 0) high = alpha;
    else low = alpha;
    const next = alpha - slope / (cost / (alpha * (cost - alpha)) + length);
    alpha = next > low && next < high ? next : (low + high) / 2;
  }
  return alpha;
}

/** Weights that minimise |w|^2 / 2 + sum of cost * log-loss; the bias is a feature of value 1 that is always there. */
export function fitLogistic(examples: readonly Example[], options: FitOptions): Fit {
  const weights = new Float64Array(options.dimensions);
  const alphas = new Float64Array(examples.length);
  const order = Int32Array.from(examples.keys());
  const lengths = examples.map(({ features }) =>
    features.values.reduce((sum, value) => sum + value * value, 1),
  );
  const pick = seededPicks(options.seed);
  let bias = 0;
  for (let epoch = 0; epoch < options.epochs; epoch += 1) {
    shuffle(order, pick);
    for (const at of order) {
      const example = examples[at];
      if (example === undefined) continue;
      const sign = example.isPositive ? 1 : -1;
      const before = alphas[at] ?? 0;
      const margin = sign * (product(example.features, weights) + bias);
      const after = solveCoordinate(margin, lengths[at] ?? 1, example.cost, before);
      alphas[at] = after;
      addScaled(example.features, sign * (after - before), weights);
      bias += sign * (after - before);
    }
  }
  return { weights, bias };
}
