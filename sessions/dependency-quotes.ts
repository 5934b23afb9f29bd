import type { LineIndex } from './dependency-index.ts';

/** Words in a row that two passages must share to count as a quote, and how many letters they have at least. */
const QUOTE_WORDS = 5;
const QUOTE_LETTERS = 15;
/** Words of a quote that are told. */
const MOST_SHOWN = 12;

/** Words in a row that a passage shares with a source. */
export interface Quote {
  /** Index of the source in the line. */
  source: number;
  /** Its beginning. */
  words: string;
}

/** Finds what passages repeat of sources, and nobody said before them. */
export class QuoteSearch {
  private readonly index: LineIndex;
  /** Words of sources; few passages have five of them in a row. */
  private readonly words = new Set<string>();
  /** Five words in a row -> the first source that has them. */
  private readonly shingles = new Map<string, number>();
  private readonly sources = new Set<number>();
  private readonly saidBefore = new Map<string, boolean>();

  constructor(index: LineIndex) {
    this.index = index;
  }

  add(source: number): void {
    const { words } = this.index.at(source);
    this.sources.add(source);
    for (const [at, word] of words.entries()) {
      this.words.add(word);
      if (at + QUOTE_WORDS > words.length) continue;
      const shingle = words.slice(at, at + QUOTE_WORDS).join(' ');
      if (!this.shingles.has(shingle)) this.shingles.set(shingle, source);
    }
  }

  /** The longest run of words for each source that a passage quotes. */
  find(at: number): Quote[] {
    const found = new Map<number, string>();
    for (const { source, words } of this.runs(this.index.at(at).words)) {
      const isLonger = words.length > (found.get(source)?.length ?? 0);
      const letters = words.replaceAll(' ', '').length;
      if (letters >= QUOTE_LETTERS && isLonger && !this.wasSaidBefore(words, source))
        found.set(source, words);
    }
    return [...found].map(([source, words]) => ({
      source,
      words: words.split(' ').slice(0, MOST_SHOWN).join(' '),
    }));
  }

  private runs(words: readonly string[]): Quote[] {
    const runs: Quote[] = [];
    let from = 0;
    let open: { source: number; from: number } | null = null;
    for (let end = 1; end <= words.length + 1; end += 1) {
      const word = words[end - 1];
      if (word === undefined || !this.words.has(word)) from = end;
      const shingle = end - from >= QUOTE_WORDS ? words.slice(end - QUOTE_WORDS, end).join(' ') : '';
      const source = this.shingles.get(shingle);
      if (open !== null && source !== open.source) {
        runs.push({ source: open.source, words: words.slice(open.from, end - 1).join(' ') });
        open = null;
      }
      if (source !== undefined) open ??= { source, from: end - QUOTE_WORDS };
    }
    return runs;
  }

  /** Whether a passage that stays had these words before the source: then nobody quotes the source. */
  private wasSaidBefore(words: string, source: number): boolean {
    const key = `${source} ${words}`;
    const known = this.saidBefore.get(key);
    if (known !== undefined) return known;
    let wasSaid = false;
    for (let at = 0; at < source && !wasSaid; at += 1)
      wasSaid = !this.sources.has(at) && ` ${this.index.at(at).words.join(' ')} `.includes(` ${words} `);
    this.saidBefore.set(key, wasSaid);
    return wasSaid;
  }
}
