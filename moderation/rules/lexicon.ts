import type { ScreenRequest, TextSpan } from '../../sessions/moderator.ts';
import type { Detector, Finding, TextViews } from '../findings.ts';
import { LEXICON, STARRED, type LexiconEntry } from './lexicon-index.ts';
import { BANNED_STEM, EXCUSES } from './lexicon/context.ts';
import { hiddenSwears } from './lexicon-hidden.ts';
import { literalSpan, viewsOf } from '../text/normalise.ts';

// Words that offend as such. They mask and colour a verdict and never make one alone: fiction swears.

/** A word of the folded text. */
interface Token {
  text: string;
  start: number;
  end: number;
}

/** What was found in the folded text. */
interface Hit {
  entry: LexiconEntry;
  start: number;
  end: number;
}

const STAR = /(?<![a-z0-9*])[a-z]{1,12}\*{1,6}[a-z]{0,12}(?![a-z0-9*])/g;
/** How many words may stand in a phrase of the list. */
const MAX_PHRASE = 5;
const MAX_WORD = 40;
const AROUND = 40;

/**
 * Words and phrases of the severity list, one finding per harm and severity. Whole words only; what its surroundings
 * or the names at the table excuse is left out.
 */
export const lexiconFindings: Detector = (views, request) => {
  const names = namesOf(request);
  const findings = new Map<string, Finding & { spans: { start: number; end: number }[] }>();
  const hits = [...wordHits(views), ...starHits(views.folded), ...hiddenSwears(views.folded)];
  // The sort is stable: of two that begin together the list's own comes first.
  let done = 0;
  for (const { entry, start, end } of hits.sort((one, other) => one.start - other.start)) {
    if (start < done) continue;
    done = end;
    if (isExcused(views.folded, entry, start, end) || isName(views, names, start, end)) continue;
    const { harm, severity } = entry;
    const span = literalSpan(views, start, end);
    const found = findings.get(`${harm} ${severity}`);
    if (found === undefined) {
      const id = `lexicon.${harm}`;
      findings.set(`${harm} ${severity}`, {
        id,
        harm,
        severity,
        spans: [span],
        source: 'lexicon',
        label: harm,
      });
    } else found.spans.push(span);
  }
  return [...findings.values()];
};

/** The hardest slurs, disguised or not, wherever they stand. Takes microseconds for a short text. */
export function bannedSpans(text: string): TextSpan[] {
  const views = viewsOf(text);
  const spans: TextSpan[] = [];
  for (const { entry, start, end } of [...wordHits(views), ...starHits(views.folded)]) {
    if (!entry.isBanned) continue;
    spans.push({ ...literalSpan(views, start, end), source: 'lexicon', label: entry.harm });
  }
  return spans;
}

/** How often words of each category and severity stand in a folded text, such as `insult.2`. */
export function lexiconFeatures(folded: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { entry } of wordHits({ literal: folded, folded, offsets: [] })) {
    for (const feature of entry.features) counts[feature] = (counts[feature] ?? 0) + 1;
  }
  return counts;
}

function wordHits(views: TextViews): Hit[] {
  const hits: Hit[] = [];
  const tokens = tokensOf(views.folded);
  for (let at = 0; at < tokens.length;) {
    const hit = phraseAt(tokens, at) ?? disguisedAt(views, tokens[at]);
    if (hit !== null) hits.push({ entry: hit.entry, start: hit.start, end: hit.end });
    at += hit?.count ?? 1;
  }
  return hits;
}

function tokensOf(folded: string): Token[] {
  const tokens: Token[] = [];
  let start = -1;
  for (let at = 0; at <= folded.length; at += 1) {
    if (isWordUnit(folded.charCodeAt(at))) {
      if (start < 0) start = at;
    } else if (start >= 0) {
      tokens.push({ text: folded.slice(start, at), start, end: at });
      start = -1;
    }
  }
  return tokens;
}

/** Letters and digits; letters of other alphabets too, so that no Latin piece is cut out of a word. */
function isWordUnit(unit: number): boolean {
  if (unit < 0x80) return (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x30 && unit <= 0x39);
  return unit >= 0xaa && /\p{L}/u.test(String.fromCharCode(unit));
}

