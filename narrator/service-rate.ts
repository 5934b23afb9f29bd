/** How fast the past is forgotten, milliseconds. */
const MEMORY_MS = 10_000;
/** A longer pause between charges is rest, not work. */
const REST_MS = 2_000;

/** Cost units a second of the engine while it works, smoothed over its last seconds. Pure: times are given. */
export class ServiceRate {
  #units = 0;
  #ms = 0;
  #lastAt: number | null = null;

  /** Adds what the engine has just done. */
  note(units: number, nowMs: number): void {
    const passed = this.#lastAt === null ? -1 : nowMs - this.#lastAt;
    this.#lastAt = nowMs;
    // How long the first step took is not known.
    if (passed < 0 || passed > REST_MS) return;
    const kept = Math.exp(-passed / MEMORY_MS);
    this.#units = this.#units * kept + units;
    this.#ms = this.#ms * kept + passed;
  }

  /** The engine has nothing to do: the time until the next charge does not count. */
  rest(): void {
    this.#lastAt = null;
  }

  /** Cost units a second; null: not measured yet. */
  get perSecond(): number | null {
    return this.#ms < 1 || this.#units === 0 ? null : (this.#units * 1_000) / this.#ms;
  }
}
