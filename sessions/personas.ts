import type { Persona, ToldLanguage } from './quality.ts';
import type { CastMember } from './state.ts';

/** Rules and samples taken of one description. */
const MOST_WORDS = 20;
const WORD_LENGTH = 40;
const MOST_SAMPLES = 20;
/** A quotation of fewer words is a word that is talked about, not a line that is spoken. */
const SAMPLE_WORDS = 3;

/** What "short" and "long" sentences mean, words. */
const SHORT = { min: 0, max: 10 };
const LONG = { min: 14, max: 200 };

const LANGUAGES: Readonly<Record<string, ToldLanguage>> = {
  english: 'en',
  german: 'de',
  french: 'fr',
  spanish: 'es',
  italian: 'it',
  portuguese: 'pt',
  dutch: 'nl',
};
const LANGUAGE = Object.keys(LANGUAGES).join('|');

const NEVER = "(?:never|does not|doesn['’]t|do not|don['’]t|must not|mustn['’]t|will not|won['’]t)";
/** Only what is plainly a list of words: "never says no to a drink" is no rule. */
const NEVER_LIST = new RegExp(
  `\\b${NEVER}\\s+(?:ever\\s+)?(?:says?|uses?|speaks?|utters?)\\s*(?::|(?=["“])|the\\s+(?:words?|phrases?|names?)\\b:?)\\s*(.+)$`,
  'iu',
);
const NO_CONTRACTIONS = new RegExp(
  `\\b(?:without|no|avoids?|never\\s+uses?|${NEVER}\\s+use)\\s+(?:any\\s+)?contractions?\\b`,
  'iu',
);
const CONTRACTIONS = /\b(?:uses?|likes?|with)\s+(?:many\s+)?contractions\b/iu;
const ONLY_LANGUAGE = new RegExp(
  `\\b(?:only\\s+(?:speaks?|talks?|answers?)(?:\\s+in)?\\s+(${LANGUAGE})|(?:speaks?|talks?|answers?)\\s+(?:(?:only|nothing but)\\s+(?:in\\s+)?(${LANGUAGE})|(?:in\\s+)?(${LANGUAGE})\\s+only)|language:\\s*(${LANGUAGE}))\\b`,
  'iu',
);
const PERSON = /\b(first|third)[-\s]person\b|\bperson:\s*(first|third)\b/iu;
const OF_SPEECH = /\b(?:speaks?|talks?|refers?|calls?|tells?|person:)/iu;
const TENSE = /\b(past|present)\s+tense\b|\btense:\s*(past|present)\b/iu;
const SENTENCES = /\bsentences\b/iu;
const SHORT_WORDS = /\b(?:short|clipped|terse|curt)\b/iu;
const LONG_WORDS = /\b(?:long|winding|flowing|endless)\b/iu;
const RANGE = /\b(\d{1,3})\s*(?:to|-|–)\s*(\d{1,3})\s+words\b/iu;
const AT_MOST = /\b(?:at most|under|up to|no more than)\s+(\d{1,3})\s+words\b/iu;
const AT_LEAST = /\b(?:at least|over|more than)\s+(\d{1,3})\s+words\b/iu;
const QUOTED = /["“„«]([^"”“»«\n]{1,400})["”“»]/gu;

function listOf(text: string): string[] {
  return text
    .split(/,|\/|\s+(?:and|or|nor)\s+/iu)
    .map((item) => item.replaceAll(/^[\s"“”'‘’*_]+|[\s"“”'‘’*_!?.]+$/gu, '').toLowerCase())
    .filter((item) => /\p{L}/u.test(item) && item.length <= WORD_LENGTH);
}

function sentenceWordsOf(clause: string): Persona['sentenceWords'] {
  const range = RANGE.exec(clause);
  if (range !== null) return { min: Number(range[1]), max: Number(range[2]) };
  const most = AT_MOST.exec(clause);
  if (most !== null) return { min: 0, max: Number(most[1]) };
  const least = AT_LEAST.exec(clause);
  if (least !== null) return { min: Number(least[1]), max: LONG.max };
  if (SHORT_WORDS.test(clause)) return SHORT;
  return LONG_WORDS.test(clause) ? LONG : null;
}

/** The first group of a pattern that was found. */
function named<T extends string>(pattern: RegExp, text: string): T | null {
  const found = pattern
    .exec(text)
    ?.slice(1)
    .find((group) => group !== undefined);
  return found === undefined ? null : (found.toLowerCase() as T);
}

function firstOf<T>(clauses: readonly string[], read: (clause: string) => T | null): T | null {
  for (const clause of clauses) {
    const found = read(clause);
    if (found !== null) return found;
  }
  return null;
}

function contractionsOf(clause: string): boolean | null {
  if (NO_CONTRACTIONS.test(clause)) return false;
  return CONTRACTIONS.test(clause) ? true : null;
}

function samplesOf(clauses: readonly string[]): string[] {
  const lines = clauses
    .filter((clause) => !NEVER_LIST.test(clause))
    .flatMap((clause) => [...clause.matchAll(QUOTED)].map(([, line = '']) => line.trim()));
  return lines.filter((line) => line.split(/\s+/).length >= SAMPLE_WORDS).slice(0, MOST_SAMPLES);
}

/** Clauses end at a semicolon, a new line, or a full stop outside of quotations. */
function clausesOf(description: string): string[] {
  const clauses = description.match(/(?:["“„«][^"”“»«\n]*["”“»]|[^;.\n]|\.(?!\s|$))+/gu) ?? [];
  return clauses.map((clause) => clause.trim()).filter((clause) => clause !== '');
}

function personaOf({ id, name, description }: Pick<CastMember, 'id' | 'name' | 'description'>): Persona {
  const clauses = clausesOf(description);
  const neverUse = clauses.flatMap((clause) => listOf(NEVER_LIST.exec(clause)?.[1] ?? ''));
  const language = firstOf(clauses, (clause) => named(ONLY_LANGUAGE, clause));
  return {
    castId: id,
    name,
    neverUse: [...new Set(neverUse)].slice(0, MOST_WORDS),
    usesContractions: firstOf(clauses, contractionsOf),
    language: language === null ? null : (LANGUAGES[language] ?? null),
    person: firstOf(clauses, (clause) => (OF_SPEECH.test(clause) ? named(PERSON, clause) : null)),
    tense: firstOf(clauses, (clause) => named(TENSE, clause)),
    sentenceWords: firstOf(clauses, (clause) => (SENTENCES.test(clause) ? sentenceWordsOf(clause) : null)),
    samples: samplesOf(clauses),
  };
}

/**
 * How the members of a cast are to be written, read out of their descriptions. What is understood, anywhere in them and
 * in any case: `never says: x, y` (or `never uses the words x and y`, `never says "x"`), `speaks without contractions`,
 * `short sentences` (10 words at most), `long sentences` (14 at least), `sentences of 5 to 12 words`, `of at most 8 words`,
 * `speaks only French`, `speaks of himself in the third person`, `tells it in the present tense`. Quotations of three
 * words and more are samples of the voice. Everything else is no rule: a description without any gives a persona
 * without rules, which is never measured.
 */
export function personasFrom(cast: readonly Pick<CastMember, 'id' | 'name' | 'description'>[]): Persona[] {
  return cast.map(personaOf);
}
