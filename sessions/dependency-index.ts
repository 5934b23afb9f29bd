import type { StoryPassage } from './dependencies.ts';
import { TermCache, type PassageTerms } from './dependency-terms.ts';

/** From this share of capitals within sentences on, a capital does not tell a name. */
const CAPITALS_OF_NOUNS = 0.12;
/** What a name counts more than another word. */
const NAME_BONUS = 1.6;
/** Letters from which a word counts fully; in every language the rare ones are long. */
const LONG_WORD = 6;
/** In shorter lines a word counts as rare as it would in one of so many passages. */
const LEAST_LINE = 100;

/** The words of a line: where each came first, how many passages have it, how much it says. */
export class LineIndex {
  readonly passages: readonly StoryPassage[];
  private readonly read: readonly PassageTerms[];
  private readonly first = new Map<string, number>();
  private readonly counts = new Map<string, number>();
  /** How often terms that came with a passage come again. */
  private readonly repeats: number[];
  private readonly capitals = new Set<string>();
  private readonly plain = new Set<string>();
  private readonly cast: ReadonlySet<string>;
  private readonly hasNames: boolean;

  constructor(passages: readonly StoryPassage[], names: readonly string[], cache: TermCache) {
    this.passages = passages;
    this.read = passages.map(({ id, text }) => cache.get(id, text));
    this.cast = new Set(names.flatMap((name) => [...new TermCache(1).get('', name).terms.keys()]));
    let inside = 0;
    let capitalised = 0;
    for (const [index, terms] of this.read.entries()) {
      inside += terms.inside;
      capitalised += terms.capitalised;
      for (const term of terms.capitals) this.capitals.add(term);
      for (const term of terms.plain) this.plain.add(term);
      for (const term of terms.terms.keys()) {
        const count = this.counts.get(term);
        if (count === undefined) this.first.set(term, index);
        this.counts.set(term, (count ?? 0) + 1);
      }
    }
    this.hasNames = capitalised < inside * CAPITALS_OF_NOUNS;
    this.repeats = passages.map(() => 0);
    for (const [term, index] of this.first)
      if (!this.cast.has(term))
        this.repeats[index] = this.repeatsOf(index) + (this.counts.get(term) ?? 1) - 1;
  }

  at(index: number): PassageTerms {
    const terms = this.read[index];
    if (terms === undefined) throw new Error('no such passage in the line');
    return terms;
  }

  /** How many terms that came with a passage any later one has, in the mean; but for `without` such terms of one. */
  meanShared(index: number, without: number): number {
    return Math.max(0, this.repeatsOf(index) - without) / Math.max(1, this.read.length - index - 2);
  }

  /** The passage of the line that has a term first. */
  introducedBy(term: string): number | undefined {
    return this.first.get(term);
  }

  /** Whether a term is always written as a name is, and the language shows names by capitals. */
  isName(term: string): boolean {
    return this.hasNames && this.capitals.has(term) && !this.plain.has(term);
  }

  private repeatsOf(index: number): number {
    return this.repeats[index] ?? 0;
  }

  /** How much it says that two passages share a term: 0 (a name of the cast) to about 1.6 (a rare name). */
  weight(term: string): number {
    if (this.cast.has(term)) return 0;
    const count = this.counts.get(term) ?? 1;
    const rarity = 1 - Math.log(count) / Math.log(Math.max(LEAST_LINE, this.read.length));
    const length = Math.min(1, Math.sqrt(term.length / LONG_WORD));
    return rarity * (this.isName(term) ? NAME_BONUS : length);
  }
}
