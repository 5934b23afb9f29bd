import type { PiiMatch } from './pii-numbers.ts';

// Phone numbers come in too many shapes for one pattern: candidates are runs of digits with the usual separators. Some
// shapes are a phone number anywhere; others only where the words before speak of calling.

// Digits and separators are told apart by their first character, so no run can be split in two ways.
const CANDIDATE =
  /(?<![0-9a-z.:$#]|[0-9],)(?:\+|\(\+?)?[0-9](?:[ .()-]{0,3}[0-9]){6,19}(?: ?(?:x|ext\.?) ?[0-9]{1,6})?(?![0-9a-z%]|[.,:][0-9])/g;
const CUE =
  /(?:phone|tel|telephone|mobile|cell|call|ring|fax|desk|office|whatsapp|sms|answering|reach (?:me|us|him|her|them)|text (?:me|him|her|us)|messages?|contact|dial|registered|(?:my|his|her|their|your) number)\b[^0-9+(]{0,30}$/;
const CUE_BEHIND = /^[ -]{0,2}(?:office|fax|mobile|home|work|cell)\b/;
const STRONG = [
  // With a country's prefix.
  /^\(?(?:\+|00(?=[1-9]))/,
  // North America.
  /^\(?[2-9][0-9]{2}\)?[-. ]?[0-9]{3}[-.][0-9]{4}(?: ?(?:x|ext\.?).*)?$/,
  /^[2-9][0-9]{2}[ .-][0-9]{3}[ .-][0-9]{4}$/,
  // A trunk zero and at least two groups more.
  /^\(?0[0-9]{1,4}\)?(?:[ .-][0-9]{2,4}){2,4}$/,
  /^0[0-9]{3,4}[ -][0-9]{6,7}$/,
  /^\([0-9]{2,4}\) [0-9]{3,4}-[0-9]{3,4}$/,
];
/** Years, dates, sums in groups of three, counting. */
const OTHER =
  /^(?:[0-9]{4} ?- ?[0-9]{4}|[0-9]{1,4}[-.][0-9]{1,2}[-.][0-9]{1,4}|[0-9]{1,3}(?: 000)+|[0-9](?:[ .()-]{1,3}[0-9])+)$/;
const CUE_REACH = 60;

/** Phone numbers in plain lower-case text. */
export function findPhones(text: string): PiiMatch[] {
  if (!/[0-9]/.test(text)) return [];
  const found: PiiMatch[] = [];
  for (const match of text.matchAll(CANDIDATE)) {
    const number = match[0];
    const digits = number.replace(/(?:x|ext).*$/, '').replace(/[^0-9]/g, '').length;
    if (digits < 7 || digits > 15 || OTHER.test(number)) continue;
    const end = match.index + number.length;
    const isPhone =
      (digits >= 8 && STRONG.some((shape) => shape.test(number))) ||
      CUE.test(text.slice(Math.max(0, match.index - CUE_REACH), match.index)) ||
      CUE_BEHIND.test(text.slice(end, end + 12));
    if (isPhone) found.push({ kind: 'phone', severity: 2, start: match.index, end });
  }
  return found;
}
