import type { SloStatus } from '../../sessions/ops-view.ts';
import type { Objective } from './slos.ts';

/** Differences below this are rounding. */
const EPSILON = 1e-9;

/** How an objective stands with a value over so many events. */
export function statusOf(
  { kind, target, slack, least }: Pick<Objective, 'kind' | 'target' | 'slack' | 'least'>,
  value: number | null,
  events: number,
): SloStatus {
  const miss = value === null ? 0 : kind === 'quantile' ? value - target : target - value;
  const isMissed = miss > EPSILON;
  // Where one miss is an incident there is nothing to wait for.
  if (isMissed && slack === 0 && target === 1) return 'red';
  if (value === null || events < least) return 'insufficient';
  if (!isMissed) return 'green';
  return miss <= slack + EPSILON ? 'yellow' : 'red';
}

/** What is left of the error budget of a share, 1 to minus infinity; null: no budget, or nothing counted. */
export function budgetLeft(target: number, share: number | null): number | null {
  return share === null || target === 1 ? null : 1 - (1 - share) / (1 - target);
}

/** How fast the budget is used up: 1 uses it up exactly in the window. Null: no budget, or nothing counted. */
export function burnRate(target: number, share: number | null): number | null {
  return share === null || target === 1 ? null : Math.max(0, (1 - share) / (1 - target));
}
