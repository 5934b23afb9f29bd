import type { TextSpan } from '../../sessions/moderator.ts';
import type { Finding, TextViews } from '../findings.ts';
import type { Range } from './layout.ts';
import { literalSpan } from './normalise.ts';

/** A part of the folded view. */
export interface Piece extends Range {
  text: string;
}

const SENTENCE = /[^.!?\n]*(?:[.!?\n]+|$)/g;

/** The sentences of the folded view, in order. */
export function sentencesOf(folded: string): Piece[] {
  return piecesOf(folded, SENTENCE).filter(({ text }) => text.trim() !== '');
}

/** All matches of a global pattern in a text, at `offset`. */
export function piecesOf(text: string, pattern: RegExp, offset = 0): Piece[] {
  const found: Piece[] = [];
  // Not `matchAll`: it makes another RegExp of the pattern for each call, and long ones take long to make.
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    if (match[0] === '') {
      pattern.lastIndex += 1;
      continue;
    }
    const start = offset + match.index;
    found.push({ start, end: start + match[0].length, text: match[0] });
  }
  return found;
}

/** The literal ranges behind parts of the folded view. */
export function literalSpans(views: TextViews, pieces: readonly Range[]): Range[] {
  return pieces
    .filter(({ start, end }) => end > start)
    .map(({ start, end }) => literalSpan(views, start, end));
}

/** A pattern over the folded view: words in any order of a list of alternatives, whole words only. */
export function anyOf(...alternatives: readonly string[]): RegExp {
  return new RegExp(`\\b(?:${alternatives.join('|')})\\b`, 'g');
}

/** A finding over parts of the folded view; null without any. */
export function findingAt(
  views: TextViews,
  pieces: readonly Range[],
  what: Omit<Finding, 'spans' | 'source'> & { source?: TextSpan['source'] },
): Finding[] {
  const spans = literalSpans(views, pieces);
  return spans.length === 0 ? [] : [{ source: 'rule', ...what, spans }];
}
