/** How evenly something is shared out among people (D6). */
export interface Balance {
  /** 1 - G·n/(n - 1), G the Gini coefficient: 1 everybody the same, 0 one person did it all. */
  balance: number;
  /** Jain, Chiu and Hawe 1984: (Σx)² / (nΣx²), 1/n to 1. */
  jain: number;
}

/** Fewer people cannot be out of balance. */
const LEAST_PEOPLE = 2;

/**
 * Balance of amounts (words, turns) of the people who were there for at least half of the window, those with 0 among
 * them and the narrator not. Null under two people, or when nobody did anything.
 */
export function participation(amounts: readonly number[]): Balance | null {
  const n = amounts.length;
  const sum = amounts.reduce((all, amount) => all + amount, 0);
  if (n < LEAST_PEOPLE || sum <= 0) return null;
  const sorted = [...amounts].sort((a, b) => a - b);
  const ranked = sorted.reduce((all, amount, at) => all + (2 * (at + 1) - n - 1) * amount, 0);
  const gini = ranked / (n * sum);
  const squares = amounts.reduce((all, amount) => all + amount * amount, 0);
  return { balance: inUnit(1 - (gini * n) / (n - 1)), jain: (sum * sum) / (n * squares) };
}

/** Rounding may leave a trace outside of 0 to 1. */
function inUnit(value: number): number {
  return Math.min(1, Math.max(0, value));
}

/**
 * How often the author changes from one passage to the next, of all the times it could: (runs - 1) / (passages - 1).
 * `authors`: of people's passages, oldest first. Null under two.
 */
export function turnTaking(authors: readonly string[]): number | null {
  if (authors.length < 2) return null;
  const changes = authors.filter((author, at) => at > 0 && author !== authors[at - 1]).length;
  return changes / (authors.length - 1);
}
