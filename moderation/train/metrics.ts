// How good scores are, measured against known labels. Pure functions over parallel lists.

/** One text's score and what it truly is. */
export interface Scored {
  score: number;
  isPositive: boolean;
}

export interface Counts {
  precision: number;
  recall: number;
  f1: number;
}

/** Precision, recall and F1 when scores of `threshold` and more count as positive; 0 where there is nothing to count. */
export function countsAt(scored: readonly Scored[], threshold: number): Counts {
  let hits = 0;
  let flagged = 0;
  let positives = 0;
  for (const { score, isPositive } of scored) {
    if (isPositive) positives += 1;
    if (score < threshold) continue;
    flagged += 1;
    if (isPositive) hits += 1;
  }
  const precision = flagged === 0 ? 0 : hits / flagged;
  const recall = positives === 0 ? 0 : hits / positives;
  return { precision, recall, f1: hits === 0 ? 0 : (2 * hits) / (flagged + positives) };
}

/**
 * Area under the curve of precision over recall as average precision: the mean, over the positives, of the precision
 * at the rank of each. Equal scores share the precision at the end of their tie. 0 without positives.
 */
export function auprc(scored: readonly Scored[]): number {
  const ranked = [...scored].sort((a, b) => b.score - a.score);
  let sum = 0;
  let hits = 0;
  let tied = 0;
  ranked.forEach(({ score, isPositive }, rank) => {
    if (isPositive) tied += 1;
    if (ranked[rank + 1]?.score === score) return;
    hits += tied;
    sum += (tied * hits) / (rank + 1);
    tied = 0;
  });
  return hits === 0 ? 0 : sum / hits;
}

/** Expected calibration error: how far, on average over bins of equal width, scores lie from the share of positives. */
export function calibrationError(scored: readonly Scored[], bins = 10): number {
  const scores = new Float64Array(bins);
  const positives = new Float64Array(bins);
  for (const { score, isPositive } of scored) {
    const bin = Math.min(bins - 1, Math.floor(score * bins));
    scores[bin] = (scores[bin] ?? 0) + score;
    if (isPositive) positives[bin] = (positives[bin] ?? 0) + 1;
  }
  let sum = 0;
  for (let bin = 0; bin < bins; bin += 1) sum += Math.abs((scores[bin] ?? 0) - (positives[bin] ?? 0));
  return scored.length === 0 ? 0 : sum / scored.length;
}

/** The value below which a share `q` of the list lies (nearest rank); 0 for an empty list. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))] ?? 0;
}
