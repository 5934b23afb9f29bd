import type { DeskView } from '../../sessions/safety-view.ts';
import type { Passage } from '../../sessions/story-shape.ts';
import { SAFETY } from './safety-strings.ts';

type Desk = Pick<DeskView, 'review'>;

/** The held text on a game master's desk that stands behind a passage; null: none. */
export function holdOf(passageId: string, { review }: Desk): string | null {
  const hold = review?.holds.find((one) => one.passageId === passageId && one.state === 'open');
  return hold?.id ?? null;
}

/** What stands in the place of a held passage, for its author and for others. */
export function heldText(
  passage: Pick<Passage, 'id' | 'by'>,
  { playerId, hiddenPassages }: { playerId: string; hiddenPassages: readonly string[] },
): string {
  if (hiddenPassages.includes(passage.id)) return SAFETY.held.hidden;
  return passage.by === playerId ? SAFETY.held.yours : SAFETY.held.waits;
}
