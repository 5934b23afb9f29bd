import { closePanel } from '../common/panel-place.ts';

/** Brings a passage of the story into view and gives it the focus. */
export function goToPassage(passageId: string): void {
  closePanel();
  // A drawer that closes gives the focus back first.
  requestAnimationFrame(() => {
    const passage = document.querySelector<HTMLElement>(`[data-passage-id="${CSS.escape(passageId)}"]`);
    if (passage === null) return;
    passage.scrollIntoView({ block: 'center' });
    passage.tabIndex = -1;
    passage.focus({ preventScroll: true });
  });
}
