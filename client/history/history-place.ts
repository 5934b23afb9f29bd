import { closePanel, panelPlace } from '../common/panel-place.ts';
import { Store } from '../common/store.ts';

/** What stands in the place of the story: the story of a moment (epoch ms), or other branches of it. */
export type Looking =
  | { kind: 'past'; time: number; hasChanges: boolean }
  | { kind: 'branch'; branchId: string }
  | { kind: 'compare'; branchId: string };

/** What this player looks at; null: the story of now. */
export const looking = new Store<Looking | null>(null);

/** A part of the history panel. */
export type HistoryPart = 'timeline' | 'checkpoints' | 'branches';

/** Which part of the history panel is in view. */
export const historyPart = new Store<HistoryPart>('timeline');

/** A dialog about history; `passageId` null: from an empty page. */
export type HistoryDialog =
  | { name: 'scene' }
  | { name: 'checkpoint' }
  | { name: 'branch'; passageId: string | null }
  | { name: 'rename'; branchId: string }
  | { name: 'switch'; branchId: string };

/** The dialog that is open; null: none. */
export const historyDialog = new Store<HistoryDialog | null>(null);

/** Shows the story as it was; what has changed since stays marked when it was. */
export function lookAt(time: number): void {
  looking.update((now) => ({ kind: 'past', time, hasChanges: now?.kind === 'past' && now.hasChanges }));
}

/** Shows the story as it was, with what has changed since. */
export function lookAtChangesSince(time: number): void {
  looking.set({ kind: 'past', time, hasChanges: true });
}

/** Shows the story of now again. */
export function backToNow(): void {
  looking.set(null);
}

/** Brings a part of the history into view. */
export function openHistory(part: HistoryPart): void {
  historyPart.set(part);
  panelPlace.update((place) => ({ ...place, tab: 'history', isOpen: true }));
}

/** Shows something in the place of the story and takes the panel away where it covers that. */
export function showInstead(what: Looking): void {
  looking.set(what);
  closePanel();
}

/** Forgets all of it: what is looked at belongs to one session. */
export function leaveHistory(): void {
  looking.set(null);
  historyPart.set('timeline');
  historyDialog.set(null);
}
