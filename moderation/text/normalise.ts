import type { TextSpan } from '../../sessions/moderator.ts';
import { boxedLetter, COUSINS, GREEK_CAPITALS, TWINS, VARIANTS } from './confusables.ts';
import { joinSpaced, unleet } from './disguises.ts';
import { EMOJI_NAMES } from './emoji-names.ts';
import type { TextViews } from '../findings.ts';
import { rewriteParts, upTo, type Folding } from './folding.ts';

// The folded view: what a reader reads, whatever characters it was written with. Every step goes once over the text and
// keeps an offset per unit; no pattern here has a repetition inside a repetition.

/** Longest that one character may become, per UTF-16 unit of it; a space before it included. */
const MAX_GROWTH = 8;
const MARKS = /[\p{Mn}\p{Me}]/gu;
/** Nothing to see there: format characters, controls, fillers, lone surrogates. */
const UNSEEN =
  /^[\p{Cf}\p{Cs}\u0000-\u0008\u000b-\u001f\u007f-\u0084\u0086-\u009f\u115f\u1160\u3164\uffa0]$/u;
const NOT_PLAIN = /[^\t\n -~]/;
const REPEATED = /(\p{L})\1{2,}/gu;
const CONFUSABLE_WORD = /[\p{L}\p{N}]+/gu;
const IS_LATIN = /\p{Script=Latin}/u;
const IS_FOREIGN = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}]/u;
/** Longest word that is taken for Latin although no letter of it is. */
const MAX_TWIN_WORD = 14;

/**
 * The two views of a text. `folded` is at most eight times as long, offsets never decrease, and folding it again
 * changes nothing; plain English prose stays as it is but for case and repeats of one letter, which are cut to two.
 * Time is linear in the length.
 */
export function viewsOf(text: string): TextViews {
  const { text: folded, offsets } = capRepeats(unleet(joinSpaced(plainText(text))));
  return { literal: text, folded, offsets };
}

/**
 * The two views of a text when digits and gaps matter: `folded` is plain and lower-case, but nothing in it is joined,
 * read as leet or cut.
 */
export function plainViewsOf(text: string): TextViews {
  const { text: folded, offsets } = plainText(text);
  return { literal: text, folded, offsets };
}

/** The folded view alone, as `viewsOf` makes it. */
export function foldText(text: string): string {
  return viewsOf(text).folded;
}

/**
 * The part of the literal text that a part of the folded one came from: whole characters, with marks and invisible
 * characters that follow them. `end` must be greater than `start`.
 */
export function literalSpan(views: TextViews, start: number, end: number): Pick<TextSpan, 'start' | 'end'> {
  const { literal, offsets } = views;
  const last = offsets[end - 1] ?? literal.length;
  let next = end;
  while (next < offsets.length && (offsets[next] ?? last + 1) <= last) next += 1;
  return { start: offsets[start] ?? 0, end: offsets[next] ?? literal.length };
}

function plainText(text: string): Folding {
  return NOT_PLAIN.test(text) ? untwin(plainCharacters(text), text) : asciiCharacters(text);
}

function asciiCharacters(text: string): Folding {
  return { text: text.toLowerCase(), offsets: upTo(text.length + 1) };
}

/** Each character decomposed, lower case, without marks; emoji as words. Works character by character. */
function plainCharacters(text: string): Folding {
  // Parts, joined once: to look at the end of a string that grows costs its length each time.
  const parts: string[] = [];
  const offsets: number[] = [];
  let mustPart = false;
  for (let at = 0; at < text.length;) {
    const code = text.codePointAt(at) ?? 0;
    const size = code > 0xffff ? 2 : 1;
    const character = text.slice(at, at + size);
    const name = EMOJI_NAMES.get(character);
    let to = name ?? plainCharacter(character, code);
    if (to !== '') {
      // A name stands apart from what is before and behind it.
      if ((name !== undefined && isWordEnd(parts.at(-1))) || (mustPart && isWordStart(to))) to = ' ' + to;
      mustPart = name !== undefined;
      parts.push(to);
      for (let unit = 0; unit < to.length; unit += 1) offsets.push(at);
    }
    at += size;
  }
  offsets.push(text.length);
  return { text: parts.join(''), offsets };
}

