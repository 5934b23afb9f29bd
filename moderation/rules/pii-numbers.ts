// Personal data that is known by its shape. All patterns run over plain lower-case text, and every repetition in them
// is bounded, so that time stays linear.

/** A piece of personal data in the plain text. */
export interface PiiMatch {
  kind: 'email' | 'phone' | 'card' | 'iban' | 'ip' | 'ssn' | 'address' | 'licence';
  start: number;
  end: number;
  severity: number;
}

const EMAIL = /(?<![a-z0-9._%+-])[a-z0-9._%+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,4}\.[a-z]{2,12}/g;
/** Written so that no program finds it: `name (at) host (dot) org`. */
const SPELLED_EMAIL =
  /(?<![a-z0-9._-])[a-z0-9._-]{2,40} ?(?:\[at\]|\(at\)|@| at ) ?[a-z0-9-]{2,30} ?(?:\[dot\]|\(dot\)| dot ) ?[a-z]{2,6}(?![a-z])/g;
const IBAN = /(?<![a-z0-9])[a-z]{2}[0-9]{2}(?: ?[a-z0-9]{4}){2,7}(?: ?[a-z0-9]{1,3})?(?![a-z0-9])/g;
const CARD = /(?<![0-9a-z.,-])[0-9](?:[ -]?[0-9]){11,18}(?![0-9a-z])/g;
const SSN = /(?<![0-9-])([0-9]{3})-([0-9]{2})-([0-9]{4})(?![0-9-])/g;
const LOOSE_SSN = /(?:ssn|social security)[^0-9]{0,30}([0-9]{3}[ -]?[0-9]{2}[ -]?[0-9]{4})(?![0-9-])/g;
const LICENCE =
  /(?:licen[cs]e|passport|id card|licence plate)(?:'s)?(?: (?:number|no\.?|num|#|id))?(?: is|:| =|,)? {0,3}#?([a-z]{0,3}[0-9][a-z0-9-]{4,16})(?![a-z0-9])/g;
const IPV4 = /(?<![0-9a-z.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![0-9a-z]|\.[0-9])/g;
const IPV6 = /(?<![0-9a-z:])(?:[0-9a-f]{1,4}:){3,7}(?::?[0-9a-f]{1,4}){1,4}(?![0-9a-z:])/g;
/** Addresses of no person: this machine, a home network, nobody. */
const LOCAL_IP = /^(?:0|10|127|255)\.|^192\.168\.|^169\.254\./;
const VERSION_CUE = /(?:version|ver\.?|v\.?|release|build) ?$/;

/** Everything but phone numbers and addresses. */
export function findIdentifiers(text: string): PiiMatch[] {
  const found: PiiMatch[] = [];
  const add = (kind: PiiMatch['kind'], severity: number, part: { index: number; 0: string }): void => {
    found.push({ kind, severity, start: part.index, end: part.index + part[0].length });
  };
  if (/@|\bat\b|\(at\)/.test(text)) {
    for (const match of text.matchAll(EMAIL)) add('email', 2, match);
    for (const match of text.matchAll(SPELLED_EMAIL)) add('email', 2, match);
  }
  if (!/[0-9]/.test(text)) return found;
  for (const match of text.matchAll(IBAN)) if (isIban(match[0])) add('iban', 3, match);
  for (const match of text.matchAll(SSN)) if (isSsn(match[1] ?? '')) add('ssn', 3, match);
  for (const match of text.matchAll(LOOSE_SSN)) add('ssn', 3, tail(match));
  for (const match of text.matchAll(CARD)) if (isCard(match[0])) add('card', 3, match);
  for (const match of text.matchAll(IPV4))
    if (isIpv4(match[0], text.slice(0, match.index))) add('ip', 2, match);
  for (const match of text.matchAll(IPV6)) if (isIpv6(match[0])) add('ip', 2, match);
  for (const match of text.matchAll(LICENCE)) {
    if ((match[1] ?? '').replace(/[^0-9]/g, '').length >= 5) add('licence', 2, tail(match));
  }
  return found;
}

/** The first group of a match that ends with it. */
function tail(match: RegExpExecArray): { index: number; 0: string } {
  const group = match[1] ?? '';
  return { index: match.index + match[0].length - group.length, 0: group };
}

function isIban(match: string): boolean {
  const account = match.replaceAll(' ', '');
  if (account.length < 15 || account.length > 34) return false;
  let rest = 0;
  for (const unit of account.slice(4) + account.slice(0, 4)) {
    const value = Number.parseInt(unit, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

/** Luhn's check, and a first digit that issuers use. */
function isCard(match: string): boolean {
  const digits = match.replace(/[^0-9]/g, '');
  if (!/^(?:[2-6]|1800)/.test(digits) || /^([0-9])\1+$/.test(digits)) return false;
  let sum = 0;
  for (let back = 0; back < digits.length; back += 1) {
    const digit = Number(digits.charAt(digits.length - 1 - back));
    const value = back % 2 === 0 ? digit : digit * 2;
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
}

function isSsn(area: string): boolean {
  return area !== '000' && area !== '666' && !area.startsWith('9');
}

function isIpv4(match: string, before: string): boolean {
  if (LOCAL_IP.test(match) || VERSION_CUE.test(before.slice(-10))) return false;
  return match.split('.').every((part) => Number(part) <= 255 && !/^0[0-9]/.test(part));
}

function isIpv6(match: string): boolean {
  const groups = match.split(':');
  return groups.length === 8 || (match.includes('::') && groups.length > 4 && /[a-f]/.test(match));
}
