import { Store } from './store.ts';

/** A tab of the panel beside the story. */
export type PanelTab = 'people' | 'cast' | 'talk' | 'review' | 'history' | 'health';

/** Which tab is in view, whether the panel is open where it is a drawer, and which held text was asked for. */
export interface PanelPlace {
  tab: PanelTab;
  isOpen: boolean;
  holdId: string | null;
}

/** Where the panel beside the story stands. */
export const panelPlace = new Store<PanelPlace>({ tab: 'people', isOpen: false, holdId: null });

/** Brings the review panel into view, at a held text when one is named. */
export function openReview(holdId: string | null = null): void {
  panelPlace.set({ tab: 'review', isOpen: true, holdId });
}

/** Takes the panel away where it covers the story. */
export function closePanel(): void {
  panelPlace.update((place) => ({ ...place, isOpen: false }));
}
