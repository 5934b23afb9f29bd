import { closePanel } from '../common/panel-place.ts';

/** Brings the narrator's desk into view and gives it the focus. */
export function goToNarratorDesk(): void {
  closePanel();
  // A drawer that closes gives the focus back first.
  requestAnimationFrame(() => {
    const desk = document.querySelector<HTMLElement>('.narrator-desk');
    desk?.scrollIntoView({ block: 'nearest' });
    desk?.focus({ preventScroll: true });
  });
}
