import type { RollbackScope } from '../../sessions/history-view.ts';
import { Store } from '../common/store.ts';

/** A dialog about what becomes of the story. */
export type StoryDialog =
  /** `scope` null: the game master still chooses what goes. */
  | { name: 'rollback'; scope: RollbackScope | null }
  /** One's own texts that were taken back. */
  | { name: 'taken-back' }
  /** `itemId`: the one to begin at. */
  | { name: 'memory'; itemId: string | null }
  | { name: 'sight'; passageId: string; alternativeId: string }
  | { name: 'purge'; passageIds: readonly string[]; talkIds: readonly string[] }
  | { name: 'export' };

/** An open dialog, and what gets the focus back when it closes. */
export interface StoryDialogPlace {
  dialog: StoryDialog;
  opener: HTMLElement | null;
}

/** The dialog that is open; null: none. */
export const storyDialog = new Store<StoryDialogPlace | null>(null);

/** What the focus belongs to: the button of an open menu rather than the item in it that goes. */
function openerNow(): HTMLElement | null {
  const menu = document.querySelector<HTMLElement>(
    'button[aria-haspopup="menu"][aria-expanded="true"]:not([aria-hidden="true"])',
  );
  if (menu !== null) return menu;
  const at = document.activeElement;
  return at instanceof HTMLElement && at !== document.body ? at : null;
}

/** Opens one of the dialogs; what had the focus gets it back. */
export function openStoryDialog(dialog: StoryDialog): void {
  storyDialog.set({ dialog, opener: storyDialog.get()?.opener ?? openerNow() });
}

/** Shows what a rollback would do. Nothing is done before the game master says so there. */
export function openRollback(scope: RollbackScope): void {
  openStoryDialog({ name: 'rollback', scope });
}

/** Takes the dialog away and gives the focus back. */
export function closeStoryDialog(): void {
  const opener = storyDialog.get()?.opener ?? null;
  storyDialog.set(null);
  // The dialog keeps the focus until it is gone.
  requestAnimationFrame(() => {
    const isFree = document.activeElement === null || document.activeElement === document.body;
    if (!isFree) return;
    const back = opener?.isConnected === true ? opener : document.getElementById('story');
    back?.focus({ preventScroll: true });
  });
}
