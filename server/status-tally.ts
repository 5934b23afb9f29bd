import type { Clock } from '../sessions/ports.ts';

const BUCKET_MS = 5_000;
const WINDOW_MS = 5 * 60_000;
const MINUTE_MS = 60_000;

interface Bucket {
  from: number;
  total: number;
  errors: number;
}

/** Counts requests and commands, and those that failed by our fault, over the last five minutes. */
export class RequestTally {
  readonly #clock: Clock;
  readonly #since: number;
  #buckets: Bucket[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#since = clock.now();
  }

  /** One was answered. */
  note(isError: boolean): void {
    const now = this.#clock.now();
    const from = now - (now % BUCKET_MS);
    let newest = this.#buckets.at(-1);
    if (newest === undefined || newest.from < from) {
      this.#buckets = this.#buckets.filter((bucket) => bucket.from > now - WINDOW_MS - BUCKET_MS);
      newest = { from, total: 0, errors: 0 };
      this.#buckets.push(newest);
    }
    newest.total += 1;
    if (isError) newest.errors += 1;
  }

  #over(ms: number): { total: number; errors: number } {
    const start = this.#clock.now() - ms;
    const recent = this.#buckets.filter(({ from }) => from + BUCKET_MS > start);
    return recent.reduce(
      (sum, { total, errors }) => ({ total: sum.total + total, errors: sum.errors + errors }),
      { total: 0, errors: 0 },
    );
  }

  /** Of the last five minutes. */
  recent(): { total: number; errors: number } {
    return this.#over(WINDOW_MS);
  }

  /** Of the last minute; null: the server does not run for so long. */
  perMinute(): number | null {
    return this.#clock.now() - this.#since < MINUTE_MS ? null : this.#over(MINUTE_MS).total;
  }
}
