import { Button } from '@mantine/core';
import type { JSX } from 'react';
import type { DraftView } from '../../sessions/view.ts';
import { useStore } from '../common/store.ts';
import { showToast } from '../common/toasts.ts';
import { useIsLive, useSlice, useTable } from '../link/session-context.ts';
import { ROLLBACK } from '../rollback/rollback-strings.ts';
import { TEXT } from '../strings.ts';
import type { DraftDocument } from './draft-document.ts';
import { focusDraft, writeAgain } from './write-again.ts';

const { kept: words } = ROLLBACK;

/** What can be done with words whose passage was taken back: a new passage, or, in a round, a part of one's own. */
export function KeptActions({ draft, view }: { draft: DraftDocument; view: DraftView }): JSX.Element {
  const { shelf } = useTable();
  const { mode } = useSlice('turn');
  const pending = useStore(draft.pending);
  const length = useStore(draft.length);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(draft.text.toJSON());
    showToast(TEXT.story.copied);
  };
  return (
    <>
      {mode === 'round' ? (
        <MoveButton draft={draft} view={view} />
      ) : (
        <Button
          size="compact-sm"
          disabled={length === 0}
          loading={pending !== null}
          onClick={() => void shelf.finish(draft, 'draft:commit')}
        >
          {words.commit}
        </Button>
      )}
      <Button size="compact-sm" variant="light" disabled={length === 0} onClick={() => void copy()}>
        {words.copy}
      </Button>
    </>
  );
}

function MoveButton({ draft, view }: { draft: DraftDocument; view: DraftView }): JSX.Element {
  const table = useTable();
  const isLive = useIsLive();
  const length = useStore(draft.length);
  const move = async (): Promise<void> => {
    const draftId = await writeAgain(table, draft.text.toJSON());
    if (draftId === null) return;
    await table.shelf.drafts.get().get(draftId)?.whenSaved();
    await table.shelf.discard(view.id);
    focusDraft(draftId);
  };
  return (
    <Button
      size="compact-sm"
      title={words.inRound}
      disabled={!isLive || length === 0}
      onClick={() => void move()}
    >
      {words.move}
    </Button>
  );
}
