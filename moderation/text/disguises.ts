import { rewriteParts, upTo, type Folding, type Part } from './folding.ts';

// Words that are written with gaps between their letters, or with digits and signs for letters.

/** Single letters, the same gap between all of them. Letters may be digits and signs that stand for one. */
const SPACED =
  /(?<![\p{L}\p{N}@$!|])[a-z0134570@$!|]( |[ ]?[-_*/|~+•·][ ]?|[.,\n]|[.] )[a-z0134570@$!|](?:\1[a-z0134570@$!|])+(?![\p{L}\p{N}@$|])/gu;
const LEET: Readonly<Record<string, string>> = {
  '@': 'a',
  '4': 'a',
  '3': 'e',
  '1': 'i',
  '!': 'i',
  '|': 'i',
  '0': 'o',
  '5': 's',
  '$': 's',
  '7': 't',
};
/** What may follow a number as it stands: ordinals, measures, times, coins and points of games. */
const UNITS = new Set(
  (
    'st nd rd th am pm km cm mm nm ft in yd mi lb lbs oz kg mg ml cl dl gal sq sec secs min mins hr hrs day days wk yr yrs ' +
    'gp sp cp ep pp hp xp mp ap ac dc dm kb mb gb tb hz khz mhz ghz kw mw fps mph kph rpm dpi px em rem ks am bc ad ' +
    'bce ce nite way ways man men miles feet inch hours times pounds gold percent usd eur gbp'
  ).split(' '),
);
const DICE = /^[0-9]{0,4}d[0-9]{1,4}/;
const LEADING = /^[0-9]([a-z]{2,})$/;
const MAX_LEET_WORD = 30;

/**
 * Joins letters that stand alone, three or more with the same gap (`k i l l`, `k.i.l.l`). Initials of up to three
 * letters (`J. R. R.`), runs of the alphabet (`a b c`) and numbers stay.
 */
export function joinSpaced(from: Folding): Folding {
  if (!hasLoneCharacters(from.text)) return from;
  return rewriteParts(from, from.text.matchAll(SPACED), (match) => {
    const gap = match[1]?.length ?? 1;
    const indices: number[] = [];
    let text = '';
    for (let index = 0; index < match[0].length; index += gap + 1) {
      indices.push(index);
      text += match[0].charAt(index);
    }
    return isSpelledWord(text, match[1] ?? '') ? { text, indices } : null;
  });
}

/** Whether two characters stand alone with at most three others between: quick, for almost no text has that. */
function hasLoneCharacters(text: string): boolean {
  let lone = -9;
  let before = false;
  let here = isTokenUnit(text.charCodeAt(0));
  for (let at = 0; at < text.length; at += 1) {
    const next = isTokenUnit(text.charCodeAt(at + 1));
    if (here && !before && !next) {
      if (at - lone <= 4) return true;
      lone = at;
    }
    before = here;
    here = next;
  }
  return false;
}

/** Latin letters, digits, and the signs that stand for letters. */
function isTokenUnit(unit: number): boolean {
  return (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x30 && unit <= 0x39) || isSign(unit);
}

function isSign(unit: number): boolean {
  return unit === 0x21 || unit === 0x24 || unit === 0x40 || unit === 0x7c;
}

/** The runs of letters, digits and signs that hold at least one digit or sign. */
function* leetTokens(text: string): Generator<Part> {
  let start = 0;
  let isCandidate = false;
  for (let at = 0; at <= text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (isTokenUnit(unit)) {
      isCandidate ||= unit < 0x61 || unit === 0x7c;
      continue;
    }
    if (isCandidate && at - start > 1) yield { index: start, 0: text.slice(start, at) };
    start = at + 1;
    isCandidate = false;
  }
}

function isSpelledWord(text: string, gap: string): boolean {
  if (gap === '. ' && text.length < 4) return false;
  let letters = 0;
  let successors = 0;
  for (let index = 0; index < text.length; index += 1) {
    if (/[a-z]/.test(text.charAt(index))) letters += 1;
    if (index > 0 && text.charCodeAt(index) === text.charCodeAt(index - 1) + 1) successors += 1;
  }
  return letters * 2 > text.length && letters >= 2 && successors < text.length - 1;
}

/**
 * Digits and signs inside words become the letters they look like (`b1tch`, `a$$`). What only looks like it stays:
 * dice, ordinals, measures, times, versions, addresses, names that end in a number.
 */
export function unleet(from: Folding): Folding {
  return rewriteParts(from, leetTokens(from.text), (match) => {
    if (isAmongLetters(from.text, match.index, match.index + match[0].length)) return null;
    const core = match[0].replace(/[!|]+$/, '');
    const behind = from.text.slice(match.index + core.length, match.index + core.length + 2);
    if (!isLeet(core, behind)) return null;
    let text = '';
    for (const [index, letter] of [...core].entries()) {
      text += isHandle(core, index) ? letter : (LEET[letter] ?? letter);
    }
    text += match[0].slice(core.length);
    return { text, indices: upTo(match[0].length) };
  });
}

/** Whether letters of another alphabet touch it, which makes it a part of a word that is not English. */
function isAmongLetters(text: string, start: number, end: number): boolean {
  const around = text.charAt(start - 1) + text.charAt(end);
  return /\p{L}/u.test(around);
}

/** A leading @ is a handle's, unless what follows is no name: two s. */
const NO_HANDLE = /^@[s5$]{2}/;

function isHandle(core: string, index: number): boolean {
  return index === 0 && core.startsWith('@') && !NO_HANDLE.test(core);
}

function isLeet(core: string, behind: string): boolean {
  if (core.length > MAX_LEET_WORD || !/[a-z]/.test(core) || !/[0-9@$|!]/.test(core)) return false;
  // Digits that stand for no letter: a number plate, a droid, a hash.
  if (/[2689]/.test(core) || DICE.test(core) || /^[!|]/.test(core)) return false;
  if (/@[a-z0-9$]+$/.test(core) && !core.startsWith('@') && /^\.[a-z0-9]/.test(behind)) return false;
  if (/\$[0-9]/.test(core) || /!!|\|\||[0-9]{3}/.test(core)) return false;
  if (/^[0-9]/.test(core)) {
    const suffix = LEADING.exec(core)?.[1];
    if (suffix !== undefined) return !UNITS.has(suffix);
    // Disguised at the front and further on (`1d10t`): letters must prevail and end it.
    return /^[0-9][a-z].*[a-z]$/.test(core) && core.replace(/[^a-z]/g, '').length >= 4;
  }
  // Something between or before letters, or signs behind them; digits behind a word count it.
  return /[0-9@$|!]+[a-z]/.test(core.replace(/^@/, '')) || /[a-z]\$+$/.test(core) || NO_HANDLE.test(core);
}
