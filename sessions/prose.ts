// How story text is laid out for reading, on the screen and in books. `A` is what names an author there.

/** Text by one author. */
interface Said<A> {
  author: A;
  text: string;
}

/** A stretch of text with one author and one style. */
export interface Run<A = string> {
  author: A;
  text: string;
  isEmphasised: boolean;
  isStrong: boolean;
}

/** Lines of runs; a line break stands between two lines. */
export type Paragraph<A = string> = Run<A>[][];

interface Mark {
  at: number;
  length: 1 | 2;
}

/** Style of each character, and whether it is a marker that is not shown. */
interface Styles {
  isEmphasised: Uint8Array;
  isStrong: Uint8Array;
  isHidden: Uint8Array;
}

/**
 * Lays a story text out for reading: an empty line ends a paragraph, `*a*` is emphasised, `**a**` strong.
 * Markers that find no partner in their paragraph are ordinary text. Linear in the length of the text.
 */
export function layProse<A>(spans: readonly Said<A>[]): Paragraph<A>[] {
  const [first] = spans;
  if (first === undefined) return [];
  const text = spans.map((span) => span.text).join('');
  const authorAt = authorsByOffset(spans, first);
  const paragraphs: Paragraph<A>[] = [];
  let from = 0;
  for (const part of text.split(/(\n[^\S\n]*\n\s*)/)) {
    if (part.trim() !== '') paragraphs.push(layParagraph(part, from, authorAt));
    from += part.length;
  }
  return paragraphs;
}

function authorsByOffset<A>(spans: readonly Said<A>[], first: Said<A>): (offset: number) => A {
  const ends: number[] = [];
  let end = 0;
  for (const span of spans) ends.push((end += span.text.length));
  let index = 0;
  // Offsets are asked for in rising order, so one pass over the spans answers all.
  return (offset) => {
    while (index < ends.length - 1 && offset >= (ends[index] ?? 0)) index += 1;
    return (spans[index] ?? first).author;
  };
}

function layParagraph<A>(text: string, from: number, authorAt: (offset: number) => A): Paragraph<A> {
  const styles = readStyles(text);
  const lines: Paragraph<A> = [[]];
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '\n') {
      if (at < text.length - 1) lines.push([]);
    } else if (styles.isHidden[at] === 0) {
      addChar(lines.at(-1) ?? [], char, {
        author: authorAt(from + at),
        isEmphasised: styles.isEmphasised[at] === 1,
        isStrong: styles.isStrong[at] === 1,
      });
    }
  }
  return lines;
}

function addChar<A>(line: Run<A>[], char: string, style: Omit<Run<A>, 'text'>): void {
  const last = line.at(-1);
  const isSame =
    last?.author === style.author &&
    last.isEmphasised === style.isEmphasised &&
    last.isStrong === style.isStrong;
  if (isSame) last.text += char;
  else line.push({ ...style, text: char });
}

function readStyles(text: string): Styles {
  const styles: Styles = {
    isEmphasised: new Uint8Array(text.length),
    isStrong: new Uint8Array(text.length),
    isHidden: new Uint8Array(text.length),
  };
  const open: Record<1 | 2, Mark | null> = { 1: null, 2: null };
  for (const mark of readMarks(text)) {
    const opener = open[mark.length];
    const canClose = !isBlank(text, mark.at - 1);
    const canOpen = !isBlank(text, mark.at + mark.length);
    if (opener !== null && canClose && mark.at > opener.at + opener.length) {
      applyStyle(styles, opener, mark);
      open[mark.length] = null;
    } else if (canOpen) {
      open[mark.length] = mark;
    }
  }
  return styles;
}

function readMarks(text: string): Mark[] {
  return [...text.matchAll(/\*{1,3}/g)].flatMap(({ index, 0: stars }): Mark[] => {
    if (stars.length === 1) return [{ at: index, length: 1 }];
    if (stars.length === 2) return [{ at: index, length: 2 }];
    // Three stars open both, or close both in the other order; either way each finds its own partner.
    return [
      { at: index, length: 2 },
      { at: index + 2, length: 1 },
    ];
  });
}

function applyStyle(styles: Styles, opener: Mark, closer: Mark): void {
  const target = opener.length === 1 ? styles.isEmphasised : styles.isStrong;
  target.fill(1, opener.at + opener.length, closer.at);
  styles.isHidden.fill(1, opener.at, opener.at + opener.length);
  styles.isHidden.fill(1, closer.at, closer.at + closer.length);
}

function isBlank(text: string, at: number): boolean {
  const char = text.charAt(at);
  return char === '' || /\s/.test(char);
}
