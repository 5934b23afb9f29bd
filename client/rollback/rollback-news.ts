import type { PendingRollbackView, RollbackView } from '../../sessions/history-view.ts';
import { ROLLBACK } from './rollback-strings.ts';

/** Rollbacks that were not there before, oldest first. */
export function freshRollbacks(
  before: readonly RollbackView[],
  after: readonly RollbackView[],
): RollbackView[] {
  const known = new Set(before.map(({ id }) => id));
  return after.filter(({ id }) => !known.has(id));
}

/** What a rollback did and why, in words for everybody. */
export function newsOf({ summary, reason }: Pick<RollbackView, 'summary' | 'reason'>): string {
  // The server's own sentence may tell the reason already.
  return summary.includes(reason) ? summary : ROLLBACK.news.withReason(summary, reason);
}

/** Whether it can be taken back: it stands, and it happened here. */
export function isUndoable({ undoneBy, branchId }: RollbackView): boolean {
  return undoneBy === null && branchId === null;
}

/** Whether a waiting rollback was called off: it is gone, and nothing of the kind has happened instead. */
export function isCalledOff(
  before: PendingRollbackView | null,
  after: PendingRollbackView | null,
  rollbacks: readonly RollbackView[],
): boolean {
  if (before === null || after !== null) return false;
  const scope = JSON.stringify(before.scope);
  return !rollbacks.some(({ at, scope: of }) => at >= before.at && JSON.stringify(of) === scope);
}
