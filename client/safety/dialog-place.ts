import type { CommandInput } from '../../sessions/protocol.ts';
import { Store } from '../common/store.ts';

/** A dialog of the safety tools. `what`: the thing reported, in words. */
export type SafetyDialog =
  | { name: 'topics' }
  | { name: 'agreement' }
  | { name: 'zero' }
  | { name: 'report'; about: CommandInput<'report:file'>['about']; what: string };

/** The dialog that is open; null: none. */
export const safetyDialog = new Store<SafetyDialog | null>(null);
