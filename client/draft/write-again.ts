import { LIMITS } from '../../sessions/limits.ts';
import { showToast } from '../common/toasts.ts';
import type { Table } from '../link/session-context.ts';
import { ROLLBACK } from '../rollback/rollback-strings.ts';
import type { DraftDocument } from './draft-document.ts';
import type { DraftShelf } from './draft-shelf.ts';

const PATIENCE_MS = 10_000;
const FRAMES = 120;

/** Types a text into one's open passage, or a new one. The draft it stands in; null: it did not work, as is shown. */
export async function writeAgain({ session, shelf }: Table, text: string): Promise<string | null> {
  const draftId = await openOwn(session);
  const draft = draftId === null ? null : await shelved(shelf, draftId);
  if (draft === null) return null;
  const before = draft.text.length === 0 ? '' : '\n\n';
  if (draft.text.length + before.length + text.length > LIMITS.passageLength) {
    showToast(ROLLBACK.takenBack.full, { tone: 'problem' });
    return null;
  }
  draft.doc.transact(() => draft.text.insert(draft.text.length, before + text));
  return draft.id;
}

/** Gives the focus to the editor of a draft as soon as it stands, the caret behind its words as soon as they are there. */
export function focusDraft(draftId: string): void {
  let hadFocus = false;
  const look = (frames: number): void => {
    const editor = document.querySelector<HTMLElement>(
      `[data-draft-id="${CSS.escape(draftId)}"] .cm-content`,
    );
    if (editor !== null && !hadFocus) editor.focus();
    hadFocus = editor !== null;
    // Whoever goes elsewhere meanwhile is left alone.
    if (hadFocus && document.activeElement !== editor) return;
    const isThere = editor !== null && editor.querySelector('.cm-placeholder') === null;
    if (isThere) caretToEnd(editor);
    else if (frames > 0) requestAnimationFrame(() => look(frames - 1));
  };
  look(FRAMES);
}

function caretToEnd(editor: HTMLElement): void {
  const selection = getSelection();
  selection?.selectAllChildren(editor);
  selection?.collapseToEnd();
}

async function openOwn(session: Table['session']): Promise<string | null> {
  const { view, you } = session.state.get();
  const open = view?.drafts.find(
    (draft) =>
      draft.openedBy === you?.playerId &&
      draft.replaces === null &&
      draft.keptFrom === null &&
      !draft.isSubmitted,
  );
  if (open !== undefined) return open.id;
  const opened = await session.command('draft:open', {});
  if (opened.ok) return opened.value.draftId;
  showToast(opened.message, { tone: 'problem' });
  return null;
}

/** The document of a draft, when it has come; null: it did not in time. */
function shelved(shelf: DraftShelf, draftId: string): Promise<DraftDocument | null> {
  return new Promise((resolve) => {
    const look = (): boolean => {
      const draft = shelf.drafts.get().get(draftId);
      if (draft === undefined) return false;
      end(draft);
      return true;
    };
    const end = (draft: DraftDocument | null): void => {
      clearTimeout(timer);
      stop();
      resolve(draft);
    };
    const timer = setTimeout(() => end(null), PATIENCE_MS);
    const stop = shelf.drafts.watch(look);
    look();
  });
}
