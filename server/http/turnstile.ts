/** Lets so many in at a time; the others wait in line, and beyond that are turned away. */
export class Turnstile {
  readonly #most: number;
  readonly #mostWaiting: number;
  readonly #waiting: (() => void)[] = [];
  #inside = 0;

  constructor(of: { most: number; mostWaiting: number }) {
    this.#most = of.most;
    this.#mostWaiting = of.mostWaiting;
  }

  /** Resolves inside, with the way out (idempotent); null: too many wait. */
  async enter(): Promise<(() => void) | null> {
    if (this.#inside < this.#most) this.#inside += 1;
    else {
      if (this.#waiting.length >= this.#mostWaiting) return null;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    let isInside = true;
    return () => {
      if (isInside) this.#leave();
      isInside = false;
    };
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#inside -= 1;
    else next();
  }
}
