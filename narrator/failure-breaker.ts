/** So many failures in the window open the breaker (S2.F6). */
const FAILURES = 5;
const WINDOW_MS = 30_000;
/** Turns that fail together fail by one cause. */
const TOGETHER_MS = 250;

/**
 * Counts failed attempts at an engine. `closed`: it works. `open`: it has failed five times within 30 s and is
 * left alone. `trial`: it may prove itself with one turn; a failure opens it again. Pure: times are given.
 */
export class FailureBreaker {
  #state: 'closed' | 'open' | 'trial' = 'closed';
  #failures: number[] = [];

  get state(): 'closed' | 'open' | 'trial' {
    return this.#state;
  }

  /** Notes a failure; true when the breaker opens by it. */
  failed(nowMs: number): boolean {
    if (this.#state === 'open' || nowMs - (this.#failures.at(-1) ?? -Infinity) < TOGETHER_MS) return false;
    this.#failures = [...this.#failures.filter((at) => at > nowMs - WINDOW_MS), nowMs].slice(-FAILURES);
    if (this.#state === 'closed' && this.#failures.length < FAILURES) return false;
    this.#state = 'open';
    return true;
  }

  /** Notes a turn that ended well. */
  worked(): void {
    this.#state = 'closed';
    this.#failures = [];
  }

  /** The engine is back after a rest. */
  rested(): void {
    if (this.#state === 'open') this.#state = 'trial';
  }
}
