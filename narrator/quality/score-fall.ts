/** A version that hardly varies would otherwise alarm at every ripple: the least sigma (requirement D18). */
const SIGMA_FLOOR = 0.02;
/** No single passage counts for more, in sigma. */
const MOST_FALL = 3;
/** Least spread of normal scores; they spread less where many values are the same. */
const LEAST_SPREAD = 0.3;

/** Arithmetic mean; 0 of nothing. */
export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

/** Sample variance. */
export function varianceOf(values: readonly number[]): number {
  const mean = meanOf(values);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return squares / Math.max(1, values.length - 1);
}

/** Standard normal quantile, to 4.5e-4 (Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.23). */
function normalQuantile(p: number): number {
  if (p > 0.5) return -normalQuantile(1 - p);
  const t = Math.sqrt(-2 * Math.log(p));
  const top = 2.515517 + t * (0.802853 + t * 0.010328);
  const bottom = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308));
  return top / bottom - t;
}

/** How many of the sorted values are less. */
function countBelow(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * How far a score lies under a baseline, in sigma; negative: above it. Told by its rank (van der Waerden's normal
 * scores), since calibrated scores are bunched at the top with a long tail below: measured by mean and standard
 * deviation, half of all healthy runs of 1,000 such passages alarmed and half of the drops were missed; by rank it is
 * 1 of 100 of both (simulated in drift.test.ts). Bounded by 3, and by its distance from the median in
 * steps of 0.02.
 */
export function fallFrom(baseline: readonly number[]): (score: number) => number {
  const sorted = [...baseline].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const normalScore = (score: number) => {
    const below = countBelow(sorted, score);
    // In the middle of those that are the same.
    const same = countBelow(sorted, score + Number.EPSILON) - below;
    return -normalQuantile((below + same / 2 + 0.5) / (sorted.length + 1));
  };
  const own = sorted.map(normalScore);
  const mean = meanOf(own);
  const spread = Math.max(LEAST_SPREAD, Math.sqrt(varianceOf(own)));
  return (score) => {
    const fall = (normalScore(score) - mean) / spread;
    const most = Math.min(MOST_FALL, Math.abs(score - median) / SIGMA_FLOOR);
    return Math.sign(fall) * Math.min(Math.abs(fall), most);
  };
}
