import type { HoldView, ReviewView } from '../../sessions/safety-view.ts';

/** Whether a text waits for a decision: held, or appealed against. */
export function isWaiting(hold: HoldView): boolean {
  switch (hold.state) {
    case 'open':
      return true;
    case 'masked':
    case 'refused':
      return hold.appeal !== null;
    case 'approved':
    case 'rejected':
    case 'revision':
      return false;
  }
}

/** The review list as it is shown: what waits, then the narrator's suggestions, then what is decided. */
export interface ReviewGroups {
  waiting: HoldView[];
  whispers: HoldView[];
  decided: HoldView[];
}

/** Sorts the texts of a review into the groups they are shown in; the order inside a group stays. */
export function groupHolds(holds: readonly HoldView[]): ReviewGroups {
  const groups: ReviewGroups = { waiting: [], whispers: [], decided: [] };
  for (const hold of holds) {
    if (!isWaiting(hold)) groups.decided.push(hold);
    else if (hold.kind === 'whisper') groups.whispers.push(hold);
    else groups.waiting.push(hold);
  }
  return groups;
}

/** Which text comes under the keys `step` further on; stays at the ends. Null in an empty list. */
export function stepFrom(ids: readonly string[], selected: string | null, step: -1 | 1): string | null {
  const at = selected === null ? -1 : ids.indexOf(selected);
  if (at === -1) return ids[0] ?? null;
  return ids[Math.min(ids.length - 1, Math.max(0, at + step))] ?? null;
}

/** Which text comes under the keys when the selected one has left the list: the one that took its place. */
export function heirOf(
  before: readonly string[],
  now: readonly string[],
  selected: string | null,
): string | null {
  if (selected !== null && now.includes(selected)) return selected;
  const at = selected === null ? 0 : Math.max(0, before.indexOf(selected));
  return now[Math.min(at, now.length - 1)] ?? null;
}

/** Everything that waits on a game master's desk, for the badge. */
export function waitingCount(review: ReviewView): number {
  const holds = review.holds.filter(isWaiting).length;
  return holds + review.requests.length + review.reports.length;
}
