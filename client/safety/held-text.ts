import type { DeskView } from '../../sessions/safety-view.ts';
import type { Passage } from '../../sessions/story-shape.ts';
import { SAFETY } from './safety-strings.ts';

type Desk = Pick<DeskView, 'notes' | 'review'>;

/** The held text on a game master's desk that stands behind a passage; null: none. */
export function holdOf(passageId: string, { review }: Desk): string | null {
  const hold = review?.holds.find((one) => one.passageId === passageId && one.state === 'open');
  return hold?.id ?? null;
}

/** What stands in the place of a held passage. Why it is held is known to its author and game masters only. */
export function heldText(passage: Pick<Passage, 'id' | 'by'>, desk: Desk, playerId: string): string {
  const known = [...desk.notes, ...(desk.review?.holds ?? [])].find(
    (one) => one.passageId === passage.id && one.state === 'open',
  );
  if (known?.kind === 'hidden') return SAFETY.held.hidden;
  if (passage.by !== playerId) return SAFETY.held.waits;
  // Authors have a note about every text of theirs that waits, and none about what an X-card hid.
  return known === undefined ? SAFETY.held.hidden : SAFETY.held.yours;
}
