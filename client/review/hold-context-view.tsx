import type { JSX } from 'react';
import type { HoldView } from '../../sessions/safety-view.ts';
import { useAuthors } from '../common/authors.ts';
import { useStore } from '../common/store.ts';
import { useSessionPart, useTable } from '../link/session-context.ts';
import { SAFETY } from '../safety/safety-strings.ts';
import { contextOf } from './hold-context.ts';

/** Passages that are looked at for the context of a held text. */
const LOOKED_AT = 12;

/** What stands before a held text, so that it is judged as part of its story. */
export function HoldContext({ hold }: { hold: HoldView }): JSX.Element | null {
  const { story } = useTable();
  const order = useStore(story.order);
  const talk = useSessionPart((state) => state.talk);
  const { nameOf } = useAuthors();
  const place = hold.passageId === null ? -1 : order.indexOf(hold.passageId);
  const end = place === -1 ? order.length : place + 1;
  const passages = order
    .slice(Math.max(0, end - LOOKED_AT), end)
    .map((id) => story.passage(id).get())
    .filter((passage) => passage !== null);
  const context = contextOf(hold, { passages, talk });
  if (context.length === 0) return null;
  return (
    <details className="review-context">
      <summary>{SAFETY.review.context}</summary>
      {context.map(({ by, text }, index) => (
        <p key={index}>
          <span className="note">{nameOf(by)}:</span> {text}
        </p>
      ))}
    </details>
  );
}
