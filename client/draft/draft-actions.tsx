import { Button } from '@mantine/core';
import { useState, type JSX } from 'react';
import { isMaster } from '../../sessions/roles.ts';
import type { DraftView } from '../../sessions/view.ts';
import { useStore } from '../common/store.ts';
import { useIsLive, useSlice, useTable, useYou } from '../link/session-context.ts';
import { TEXT } from '../strings.ts';
import type { DraftDocument, Pending } from './draft-document.ts';
import { KeptActions } from './kept-actions.tsx';

/** What finishing a draft means in the present turn mode. A reopened passage and kept words are always committed. */
export function useFinishing(view: DraftView): NonNullable<Pending> {
  const { mode } = useSlice('turn');
  const isForRound = mode === 'round' && view.replaces === null && view.keptFrom === null;
  return isForRound ? 'turn:submit' : 'draft:commit';
}

interface DraftActionsProps {
  draft: DraftDocument;
  view: DraftView;
}

/** Commit or submit, take back, discard: whatever this player may do with a draft now. */
export function DraftActions({ draft, view }: DraftActionsProps): JSX.Element | null {
  const you = useYou();
  const pending = useStore(draft.pending);
  const isLive = useIsLive();
  const { mode } = useSlice('turn');
  const isOwn = view.openedBy === you.playerId;
  const isCoWriter = mode === 'free' && Object.values(view.clients).includes(you.playerId);
  if (!isOwn && !isCoWriter && !isMaster(you.role)) return null;
  // Only its author hands a passage in for the round.
  if (!isOwn && mode === 'round' && view.replaces === null) return null;
  if (view.isSubmitted) return isOwn ? <Withdraw view={view} /> : null;
  if (pending !== null && !isLive) return <Waiting draft={draft} pending={pending} />;
  return <FinishOrDiscard draft={draft} view={view} />;
}

function FinishOrDiscard({ draft, view }: DraftActionsProps): JSX.Element {
  const { shelf } = useTable();
  const finishing = useFinishing(view);
  const pending = useStore(draft.pending);
  const length = useStore(draft.length);
  const isLive = useIsLive();
  const [isAsking, setAsking] = useState(false);
  const you = useYou();
  const mayDiscard = view.openedBy === you.playerId || isMaster(you.role);
  if (isAsking) return <AskDiscard view={view} onKeep={() => setAsking(false)} />;
  return (
    <div className="draft-actions">
      {view.keptFrom !== null ? (
        <KeptActions draft={draft} view={view} />
      ) : (
        <Button
          size="compact-sm"
          disabled={length === 0}
          loading={pending !== null}
          onClick={() => void shelf.finish(draft, finishing)}
        >
          {finishing === 'turn:submit' ? TEXT.draft.submit : TEXT.draft.commit}
        </Button>
      )}
      {mayDiscard && (
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          disabled={!isLive || pending !== null}
          onClick={() => (length === 0 ? void shelf.discard(view.id) : setAsking(true))}
        >
          {TEXT.draft.discard}
        </Button>
      )}
    </div>
  );
}

function AskDiscard({ view, onKeep }: { view: DraftView; onKeep: () => void }): JSX.Element {
  const { shelf } = useTable();
  return (
    <div className="draft-actions" role="group" aria-label={TEXT.draft.discardAsk}>
      <span>{TEXT.draft.discardAsk}</span>
      <Button size="compact-sm" color="red" autoFocus onClick={() => void shelf.discard(view.id)}>
        {TEXT.draft.discard}
      </Button>
      <Button size="compact-sm" variant="subtle" onClick={onKeep}>
        {TEXT.draft.discardNo}
      </Button>
    </div>
  );
}

function Waiting({ draft, pending }: { draft: DraftDocument; pending: NonNullable<Pending> }): JSX.Element {
  return (
    <div className="draft-actions" role="status">
      <span>{pending === 'draft:commit' ? TEXT.draft.commitWaiting : TEXT.draft.submitWaiting}</span>
      <Button size="compact-sm" variant="subtle" onClick={() => draft.pending.set(null)}>
        {TEXT.draft.dontWait}
      </Button>
    </div>
  );
}

function Withdraw({ view }: { view: DraftView }): JSX.Element {
  const { session } = useTable();
  return (
    <div className="draft-actions">
      <Button
        size="compact-sm"
        variant="light"
        disabled={!useIsLive()}
        onClick={() => void session.act('turn:withdraw', { draftId: view.id })}
      >
        {TEXT.draft.withdraw}
      </Button>
    </div>
  );
}
