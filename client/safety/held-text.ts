import type { DeskView } from '../../sessions/safety-view.ts';
import type { Passage } from '../../sessions/story-shape.ts';
import { SAFETY } from './safety-strings.ts';

type Desk = Pick<DeskView, 'notes' | 'review'>;

/** The held text on a game master's desk that stands behind a passage; null: none. */
export function holdOf(passageId: string, { review }: Desk): string | null {
  const hold = review?.holds.find((one) => one.passageId === passageId && one.state === 'open');
  return hold?.id ?? null;
}

/**
 * What stands in the place of a held passage. Why it is held is known to its author and game masters; others know
 * that it is out of sight when it was there before.
 */
export function heldText(
  passage: Pick<Passage, 'id' | 'by'>,
  desk: Desk,
  { playerId, wasHidden }: { playerId: string; wasHidden: boolean },
): string {
  const known = [...desk.notes, ...(desk.review?.holds ?? [])].find(
    (one) => one.passageId === passage.id && one.state === 'open',
  );
  // An author's note may come a moment after the placeholder, and none comes about what an X-card hid.
  const isHidden = known === undefined ? wasHidden : known.kind === 'hidden';
  if (isHidden) return SAFETY.held.hidden;
  return passage.by === playerId ? SAFETY.held.yours : SAFETY.held.waits;
}
