import { useEffect, useRef, useState, type JSX } from 'react';
import type { Harm } from '../../sessions/protocol.ts';
import { useIsLive, useSlice, useTable } from '../link/session-context.ts';
import { levelRows, withLevel, type LevelRow } from './levels.ts';
import { SAFETY } from './safety-strings.ts';

/** How long a slider rests before its level is sent, ms: one that is dragged passes others on its way. */
const REST_MS = 400;

/** How far each kind of harm may go at this table. A change counts at once, without a button. */
export function LevelSliders(): JSX.Element {
  const safety = useSlice('safety');
  return (
    <fieldset className="level-sliders">
      <legend>{SAFETY.zero.levels}</legend>
      <p className="note">{SAFETY.zero.levelsHint}</p>
      {levelRows(safety).map((row) =>
        row.most === 0 ? (
          <p key={row.harm} className="level-row">
            <span className="grow">{SAFETY.harms[row.harm]}</span>
            <span className="note">{SAFETY.zero.never}</span>
          </p>
        ) : (
          <LevelSlider key={row.harm} row={row} />
        ),
      )}
    </fieldset>
  );
}

function LevelSlider({ row }: { row: LevelRow }): JSX.Element {
  const isLive = useIsLive();
  const [level, setLevel] = useRestingLevel(row);
  const id = `level-${row.harm}`;
  return (
    <div className="level-row">
      <label className="grow" htmlFor={id}>
        {SAFETY.harms[row.harm]}
      </label>
      <input
        id={id}
        type="range"
        min={0}
        max={row.most}
        step={1}
        value={level}
        disabled={!isLive}
        aria-valuetext={SAFETY.severity(level)}
        onChange={(event) => setLevel(event.currentTarget.valueAsNumber)}
      />
      <output className="level-word" htmlFor={id} aria-live="off">
        {SAFETY.severity(level)}
      </output>
      <span className="note level-most">{SAFETY.zero.most(row.most)}</span>
    </div>
  );
}

/** The level as it is moved; sent when it has rested, and taken back when the server refuses it. */
function useRestingLevel({ harm, level }: LevelRow): [number, (level: number) => void] {
  const { session } = useTable();
  const [moved, setMoved] = useState<number | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const wanted = useRef<number | null>(null);
  const send = async (of: Harm): Promise<void> => {
    const safety = session.state.get().view?.safety;
    const next = wanted.current;
    wanted.current = null;
    if (safety === undefined || next === null) return;
    await session.act('session:zero', { levels: withLevel(safety, of, next) });
    if (wanted.current === null) setMoved(null);
  };
  const sendRef = useRef(send);
  sendRef.current = send;
  useEffect(
    () => () => {
      if (timer.current !== null) clearTimeout(timer.current);
      // Closed before it had rested: it is meant all the same.
      if (wanted.current !== null) void sendRef.current(harm);
    },
    [harm],
  );
  const move = (next: number): void => {
    setMoved(next);
    wanted.current = next;
    if (timer.current !== null) clearTimeout(timer.current);
    timer.current = setTimeout(() => void sendRef.current(harm), REST_MS);
  };
  return [moved ?? level, move];
}
