/** Prompt tokens that work in the background gets of a step in which urgent work takes part. */
const BACKGROUND_TOKENS = 32;
/** A slower step halves the chunk, a faster one that used it up lets it grow by a quarter, milliseconds. */
const SLOW_MS = 150;
const FAST_MS = 75;
const GROWTH = 1.25;

/** A turn that is to be in a step. */
export interface BudgetTurn {
  /** Tokens of its prompt that the engine does not hold yet; 1 or less: it samples. */
  promptLeft: number;
  isUrgent: boolean;
}

/** Prompt tokens that a step may hold over all its turns. */
export interface ChunkBounds {
  first: number;
  min: number;
  max: number;
}

/** The bounds that suit processors and graphics cards alike. */
export const CHUNK: ChunkBounds = { first: 128, min: 32, max: 512 };

/**
 * Divides the prompt tokens of a step among turns, most important first: for each turn how many tokens of its
 * prompt are evaluated. The last one does not count: a turn that gets all but that samples from it in the same
 * step. Urgent turns come before the others, and beside an urgent one all others together get 32. A turn with a
 * longer prompt that gets 0 has to wait.
 */
export function divideBudget(turns: readonly BudgetTurn[], chunk: number): number[] {
  const given = turns.map(() => 0);
  let left = chunk;
  const give = (isUrgent: boolean) => {
    for (const [at, turn] of turns.entries()) {
      if (turn.isUrgent !== isUrgent) continue;
      const amount = Math.max(0, Math.min(turn.promptLeft - 1, left));
      given[at] = amount;
      left -= amount;
    }
  };
  give(true);
  if (turns.some((turn) => turn.isUrgent)) left = Math.min(left, BACKGROUND_TOKENS);
  give(false);
  return given;
}

/** Finds the chunk that keeps steps short: nobody's text waits longer than a step for somebody's prompt. */
export class StepChunk {
  readonly #bounds: ChunkBounds;
  #size: number;

  constructor(bounds: ChunkBounds) {
    this.#bounds = bounds;
    this.#size = this.#bound(bounds.first);
  }

  /** Prompt tokens of the next step, a whole number within the bounds. */
  get size(): number {
    return this.#size;
  }

  /** Tells how long the last step took and how many prompt tokens it had. */
  learn(ms: number, promptTokens: number): void {
    if (ms > SLOW_MS) this.#size = this.#bound(this.#size / 2);
    else if (ms < FAST_MS && promptTokens >= this.#size) this.#size = this.#bound(this.#size * GROWTH);
  }

  #bound(size: number): number {
    return Math.max(this.#bounds.min, Math.min(this.#bounds.max, Math.floor(size)));
  }
}
