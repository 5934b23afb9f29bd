import type { DeskView } from '../../sessions/safety-view.ts';
import { SAFETY } from './safety-strings.ts';

/** Why this player may not write for now, in words; null: they may. The server decides. */
export function whyNotWrite(desk: Pick<DeskView, 'mutedUntil' | 'isReadOnly' | 'isAway'>): string | null {
  if (desk.isAway) return SAFETY.draft.notWhileAway;
  if (desk.isReadOnly) return SAFETY.draft.notWhileReadOnly;
  return desk.mutedUntil === null ? null : SAFETY.draft.notWhileMuted;
}
