import { refuse, type Refusal } from './errors.ts';
import { LIMITS } from './limits.ts';

/** How many turns there are when another one asks to come in. */
export interface TurnCounts {
  ofPlayer: number;
  ofSession: number;
}

/** N10, Q4: why a player may not have another turn now, and when to come again; null: they may. */
export function overTurnCap({ ofPlayer, ofSession }: TurnCounts, retryAfterMs: number): Refusal | null {
  if (ofPlayer >= LIMITS.narratorTurnsPerPlayer) {
    const detail = `You have ${ofPlayer} requests with the narrator; nobody may have more at a time.`;
    return refuse('NARRATOR_BUSY', detail, retryAfterMs);
  }
  if (ofSession < LIMITS.narratorTurnsPerSession) return null;
  const detail = `This session has ${ofSession} requests with the narrator; no session may have more at a time.`;
  return refuse('NARRATOR_BUSY', detail, retryAfterMs);
}
