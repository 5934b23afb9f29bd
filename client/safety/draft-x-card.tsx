import type { JSX } from 'react';
import type { DraftView } from '../../sessions/view.ts';
import { Icon } from '../common/icons.tsx';
import { useTable } from '../link/session-context.ts';
import { SAFETY } from './safety-strings.ts';
import { playXCard } from './x-card.ts';

/** The X-card on a draft that others can read. */
export function DraftXCard({ view, label }: { view: DraftView; label: string }): JSX.Element | null {
  const { session } = useTable();
  if (view.visibility !== 'live' || view.isShielded) return null;
  const name = SAFETY.kit.xCardDraft(label);
  return (
    <button
      type="button"
      className="quiet-button draft-x-card"
      aria-label={name}
      title={name}
      onClick={() => void playXCard(session, { draftId: view.id })}
    >
      <Icon name="card" size={16} />
    </button>
  );
}
