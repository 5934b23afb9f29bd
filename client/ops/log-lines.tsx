import type { JSX } from 'react';
import type { LogLine } from '../../sessions/ops-view.ts';
import { fieldsText, logTime } from './log-text.ts';
import { PageLink } from './page-link.tsx';
import { LivePart } from './parts.tsx';
import type { Shape } from './shape.ts';
import { TURNS as words } from './turns-strings.ts';
import { useLive } from './use-live.ts';

const SHAPE: Shape = { lines: [{ at: 'number', level: 'text', event: 'text', fields: {} }] };
const MOST = 500;

/** Which lines are asked for; '' takes any. */
export interface LogQuery {
  turn: string;
  session: string;
  level: string;
}

/** Lines of the log that the server holds in memory, as they were written. */
export function LogLines({ query, label }: { query: LogQuery; label: string }): JSX.Element {
  const asked = new URLSearchParams({ limit: String(MOST) });
  for (const [name, value] of Object.entries(query)) if (value !== '') asked.set(name, value as string);
  const live = useLive<{ lines: LogLine[] }>(`/logs?${asked.toString()}`, SHAPE);
  return (
    <LivePart live={live}>
      {({ lines }) =>
        lines.length === 0 ? (
          <p className="note ops-empty">{words.noLines}</p>
        ) : (
          <div className="ops-log" role="group" tabIndex={0} aria-label={label}>
            <ol>
              {inOrder(lines, query).map((line, i) => (
                <Line key={`${line.at}-${i}`} of={line} isTurnLinked={query.turn === ''} />
              ))}
            </ol>
          </div>
        )
      }
    </LivePart>
  );
}

/** A turn is read from its beginning; of everything, the newest is wanted first. They come oldest first. */
function inOrder(lines: LogLine[], { turn }: LogQuery): LogLine[] {
  const newest = lines.slice(-MOST);
  return turn === '' ? newest.reverse() : newest;
}

function Line({ of, isTurnLinked }: { of: LogLine; isTurnLinked: boolean }): JSX.Element {
  const { at, level, event, session, turn, request, fields } = of;
  return (
    <li data-level={level}>
      <time dateTime={new Date(at).toISOString()}>{logTime(at)}</time>{' '}
      <span className="ops-log-level">{level}</span> <strong>{event}</strong>{' '}
      {session !== null && <span>session={session} </span>}
      {turn !== null && (
        <span>
          turn=
          {isTurnLinked ? (
            <PageLink tab="turns" id={turn}>
              {turn}
            </PageLink>
          ) : (
            turn
          )}{' '}
        </span>
      )}
      {request !== null && <span>request={request} </span>}
      <span>{fieldsText(fields)}</span>
    </li>
  );
}
