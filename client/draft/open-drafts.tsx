import type { JSX } from 'react';
import type { DraftView } from '../../sessions/view.ts';
import { useAuthors } from '../common/authors.ts';
import { useStore } from '../common/store.ts';
import { useSlice, useTable, useYou } from '../link/session-context.ts';
import { TEXT } from '../strings.ts';
import { DraftActions, useFinishing } from './draft-actions.tsx';
import { DraftCard } from './draft-card.tsx';
import type { DraftDocument } from './draft-document.ts';

/** Other people's open passages, at the end of the story where they will stand. */
export function OpenDrafts(): JSX.Element {
  const { shelf } = useTable();
  const you = useYou();
  const views = useSlice('drafts');
  const documents = useStore(shelf.drafts);
  const hidden = useStore(shelf.hidden);
  const others = views.filter((view) => view.openedBy !== you.playerId);
  return (
    <>
      {others.map((view) => {
        const draft = documents.get(view.id);
        return draft === undefined ? null : <OpenDraft key={view.id} draft={draft} view={view} />;
      })}
      {hidden > 0 && (
        <button type="button" className="link-button" onClick={() => shelf.showMore()}>
          {TEXT.draft.moreOpen(hidden)}
        </button>
      )}
    </>
  );
}

function OpenDraft({ draft, view }: { draft: DraftDocument; view: DraftView }): JSX.Element {
  const { shelf } = useTable();
  const { nameOf } = useAuthors();
  const finishing = useFinishing(view);
  return (
    <DraftCard
      draft={draft}
      view={view}
      label={TEXT.draft.of(nameOf(view.openedBy))}
      isFocused={false}
      onFinish={() => void shelf.finish(draft, finishing)}
    >
      <DraftActions draft={draft} view={view} />
    </DraftCard>
  );
}
