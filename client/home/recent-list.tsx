import { useState, type JSX } from 'react';
import { Icon } from '../common/icons.tsx';
import { goTo } from '../common/location.ts';
import { forgetSession, recentSessions } from '../common/recent-sessions.ts';
import { TEXT } from '../strings.ts';

const DATE = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });

/** Sessions this browser has been in. */
export function RecentList(): JSX.Element {
  const [sessions, setSessions] = useState(recentSessions);
  if (sessions.length === 0) return <p className="note">{TEXT.home.recentNone}</p>;
  return (
    <ul className="recent">
      {sessions.map(({ id, title, at }) => (
        <li key={id}>
          <a
            className="grow"
            href={`/s/${id}`}
            onClick={(event) => {
              if (event.metaKey || event.ctrlKey || event.shiftKey) return;
              event.preventDefault();
              goTo(`/s/${id}`);
            }}
          >
            {title}
          </a>
          <span className="note">{DATE.format(at)}</span>
          <button
            type="button"
            className="quiet-button"
            aria-label={TEXT.home.forget(title)}
            onClick={() => setSessions(forgetSession(id))}
          >
            <Icon name="close" size={16} />
          </button>
        </li>
      ))}
    </ul>
  );
}
