import type { PassageToAssess, Persona, VoiceFinding } from '../../sessions/quality.ts';
import { splitSentences } from '../sentences.ts';
import { dialogueOf } from './dialogue.ts';
import { languageOf } from './language.ts';

/** What each break of a rule costs (requirement D4a). */
const COSTS = {
  never_use: 0.5,
  language: 1,
  person: 0.3,
  register: 0.2,
  sentence_length: 0.1,
} as const satisfies Partial<Record<VoiceFinding['rule'], number>>;
type Rule = keyof typeof COSTS;

/** Fewer sentences have no mean length. */
const LEAST_SENTENCES = 3;
/** Verbs of the wrong tense before that is a finding, and how much more of them there must be. */
const TENSE = { least: 2, lead: 2 };
/** Characters of the passage that are looked at, from its beginning: 20,000 of odd text would take 0.3 s. */
const MOST_TEXT = 8_000;

const WORD = /\p{L}+(?:['’]\p{L}+)?/gu;
const CONTRACTION =
  /n['’]t$|^(?:i['’]m|(?:i|you|we|they|he|she|it|that|there|who|what)['’](?:ll|ve|re|d|s)|let['’]s|gonna|wanna|gotta)$/iu;
const FIRST_PERSON = /\b(?:I|me|my|mine|myself)\b/u;
const PAST =
  /\b(?:was|were|had|did|said|went|came|saw|took|knew|thought|made|told|found|left|ran|stood)\b/giu;
const PRESENT =
  /\b(?:is|are|am|has|does|says|goes|comes|sees|takes|knows|thinks|makes|tells|finds|leaves|runs|stands)\b/giu;

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

function hasWord(text: string, word: string): boolean {
  const pattern = escaped(word).replaceAll(/\s+/g, '\\s+').replaceAll(/['’]/g, "['’]");
  return new RegExp(`(?<![\\p{L}\\p{N}])${pattern}(?![\\p{L}\\p{N}])`, 'iu').test(text);
}

/** Whether a persona has any rule that a passage can break. */
function hasRules({ neverUse, usesContractions, language, person, tense, sentenceWords }: Persona): boolean {
  return (
    neverUse.length > 0 ||
    usesContractions === false ||
    language !== null ||
    person !== null ||
    tense !== null ||
    sentenceWords !== null
  );
}

function personFault({ person, name }: Persona, said: string): string | null {
  if (person === 'third' && FIRST_PERSON.test(said)) return 'speaks of itself as "I"';
  const isNamed = name.trim() !== '' && hasWord(said, name);
  if (person === 'first' && isNamed && !FIRST_PERSON.test(said)) return 'speaks of itself by its name';
  return null;
}

function tenseFault({ tense }: Persona, said: string): string | null {
  if (tense === null) return null;
  const past = said.match(PAST)?.length ?? 0;
  const present = said.match(PRESENT)?.length ?? 0;
  const [right, wrong] = tense === 'past' ? [past, present] : [present, past];
  if (wrong < TENSE.least || wrong < TENSE.lead * right) return null;
  return `tells in the ${tense === 'past' ? 'present' : 'past'} tense`;
}

function lengthFault({ sentenceWords }: Persona, lines: readonly string[]): string | null {
  if (sentenceWords === null) return null;
  const lengths = lines
    .flatMap((line) => splitSentences(line))
    .map((sentence) => sentence.match(/[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu)?.length ?? 0)
    .filter((words) => words > 0);
  if (lengths.length < LEAST_SENTENCES) return null;
  const mean = lengths.reduce((sum, words) => sum + words, 0) / lengths.length;
  const { min, max } = sentenceWords;
  if (mean >= min && mean <= max) return null;
  return `${mean.toFixed(1)} words a sentence instead of ${min} to ${max}`;
}

/** The first contraction; word by word, so that no text takes long. */
function contractionIn(said: string): string | null {
  return said.match(WORD)?.find((word) => CONTRACTION.test(word)) ?? null;
}

/** What is wrong with how a persona speaks in these lines. `around`: the language of the story; null: not known. */
function findingsOf(persona: Persona, lines: readonly string[], around: string | null): VoiceFinding[] {
  const said = lines.join('\n');
  const found = (rule: Rule, detail: string | null): VoiceFinding[] =>
    detail === null ? [] : [{ castId: persona.castId, rule, detail }];
  const spoken = languageOf(said);
  const expected = persona.language ?? around;
  const isForeign = spoken !== null && expected !== null && spoken !== expected;
  const contraction = persona.usesContractions === false ? contractionIn(said) : null;
  return [
    ...persona.neverUse
      .filter((word) => hasWord(said, word))
      .flatMap((word) => found('never_use', `says "${word}"`)),
    ...found('language', isForeign ? `speaks ${spoken} instead of ${expected}` : null),
    ...found('person', personFault(persona, said) ?? tenseFault(persona, said)),
    ...found('register', contraction === null ? null : `says "${contraction}"`),
    ...found('sentence_length', lengthFault(persona, lines)),
  ];
}

function scoreOf(findings: readonly VoiceFinding[]): number {
  const cost = findings.reduce((sum, { rule }) => sum + (rule === 'style' ? 0 : COSTS[rule]), 0);
  return Math.max(0, 1 - cost);
}

/**
 * D4a: how well a passage keeps to the rules of those who speak in it, 0 to 1; of several the worst. Null: nobody with
 * rules speaks, as far as the prose says who speaks. Pure.
 */
export function characterScore(of: Pick<PassageToAssess, 'text' | 'previous' | 'cast' | 'speaksAs'>): {
  score: number | null;
  findings: VoiceFinding[];
} {
  const personas = of.cast.filter(hasRules);
  if (personas.length === 0) return { score: null, findings: [] };
  const speaker = of.cast.find(({ castId }) => castId === of.speaksAs)?.name ?? null;
  const names = personas.map(({ name }) => name);
  const others = of.cast.filter((persona) => !personas.includes(persona)).map(({ name }) => name);
  const { said, told } = dialogueOf(of.text.slice(0, MOST_TEXT), { names, others, speaker });
  const around = languageOf([...of.previous, told].join('\n').slice(-MOST_TEXT));
  const heard = personas.flatMap((persona) => {
    const lines = said.get(persona.name) ?? [];
    return lines.length === 0 ? [] : [findingsOf(persona, lines, around)];
  });
  if (heard.length === 0) return { score: null, findings: [] };
  return { score: Math.min(...heard.map(scoreOf)), findings: heard.flat() };
}
