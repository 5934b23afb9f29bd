import { rewriteMatches, type Folding } from './folding.ts';

// Words that are written with gaps between their letters, or with digits and signs for letters.

/** Single letters, the same gap between all of them. Letters may be digits and signs that stand for one. */
const SPACED =
  /(?<![\p{L}\p{N}@$!|])[a-z0134570@$!|]( |[ ]?[-_*/|~+•·][ ]?|[.,\n]|[.] )[a-z0134570@$!|](?:\1[a-z0134570@$!|])+(?![\p{L}\p{N}@$|])/gu;
const TOKEN = /[a-z0-9@$!|]+/g;
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
  return rewriteMatches(from, SPACED, (match) => {
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
  if (!/[0-9@$|!]/.test(from.text)) return from;
  return rewriteMatches(from, TOKEN, (match) => {
    const core = match[0].replace(/[!|]+$/, '');
    const behind = from.text.slice(match.index + core.length, match.index + core.length + 2);
    if (!isLeet(core, behind)) return null;
    let text = '';
    for (const [index, letter] of [...core].entries()) {
      text += isHandle(core, index) ? letter : (LEET[letter] ?? letter);
    }
    text += match[0].slice(core.length);
    return { text, indices: Array.from({ length: match[0].length }, (_, index) => index) };
  });
}

/** A leading @ is a handle's, unless what follows is no name: two consonants of one kind. */
function isHandle(core: string, index: number): boolean {
  return index === 0 && core.startsWith('@') && !/^@([b-df-hj-np-tv-z])\1/.test(core);
}

function isLeet(core: string, behind: string): boolean {
  if (core.length > MAX_LEET_WORD || !/[a-z]/.test(core) || !/[0-9@$|!]/.test(core)) return false;
  // Digits that stand for no letter: a number plate, a droid, a hash.
  if (/[2689]/.test(core) || DICE.test(core) || /^[!|]/.test(core)) return false;
  if (/@[a-z0-9$]+$/.test(core) && !core.startsWith('@') && /^\.[a-z0-9]/.test(behind)) return false;
  if (/\$[0-9]/.test(core) || /!!|\|\||[0-9]{3}/.test(core)) return false;
  if (/^[0-9]/.test(core)) {
    const suffix = LEADING.exec(core)?.[1];
    return suffix !== undefined && !UNITS.has(suffix);
  }
  // Something between or before letters, or signs behind them; digits behind a word count it.
  return (
    /[0-9@$|!]+[a-z]/.test(core.replace(/^@/, '')) ||
    /[a-z]\$+$/.test(core) ||
    /^@([b-df-hj-np-tv-z])\1/.test(core)
  );
}
