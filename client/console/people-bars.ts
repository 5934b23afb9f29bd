import type { MonitorView, Participation } from '../../sessions/monitor-view.ts';
import { NARRATOR } from '../../sessions/story-shape.ts';

/** How many ways there are to fill a bar, so that authors differ by more than colour. */
export const FILLS = 4;

/** Which way the bars of each author are filled; the narrator's are plain. Stable while the order of people is. */
export function fillsOf(people: readonly Participation[]): ReadonlyMap<string, number> {
  const players = people.map(({ author }) => author).filter((author) => author !== NARRATOR);
  return new Map(players.toSorted().map((author, index) => [author, index % FILLS]));
}

/** A stretch of the bar of all words: 0 to 1 from its left end. */
export interface Band {
  author: string;
  from: number;
  to: number;
}

/** Everybody's words in one bar, in the order given; who wrote nothing has no stretch. */
export function wordBands(people: readonly Participation[]): Band[] {
  const all = people.reduce((sum, { words }) => sum + words, 0);
  let from = 0;
  return people
    .filter(({ words }) => words > 0)
    .map(({ author, words }) => {
      const to = from + words / all;
      const band = { author, from, to };
      from = to;
      return band;
    });
}

/** A bar of one author in one minute: 0 to 1 from the bottom. */
interface Bar {
  author: string;
  from: number;
  to: number;
}

/** Minutes in the picture. */
export const PICTURE_MINUTES = 30;
const MINUTE_MS = 60_000;

/** A minute of the picture; slot 0 is its first, at the left. */
export interface Column {
  slot: number;
  bars: Bar[];
}

/**
 * Each minute's words, one author's above the other's as in `order`; the fullest minute reaches 1. `now`, epoch ms, is in
 * the last slot; what is older than the first is left out.
 */
export function minuteColumns(
  minutes: MonitorView['minutes'],
  order: readonly string[],
  now: number,
): Column[] {
  const most = Math.max(1, ...minutes.map(({ words }) => wordsIn(words)));
  return minutes.flatMap(({ at, words }) => {
    const slot = PICTURE_MINUTES - 1 - Math.floor(now / MINUTE_MS) + Math.floor(at / MINUTE_MS);
    if (slot < 0 || slot >= PICTURE_MINUTES) return [];
    let from = 0;
    const bars = authorsOf(words, order).map((author) => {
      const bar = { author, from, to: from + (words[author] ?? 0) / most };
      from = bar.to;
      return bar;
    });
    return [{ slot, bars }];
  });
}

/** The minutes in which anybody wrote, newest first, for those who hear the picture. */
export function minuteRows(
  minutes: MonitorView['minutes'],
  order: readonly string[],
): { at: number; words: { author: string; words: number }[] }[] {
  return minutes
    .filter(({ words }) => wordsIn(words) > 0)
    .map(({ at, words }) => ({
      at,
      words: authorsOf(words, order).map((author) => ({ author, words: words[author] ?? 0 })),
    }))
    .toReversed();
}

/** The most words in any minute. */
export function fullestMinute(minutes: MonitorView['minutes']): number {
  return Math.max(0, ...minutes.map(({ words }) => wordsIn(words)));
}

function wordsIn(words: Record<string, number>): number {
  return Object.values(words).reduce((sum, n) => sum + n, 0);
}

/** Who wrote: those of `order` in its order, then others. */
function authorsOf(words: Record<string, number>, order: readonly string[]): string[] {
  const others = Object.keys(words).filter((author) => !order.includes(author));
  return [...order, ...others].filter((author) => (words[author] ?? 0) > 0);
}

/** How the words of people are spread: how many wrote, and the largest share of what people wrote. */
export interface Spread {
  people: number;
  writers: number;
  /** Null: nobody has written. */
  most: { author: string; share: number } | null;
  /** Those who are here and have written nothing. */
  quiet: number;
}

/** The spread of words over people; the narrator does not count. */
export function spreadOf(people: readonly Participation[]): Spread {
  const players = people.filter(({ author }) => author !== NARRATOR);
  const all = players.reduce((sum, { words }) => sum + words, 0);
  const [first] = players.toSorted((a, b) => b.words - a.words);
  return {
    people: players.length,
    writers: players.filter(({ words }) => words > 0).length,
    most: first === undefined || all === 0 ? null : { author: first.author, share: first.words / all },
    quiet: players.filter(({ words, isPresent }) => words === 0 && isPresent).length,
  };
}
