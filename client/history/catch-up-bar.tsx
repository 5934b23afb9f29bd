import type { JSX } from 'react';
import { Icon } from '../common/icons.tsx';
import { TEXT } from '../strings.ts';
import { useCatchUp } from './catch-up.ts';
import { lookAtChangesSince } from './history-place.ts';
import { HISTORY } from './history-strings.ts';
import { useAgo } from './use-ago.ts';

const { catchUp: words } = HISTORY;

/** What happened since this player was last here, in a line above the story; read out when it comes. */
export function CatchUpBar(): JSX.Element {
  const { news, dismiss } = useCatchUp();
  const ago = useAgo();
  // The place is there from the beginning, so that what comes into it is read out.
  return (
    <div role="status" aria-label={words.label}>
      {news !== null && (
        <p className="banner catch-up">
          <Icon name="clock" size={16} />
          <span>{words.told(ago(news.since), news.counts, news.rollbacks)}</span>{' '}
          <button
            type="button"
            className="link-button"
            onClick={() => {
              lookAtChangesSince(news.since);
              dismiss();
            }}
          >
            {words.show}
          </button>{' '}
          <button
            type="button"
            className="link-button"
            onClick={() => {
              dismiss();
              document.getElementById('story')?.focus({ preventScroll: true });
            }}
          >
            {TEXT.session.dismiss}
          </button>
        </p>
      )}
    </div>
  );
}
