import { Button } from '@mantine/core';
import type { JSX, ReactNode } from 'react';
import type { Health } from '../../sessions/monitor-view.ts';
import type { SloStatus } from '../../sessions/ops-view.ts';
import { clockTime } from '../common/clock-time.ts';
import { useStore } from '../common/store.ts';
import { OPS } from './ops-strings.ts';
import { isPaused, type Live } from './use-live.ts';

const { live: words } = OPS;

const MARKS: Record<SloStatus, string> = {
  green: 'M5 12.5l4.5 4.5L19 7.5',
  yellow: 'M12 4.5l9 15H3zM12 10v4.5M12 17v.1',
  red: 'M7 7l10 10M17 7L7 17',
  insufficient: 'M6 12h.1M12 12h.1M18 12h.1',
};

/** A state by shape, word and colour. */
export function StateMark({ state, word }: { state: SloStatus; word: string }): JSX.Element {
  return (
    <span className="ops-state" data-state={state}>
      <svg width="14" height="14" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
        <path d={MARKS[state]} />
      </svg>
      {word}
    </span>
  );
}

/** A few words that stay on one line. */
export function Nowrap({ children }: { children: ReactNode }): JSX.Element {
  return <span className="ops-nowrap">{children}</span>;
}

/** Green, yellow or red in words. */
export function LevelMark({ level }: { level: Health }): JSX.Element {
  return <StateMark state={level} word={OPS.levels[level]} />;
}

/** A box with a heading. */
export function Card(props: {
  title: string;
  children: ReactNode;
  aside?: ReactNode;
  isWide?: boolean;
}): JSX.Element {
  return (
    <section className="ops-card" data-wide={props.isWide === true} aria-label={props.title}>
      <div className="ops-card-head">
        <h2>{props.title}</h2>
        {props.aside}
      </div>
      {props.children}
    </section>
  );
}

/** Pairs of a name and a figure. */
export function Figures({
  rows,
}: {
  rows: readonly (readonly [name: string, value: ReactNode])[];
}): JSX.Element {
  return (
    <dl className="ops-figures">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A bar that fills by a share of 0 to 1. */
export function Bar(props: { label: string; share: number; words: string; tone?: SloStatus }): JSX.Element {
  const percent = Math.round(100 * Math.min(1, Math.max(0, props.share)));
  return (
    <span className="ops-bar" data-tone={props.tone ?? 'green'}>
      <span
        className="ops-bar-track"
        role="meter"
        aria-label={props.label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        aria-valuetext={props.words}
      >
        <span style={{ width: `${percent}%` }} />
      </span>
      <span className="ops-bar-words">{props.words}</span>
    </span>
  );
}

/** How fresh the figures are, and the ways to renew or stop them. */
export function LiveBar({ live }: { live: Live<unknown> }): JSX.Element {
  const stopped = useStore(isPaused);
  return (
    <div className="ops-live">
      <span className="note" aria-live="off">
        {live.at === null ? words.loading : words.asOf(clockTime(live.at))}
        {live.at !== null && ` · ${stopped ? words.paused : words.every}`}
      </span>
      <Button
        size="compact-sm"
        variant="default"
        aria-pressed={stopped}
        onClick={() => isPaused.update((is) => !is)}
      >
        {stopped ? words.go : words.pause}
      </Button>
      <Button size="compact-sm" variant="default" onClick={live.refresh}>
        {words.refresh}
      </Button>
    </div>
  );
}

/** What went wrong on the way to the figures, with the last ones still below it. */
function Stale({ live }: { live: Live<unknown> }): JSX.Element | null {
  if (live.failure === null || live.at === null) return null;
  const when = clockTime(live.at);
  const isLine = live.failure.code === 'NETWORK';
  return (
    <p className="banner ops-banner" data-tone="problem" role="status">
      {isLine ? words.lost(when) : words.stale(when, live.failure.message)}
    </p>
  );
}

/** A part of the page that shows live figures: while there are none, what it waits for or why there are none. */
export function LivePart<T>(props: { live: Live<T>; children: (value: T) => ReactNode }): JSX.Element {
  const { live } = props;
  if (live.value !== null)
    return (
      <>
        <Stale live={live} />
        {props.children(live.value)}
      </>
    );
  if (live.failure === null)
    return (
      <p className="note ops-wait" role="status">
        {words.loading}
      </p>
    );
  return (
    <div className="ops-card ops-failed" role="alert">
      <h2>{words.failed}</h2>
      <p>{live.failure.message}</p>
      <Button variant="light" onClick={live.refresh}>
        {words.retry}
      </Button>
    </div>
  );
}

/** A text that is to be copied by eye or hand, in its own box. */
export function CodeBox({ label, text }: { label: string; text: string }): JSX.Element {
  return (
    <pre className="ops-code" role="group" tabIndex={0} aria-label={label}>
      {text}
    </pre>
  );
}
