/** How a flow (a tenant or session) stands when a step has been planned. */
export interface FlowState {
  /** Has work that could get a permit and waits. */
  isWaiting: boolean;
  /** Since the step before, it had nothing that waits for a moment. */
  hasLeft: boolean;
}

/**
 * The largest difference of service over weight that two siblings received in any interval in which both
 * waited all the time. For each step: `enter`, `served` for each flow, `leave`.
 */
export class SpreadWatch {
  most = 0;
  readonly #weights: readonly number[];
  readonly #shares: number[];
  /** By pair: the least and the largest difference since both wait; NaN: they do not. */
  readonly #least: number[];
  readonly #largest: number[];

  constructor(weights: readonly number[]) {
    this.#weights = weights;
    this.#shares = weights.map(() => 0);
    const pairs = weights.length ** 2;
    this.#least = Array.from({ length: pairs }, () => Number.NaN);
    this.#largest = [...this.#least];
  }

  /** A step is planned; how each flow stands. */
  enter(flows: readonly FlowState[]): void {
    this.#eachPair((pair, one, other) => {
      const [a, b] = [flows[one], flows[other]];
      if (a?.isWaiting !== true || b?.isWaiting !== true) this.#least[pair] = Number.NaN;
      else if (a.hasLeft || b.hasLeft || Number.isNaN(this.#least[pair])) {
        this.#least[pair] = this.#largest[pair] = this.#difference(one, other);
      }
    });
  }

  /** What the step did for a flow, cost units. */
  served(flow: number, units: number): void {
    this.#shares[flow] = (this.#shares[flow] ?? 0) + units / (this.#weights[flow] ?? 1);
  }

  /** The step is over. */
  leave(): void {
    this.#eachPair((pair, one, other) => {
      const least = this.#least[pair] ?? Number.NaN;
      if (Number.isNaN(least)) return;
      const difference = this.#difference(one, other);
      this.#least[pair] = Math.min(least, difference);
      this.#largest[pair] = Math.max(this.#largest[pair] ?? difference, difference);
      this.most = Math.max(this.most, this.#largest[pair] - this.#least[pair]);
    });
  }

  #difference(one: number, other: number): number {
    return (this.#shares[one] ?? 0) - (this.#shares[other] ?? 0);
  }

  #eachPair(visit: (pair: number, one: number, other: number) => void): void {
    const count = this.#weights.length;
    for (let one = 0; one < count; one += 1) {
      for (let other = one + 1; other < count; other += 1) visit(one * count + other, one, other);
    }
  }
}
