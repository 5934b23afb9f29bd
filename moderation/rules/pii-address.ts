import type { TextViews } from '../findings.ts';
import type { PiiMatch } from './pii-numbers.ts';

// Street addresses. A street of a story is no secret, so a street with a number alone is a mild find; with a town and a
// postal code, or where somebody says that it is an address, it is a full one. Capital letters decide what a name is.

const KINDS =
  'street|str|st|road|rd|avenue|ave|lane|ln|drive|dr|boulevard|blvd|court|ct|terrace|close|crescent|square|sq|' +
  'parkway|pkwy|highway|hwy|turnpike|mews|place|pl|circle|row|gardens|grove|alley|loop|way|path|rise|view|wharf|' +
  'park|hill|green|greens|gateway|parade|esplanade|quay|cove|plaza|trail|walk';
const PREFIXES =
  'via|viale|vicolo|corso|piazza|strada|rua|rue|calle|c/|c\\.|carrer|avenida|avda\\.?|av\\.|alameda|travessa|praca|' +
  'ul\\.?|ulica|al\\.|bulevar|bd|chemin|place|allee|quai|impasse|ctra\\.?|plaza|paseo|ronda|urb\\.?';
const ENDINGS =
  'strasse|straße|str\\.?|gasse|weg|platz|straat|laan|steenweg|plein|dijk|singel|vej|vaenget|veien|vegen|gata|gatan|gate|' +
  'tie|katu|kuja|utca|vag|vagen|vagur|straeti|terrasse|allee|gade|stien|tunet|gotu|braut';
const NAME = "[a-z\\u00df-\\u03ff\\u0400-\\u04ff][a-z0-9\\u00df-\\u03ff\\u0400-\\u04ff.'/-]{0,24}";

/** `42 elm street`, `3378 217 lovers lane`. */
const NUMBER_FIRST = new RegExp(
  `(?<![a-z0-9.,:$#])[0-9]{1,5}[a-d]? (?:[0-9]{1,5}[a-d]? )?((?:${NAME} ){1,3})(?:${KINDS})(?![a-z])`,
  'g',
);
/** `via tasso 129`. */
const PREFIXED = new RegExp(
  `(?<![a-z0-9])(?:${PREFIXES}) ((?:${NAME} ){1,4})[0-9]{1,5}(?![0-9a-z,.]?[0-9a-z])`,
  'g',
);
/** `hafnarstraeti 5`, `villacher strasse 89`. */
const COMPOUND = new RegExp(
  `(?<![a-z0-9])(${NAME} )?(?:${NAME})?(?<=${ENDINGS}) [0-9]{1,5}(?![0-9a-z])`,
  'g',
);
/** `0104 golfskalinn 78`: a number, a name, a number. */
const BETWEEN = new RegExp(
  `(?<![a-z0-9.,:$#])[0-9]{2,5} ((?:${NAME} ){1,4})[0-9]{1,4}(?![0-9a-z,.:]?[0-9a-z])`,
  'g',
);
/** `31 rue de tanger`. */
const NUMBER_PREFIX = new RegExp(
  `(?<![a-z0-9.,:$#])[0-9]{1,5} (?:[0-9]{1,5} )?(?:${PREFIXES}) (?:${NAME})`,
  'g',
);
/** `hoge wei 32 st.` */
const NUMBER_LAST = new RegExp(`(?<![a-z0-9])(?:${NAME} ){1,3}[0-9]{1,5} (?:street|str|st)(?![a-z])`, 'g');
/** What counts only behind a cue: a number and a name, or a name and a number. */
const CUED = new RegExp(
  `(?<![a-z0-9])(?:[0-9]{1,5} (?:[0-9]{1,5} )?${NAME}|(?:${NAME} ){1,4}[0-9]{1,5}(?![0-9a-z]))`,
  'g',
);
const CORNER = new RegExp(`corner of ((?:${NAME}|[0-9]{1,5})(?: (?:${NAME}|[0-9]{1,5})){1,9})`, 'g');
const UNIT = /(?<![a-z0-9])(?:apt|apartment|suite|flat|ste)\.? ?#?[0-9]{1,5}[a-z]?(?![a-z0-9])/g;
const POST_CODE =
  /(?<![a-z0-9])(?:[a-z]{2},? [0-9]{5}(?:-[0-9]{4})?|[a-z]{1,2}[0-9][a-z0-9]? [0-9][a-z]{2}|[a-z][0-9][a-z] ?[0-9][a-z][0-9])(?![a-z0-9])/g;
