import type { JSX } from 'react';
import { useAuthors } from '../common/authors.ts';
import { Icon } from '../common/icons.tsx';
import { backToNow, lookAt } from './history-place.ts';
import { HISTORY } from './history-strings.ts';
import { stopText } from './moment-text.ts';
import { stopAt, timeOfStop } from './moments.ts';
import { useAgo } from './use-ago.ts';
import { useLookedAt, useTimeline } from './use-moments.ts';

const { timeline: words } = HISTORY;

/** Moves through the moments of the story; its right end is now. */
export function MomentSlider(): JSX.Element | null {
  const { stops } = useTimeline();
  const { nameOf } = useAuthors();
  const ago = useAgo();
  const time = useLookedAt();
  const index = stopAt(stops, time);
  const stop = stops[index];
  const last = stops.length - 1;
  if (stop === undefined) return null;
  const text = stopText(stop, stops[last]?.passages ?? 0, { nameOf, ago });
  const said = time === null ? words.nowIs(text) : text;
  const go = (place: number): void => {
    const wanted = timeOfStop(stops, place);
    if (wanted === null) backToNow();
    else lookAt(wanted);
  };
  return (
    <div className="moment-slider">
      <div className="moment-slider-row">
        <StepButton label={words.earlier} icon="left" isOff={index === 0} onClick={() => go(index - 1)} />
        <input
          type="range"
          min={0}
          max={Math.max(last, 0)}
          step={1}
          value={index}
          aria-label={words.slider}
          aria-valuetext={said}
          onChange={(event) => go(Number(event.currentTarget.value))}
        />
        <StepButton
          label={words.later}
          icon="right"
          isOff={time === null}
          onClick={() => go(Math.min(last, index + 1))}
        />
      </div>
      <p className="note" aria-hidden="true">
        {said}
      </p>
    </div>
  );
}

function StepButton(props: {
  label: string;
  icon: 'left' | 'right';
  isOff: boolean;
  onClick: () => void;
}): JSX.Element {
  // Not disabled: the focus would be lost at the end of the way.
  return (
    <button
      type="button"
      className="quiet-button"
      aria-label={props.label}
      aria-disabled={props.isOff}
      onClick={() => !props.isOff && props.onClick()}
    >
      <Icon name={props.icon} size={16} />
    </button>
  );
}
