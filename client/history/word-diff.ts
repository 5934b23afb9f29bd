import { spansText, type Span } from '../../sessions/story-shape.ts';

/** A stretch of text that stands in both texts, only in the new one, or only in the old one. */
export interface DiffPart {
  kind: 'same' | 'added' | 'removed';
  spans: Span[];
}

/** A word, a mark or the blanks between two, and where it stands. */
type Step = [kind: DiffPart['kind'], word: string];

/** Pairs of words that are compared at most; beyond it the differing middle counts as rewritten. */
const MOST_PAIRS = 6_000_000;

const wordsOf = (text: string): string[] => text.match(/\s+|[\p{L}\p{N}'’]+|[^\s]/gu) ?? [];

/** What became of a text, word by word, with who wrote which part. What went stands before what came. */
export function diffWords(before: readonly Span[], after: readonly Span[]): DiffPart[] {
  const [old, now] = [wordsOf(spansText(before)), wordsOf(spansText(after))];
  let [oldAt, nowAt] = [0, 0];
  return gatherChanges(stepsBetween(old, now)).map(([kind, text]) => {
    const spans =
      kind === 'removed'
        ? sliceSpans(before, oldAt, oldAt + text.length)
        : sliceSpans(after, nowAt, nowAt + text.length);
    if (kind !== 'added') oldAt += text.length;
    if (kind !== 'removed') nowAt += text.length;
    return { kind, spans };
  });
}

function stepsBetween(old: readonly string[], now: readonly string[]): Step[] {
  let head = 0;
  const shorter = Math.min(old.length, now.length);
  while (head < shorter && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  const same = (word: string): Step => ['same', word];
  return [
    ...now.slice(0, head).map(same),
    ...middle(old.slice(head, old.length - tail), now.slice(head, now.length - tail)),
    ...now.slice(now.length - tail).map(same),
  ];
}

/** By the longest common subsequence of words. */
function middle(old: readonly string[], now: readonly string[]): Step[] {
  const width = now.length + 1;
  const isSmall = old.length * now.length <= MOST_PAIRS;
  const longest = new Uint16Array(isSmall ? (old.length + 1) * width : 0);
  const at = (i: number, j: number): number => longest[i * width + j] ?? 0;
  for (let i = old.length - 1; isSmall && i >= 0; i -= 1) {
    for (let j = now.length - 1; j >= 0; j -= 1) {
      const isSame = old[i] === now[j];
      longest[i * width + j] = isSame ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const found: Step[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    const [gone, came] = [old[i], now[j]];
    if (isSmall && gone !== undefined && gone === came) {
      found.push(['same', gone]);
      [i, j] = [i + 1, j + 1];
    } else if (gone !== undefined && (came === undefined || at(i + 1, j) >= at(i, j + 1))) {
      found.push(['removed', gone]);
      i += 1;
    } else if (came !== undefined) {
      found.push(['added', came]);
      j += 1;
    }
  }
  return found;
}

/** Joins steps to stretches; words that changed in a row are one change, the blanks between them included. */
function gatherChanges(steps: readonly Step[]): Step[] {
  const parts: Step[] = [];
  const put = (kind: DiffPart['kind'], text: string): void => {
    const last = parts.at(-1);
    if (text === '') return;
    if (last?.[0] === kind) last[1] += text;
    else parts.push([kind, text]);
  };
  let [removed, added, blank] = ['', '', ''];
  const flush = (): void => {
    put('removed', removed);
    put('added', added);
    put('same', blank);
    [removed, added, blank] = ['', '', ''];
  };
  for (const [kind, word] of steps) {
    if (kind === 'same') {
      const isWithin = removed !== '' || added !== '';
      if (isWithin && word.trim() === '' && blank === '') blank = word;
      else {
        flush();
        put('same', word);
      }
    } else {
      removed += blank + (kind === 'removed' ? word : '');
      added += blank + (kind === 'added' ? word : '');
      blank = '';
    }
  }
  flush();
  return parts;
}

function sliceSpans(spans: readonly Span[], from: number, to: number): Span[] {
  let start = 0;
  return spans.flatMap(({ author, text }) => {
    const part = text.slice(Math.max(0, from - start), Math.max(0, to - start));
    start += text.length;
    return part === '' ? [] : [{ author, text: part }];
  });
}
