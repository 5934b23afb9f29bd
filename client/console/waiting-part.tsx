import type { JSX } from 'react';
import { openReview } from '../common/panel-place.ts';
import { useNow } from '../common/use-now.ts';
import { useDesk, useSessionPart, useSlice } from '../link/session-context.ts';
import { waitingCount } from '../review/review-order.ts';
import { age } from '../string-parts.ts';
import { ConsoleSection } from './console-section.tsx';
import { CONSOLE } from './console-strings.ts';
import { goToNarratorDesk } from './go-to-desk.ts';

const { waiting: words } = CONSOLE;

/** What waits for a game master, for the narrator, and for others; with the way to each. */
export function WaitingPart(): JSX.Element {
  const { turns } = useSlice('narrator');
  const { waitingFor } = useSlice('turn');
  const drafts = useSlice('drafts').filter(({ keptFrom }) => keptFrom === null).length;
  const queued = turns.filter(({ state }) => state === 'queued').length;
  const isWriting = turns.length > queued;
  return (
    <ConsoleSection title={words.title}>
      <Review />
      {turns.length === 0 ? (
        <p>{words.noNarrator}</p>
      ) : (
        <p>
          {words.narrator(queued, isWriting)}.{' '}
          <button type="button" className="link-button" onClick={goToNarratorDesk}>
            {CONSOLE.narrator.toDesk}
          </button>
        </p>
      )}
      {drafts > 0 && <p>{words.drafts(drafts)}</p>}
      {waitingFor.length > 0 && <p>{words.round(waitingFor.length)}</p>}
    </ConsoleSection>
  );
}

function Review(): JSX.Element {
  const { review } = useDesk();
  const skewMs = useSessionPart((state) => state.skewMs);
  const waiting = review === null ? 0 : waitingCount(review);
  const now = useNow(waiting > 0, skewMs);
  if (review === null || waiting === 0) return <p>{words.noReview}</p>;
  const oldest = review.oldestAt === null ? '.' : words.oldest(age(Math.max(0, now - review.oldestAt)));
  return (
    <p>
      {words.review(waiting)}
      {oldest}{' '}
      <button type="button" className="link-button" onClick={() => openReview()}>
        {words.toReview}
      </button>
    </p>
  );
}
