import { useEffect, type JSX } from 'react';
import type { HoldView, ReviewView } from '../../sessions/safety-view.ts';
import { panelPlace } from '../common/panel-place.ts';
import { useStorePart } from '../common/store.ts';
import { useNow } from '../common/use-now.ts';
import { useDesk, useSessionPart } from '../link/session-context.ts';
import { age } from '../string-parts.ts';
import { SAFETY } from '../safety/safety-strings.ts';
import { HoldCard } from './hold-card.tsx';
import { ReportCard } from './report-card.tsx';
import { RequestCard } from './request-card.tsx';
import { useReviewKeys } from './review-keys.ts';
import { groupHolds } from './review-order.ts';

const { review: words } = SAFETY;

/** Everything that waits for a game master, and what was decided. */
export function ReviewPanel(): JSX.Element | null {
  const { review } = useDesk();
  return review === null ? null : <Review review={review} />;
}

function Review({ review }: { review: ReviewView }): JSX.Element {
  const now = useNow(
    true,
    useSessionPart((state) => state.skewMs),
  );
  const { waiting, whispers, decided } = groupHolds(review.holds);
  const open = [...whispers, ...waiting].map(({ id }) => id);
  const { panelRef, ...handlers } = useReviewKeys([...open, ...decided.map(({ id }) => id)], open);
  useAskedFor(panelRef);
  const oldest = review.oldestAt === null ? null : age(Math.max(0, now - review.oldestAt));
  return (
    <div className="review" role="region" aria-label={words.panel} tabIndex={-1} ref={panelRef} {...handlers}>
      <p>{words.summary(review.waiting, oldest)}</p>
      <p className="note">{words.counters(review.decided, review.overturned)}</p>
      {review.holds.length > 0 && <p className="note review-keys">{words.keys}</p>}
      {review.requests.length > 0 && (
        <section className="panel-section">
          <h2>{words.requests}</h2>
          <ul>
            {review.requests.map((request) => (
              <RequestCard key={request.id} request={request} now={now} />
            ))}
          </ul>
        </section>
      )}
      <Holds title={words.whispers} holds={whispers} now={now} />
      <Holds title={words.holds} holds={waiting} now={now} />
      {review.reports.length > 0 && (
        <section className="panel-section">
          <h2>{words.reports}</h2>
          <ul>
            {review.reports.map((report) => (
              <ReportCard key={report.id} report={report} now={now} />
            ))}
          </ul>
        </section>
      )}
      <Holds title={words.decidedList} holds={decided} now={now} />
    </div>
  );
}

function Holds(props: { title: string; holds: HoldView[]; now: number }): JSX.Element | null {
  if (props.holds.length === 0) return null;
  return (
    <section className="panel-section" aria-label={props.title}>
      <h2>{props.title}</h2>
      {props.holds.map((hold) => (
        <HoldCard key={hold.id} hold={hold} since={age(Math.max(0, props.now - hold.at))} />
      ))}
    </section>
  );
}

/** Goes to the text that was asked for from elsewhere on the page. */
function useAskedFor(panelRef: { readonly current: HTMLElement | null }): void {
  const holdId = useStorePart(panelPlace, (place) => place.holdId);
  useEffect(() => {
    if (holdId === null) return;
    const card = panelRef.current?.querySelector<HTMLElement>(`[data-hold-id="${CSS.escape(holdId)}"]`);
    card?.scrollIntoView({ block: 'nearest' });
    card?.focus({ preventScroll: true });
    panelPlace.update((place) => ({ ...place, holdId: null }));
  }, [holdId, panelRef]);
}
