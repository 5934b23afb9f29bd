/** What a verification found: where, and what is wrong with it. */
export interface Finding {
  /** The part of the store. */
  part: 'record' | 'tree' | 'head' | 'checkpoint' | 'file' | 'text' | 'key' | 'progress' | 'store';
  /** The record it is about; null: none in particular. */
  index: number | null;
  what: string;
}

const MAX_KEPT = 50;

/** Collects findings; the first ones are kept, all are counted. */
export class Findings {
  readonly #kept: Finding[] = [];
  #count = 0;

  add(part: Finding['part'], index: number | null, what: string): void {
    this.#count += 1;
    if (this.#kept.length < MAX_KEPT) this.#kept.push({ part, index, what });
  }

  get count(): number {
    return this.#count;
  }

  /** By place in the log; those without a place come last. */
  get sorted(): Finding[] {
    return [...this.#kept].sort((a, b) => (a.index ?? Infinity) - (b.index ?? Infinity) || 0);
  }
}
