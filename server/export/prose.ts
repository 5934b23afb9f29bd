import type { BookSpan } from '../../sessions/book.ts';

/** A stretch of text with one author and one style; `author` is a place in the book's credits. */
export interface Run {
  author: number;
  text: string;
  isEmphasised: boolean;
  isStrong: boolean;
}

/** Lines of runs; a line break stands between two lines. */
export type Paragraph = Run[][];

const EMPHASISED = 1;
const STRONG = 2;
/** A marker that found its partner: it is not shown. */
const HIDDEN = 4;

/** Where the marks stand; three stars are one of each. */
function marksOf(text: string): { at: number; length: 1 | 2 }[] {
  return [...text.matchAll(/\*{1,3}/g)].flatMap(({ index, 0: { length } }) => {
    if (length === 3)
      return [
        { at: index, length: 2 as const },
        { at: index + 2, length: 1 as const },
      ];
    return [{ at: index, length: length === 2 ? 2 : 1 }];
  });
}

function isBlank(text: string, at: number): boolean {
  return /^\s?$/.test(text.charAt(at));
}

/** Style bits of each character. Marks without a partner in their paragraph stay as they are. */
function stylesOf(text: string): Uint8Array {
  const styles = new Uint8Array(text.length);
  const open: Record<1 | 2, number> = { 1: -1, 2: -1 };
  const paint = (from: number, to: number, bit: number) => {
    for (let at = from; at < to; at += 1) styles[at] = (styles[at] ?? 0) | bit;
  };
  for (const { at, length } of marksOf(text)) {
    const from = open[length];
    if (from >= 0 && !isBlank(text, at - 1) && at > from + length) {
      paint(from + length, at, length === 1 ? EMPHASISED : STRONG);
      paint(from, from + length, HIDDEN);
      paint(at, at + length, HIDDEN);
      open[length] = -1;
    } else if (!isBlank(text, at + length)) {
      open[length] = at;
    }
  }
  return styles;
}

/**
 * A passage as it is read: an empty line ends a paragraph, `*a*` is emphasised, `**a**` strong, as on the screen of
 * the story. Linear in the length of the text.
 */
export function paragraphsOf(spans: readonly BookSpan[]): Paragraph[] {
  const text = spans.map((span) => span.text).join('');
  const ends: number[] = [];
  for (const span of spans) ends.push((ends.at(-1) ?? 0) + span.text.length);
  let place = 0;
  const spanAt = (offset: number): number => {
    while (place < ends.length - 1 && offset >= (ends[place] ?? 0)) place += 1;
    return place;
  };
  const paragraphs: Paragraph[] = [];
  let from = 0;
  for (const part of text.split(/(\n[^\S\n]*\n\s*)/)) {
    if (part.trim() !== '') paragraphs.push(linesOf(part, (at) => spans[spanAt(from + at)]?.author ?? 0));
    from += part.length;
  }
  return paragraphs;
}

function linesOf(text: string, authorAt: (at: number) => number): Paragraph {
  const styles = stylesOf(text);
  const lines: Paragraph = [[]];
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    const style = styles[at] ?? 0;
    if (char === '\n') {
      if (at < text.length - 1) lines.push([]);
    } else if ((style & HIDDEN) === 0) {
      addChar(lines.at(-1) ?? [], char, {
        author: authorAt(at),
        isEmphasised: (style & EMPHASISED) !== 0,
        isStrong: (style & STRONG) !== 0,
      });
    }
  }
  return lines;
}

function addChar(line: Run[], char: string, style: Omit<Run, 'text'>): void {
  const last = line.at(-1);
  const isSame =
    last?.author === style.author &&
    last.isEmphasised === style.isEmphasised &&
    last.isStrong === style.isStrong;
  if (isSame) last.text += char;
  else line.push({ ...style, text: char });
}
