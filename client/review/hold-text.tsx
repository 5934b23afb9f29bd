import { Tooltip } from '@mantine/core';
import type { JSX } from 'react';
import type { HoldView } from '../../sessions/safety-view.ts';
import { SAFETY } from '../safety/safety-strings.ts';
import { markText, type MarkedPart } from './marked-text.ts';

/** A held text, with what was found in it marked. The labels show on hover and focus, and are read out. */
export function HoldText({ hold }: { hold: HoldView }): JSX.Element {
  const parts = markText(hold.text, hold.why?.spans ?? []);
  return (
    <div className="review-text" role="group" aria-label={SAFETY.review.text} tabIndex={0}>
      {parts.map((part, index) =>
        part.found.length === 0 ? <span key={index}>{part.text}</span> : <Found key={index} part={part} />,
      )}
    </div>
  );
}

function Found({ part }: { part: MarkedPart }): JSX.Element {
  const labels = part.found
    .map(({ label, source }) => SAFETY.review.marked(labelOf(label), SAFETY.sources[source]))
    .join(', ');
  return (
    <Tooltip label={labels} events={{ hover: true, focus: true, touch: true }} multiline maw={260}>
      <mark className="found" tabIndex={0} data-label={labels}>
        {part.text}
        <span className="visually-hidden">{SAFETY.review.markedRead(labels)}</span>
      </mark>
    </Tooltip>
  );
}

/** A harm in words; other labels (a topic, a kind of data) are words already. */
function labelOf(label: string): string {
  return Object.entries(SAFETY.harms).find(([harm]) => harm === label)?.[1] ?? label;
}
