import { useEffect, useState, type JSX } from 'react';
import type { MonitorView } from '../../sessions/monitor-view.ts';
import { useAuthors } from '../common/authors.ts';
import { clockTime } from '../common/clock-time.ts';
import { useSessionPart } from '../link/session-context.ts';
import { CONSOLE } from './console-strings.ts';
import { Fill } from './fill-patterns.tsx';
import { fullestMinute, minuteColumns, minuteRows, PICTURE_MINUTES } from './people-bars.ts';

const { people: words } = CONSOLE;

/** How often the picture moves on, ms. */
const STEP_MS = 20_000;
const WIDTH = 300;
const HEIGHT = 64;

interface MinutesProps {
  minutes: MonitorView['minutes'];
  /** Authors from the bottom up. */
  order: readonly string[];
  fills: ReadonlyMap<string, number>;
  patternId: string;
}

/** Who wrote when: a column of words for each minute, and the same as a table for those who hear it. */
export function MinutesPicture(props: MinutesProps): JSX.Element {
  const { minutes } = props;
  const most = fullestMinute(minutes);
  return (
    <figure className="minutes">
      <figcaption>
        {words.minutes}. <span className="note">{most === 0 ? words.nothing : words.minutesTold(most)}</span>
      </figcaption>
      {most > 0 && (
        <>
          <Columns {...props} />
          <p className="minutes-axis note" aria-hidden="true">
            <span>{words.earlier}</span>
            <span>{words.now}</span>
          </p>
          <MinutesTable {...props} />
        </>
      )}
    </figure>
  );
}

function Columns({ minutes, order, fills, patternId }: MinutesProps): JSX.Element {
  const { colourOf } = useAuthors();
  const now = useNowAndThen();
  const step = WIDTH / PICTURE_MINUTES;
  return (
    <svg className="minutes-picture" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      {minuteColumns(minutes, order, now).map(({ slot, bars }) =>
        bars.map(({ author, from, to }) => (
          <g key={`${slot} ${author}`} className={colourOf(author)}>
            <Fill
              box={{
                x: slot * step + 0.5,
                y: HEIGHT * (1 - to),
                width: Math.max(1, step - 1),
                height: HEIGHT * (to - from),
              }}
              fill={fills.get(author)}
              patternId={patternId}
            />
          </g>
        )),
      )}
      <path d={`M0 ${HEIGHT - 0.5}h${WIDTH}`} className="minutes-ground" />
    </svg>
  );
}

function MinutesTable({ minutes, order }: MinutesProps): JSX.Element {
  const { nameOf } = useAuthors();
  const skewMs = useSessionPart((state) => state.skewMs);
  return (
    <div className="visually-hidden">
      <table>
        <caption>{words.minutes}</caption>
        <thead>
          <tr>
            <th scope="col">{words.minute}</th>
            <th scope="col">{words.who}</th>
          </tr>
        </thead>
        <tbody>
          {minuteRows(minutes, order).map((row) => (
            <tr key={row.at}>
              <th scope="row">{clockTime(row.at - skewMs)}</th>
              <td>{row.words.map((one) => `${nameOf(one.author)}: ${words.words(one.words)}`).join(', ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The time on the server's clock, renewed three times a minute; epoch ms. */
function useNowAndThen(): number {
  const skewMs = useSessionPart((state) => state.skewMs);
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), STEP_MS);
    return () => clearInterval(timer);
  }, []);
  return now + skewMs;
}