/** What somebody says before an address, up to the number or the name that begins it. */
const CUE =
  /(?:address(?: is| to|:|,| of (?:me|him|her|them|us))?|(?:i|we|he|she|they|who) (?:now |once )?lived? (?:at|on|in)|lives (?:at|on|in)|meet (?:you|me|us) at|taxi to|located (?:at|on|in)|(?:office|restaurant|shop|flat|it|place)(?:'s| is)? at|enter on|sent to|(?:send|mail|deliver|return|ship) (?:it |this |that |them )?to|station is on|home is (?:at|on)|house is (?:at|on)|(?:come|came) to|drops you off at|stop at|moved to|titled?)[^a-z0-9]{0,12}(?:the )?(?:same:?\s)?$/;
/** What belongs to an address that has begun: units, towns, a country, a postal code. */
const TAIL =
  /^(?:[^a-z0-9]{1,8}(?:[0-9]{1,6}(?![0-9])|[a-z\u00df-\u03ff\u0400-\u04ff][a-z0-9\u00df-\u03ff\u0400-\u04ff.'()-]{0,24})){1,16}/;
const TAIL_REACH = 120;

interface Found {
  start: number;
  end: number;
  isCertain: boolean;
}

/** Street addresses, units and postal codes in the plain views of a text. */
export function findAddresses(views: TextViews): PiiMatch[] {
  const text = views.folded;
  if (!/[0-9]/.test(text)) return [];
  const found: Found[] = [];
  const add = (start: number, end: number): void => {
    found.push({ start, end, isCertain: isCued(text, start) });
  };
  for (const match of text.matchAll(NUMBER_FIRST)) {
    const name = match.index + match[0].search(/[a-z]/);
    if (isCapital(views, name) || isCued(text, match.index)) add(match.index, match.index + match[0].length);
  }
  for (const pattern of [PREFIXED, COMPOUND, BETWEEN, NUMBER_PREFIX, NUMBER_LAST]) {
    for (const match of text.matchAll(pattern)) {
      const isNamed = pattern === BETWEEN ? isAllCapital(views, match) : hasCapital(views, match);
      if (isNamed || isCued(text, match.index)) add(match.index, match.index + match[0].length);
    }
  }
  for (const match of text.matchAll(CUED)) {
    if (isCued(text, match.index) && hasCapital(views, match))
      add(match.index, match.index + match[0].length);
  }
  for (const match of text.matchAll(CORNER)) {
    if (/[0-9]/.test(match[1] ?? '')) add(match.index, match.index + match[0].length);
  }
  for (const match of text.matchAll(UNIT)) add(match.index, match.index + match[0].length);
  for (const match of text.matchAll(POST_CODE)) {
    if (isUpper(views, match.index)) add(match.index, match.index + match[0].length);
  }
  return merge(views, found);
}

function isCued(text: string, start: number): boolean {
  return CUE.test(text.slice(Math.max(0, start - 60), start));
}

function literalAt(views: TextViews, at: number): string {
  return views.literal.charAt(views.offsets[at] ?? 0);
}

function isCapital(views: TextViews, at: number): boolean {
  const letter = literalAt(views, at);
  return letter !== letter.toLowerCase();
}

/** Whether some word of a match, short ones aside, begins with a capital. */
function hasCapital(views: TextViews, match: RegExpExecArray): boolean {
  for (const word of match[0].matchAll(/[^ 0-9]{3,}/g))
    if (isCapital(views, match.index + word.index)) return true;
  return false;
}

function isUpper(views: TextViews, at: number): boolean {
  return isCapital(views, at) || isCapital(views, at + 1);
}

/** Whether the first and last word between two numbers are names. */
function isAllCapital(views: TextViews, match: RegExpExecArray): boolean {
  const words = [...match[0].matchAll(/[^ ]+/g)].slice(1, -1);
  return words.every((word, index) => {
    const isInner = index > 0 && word[0].length <= 3;
    return isInner || isCapital(views, match.index + word.index);
  });
}

/** Neighbouring pieces become one address, with the town and code behind them. */
function merge(views: TextViews, found: Found[]): PiiMatch[] {
  const merged: (Found & { pieces: number })[] = [];
  for (const piece of found.sort((one, other) => one.start - other.start)) {
    const last = merged.at(-1);
    if (
      last !== undefined &&
      piece.start - last.end <= 24 &&
      !/[.!?] /.test(views.folded.slice(last.end, piece.start))
    ) {
      last.pieces += piece.start >= last.end ? 1 : 0;
      last.end = Math.max(last.end, piece.end);
      last.isCertain ||= piece.isCertain;
    } else merged.push({ ...piece, pieces: 1 });
  }
  return merged.map((each) => {
    const end = each.end + tailLength(views, each.end);
    const isCertain = each.isCertain || each.pieces > 1 || end > each.end;
    return { kind: 'address', severity: isCertain ? 2 : 1, start: each.start, end };
  });
}

/** How far the address goes on: over capitalised words up to a postal code; 0 where there is none. */
function tailLength(views: TextViews, from: number): number {
  const tail = TAIL.exec(views.folded.slice(from, from + TAIL_REACH))?.[0] ?? '';
  let length = 0;
  for (const part of tail.matchAll(/[^\s,>]+/g)) {
    const isNumber = /^[0-9]{4,6}$/.test(part[0]);
    const isName = isCapital(views, from + part.index) || part[0].length <= 3 || part[0] === 'nan';
    if (!isNumber && !isName && !/^[^a-z0-9]+$|^[0-9]+$/.test(part[0])) break;
    if (isNumber) length = part.index + part[0].length;
  }
  return length;
}
