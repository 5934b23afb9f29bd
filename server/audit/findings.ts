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
  /** Those that may come of others: a text is missing where the record of its purge is what was changed. */
  readonly #following = new Set<Finding>();
  #count = 0;

  add(part: Finding['part'], index: number | null, what: string): void {
    this.#count += 1;
    if (this.#kept.length < MAX_KEPT) this.#kept.push({ part, index, what });
  }

  /** The same, of what may come of another finding. */
  addFollowing(part: Finding['part'], index: number | null, what: string): void {
    this.add(part, index, what);
    const last = this.#kept.at(-1);
    if (this.#count === this.#kept.length && last !== undefined) this.#following.add(last);
  }

  get count(): number {
    return this.#count;
  }

  /** By place in the log; then those without a place, and those that may come of others. */
  get sorted(): Finding[] {
    const placeOf = (finding: Finding) =>
      this.#following.has(finding) ? Number.MAX_VALUE : (finding.index ?? Number.MAX_SAFE_INTEGER);
    return [...this.#kept].sort((a, b) => placeOf(a) - placeOf(b));
  }
}
