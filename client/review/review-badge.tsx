import type { JSX } from 'react';
import { useNow } from '../common/use-now.ts';
import { useDesk, useSessionPart } from '../link/session-context.ts';
import { age } from '../string-parts.ts';
import { SAFETY } from '../safety/safety-strings.ts';
import { waitingCount } from './review-order.ts';

/** How many things wait for a game master, and for how long the oldest has; nothing when none do. */
export function ReviewBadge(): JSX.Element | null {
  const { review } = useDesk();
  const skewMs = useSessionPart((state) => state.skewMs);
  const waiting = review === null ? 0 : waitingCount(review);
  const now = useNow(waiting > 0, skewMs);
  if (review === null || waiting === 0) return null;
  const oldestMs = review.oldestAt === null ? 0 : Math.max(0, now - review.oldestAt);
  const oldest = review.oldestAt === null ? '' : age(oldestMs);
  const isFresh = oldestMs < 60_000;
  return (
    <span className="unread">
      <span aria-hidden="true">{isFresh ? waiting : `${waiting} · ${oldest}`}</span>
      <span className="visually-hidden">
        {SAFETY.review.waiting(waiting)} {oldest !== '' && SAFETY.review.oldest(oldest)}
      </span>
    </span>
  );
}