/** The longest entry that begins at a token. */
function phraseAt(tokens: readonly Token[], at: number): (Hit & { count: number }) | null {
  const first = tokens[at];
  if (first === undefined) return null;
  for (const entry of LEXICON.get(first.text) ?? []) {
    const count = entry.words.length;
    const last = tokens[at + count - 1];
    if (count > MAX_PHRASE || last === undefined || last.end - first.start > MAX_WORD * count) continue;
    if (entry.words.every((word, index) => tokens[at + index]?.text === word)) {
      return { entry, start: first.start, end: last.end, count };
    }
  }
  return null;
}

/** A word with repeats cut or gaps joined may hide one letter less; a slur may hide in a compound. */
function disguisedAt(views: TextViews, token: Token | undefined): (Hit & { count: number }) | null {
  if (token === undefined || token.text.length < 4 || token.text.length > MAX_WORD) return null;
  const { text, start, end } = token;
  if (text.includes('nigg') && BANNED_STEM.test(text)) {
    const entry = LEXICON.get('nigger')?.at(-1);
    if (entry !== undefined) return { entry, start, end, count: 1 };
  }
  const from = views.offsets[start];
  const isWhole = from === undefined || (views.offsets[end - 1] ?? 0) - from === end - 1 - start;
  // A run that was cut at the very end of a word shows only behind it.
  if (isWhole && (views.offsets[end] ?? 0) - (from ?? 0) <= end - start) return null;
  for (const variant of variantsOf(text)) {
    const entry = LEXICON.get(variant)?.find(({ words }) => words.length === 1);
    const skipped = variant.length === text.length - 1 && text.endsWith(variant) ? 1 : 0;
    if (entry !== undefined) return { entry, start: start + skipped, end, count: 1 };
  }
  return null;
}

/** The word without its first letter, and with some of its double letters single; at most nine. */
function variantsOf(text: string): string[] {
  let variants = [text];
  for (let at = text.length - 1, doubles = 0; at > 0 && doubles < 3; at -= 1) {
    if (text.charAt(at) !== text.charAt(at - 1)) continue;
    variants = variants.flatMap((each) => [each, each.slice(0, at) + each.slice(at + 1)]);
    doubles += 1;
  }
  // Words of one letter before a spaced-out one are joined to it.
  return /^[ai]/.test(text) ? [...variants, text.slice(1)] : variants;
}

function starHits(folded: string): Hit[] {
  if (!folded.includes('*')) return [];
  const hits: Hit[] = [];
  for (const match of folded.matchAll(STAR)) {
    const word = match[0];
    const stars = word.split('*').length - 1;
    if (word.length < 4 || stars * 2 > word.length + 2) continue;
    const entry = STARRED.find(({ words: [plain = ''] }) => isStarred(word, plain));
    if (entry !== undefined) hits.push({ entry, start: match.index, end: match.index + word.length });
  }
  return hits;
}

function isStarred(word: string, plain: string): boolean {
  if (word.length !== plain.length) return false;
  for (let at = 0; at < word.length; at += 1) {
    if (word.charAt(at) !== '*' && word.charAt(at) !== plain.charAt(at)) return false;
  }
  return true;
}

function isExcused(folded: string, entry: LexiconEntry, start: number, end: number): boolean {
  const excuse = entry.words.length === 1 ? EXCUSES[entry.words[0] ?? ''] : undefined;
  if (excuse === undefined) return false;
  const isBefore = excuse.before?.test(folded.slice(Math.max(0, start - AROUND), start)) ?? false;
  return isBefore || (excuse.behind?.test(folded.slice(end, end + AROUND)) ?? false);
}

function namesOf(request: ScreenRequest): Set<string> {
  const names = [...request.cast, ...request.players].slice(0, 64);
  return new Set(
    names.flatMap((name) =>
      name
        .slice(0, 64)
        .split(/[^\p{L}\p{N}]+/u)
        .filter((part) => part !== ''),
    ),
  );
}

/** Written just as a name at the table is, with its capital: Dick, Fanny. Slurs are no names. */
function isName(views: TextViews, names: ReadonlySet<string>, start: number, end: number): boolean {
  const { start: from, end: to } = literalSpan(views, start, end);
  const written = views.literal.slice(from, to);
  return /^\p{Lu}/u.test(written) && names.has(written);
}
