import type { Detector, Finding } from '../findings.ts';
import { foldText } from '../text/normalise.ts';

// Text that says nothing at length. The limits are wide: a chant, a scream and a laugh are parts of stories. Everything
// here counts once over the text.

/** The same character so many times in a row is a flood; rulers of dashes and dots are longer. */
const MAX_RUN = 60;
const MAX_RULER = 300;
/** A line may come so often in one text. */
const MAX_SAME_LINES = 10;
/** So many words before repetition is looked at, and the share of different ones below which it is a flood. */
const MIN_WORDS = 60;
const MIN_VARIETY = 0.12;
/** Signs and emoji: so many, and a share of all that is not blank. */
const MIN_SIGNS = 80;
const MAX_SIGN_SHARE = 0.7;
const MAX_LINKS = 4;
const MAX_TOKEN = 200;
const MIN_CAPITALS = 240;
const MAX_CAPITAL_SHARE = 0.8;
/** The same text again: so many times among the recent ones, and at least so long, for "yes" is said often. */
const MAX_SAME_RECENT = 2;
const MIN_RECENT_LENGTH = 12;

const RUN = /(\S)\1{59,}/gu;
const RULER = /[-=_*.~#]/;
const LINK = /(?:https?:\/\/|www\.)[^\s]{1,400}/gi;
const TOKEN = /\S{200,}/g;
const WORD = /[\p{L}\p{N}']+/gu;

type Span = Finding['spans'][number];

/** Floods: repetition, runs, walls of capitals or signs, many links, and the same text again. Severity 1 or 2. */
export const spamFindings: Detector = ({ literal }, { recent }) => {
  const findings: Finding[] = [];
  const add = (name: string, severity: number, spans: readonly Span[]): void => {
    if (spans.length === 0) return;
    findings.push({ id: `spam.${name}`, harm: 'spam', severity, spans, source: 'rule', label: 'spam' });
  };
  if (literal.trim() === '') return findings;
  const whole: Span[] = [{ start: 0, end: literal.length }];
  const runs = runsOf(literal);
  add('run', runs.some(({ start, end }) => end - start > MAX_RULER) ? 2 : 1, runs);
  add('lines', 2, sameLines(literal));
  add('repetition', 2, isRepetitive(literal) ? whole : []);
  add('signs', 1, isMostlySigns(literal) ? whole : []);
  const links = spansOf(literal, LINK);
  add('links', links.length > 2 * MAX_LINKS ? 2 : 1, links.length > MAX_LINKS ? links : []);
  add(
    'token',
    1,
    spansOf(literal, TOKEN).filter(({ start, end }) => hasVariety(literal.slice(start, end))),
  );
  add('capitals', 1, isShouted(literal) ? whole : []);
  const again = timesBefore(literal, recent);
  add('again', again > 2 * MAX_SAME_RECENT ? 2 : 1, again > MAX_SAME_RECENT ? whole : []);
  return findings;
};

function spansOf(text: string, pattern: RegExp): Span[] {
  return [...text.matchAll(pattern)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }));
}

function runsOf(text: string): Span[] {
  return spansOf(text, RUN).filter(({ start, end }) => {
    return end - start >= (RULER.test(text.charAt(start)) ? MAX_RULER : MAX_RUN);
  });
}

/** Runs of one character are counted as such; scripts without blanks are no tokens. */
function hasVariety(token: string): boolean {
  return new Set(token).size > 2 && /[a-z0-9]/i.test(token) && token.length > MAX_TOKEN;
}

/** Every place of a line that stands too often in the text. */
function sameLines(text: string): Span[] {
  const places = new Map<string, Span[]>();
  let start = 0;
  for (const line of text.split('\n')) {
    const key = line.trim().toLowerCase();
    if (key !== '') {
      const spans = places.get(key) ?? [];
      spans.push({ start, end: start + line.length });
      places.set(key, spans);
    }
    start += line.length + 1;
  }
  return [...places.values()].filter((spans) => spans.length > MAX_SAME_LINES).flat();
}

function isRepetitive(text: string): boolean {
  const different = new Set<string>();
  let count = 0;
  for (const [word] of text.matchAll(WORD)) {
    different.add(word.toLowerCase());
    count += 1;
  }
  // Long texts use the same words again without repeating themselves; variety falls with the root of the length.
  return count >= MIN_WORDS && different.size < MIN_VARIETY * Math.sqrt(MIN_WORDS * count);
}

function isMostlySigns(text: string): boolean {
  let signs = 0;
  let all = 0;
  for (const character of text) {
    if (/\s/.test(character)) continue;
    all += 1;
    if (!/[\p{L}\p{N}\p{M}'".,;:!?-]/u.test(character)) signs += 1;
  }
  return signs >= MIN_SIGNS && signs > MAX_SIGN_SHARE * all;
}

function isShouted(text: string): boolean {
  let capitals = 0;
  let letters = 0;
  for (const character of text) {
    if (/\p{Lu}/u.test(character)) capitals += 1;
    else if (!/\p{Ll}/u.test(character)) continue;
    letters += 1;
  }
  return capitals >= MIN_CAPITALS && capitals > MAX_CAPITAL_SHARE * letters;
}

/** How many of the texts just before say the same, whatever disguises it. */
function timesBefore(text: string, recent: readonly string[]): number {
  if (text.length < MIN_RECENT_LENGTH || recent.length === 0) return 0;
  const key = keyOf(text);
  return recent.filter(
    (before) => Math.abs(before.length - text.length) < text.length && keyOf(before) === key,
  ).length;
}

function keyOf(text: string): string {
  return foldText(text)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
