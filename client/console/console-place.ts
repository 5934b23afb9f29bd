import { panelPlace } from '../common/panel-place.ts';
import { Store } from '../common/store.ts';

/** Whether somebody has asked for the console and its panel has not yet taken the focus. */
export const consoleAsked = new Store(false);

/** Brings the game master's console into view and gives it the focus. */
export function openConsole(): void {
  panelPlace.set({ tab: 'health', isOpen: true, holdId: null });
  consoleAsked.set(true);
}
