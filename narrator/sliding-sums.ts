/** Sums per key over a sliding window. */
export interface SlidingSumsOptions {
  /** Length of the window and of its slots, milliseconds; a slot leaves the window as a whole. */
  windowMs: number;
  slotMs: number;
  /** Keys remembered; beyond it those that were silent longest are forgotten. Default 4,096. */
  maxKeys?: number;
}

interface Slot {
  at: number;
  sum: number;
}

/** Adds numbers up per key and forgets them after a while. Bounded; pure: times are given. */
export class SlidingSums {
  readonly #options: SlidingSumsOptions;
  readonly #slots = new Map<string, Slot[]>();

  constructor(options: SlidingSumsOptions) {
    this.#options = options;
  }

  /** Adds to the sum of a key. */
  add(key: string, amount: number, nowMs: number): void {
    const slots = this.#recent(key, nowMs);
    const at = Math.floor(nowMs / this.#options.slotMs);
    const newest = slots.at(-1);
    if (newest?.at === at) newest.sum += amount;
    else slots.push({ at, sum: amount });
    this.#slots.delete(key);
    this.#slots.set(key, slots);
    const [silent] = this.#slots.keys();
    if (this.#slots.size > (this.#options.maxKeys ?? 4_096) && silent !== undefined)
      this.#slots.delete(silent);
  }

  /** The sum of a key over the window that ends now. */
  sum(key: string, nowMs: number): number {
    return this.#recent(key, nowMs).reduce((sum, slot) => sum + slot.sum, 0);
  }

  /** Keys that have a sum now. */
  keys(nowMs: number): string[] {
    return [...this.#slots.keys()].filter((key) => this.#recent(key, nowMs).length > 0);
  }

  /** Milliseconds until the sum of a key will be below `limit` if nothing is added; 0: it is. */
  msUntilBelow(key: string, limit: number, nowMs: number): number {
    const { slotMs, windowMs } = this.#options;
    let sum = this.sum(key, nowMs);
    if (sum < limit) return 0;
    for (const slot of this.#recent(key, nowMs)) {
      sum -= slot.sum;
      if (sum < limit) return (slot.at + 1) * slotMs + windowMs - nowMs;
    }
    return windowMs;
  }

  #recent(key: string, nowMs: number): Slot[] {
    const { slotMs, windowMs } = this.#options;
    return (this.#slots.get(key) ?? []).filter((slot) => (slot.at + 1) * slotMs + windowMs > nowMs);
  }
}
