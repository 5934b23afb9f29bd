import type { TokenCost } from '../sessions/ports.ts';

/** What one observation is worth after the next one; some two hundred count. */
const KEPT = 0.995;
/** A longer pause between charges is rest, not work, milliseconds. */
const REST_MS = 5_000;
/** Steps seen before anything is foretold. */
const ENOUGH = 3;
/** Prompt tokens are counted in such portions, so that the figures are of one size. */
const PORTION = 64;
/** Keeps the equations solvable when all steps look alike. */
const RIDGE = 1e-3;

type Three = [number, number, number];

/** What is to be foretold: so many steps with so many tokens in all of them together. */
export interface Steps extends TokenCost {
  steps: number;
}

/** Solves a small symmetric system by elimination; rows and columns outside of `used` count as zero. */
function solve(matrix: readonly number[][], right: readonly number[], used: readonly number[]): number[] {
  const rows = used.map((at) => [...used.map((of) => matrix[at]?.[of] ?? 0), right[at] ?? 0]);
  rows.forEach((row, at) => {
    row[at] = (row[at] ?? 0) * (1 + RIDGE) + 1e-9;
    for (const other of rows.slice(at + 1)) {
      const factor = (other[at] ?? 0) / (row[at] ?? 1);
      for (let of = at; of < other.length; of += 1) other[of] = (other[of] ?? 0) - factor * (row[of] ?? 0);
    }
  });
  const found: number[] = [];
  for (let at = rows.length - 1; at >= 0; at -= 1) {
    const row = rows[at] ?? [];
    const known = found.reduce((sum, value, of) => sum + value * (row[at + 1 + of] ?? 0), 0);
    found.unshift(((row.at(-1) ?? 0) - known) / (row[at] ?? 1));
  }
  return found;
}

/**
 * Learns how long a step of the engine takes: so much for the step itself, for each token sampled and for each
 * prompt token, by least squares over the last steps. `hasSteps`: charges of one moment are one step of many
 * turns; else each turn goes its own way and steps cost nothing. Pure: times are given.
 */
export class StepTimes {
  #matrix: Three[] = [
    [0, 0, 0],
    [0, 0, 0],
    [0, 0, 0],
  ];
  #right: Three = [0, 0, 0];
  #seen = 0;
  #lastAt: number | null = null;
  /** The step whose charges are coming in. */
  #step: { at: number; ms: number; cost: TokenCost } | null = null;

  /** A turn was charged; charges of one moment belong together. */
  note(cost: TokenCost, nowMs: number): void {
    if (this.#step?.at === nowMs) {
      this.#step.cost.inputTokens += cost.inputTokens;
      this.#step.cost.outputTokens += cost.outputTokens;
      return;
    }
    this.#learn();
    const ms = this.#lastAt === null ? REST_MS + 1 : nowMs - this.#lastAt;
    this.#step = { at: nowMs, ms, cost: { ...cost } };
    this.#lastAt = nowMs;
  }

  /** The engine has nothing to do: the time until the next charge does not count. */
  rest(): void {
    this.#learn();
    this.#lastAt = null;
  }

  /** How long steps take, milliseconds; null: not enough was seen. */
  msOf({ steps, inputTokens, outputTokens }: Steps, hasSteps: boolean): number | null {
    if (this.#seen < ENOUGH) return null;
    const [base = 0, output = 0, input = 0] = this.#coefficients(hasSteps);
    return base * steps + output * outputTokens + (input * inputTokens) / PORTION;
  }

  #learn(): void {
    const step = this.#step;
    this.#step = null;
    if (step === null || step.ms < 0 || step.ms > REST_MS) return;
    const x: Three = [1, step.cost.outputTokens, step.cost.inputTokens / PORTION];
    const faded = (sum: number, value: number) => sum * KEPT + value;
    this.#matrix = this.#matrix.map((row, at) =>
      row.map((sum, of) => faded(sum, (x[at] ?? 0) * (x[of] ?? 0))),
    ) as Three[];
    this.#right = this.#right.map((sum, at) => faded(sum, (x[at] ?? 0) * step.ms)) as Three;
    this.#seen += 1;
  }

  /** Nothing takes less than no time: whatever comes out below is left out, and the rest fitted again. */
  #coefficients(hasSteps: boolean): Three {
    const all: Three = [0, 0, 0];
    let used = hasSteps ? [0, 1, 2] : [1, 2];
    for (;;) {
      const found = solve(this.#matrix, this.#right, used);
      const sound = used.filter((_, at) => (found[at] ?? 0) >= 0);
      if (sound.length < used.length) {
        used = sound;
        continue;
      }
      used.forEach((at, of) => (all[at] = found[of] ?? 0));
      return all;
    }
  }
}
