import type { TextSpan } from '../../sessions/moderator.ts';

/** What stands for personal data of a kind. */
export const PLACEHOLDERS: Readonly<Record<string, string>> = {
  email: '[e-mail]',
  phone: '[phone number]',
  card: '[card number]',
  iban: '[bank account]',
  ip: '[network address]',
  ssn: '[social security number]',
  address: '[address]',
  licence: '[licence number]',
};
const OTHER_DATA = '[personal data]';
const BULLET = '\u2022';
/** What is hidden of a masked word after its first letter, and what is hidden even at its beginning. */
const HIDDEN = /[\p{L}\p{M}\p{N}\p{Emoji_Presentation}@$]/u;
const EMOJI = /\p{Emoji_Presentation}/u;
const LONGER_THAN_ONE = /^[^]{2}/u;

interface Range {
  start: number;
  end: number;
  /** What stands for it; null: its letters are masked. */
  placeholder: string | null;
}

/**
 * The text with spans masked: personal data becomes a placeholder of its kind, of other spans each word keeps its first
 * letter and shows a bullet for every other one and for emoji. Spans may overlap or lie outside the text; spans of personal data win.
 * Characters are never split, and masking with the spans of what is masked already changes nothing but those spans.
 */
export function maskText(text: string, spans: readonly TextSpan[]): string {
  let masked = '';
  let done = 0;
  for (const { start, end, placeholder } of rangesOf(text, spans)) {
    masked += text.slice(done, start) + (placeholder ?? maskWords(text.slice(start, end)));
    done = end;
  }
  return masked + text.slice(done);
}

/** The spans in order, on whole characters, merged where they overlap. */
function rangesOf(text: string, spans: readonly TextSpan[]): Range[] {
  const sorted = spans
    .map((span) => wholeCharacters(text, span))
    .filter(({ start, end }) => start < end)
    .sort((one, other) => one.start - other.start || other.end - one.end);
  const ranges: Range[] = [];
  for (const range of sorted) {
    const last = ranges.at(-1);
    if (last === undefined || range.start >= last.end) {
      ranges.push({ ...range });
      continue;
    }
    last.end = Math.max(last.end, range.end);
    last.placeholder ??= range.placeholder;
  }
  return ranges;
}

function wholeCharacters(text: string, span: TextSpan): Range {
  let start = Math.max(0, span.start);
  let end = Math.min(text.length, span.end);
  if (isInsidePair(text, start)) start -= 1;
  if (isInsidePair(text, end)) end += 1;
  const placeholder = span.source === 'pii' ? (PLACEHOLDERS[span.label] ?? OTHER_DATA) : null;
  const isMasked = placeholder !== null && text.slice(start, end) === placeholder;
  return { start: isMasked ? end : start, end, placeholder };
}

function isInsidePair(text: string, at: number): boolean {
  if (at <= 0 || at >= text.length) return false;
  return /[\ud800-\udbff]/.test(text.charAt(at - 1)) && /[\udc00-\udfff]/.test(text.charAt(at));
}

/** Spaced-out letters count as one word, or nothing of it would be hidden. */
function maskWords(words: string): string {
  let masked = '';
  for (const [index, part] of words.split(/(\s+)/).entries()) {
    const keepsFirst = index === 0 || LONGER_THAN_ONE.test(part);
    masked += index % 2 === 0 ? maskWord(part, keepsFirst) : part;
  }
  return masked;
}

function maskWord(word: string, keepsFirst: boolean): string {
  let masked = '';
  let isKept = !keepsFirst;
  for (const character of word) {
    const isHidden = isKept ? HIDDEN.test(character) : EMOJI.test(character);
    masked += isHidden ? BULLET : character;
    isKept ||= isHidden || character === BULLET || HIDDEN.test(character);
  }
  return masked;
}
