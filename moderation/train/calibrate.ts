import type { Affine } from '../model/model-file.ts';
import { countsAt, type Scored } from './metrics.ts';

const MAX_STEPS = 100;
/** Keeps a Newton step finite where the classes are apart. */
const RIDGE = 1e-3;

/** Share of clean fiction that a label may flag at its operating threshold. */
export const MAX_FALSE_ALARMS = 0.01;

interface Target {
  score: number;
  /** Platt's: a little inside 0 and 1, so that a separable set does not make a step of the curve. */
  target: number;
}

function targetsOf(scored: readonly Scored[]): Target[] {
  const positives = scored.filter(({ isPositive }) => isPositive).length;
  const high = (positives + 1) / (positives + 2);
  const low = 1 / (scored.length - positives + 2);
  return scored.map(({ score, isPositive }) => ({ score, target: isPositive ? high : low }));
}

/** Platt's calibration: the logistic curve over raw scores that fits best, by Newton's method with halved steps. */
export function platt(scored: readonly Scored[]): Affine {
  const targets = targetsOf(scored);
  let at: Affine = { slope: 0, shift: 0 };
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const by = newtonStep(targets, at);
    const before = lossOf(targets, at);
    let next = moved(at, by, 1);
    for (let share = 0.5; share > 1e-6 && lossOf(targets, next) > before; share /= 2)
      next = moved(at, by, share);
    at = next;
    if (Math.abs(by.slope) + Math.abs(by.shift) < 1e-9) break;
  }
  return at;
}

const moved = (from: Affine, by: Affine, share: number): Affine => ({
  slope: from.slope - share * by.slope,
  shift: from.shift - share * by.shift,
});

function lossOf(targets: readonly Target[], { slope, shift }: Affine): number {
  return targets.reduce((sum, { score, target }) => {
    const logit = slope * score + shift;
    return sum + Math.max(logit, 0) - logit * target + Math.log1p(Math.exp(-Math.abs(logit)));
  }, 0);
}

function newtonStep(targets: readonly Target[], { slope, shift }: Affine): Affine {
  let [bySlope, byShift, slopes, mixed, shifts] = [0, 0, RIDGE, 0, RIDGE];
  for (const { score, target } of targets) {
    const probability = 1 / (1 + Math.exp(-(slope * score + shift)));
    const curve = probability * (1 - probability);
    bySlope += (probability - target) * score;
    byShift += probability - target;
    slopes += curve * score * score;
    mixed += curve * score;
    shifts += curve;
  }
  const determinant = slopes * shifts - mixed * mixed;
  return {
    slope: (shifts * bySlope - mixed * byShift) / determinant,
    shift: (slopes * byShift - mixed * bySlope) / determinant,
  };
}

/**
 * The threshold with the best F1 of those that flag at most 1 % of `fiction`: half-way between two neighbouring raw
 * scores.
 */
export function operatingThreshold(scored: readonly Scored[], fiction: readonly number[]): number {
  const scores = [...new Set([...scored.map(({ score }) => score), ...fiction])].sort((a, b) => b - a);
  const allowed = Math.floor(fiction.length * MAX_FALSE_ALARMS);
  let best = { threshold: (scores[0] ?? 0) + 1, f1: -1 };
  scores.forEach((score, rank) => {
    const threshold = (score + (scores[rank + 1] ?? score)) / 2;
    if (fiction.filter((other) => other >= threshold).length > allowed) return;
    const { f1 } = countsAt(scored, threshold);
    if (f1 > best.f1) best = { threshold, f1 };
  });
  return best.threshold;
}

/**
 * Platt's calibration, shifted so that the operating threshold comes to lie at a probability of 0.5. Each list of
 * fiction keeps its bound; the highest threshold wins.
 */
export function calibrate(scored: readonly Scored[], fiction: readonly (readonly number[])[]): Affine {
  const { slope } = platt(scored);
  if (slope <= 0) throw new Error('scores that fall where positives are more frequent cannot be calibrated');
  const thresholds = fiction.map((scores) => operatingThreshold(scored, scores));
  return { slope, shift: -slope * Math.max(operatingThreshold(scored, []), ...thresholds) };
}
