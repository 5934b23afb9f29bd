import { NEW_STANDING, type Standing } from './safety-state.ts';
import { entryOf, type SessionState } from './state.ts';

/** D15: what was judged long ago counts half after this time, ms. */
const HALF_LIFE_MS = 30 * 24 * 3_600_000;

/** A player's standing; a fresh one for those of whom nothing is known. */
export function standingOf(state: SessionState, playerId: string): Standing {
  return entryOf(state.safety.standings, playerId) ?? NEW_STANDING;
}

function aged(standing: Standing, now: number): Standing {
  const share = 0.5 ** (Math.max(0, now - standing.at) / HALF_LIFE_MS);
  return { ...standing, clean: standing.clean * share, violations: standing.violations * share, at: now };
}

/** D15 user_history_score: (1 + clean) / (2 + clean + violations), both aged to `now`; 0 to 1. */
export function historyScore(standing: Standing, now: number): number {
  const { clean, violations } = aged(standing, now);
  return (1 + clean) / (2 + clean + violations);
}

/** The standing after one more text that was clean, or a strike. */
export function withText(standing: Standing, isStrike: boolean, now: number): Standing {
  const { clean, violations, ...rest } = aged(standing, now);
  return { ...rest, clean: clean + (isStrike ? 0 : 1), violations: violations + (isStrike ? 1 : 0) };
}

/** The standing after a strike was found to be none. */
export function withoutStrike(standing: Standing): Standing {
  return { ...standing, clean: standing.clean + 1, violations: Math.max(0, standing.violations - 1) };
}

/** Whether a game master has muted the player for now. */
export function isMuted(standing: Standing, now: number): boolean {
  return standing.mutedUntil !== null && standing.mutedUntil > now;
}
