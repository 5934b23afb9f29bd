/** A person's record at a table: decayed counts, and when they were last brought up to date. */
export interface History {
  clean: number;
  violations: number;
  /** Epoch ms. */
  at: number;
}

const HALF_LIFE_MS = 30 * 24 * 3_600_000;

/** The record of somebody who has not written yet. */
export function newHistory(now: number): History {
  return { clean: 0, violations: 0, at: now };
}

/** The same record at another time: both counts halve in 30 days. An earlier `now` changes nothing. */
export function decayHistory(history: History, now: number): History {
  const factor = 0.5 ** (Math.max(0, now - history.at) / HALF_LIFE_MS);
  return {
    clean: history.clean * factor,
    violations: history.violations * factor,
    at: Math.max(now, history.at),
  };
}

/** The record after one more text. */
export function addToHistory(history: History, isStrike: boolean, now: number): History {
  const { clean, violations, at } = decayHistory(history, now);
  return isStrike ? { clean, violations: violations + 1, at } : { clean: clean + 1, violations, at };
}

/** D15 user_history_score: (1 + clean) / (2 + clean + violations), 0 to 1; 0.5 for a new person. */
export function historyScore(history: History, now: number): number {
  const { clean, violations } = decayHistory(history, now);
  return (1 + clean) / (2 + clean + violations);
}

/**
 * D15 collaborative_impact, 0 to 1: how many people a text touches, in full when it hits a line or veil, by half
 * from severity 2 on.
 */
export function collaborativeImpact(playersPresent: number, hitsTable: boolean, severity: number): number {
  const weight = hitsTable ? 1 : severity >= 2 ? 0.5 : 0;
  return Math.min(1, (playersPresent * weight) / 6);
}
