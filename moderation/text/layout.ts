import type { TextViews } from '../findings.ts';

/** A part of a text, offsets in UTF-16 units. */
export interface Range {
  start: number;
  end: number;
}

/** How a literal text is built: ranges in order, not overlapping. */
export interface Layout {
  sentences: readonly Range[];
  /** Speech between quotation marks, with the marks. */
  quotes: readonly Range[];
  /** What is said out of character: `((...))`, or a line that begins with OOC. */
  asides: readonly Range[];
}

const SENTENCE = /[^.!?\n]*(?:[.!?\n]+["'\u201d\u2019)\]]*|$)/g;
const ASIDE = /\(\((?:[^()]|\([^()]*\)){0,2000}\)\)|(?:^|\n)[ \t]*[[(]?(?:ooc|out of character)\b[^\n]*/gi;
/** Straight and curly double quotes within one paragraph; single ones only where they cannot be apostrophes. */
const QUOTE =
  /["\u201c\u201d\u00ab\u00bb](?:[^"\u201c\u201d\u00ab\u00bb\n]*)(?:["\u201d\u201c\u00bb\u00ab]|(?=\n|$))|(?<![\w])['\u2018][^'\u2018\u2019\n]*(?:['\u2019]\w[^'\u2018\u2019\n]*)*[,.!?\u2026-]['\u2019](?!\w)/g;

const known = new WeakMap<TextViews, Layout>();

/** The layout of a text, found once per views. Linear in the text's length. */
export function layoutOf(views: TextViews): Layout {
  const before = known.get(views);
  if (before !== undefined) return before;
  const layout = readLayout(views.literal);
  known.set(views, layout);
  return layout;
}

/** The layout of a literal text. */
export function readLayout(text: string): Layout {
  return {
    sentences: rangesOf(text, SENTENCE),
    quotes: rangesOf(text, QUOTE),
    asides: rangesOf(text, ASIDE),
  };
}

/** The range of a list that overlaps another one, the first such; undefined: none does. */
export function overlapping(ranges: readonly Range[], { start, end }: Range): Range | undefined {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const at = ranges[middle];
    if (at !== undefined && at.end <= start) low = middle + 1;
    else high = middle;
  }
  const found = ranges[low];
  return found !== undefined && found.start < end ? found : undefined;
}

function rangesOf(text: string, pattern: RegExp): Range[] {
  const found: Range[] = [];
  for (const match of text.matchAll(pattern))
    if (match[0] !== '') found.push({ start: match.index, end: match.index + match[0].length });
  return found;
}
