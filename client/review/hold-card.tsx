import { memo, useEffect, useRef, type JSX, type KeyboardEvent } from 'react';
import type { HoldView } from '../../sessions/safety-view.ts';
import { useAuthors } from '../common/authors.ts';
import { SAFETY } from '../safety/safety-strings.ts';
import { HoldActions, useHoldDesk, type HoldDesk } from './hold-actions.tsx';
import { HoldContext } from './hold-context-view.tsx';
import { HoldFigures } from './hold-figures.tsx';
import { HoldText } from './hold-text.tsx';
import { holdRights } from './hold-rights.ts';
import { isTypingIn } from './review-keys.ts';

const { review } = SAFETY;

interface HoldCardProps {
  hold: HoldView;
  /** How long it has been here, in words: what changes by the second is not for a long text to render by. */
  since: string;
}

/** One text to decide about: whose, why it is here, what it says, and what can be done. */
export const HoldCard = memo(function HoldCard({ hold, since }: HoldCardProps): JSX.Element {
  const { nameOf } = useAuthors();
  const desk = useHoldDesk(hold);
  const cardRef = useRef<HTMLElement>(null);
  useFocusAfterForm(desk, cardRef);
  const what = review.item(review.kinds[hold.kind], hold.by === null ? null : nameOf(hold.by));
  return (
    <article
      ref={cardRef}
      className="review-card"
      tabIndex={0}
      data-hold-id={hold.id}
      data-state={hold.state}
      aria-label={what}
      onKeyDown={(event) => onHoldKey(event, hold, desk)}
    >
      <header className="review-head">
        <strong>{what}</strong> <span className="note">{review.ago(since)}</span>
        <span className="badge">{stateOf(hold, nameOf)}</span>
      </header>
      {hold.needsHelp && <p className="review-care">{review.help}</p>}
      <HoldContext hold={hold} />
      <HoldText hold={hold} />
      {hold.why !== null && <Reason why={hold.why} />}
      {hold.appeal !== null && (
        <p>
          {review.appeal}: <q>{hold.appeal}</q>
        </p>
      )}
      {hold.note !== '' && (
        <p>
          {review.note}: <q>{hold.note}</q>
        </p>
      )}
      <HoldActions hold={hold} desk={desk} />
    </article>
  );
});

function Reason({ why }: { why: NonNullable<HoldView['why']> }): JSX.Element {
  return (
    <>
      <p>
        {review.reason}: {why.reason}
        {why.rules.length > 0 && <span className="note-rule"> {review.rules(why.rules)}</span>}
      </p>
      <HoldFigures why={why} />
    </>
  );
}

function stateOf({ state, decidedBy }: HoldView, nameOf: (id: string) => string): string {
  return decidedBy === null ? review.states[state] : review.byWhom(review.states[state], nameOf(decidedBy));
}

/** The keys a, e, r, v and u, for the text that has the focus. */
function onHoldKey(event: KeyboardEvent, hold: HoldView, desk: HoldDesk): void {
  if (event.altKey || event.ctrlKey || event.metaKey || isTypingIn(event.target)) return;
  const rights = holdRights(hold);
  const run = {
    a: rights.approve !== null && desk.approve,
    e: rights.edit !== null && (() => desk.openForm('edit')),
    r: rights.reject !== null && (() => desk.openForm('reject')),
    v: rights.revise !== null && (() => desk.openForm('revise')),
    u: rights.undo !== null && desk.undo,
  }[event.key];
  if (typeof run !== 'function') return;
  event.preventDefault();
  run();
}

/** When its form closes, the focus that was in it comes back to the card. */
function useFocusAfterForm({ form }: HoldDesk, card: { readonly current: HTMLElement | null }): void {
  const before = useRef(form);
  useEffect(() => {
    if (before.current !== null && form === null) card.current?.focus({ preventScroll: true });
    before.current = form;
  }, [form, card]);
}
