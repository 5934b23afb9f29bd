import type { Background } from '../quality.ts';
import { NARRATOR } from '../story-shape.ts';
import type { AuthoredReading } from './passage-reading.ts';

/** Stems that a story is remembered to have; a long novel has about as many. */
export const MAX_STEMS = 20_000;

/** The figures of D7; null: not measured. */
export interface IdeaRates {
  perMinute: number | null;
  per100Words: number | null;
  /** Share of ideas that anybody took up in a later passage, 0 to 1. */
  kept: number | null;
}

type Known = 'not_idea' | 'idea' | 'kept';

/**
 * D7: names and rare stems (rarer than the median of the background) that a passage by a person has first. Fed passage
 * by passage; a line that changed is read again from its beginning by a new ledger. Remembers at most 20,000 stems; then
 * those that came first are forgotten, and are new when they come again.
 */
export class IdeaLedger {
  private readonly background: Background;
  private readonly known = new Map<string, Known>();
  private ideas = 0;
  private kept = 0;
  private words = 0;

  constructor(background: Background) {
    this.background = background;
  }

  /** Takes a passage in; how many ideas it has brought (0 for the narrator's). */
  add({ author, reading }: Pick<AuthoredReading, 'author' | 'reading'>): number {
    const isPerson = author !== NARRATOR;
    if (isPerson) this.words += reading.words.length;
    let fresh = 0;
    for (const stem of reading.stems.keys()) {
      const known = this.known.get(stem);
      if (known === 'idea') this.keep(stem);
      if (known !== undefined) continue;
      const isIdea =
        isPerson && (reading.names.has(stem) || this.background.idf(stem) > this.background.medianIdf);
      this.remember(stem, isIdea ? 'idea' : 'not_idea');
      if (isIdea) fresh += 1;
    }
    this.ideas += fresh;
    return fresh;
  }

  /** All ideas so far. */
  get total(): number {
    return this.ideas;
  }

  /** The rates so far; `activeMinutes`: minutes in which anybody wrote. */
  rates(activeMinutes: number): IdeaRates {
    return {
      perMinute: activeMinutes > 0 ? this.ideas / activeMinutes : null,
      per100Words: this.words > 0 ? (100 * this.ideas) / this.words : null,
      kept: this.ideas > 0 ? this.kept / this.ideas : null,
    };
  }

  private keep(stem: string): void {
    this.known.set(stem, 'kept');
    this.kept += 1;
  }

  private remember(stem: string, as: Known): void {
    const [oldest] = this.known.keys();
    if (this.known.size >= MAX_STEMS && oldest !== undefined) this.known.delete(oldest);
    this.known.set(stem, as);
  }
}