function isWordEnd(text: string | undefined): boolean {
  return text !== undefined && !/\s$/.test(text);
}

function isWordStart(text: string): boolean {
  return !/^\s/.test(text);
}

function plainCharacter(character: string, code: number): string {
  if (code < 0x7f && code >= 0x20) return character.toLowerCase();
  const isSkinTone = code >= 0x1f3fb && code <= 0x1f3ff;
  if (isSkinTone || UNSEEN.test(character)) return '';
  const boxed = boxedLetter(code);
  if (boxed !== undefined) return boxed;
  // Syllables of Hangul would fall apart into letters.
  if (code >= 0xac00 && code <= 0xd7a3) return character;
  const bare = character.normalize('NFKD').toLowerCase().normalize('NFKD').replace(MARKS, '');
  let to = '';
  for (const part of bare) to += VARIANTS.get(part) ?? part;
  return to.slice(0, MAX_GROWTH * character.length - 1);
}

/**
 * Letters that look like Latin ones become Latin: in words of mixed script, and in words made of nothing else when the
 * text is otherwise Latin. What is written in Cyrillic or Greek stays so.
 */
function untwin(from: Folding, literal: string): Folding {
  if (!IS_FOREIGN.test(from.text)) return from;
  const isLatinText = isMostlyLatin(from.text);
  return rewriteParts(from, from.text.matchAll(CONFUSABLE_WORD), (match) => {
    const [word] = match;
    if (!IS_FOREIGN.test(word)) return null;
    const isMixed = IS_LATIN.test(word);
    if (!isMixed && !(isLatinText && isAllTwins(word))) return null;
    const capitals = (index: number): string | undefined =>
      GREEK_CAPITALS.get(literal.charAt(from.offsets[match.index + index] ?? 0));
    let text = '';
    for (let index = 0; index < word.length; index += 1) {
      const letter = word.charAt(index);
      text += capitals(index) ?? TWINS.get(letter) ?? (isMixed ? COUSINS.get(letter) : undefined) ?? letter;
    }
    return { text, indices: upTo(word.length) };
  });
}

function isAllTwins(word: string): boolean {
  if (word.length > MAX_TWIN_WORD) return false;
  for (const letter of word) if (!TWINS.has(letter) && !/[a-z0-9]/.test(letter)) return false;
  return true;
}

/** Whether Latin letters prevail over what cannot be read as Latin. Folding does not change the answer. */
function isMostlyLatin(text: string): boolean {
  let latin = 0;
  let foreign = 0;
  for (const [word] of text.matchAll(CONFUSABLE_WORD)) {
    const isMixed = IS_LATIN.test(word) && IS_FOREIGN.test(word);
    if (!isMixed && isAllTwins(word) && IS_FOREIGN.test(word)) continue;
    for (const letter of word) {
      if (IS_LATIN.test(letter) || (isMixed && (TWINS.has(letter) || COUSINS.has(letter)))) latin += 1;
      else if (IS_FOREIGN.test(letter)) foreign += 1;
    }
  }
  return latin > 0 && latin >= foreign;
}

function capRepeats(from: Folding): Folding {
  if (!hasTriple(from.text)) return from;
  return rewriteParts(from, from.text.matchAll(REPEATED), (match) => {
    const letter = match[1] ?? '';
    return { text: letter + letter, indices: upTo(letter.length * 2) };
  });
}

/** Whether a unit comes three times in a row, or a pair of units may: quick, for almost no text does. */
function hasTriple(text: string): boolean {
  for (let at = 2; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === text.charCodeAt(at - 2) && (unit === text.charCodeAt(at - 1) || unit >= 0xd800)) return true;
  }
  return false;
}
