import type { Background } from '../quality.ts';
import { LEAST_WORDS, likeness, noveltyOf } from './coherence.ts';
import { gramsOf, type AuthoredReading, type PassageReading } from './passage-reading.ts';

/** Likeness to others' last passages that counts in full: that of healthy passages in the middle. */
const ENOUGH_LIKE = 0.11;
/** Share of new stems, weighted by how rare they are, that counts in full. */
const ENOUGH_FRESH = 0.55;
/** A stem is new again after so many passages, else every long story would seem to have run dry. */
const MEMORY = 30;
/** Passages of others that a turn builds on, and those that are kept to find them in. */
const OTHERS = 3;
const KEPT = 12;
/** Turns that the session's figure is the mean of. */
const TURNS = 20;
/** Whole passages that a copy is known by. */
const COPIES = 5_000;

/**
 * D10: whether turns build on what others wrote and add something to it. Fed passage by passage; a line that changed is
 * read again from its beginning by a new ledger.
 */
export class SynergyLedger {
  private readonly background: Background;
  /** Stem -> the passage that had it last; the longest not seen first. */
  private readonly seen = new Map<string, number>();
  private readonly copies = new Set<number>();
  private count = 0;
  private recent: { author: string; reading: PassageReading }[] = [];
  private turns: number[] = [];

  constructor(background: Background) {
    this.background = background;
  }

  /**
   * Takes a passage in. Its synergy, 0 (a copy of the last 30 passages, of any whole one, or nothing to do with the
   * others) to 1; null: the author before was the same, or it has under 25 words.
   */
  add({ author, reading }: Omit<AuthoredReading, 'id' | 'at'>): number | null {
    const last = this.recent.at(-1);
    const isTurn = last !== undefined && last.author !== author && reading.words.length >= LEAST_WORDS;
    const synergy = isTurn ? this.synergyOf(author, reading) : null;
    if (synergy !== null) this.turns = [...this.turns, synergy].slice(-TURNS);
    this.remember(reading);
    this.recent = [...this.recent, { author, reading }].slice(-KEPT);
    return synergy;
  }

  /** Mean of the last 20 turns after another author's; null: none yet. */
  get mean(): number | null {
    if (this.turns.length === 0) return null;
    return this.turns.reduce((sum, one) => sum + one, 0) / this.turns.length;
  }

  private synergyOf(author: string, reading: PassageReading): number {
    if (this.copies.has(wholeOf(reading))) return 0;
    const others = this.recent
      .filter((one) => one.author !== author)
      .slice(-OTHERS)
      .map((one) => one.reading);
    const uptake = Math.min(1, likeness(reading, others, this.background) / ENOUGH_LIKE);
    const fresh = Math.min(1, this.freshShare(reading) / ENOUGH_FRESH) * noveltyOf(reading, others);
    return uptake + fresh === 0 ? 0 : (2 * uptake * fresh) / (uptake + fresh);
  }

  private freshShare(reading: PassageReading): number {
    let all = 0;
    let fresh = 0;
    for (const stem of reading.stems.keys()) {
      const weight = this.background.idf(stem);
      all += weight;
      if (!this.seen.has(stem)) fresh += weight;
    }
    return all === 0 ? 0 : fresh / all;
  }

  private remember(reading: PassageReading): void {
    for (const stem of reading.stems.keys()) {
      this.seen.delete(stem);
      this.seen.set(stem, this.count);
    }
    this.count += 1;
    for (const [stem, at] of this.seen) {
      if (at >= this.count - MEMORY) break;
      this.seen.delete(stem);
    }
    const [oldest] = this.copies;
    if (this.copies.size >= COPIES && oldest !== undefined) this.copies.delete(oldest);
    this.copies.add(wholeOf(reading));
  }
}

/** A passage as one hash of its words. */
function wholeOf({ words }: PassageReading): number {
  return gramsOf(words, words.length)[0] ?? 0;
}
