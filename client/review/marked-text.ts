import type { HoldView } from '../../sessions/safety-view.ts';

type TextSpan = NonNullable<HoldView['why']>['spans'][number];

/** A stretch of a judged text and what was found in it; `found` is empty for the rest of the text. */
export interface MarkedPart {
  text: string;
  found: Pick<TextSpan, 'label' | 'source'>[];
}

/** Takes a text apart where findings begin and end; together the parts are the text. Findings may overlap. */
export function markText(text: string, spans: readonly TextSpan[]): MarkedPart[] {
  const inside = spans
    .map((span) => ({ ...span, start: Math.max(0, span.start), end: Math.min(text.length, span.end) }))
    .filter((span) => span.start < span.end);
  const cuts = [...new Set([0, text.length, ...inside.flatMap(({ start, end }) => [start, end])])];
  cuts.sort((a, b) => a - b);
  return cuts.slice(0, -1).map((from, index) => {
    const to = cuts[index + 1] ?? text.length;
    const found = inside.filter((span) => span.start <= from && span.end >= to);
    return { text: text.slice(from, to), found: distinct(found) };
  });
}

function distinct(spans: readonly TextSpan[]): MarkedPart['found'] {
  const known = new Map(spans.map(({ label, source }) => [`${source} ${label}`, { label, source }]));
  return [...known.values()];
}
