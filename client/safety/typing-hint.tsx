import { useEffect, useState, type JSX } from 'react';
import type { DraftView } from '../../sessions/view.ts';
import { useSessionPart, useYou } from '../link/session-context.ts';
import { SAFETY } from './safety-strings.ts';

const SHOWN_MS = 20_000;

/**
 * Under a draft: that it is kept from other eyes as it stands, and why it would not pass. Read out politely; it
 * never takes the focus.
 */
export function TypingHint({ view }: { view: DraftView }): JSX.Element {
  const { playerId } = useYou();
  const isOwn = view.openedBy === playerId;
  const hint = useRecentHint();
  const shielded = isOwn ? SAFETY.draft.shielded : SAFETY.draft.shieldedOf;
  return (
    <p className="draft-shield" role="status">
      {[isOwn ? hint : '', view.isShielded ? shielded : ''].filter((part) => part !== '').join(' ')}
    </p>
  );
}

/** The last hint for a while; a new one counts anew. */
function useRecentHint(): string {
  const hint = useSessionPart((state) => state.hint);
  const [shownAt, setShownAt] = useState<number | null>(null);
  useEffect(() => {
    if (hint === null || Date.now() - hint.at > SHOWN_MS) return;
    setShownAt(hint.at);
    const timer = setTimeout(() => setShownAt(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [hint]);
  return hint !== null && shownAt === hint.at ? hint.text : '';
}
