import type { Mask } from './moderator.ts';
import { spansText, type Span } from './story-shape.ts';

// Texts with their authors, after a part of them has become another one.

/** A part of a text: offsets in UTF-16 units, `end` behind it. */
interface Range {
  start: number;
  end: number;
}

/** Where two texts differ: the range in the second one. What is before and behind it stands in both. */
export function changeOf(before: string, after: string): { from: number; to: number } {
  const shorter = Math.min(before.length, after.length);
  let from = 0;
  while (from < shorter && before.charCodeAt(from) === after.charCodeAt(from)) from += 1;
  let tail = 0;
  while (
    tail < shorter - from &&
    before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)
  )
    tail += 1;
  return { from, to: after.length - tail };
}

/** The part of a text between two offsets, with its authors. */
function cutSpans(spans: readonly Span[], from: number, to: number): Span[] {
  let at = 0;
  return spans.flatMap(({ author, text }) => {
    const start = at;
    at += text.length;
    const part = text.slice(Math.max(0, from - start), Math.max(0, to - start));
    return part === '' ? [] : [{ author, text: part }];
  });
}

/** Text after an edit: what stands at both ends stays its authors', what was changed between is the editor's. */
export function editedSpans(spans: readonly Span[], text: string, editor: string): Span[] {
  const old = spansText(spans);
  const { from, to } = changeOf(old, text);
  const parts = [
    ...cutSpans(spans, 0, from),
    { author: editor, text: text.slice(from, to) },
    ...cutSpans(spans, old.length - (text.length - to), old.length),
  ];
  return parts.filter((span) => span.text !== '');
}

/** Text with its authors after masking; what was masked stays its author's. */
export function maskedSpans(spans: readonly Span[], masks: readonly Mask[]): Span[] {
  let at = 0;
  const out: Span[] = [];
  for (const mask of masks) {
    out.push(...cutSpans(spans, at, mask.start));
    const author = cutSpans(spans, mask.start, mask.end)[0]?.author;
    if (author !== undefined) out.push({ author, text: mask.text });
    at = mask.end;
  }
  return [...out, ...cutSpans(spans, at, Infinity)];
}

/** Whether two parts of a text have anything in common. */
export function touches(one: Range, other: Range): boolean {
  return one.start < other.end && other.start < one.end;
}

/** Where the parts of a text are once it is masked; what lies within a mask has no place any more. */
export function movedSpans<S extends Range>(spans: readonly S[], masks: readonly Mask[]): S[] {
  const kept = spans.filter((span) => !masks.some((mask) => touches(mask, span)));
  return kept.map((span) => {
    const before = masks.filter(({ end }) => end <= span.start);
    const by = before.reduce((sum, { start, end, text }) => sum + text.length - (end - start), 0);
    return { ...span, start: span.start + by, end: span.end + by };
  });
}
