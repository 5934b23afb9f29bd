import { NARRATOR, type Span } from './story-shape.ts';

/** The window of participation (D6): so long, or so many passages, whichever reaches further back. */
const WINDOW_MS = 15 * 60_000;
const WINDOW_PASSAGES = 30;
/** How long somebody who did something counts as active (S0.53). */
const ACTIVE_MS = 5 * 60_000;
/** The picture of who writes when. */
const PICTURE_MINUTES = 30;
const MINUTE_MS = 60_000;
/** What is remembered: beyond it the oldest is forgotten. */
const MOST_PASSAGES = 400;
const MOST_STAYS = 40;

/** A passage as far as its writers are concerned. */
interface Written {
  passageId: string;
  at: number;
  /** Whose turn it was: its opener, or `narrator`. */
  by: string;
  /** Words by author. */
  words: Readonly<Record<string, number>>;
}

/** A stretch of presence; `to` null: still here. */
interface Stay {
  from: number;
  to: number | null;
}

const WORD = /[\p{L}\p{N}][^\s]*/gu;

/** Words of a text; a run of a script without spaces counts as one word for two characters. */
function countWords(text: string): number {
  let words = 0;
  for (const [word] of text.matchAll(WORD)) words += UNSPACED.test(word) ? Math.ceil(word.length / 2) : 1;
  return words;
}

const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

/** Words by author. */
export function wordsBy(spans: readonly Span[]): Record<string, number> {
  const words: Record<string, number> = {};
  for (const { author, text } of spans) words[author] = (words[author] ?? 0) + countWords(text);
  return words;
}

/** Who wrote how much lately, who is here, and who is active. Bounded, whatever the length of the story. */
export class PeopleLedger {
  private readonly startedAt: number;
  private written: Written[] = [];
  private readonly stays = new Map<string, Stay[]>();
  private readonly actedAt = new Map<string, number>();

  /** `startedAt`: from when on presence is known, epoch ms. */
  constructor(startedAt: number) {
    this.startedAt = startedAt;
  }

  /** A passage was committed, or its text replaced; in the order in which they were committed. Whether it is a new one. */
  wrote(of: Written): boolean {
    const known = this.written.findIndex(({ passageId }) => passageId === of.passageId);
    if (known >= 0) this.written[known] = { ...of, at: this.written[known]?.at ?? of.at };
    else this.written.push(of);
    if (this.written.length > MOST_PASSAGES) this.written.shift();
    return known < 0;
  }

  /** Forgets who wrote what; who was here when stays. */
  restart(): void {
    this.written = [];
  }

  presence(playerId: string, at: number, isPresent: boolean): void {
    const stays = this.stays.get(playerId) ?? [];
    const last = stays.at(-1);
    const isHere = last?.to === null;
    if (isPresent && !isHere) stays.push({ from: at, to: null });
    if (!isPresent && isHere) last.to = at;
    this.stays.set(playerId, stays.slice(-MOST_STAYS));
    if (isPresent) this.acted(playerId, at);
  }

  /** Somebody edited, voted or moved the cursor. */
  acted(playerId: string, at: number): void {
    this.actedAt.set(playerId, Math.max(at, this.actedAt.get(playerId) ?? 0));
  }

  isPresent(playerId: string): boolean {
    return this.stays.get(playerId)?.at(-1)?.to === null;
  }

  isActive(playerId: string, now: number): boolean {
    return now - (this.actedAt.get(playerId) ?? -Infinity) <= ACTIVE_MS;
  }

  present(): string[] {
    return [...this.stays.keys()].filter((playerId) => this.isPresent(playerId));
  }

  /** When somebody last did anything, epoch ms; null: nobody has. */
  lastAct(): number | null {
    const times = [...this.actedAt.values()];
    return times.length === 0 ? null : Math.max(...times);
  }

  /** The passages of the window, oldest first. */
  window(now: number): readonly Written[] {
    const inTime = this.written.filter(({ at }) => at > now - WINDOW_MS);
    return inTime.length >= WINDOW_PASSAGES ? inTime : this.written.slice(-WINDOW_PASSAGES);
  }

  /** The players who were here for at least half of the window (D6), with what they wrote in it. */
  counted(now: number): { playerId: string; words: number; turns: number }[] {
    const window = this.window(now);
    const from = Math.max(this.startedAt, Math.min(now - WINDOW_MS, window[0]?.at ?? now));
    const length = Math.max(1, now - from);
    const sums = sumsOf(window);
    return [...this.stays.keys()]
      .filter((playerId) => this.presentMs(playerId, from, now) >= length / 2)
      .map((playerId) => ({ playerId, ...(sums.get(playerId) ?? { words: 0, turns: 0 }) }));
  }

  private presentMs(playerId: string, from: number, to: number): number {
    const stays = this.stays.get(playerId) ?? [];
    return stays.reduce(
      (sum, stay) => sum + Math.max(0, Math.min(to, stay.to ?? to) - Math.max(from, stay.from)),
      0,
    );
  }

  /** Words and turns of everybody in the window, the narrator among them. */
  shares(now: number): { author: string; words: number; turns: number }[] {
    return [...sumsOf(this.window(now))]
      .map(([author, figures]) => ({ author, ...figures }))
      .sort((a, b) => b.words - a.words);
  }

  /** Openers of the window's passages by people, in order: who took turns. */
  turnsTaken(now: number): string[] {
    return this.window(now).flatMap(({ by }) => (by === NARRATOR ? [] : [by]));
  }

  /** Words a minute of the last 30 minutes, oldest first; minutes without words are left out. */
  minutes(now: number): { at: number; words: Record<string, number> }[] {
    const first = (Math.floor(now / MINUTE_MS) - PICTURE_MINUTES + 1) * MINUTE_MS;
    const minutes = new Map<number, Record<string, number>>();
    for (const { at, words } of this.written) {
      if (at < first) continue;
      const minute = Math.floor(at / MINUTE_MS) * MINUTE_MS;
      const sums = minutes.get(minute) ?? {};
      for (const [author, count] of Object.entries(words)) sums[author] = (sums[author] ?? 0) + count;
      minutes.set(minute, sums);
    }
    return [...minutes].sort(([a], [b]) => a - b).map(([at, words]) => ({ at, words }));
  }
}

/** Words and turns of everybody in some passages, in one walk: a session may have 200 players. */
function sumsOf(window: readonly Written[]): Map<string, { words: number; turns: number }> {
  const by = new Map<string, { words: number; turns: number }>();
  const of = (author: string) => {
    const known = by.get(author) ?? { words: 0, turns: 0 };
    by.set(author, known);
    return known;
  };
  for (const passage of window) {
    of(passage.by).turns += 1;
    for (const [author, words] of Object.entries(passage.words)) of(author).words += words;
  }
  return by;
}
