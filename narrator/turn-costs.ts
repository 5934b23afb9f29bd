import type { TokenCost } from '../sessions/ports.ts';

/** What a turn is expected to cost before any has ended. */
const UNKNOWN: TokenCost = { inputTokens: 300, outputTokens: 180 };
/** Weight of the newest turn in the running means. */
const NEWEST = 0.3;
const MAX_SESSIONS = 1_024;

function mix(mean: TokenCost | undefined, cost: TokenCost): TokenCost {
  if (mean === undefined) return cost;
  return {
    inputTokens: mean.inputTokens + NEWEST * (cost.inputTokens - mean.inputTokens),
    outputTokens: mean.outputTokens + NEWEST * (cost.outputTokens - mean.outputTokens),
  };
}

/** What turns of a session usually cost, learnt from those that ended. Bounded; pure. */
export class TurnCosts {
  readonly #sessions = new Map<string, TokenCost>();
  #all: TokenCost | undefined;

  /** A turn of the session has ended and cost so much. */
  learn(sessionId: string, cost: TokenCost): void {
    this.#all = mix(this.#all, cost);
    const mean = mix(this.#sessions.get(sessionId), cost);
    this.#sessions.delete(sessionId);
    this.#sessions.set(sessionId, mean);
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size > MAX_SESSIONS && oldest !== undefined) this.#sessions.delete(oldest);
  }

  /**
   * What a turn of the session has before it yet, when it has cost `spent` so far. One that has written as much as
   * is usual is taken to go on for a quarter of that.
   */
  left(sessionId: string, spent: TokenCost): TokenCost {
    const mean = this.#sessions.get(sessionId) ?? this.#all ?? UNKNOWN;
    const hasRead = spent.outputTokens > 0;
    return {
      inputTokens: hasRead ? 0 : Math.max(0, Math.round(mean.inputTokens - spent.inputTokens)),
      outputTokens: Math.max(
        1,
        Math.ceil(mean.outputTokens / 4),
        Math.round(mean.outputTokens - spent.outputTokens),
      ),
    };
  }
}
