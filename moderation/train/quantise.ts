import { BUCKETS } from '../model/features.ts';
import type { Fit } from './logistic.ts';

/** Weights as signed bytes, the heads of one bucket side by side, and the worth of one step for each head. */
export interface Quantised {
  weights: Int8Array;
  scales: number[];
}

/** Rounds each head to 255 steps between its largest weights. */
export function quantise(fits: readonly Fit[]): Quantised {
  const bytes = new Int8Array(BUCKETS * fits.length);
  const scales = fits.map(({ weights }, head) => {
    const largest = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
    const scale = largest === 0 ? 1 : largest / 127;
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      bytes[bucket * fits.length + head] = Math.round((weights[bucket] ?? 0) / scale);
    }
    return scale;
  });
  return { weights: bytes, scales };
}
