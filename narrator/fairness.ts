/**
 * Max-min fair division of `capacity` (water-filling): nobody gets more than its demand, and whoever gets less
 * has at least as much over its weight as anybody else. In the order of `demands`.
 */
export function maxMinShares(
  demands: readonly number[],
  weights: readonly number[],
  capacity: number,
): number[] {
  const shares = demands.map(() => 0);
  let open = demands.map((_, at) => at).filter((at) => (demands[at] ?? 0) > 0);
  let left = capacity;
  while (open.length > 0 && left > 0) {
    const weight = open.reduce((sum, at) => sum + (weights[at] ?? 1), 0);
    const level = left / weight;
    const sated = open.filter((at) => (demands[at] ?? 0) <= level * (weights[at] ?? 1));
    if (sated.length === 0) {
      for (const at of open) shares[at] = level * (weights[at] ?? 1);
      return shares;
    }
    for (const at of sated) {
      shares[at] = demands[at] ?? 0;
      left -= shares[at] ?? 0;
    }
    open = open.filter((at) => !sated.includes(at));
  }
  return shares;
}

/** Jain's fairness index (sum x)^2 / (n * sum x^2): 1 when all are equal, 1/n when one has all. 1 for none. */
export function jainIndex(values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0);
  const squares = values.reduce((total, value) => total + value * value, 0);
  return squares === 0 ? 1 : (sum * sum) / (values.length * squares);
}
