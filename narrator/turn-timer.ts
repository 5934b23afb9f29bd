import type { TurnTiming } from '../sessions/facts.ts';
import type { Clock } from '../sessions/ports.ts';

/**
 * Where the time of one narrator turn goes (S0.31). Its parts add up to the total exactly, whatever happens and in
 * whatever order it is told; a part that never came is 0.
 */
export class TurnTimer {
  readonly #clock: Clock;
  readonly #askedAt: number;
  #grantedAt: number | null = null;
  #firstAt: number | null = null;
  #lastAt: number | null = null;
  /** A model was asked: what comes before its first word is its reading. */
  #isReading = false;

  /** The turn was asked for at this moment of the clock, epoch ms. */
  constructor(clock: Clock, askedAt: number) {
    this.#clock = clock;
    this.#askedAt = askedAt;
  }

  /** The turn has its place on the engine. */
  granted(): void {
    this.#grantedAt ??= this.#clock.now();
  }

  /** A prompt goes to the model. */
  reads(): void {
    this.#isReading = true;
  }

  /** A piece of text has come; ms since the grant, the request, and the piece before (null: the first). */
  heard(): { sinceGrantMs: number; sinceAskedMs: number; gapMs: number | null } {
    const now = this.#clock.now();
    const gapMs = this.#lastAt === null ? null : now - this.#lastAt;
    this.#firstAt ??= now;
    this.#lastAt = now;
    return { sinceGrantMs: now - (this.#grantedAt ?? now), sinceAskedMs: now - this.#askedAt, gapMs };
  }

  /** How the time until now was spent. A model that said nothing has read all the while. */
  timing(): TurnTiming {
    const now = this.#clock.now();
    const grantedAt = this.#grantedAt ?? now;
    const firstAt = this.#firstAt ?? (this.#isReading ? now : grantedAt);
    const lastAt = this.#lastAt ?? firstAt;
    return {
      queueMs: grantedAt - this.#askedAt,
      prefillMs: firstAt - grantedAt,
      decodeMs: lastAt - firstAt,
      postMs: now - lastAt,
      totalMs: now - this.#askedAt,
    };
  }
}
