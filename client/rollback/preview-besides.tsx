import type { JSX } from 'react';
import type { PreviewDraft, RollbackPreview } from '../../sessions/history-view.ts';
import { branchName } from '../branches/branch-name.ts';
import { useAuthors } from '../common/authors.ts';
import { useStore } from '../common/store.ts';
import { useSlice, useTable } from '../link/session-context.ts';
import { chosenDrafts, type Choices } from './preview-plan.ts';
import { PreviewPart } from './preview-part.tsx';
import { AuthorDots } from './preview-passages.tsx';
import { ROLLBACK } from './rollback-strings.ts';

const { preview: words } = ROLLBACK;

/** What a rollback touches besides passages: open texts, memory, cast, requests, what waits, other branches. */
export function PreviewBesides(props: { preview: RollbackPreview; choices: Choices }): JSX.Element {
  const { preview, choices } = props;
  const views = useSlice('drafts');
  const drafts = [...preview.drafts, ...chosenDrafts(preview, choices, views)];
  return (
    <>
      <Drafts drafts={drafts} />
      <Memory memory={preview.memory} />
      <Others preview={preview} />
    </>
  );
}

function Drafts({ drafts }: { drafts: readonly PreviewDraft[] }): JSX.Element | null {
  const typing = useSlice('typing');
  const { nameOf } = useAuthors();
  if (drafts.length === 0) return null;
  return (
    <PreviewPart title={words.drafts}>
      <p className="note">{words.draftsHint}</p>
      <ul className="rollback-list">
        {drafts.map((draft) => {
          const writers = draft.writers.length === 0 ? [draft.openedBy] : draft.writers;
          // Whoever types now, not only who did when the preview was made.
          const now = Object.keys(typing).filter((playerId) => typing[playerId] === draft.draftId);
          return (
            <li key={draft.draftId} className="rollback-passage">
              <p className="rollback-meta">
                <span className="visually-hidden">{words.draftOf(writers.map(nameOf))}</span>
                <AuthorDots authors={writers} />
                {now.length > 0 && <strong>{words.typing(now.map(nameOf))}</strong>}
              </p>
            </li>
          );
        })}
      </ul>
    </PreviewPart>
  );
}

function Memory({ memory }: Pick<RollbackPreview, 'memory'>): JSX.Element | null {
  if (memory.length === 0) return null;
  return (
    <PreviewPart title={words.memory(memory.length)}>
      <p className="note">{words.memoryComesBack}</p>
      <ul className="rollback-list">
        {memory.map(({ itemId, text, kind, isPinned }) => (
          <li key={itemId} className="rollback-passage">
            <p className="rollback-excerpt">{text}</p>
            <p className="rollback-meta">
              {kind === 'summary' && <span className="badge">{words.summary}</span>}
              {isPinned && <span className="badge">{words.pinned}</span>}
            </p>
          </li>
        ))}
      </ul>
    </PreviewPart>
  );
}

function Others({ preview }: { preview: RollbackPreview }): JSX.Element | null {
  const cast = useSlice('cast');
  const { branches } = useStore(useTable().story.lines);
  const names = preview.castIds.flatMap((id) => cast.find((member) => member.id === id)?.name ?? []);
  const shared = preview.sharedWith.map((id) => branchName(branches.find((one) => one.id === id)));
  const lines = [
    names.length > 0 ? words.cast(names) : null,
    preview.narratorTurns.length > 0 ? words.turns(preview.narratorTurns.length) : null,
    preview.waiting.length > 0 ? words.waiting(preview.waiting.length) : null,
    shared.length > 0 ? words.shared(shared) : null,
  ].filter((line) => line !== null);
  if (lines.length === 0) return null;
  return (
    <PreviewPart title={words.besides}>
      <ul className="rollback-besides">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </PreviewPart>
  );
}
