import type { RollbackScope } from '../../sessions/history-view.ts';
import { Store } from '../common/store.ts';

/** The rollback dialog: `scope` null while the game master still chooses what goes. */
export interface RollbackPlace {
  scope: RollbackScope | null;
}

/** Where the rollback dialog stands; null: closed. */
export const rollbackPlace = new Store<RollbackPlace | null>(null);

/** Shows what a rollback would do. Nothing is done before the game master says so there. */
export function openRollback(scope: RollbackScope): void {
  rollbackPlace.set({ scope });
}

/** Lets a game master choose what a rollback is to take back, then shows what it would do. */
export function chooseRollback(): void {
  rollbackPlace.set({ scope: null });
}

/** Takes the rollback dialog away. */
export function closeRollback(): void {
  rollbackPlace.set(null);
}
