const WINDOW_MS = 60_000;
/** The request with this number among equal ones in the window is refused (S2.4). */
const EQUAL_REQUESTS = 3;
/** Keys remembered; beyond it the oldest are forgotten. */
const MAX_KEYS = 4_096;

/** Notices a client that asks for the very same thing again and again. Bounded; pure. */
export class LoopGuard {
  readonly #times = new Map<string, number[]>();

  /** Milliseconds until the same request may be made again; null: it may be made now. */
  retryAfterMs(key: string, nowMs: number): number | null {
    const recent = this.#recent(key, nowMs);
    const [oldest] = recent;
    if (recent.length < EQUAL_REQUESTS - 1 || oldest === undefined) return null;
    return oldest + WINDOW_MS - nowMs;
  }

  /** Remembers that the request was made. */
  note(key: string, nowMs: number): void {
    const recent = this.#recent(key, nowMs);
    this.#times.delete(key);
    this.#times.set(key, [...recent, nowMs].slice(-EQUAL_REQUESTS));
    const [oldest] = this.#times.keys();
    if (this.#times.size > MAX_KEYS && oldest !== undefined) this.#times.delete(oldest);
  }

  #recent(key: string, nowMs: number): number[] {
    return (this.#times.get(key) ?? []).filter((at) => at > nowMs - WINDOW_MS);
  }
}
