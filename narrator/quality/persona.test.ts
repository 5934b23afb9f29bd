import { describe, expect, it } from 'vitest';
import { personasFrom } from '../../sessions/personas.ts';
import { dialogueOf } from './dialogue.ts';
import { languageOf } from './language.ts';
import { characterScore } from './persona.ts';

const STORY =
  'The harbour was quiet and the boats lay still in the dark water. She had waited there for three days, and nobody came.';

function score(description: string, text: string, speaksAs: string | null = null) {
  const cast = personasFrom([
    { id: 'c1', name: 'Mara', description },
    { id: 'c2', name: 'Tom Reed', description: 'A boy.' },
  ]);
  return characterScore({ text, previous: [STORY], cast, speaksAs });
}
const rulesOf = ({ findings }: ReturnType<typeof score>) => findings.map(({ rule }) => rule);

describe('who says what', () => {
  const of = { names: ['Mara', 'Tom Reed'], others: ['Captain Voss'], speaker: null };
  it.each([
    ['"Go," Mara said.', { Mara: ['Go,'] }],
    ['"No!" Mara cried. "I will not go."', { Mara: ['No!', 'I will not go.'] }],
    ['Tom smiled. "Maybe," said Tom.', { 'Tom Reed': ['Maybe,'] }],
    ['“Stay,” Mara whispered.\n\n“Why?” asked Tom Reed.', { 'Mara': ['Stay,'], 'Tom Reed': ['Why?'] }],
    ['Mara: I will wait here.', { Mara: ['I will wait here.'] }],
    ['"Stop," said Captain Voss.', {}],
    ['"Stop," said somebody.', {}],
    ['Mara went home and said nothing.', {}],
  ])('J3: hears %s', (text, expected) => {
    const said = Object.fromEntries([...dialogueOf(text, of).said].filter(([, lines]) => lines.length > 0));
    expect(said).toEqual(expected);
  });

  it('J3: what nobody is named for is said by the one the narrator speaks as, but not what others say', () => {
    const text = '"I am tired."\n\n"Sleep," said Tom Reed.\n\n"Stop," said Captain Voss.\n\n"Never."';
    const { said, told } = dialogueOf(text, { ...of, speaker: 'Mara' });
    expect(said.get('Mara')).toEqual(['I am tired.', 'Never.']);
    expect(said.get('Tom Reed')).toEqual(['Sleep,']);
    expect(told).not.toContain('tired');
    expect(told).toContain('said Captain Voss');
  });
});

describe('languages', () => {
  it.each([
    ['en', STORY],
    [
      'de',
      'Der Hafen war still, und die Boote lagen im dunklen Wasser. Ich habe drei Tage auf sie gewartet.',
    ],
    ['fr', 'Le port est calme et les bateaux sont dans le noir. Je ne sais pas ce que vous voulez de moi.'],
    [
      'es',
      'El puerto está en calma y los barcos no se mueven. Yo no sé lo que quieres, pero me voy con el viento.',
    ],
    [
      'it',
      'Il porto è calmo e le barche non si muovono. Io non so che cosa sia, ma mi sono perso per una strada.',
    ],
    [
      'pt',
      'O porto está calmo e os barcos não se mexem. Eu não sei o que é, mas ela vem com uma luz para a casa.',
    ],
    [
      'nl',
      'De haven is stil en het water is donker. Ik heb drie dagen op je gewacht, maar hij was er niet voor mij.',
    ],
    ['other', 'Гавань была тихой, и лодки стояли в тёмной воде.'],
    [null, 'Oh, Mara!'],
    [null, 'Zug zug kruk vat mon dor lum bek sta rin.'],
  ])('J3: tells %s', (language, text) => {
    expect(languageOf(text)).toBe(language);
  });
});

describe('the rules of a character', () => {
  it('J3: a word that is never used costs half, two of them all', () => {
    const rules = 'Never says: okay, sorry.';
    expect(score(rules, '"I will come with you," Mara said.')).toEqual({ score: 1, findings: [] });
    const once = score(rules, '"Okay, I will come. Okay?" Mara said.');
    expect(once).toEqual({
      score: 0.5,
      findings: [{ castId: 'c1', rule: 'never_use', detail: 'says "okay"' }],
    });
    expect(score(rules, '"Okay. I am so sorry," Mara said.').score).toBe(0);
    expect(score(rules, '"The okayest of all," Mara said.').score).toBe(1);
    expect(score(rules, '"Okay," said Tom. "Sorry."\n\n"Well," Mara said.').score).toBe(1);
    expect(score(rules, 'Okay, so it was. "Well," Mara said.').score).toBe(1);
  });

  it('J3: the wrong language costs all', () => {
    const foreign = '"Ich habe drei Tage auf dich gewartet, und du bist nicht zu mir gekommen," Mara said.';
    const own = '"I have waited for you for three days, and you did not come to me," Mara said.';
    expect(score('Never says: okay.', foreign)).toMatchObject({ score: 0, findings: [{ rule: 'language' }] });
    expect(score('Speaks only German.', foreign).score).toBe(1);
    expect(score('Speaks only German.', own).score).toBe(0);
  });

  it('J3: person and tense cost 0.3, register 0.2, length of sentences 0.1', () => {
    const third = 'Speaks of herself in the third person.';
    expect(rulesOf(score(third, '"Mara is hungry," Mara said.'))).toEqual([]);
    expect(score(third, '"I am hungry," Mara said.')).toMatchObject({
      score: 0.7,
      findings: [{ rule: 'person' }],
    });
    const first = 'Speaks in the first person.';
    expect(rulesOf(score(first, '"Mara is hungry," Mara said.'))).toEqual(['person']);
    expect(rulesOf(score(first, '"I am called Mara," Mara said.'))).toEqual([]);
    const tense = 'Tells everything in the past tense.';
    expect(rulesOf(score(tense, '"He runs and he sees her, and he takes it," Mara said.'))).toEqual([
      'person',
    ]);
    expect(rulesOf(score(tense, '"He ran and he saw her, and he took it," Mara said.'))).toEqual([]);
    const formal = 'Speaks without contractions.';
    expect(score(formal, '"I don’t know," Mara said.')).toMatchObject({
      score: 0.8,
      findings: [{ rule: 'register' }],
    });
    expect(score(formal, '"It is Tom\'s boat. I do not know," Mara said.').score).toBe(1);
    const short = 'Short sentences.';
    const long = 'I have been here for so long that I cannot count the days. ';
    expect(score(short, `"${long.repeat(3)}" Mara said.`)).toMatchObject({
      score: 0.9,
      findings: [{ rule: 'sentence_length', detail: '13.0 words a sentence instead of 0 to 10' }],
    });
    expect(score(short, `"${long}" Mara said.`).score).toBe(1);
    expect(score(short, '"Go. Stay. Run. Hide." Mara said.').score).toBe(1);
  });

  it('J3: costs add up, and never under 0', () => {
    const all = 'Never says: okay; speaks without contractions; speaks of herself in the third person.';
    expect(score(all, '"Okay, I don\'t know," Mara said.').score).toBe(0);
    expect(score(all, '"I don\'t know," Mara said.').score).toBeCloseTo(0.5, 9);
  });

  it('J3: without rules, or without a word from that character, nothing is measured', () => {
    expect(score('A sailor.', '"Okay," Mara said.').score).toBeNull();
    expect(score('Uses contractions.', '"Okay," Mara said.').score).toBeNull();
    expect(score('Never says: okay.', 'Mara went home.').score).toBeNull();
    expect(score('Never says: okay.', '"Okay," somebody said.').score).toBeNull();
    expect(score('Never says: okay.', '"Okay."', 'c1').score).toBe(0.5);
  });

  it('J3: of several characters the worst counts', () => {
    const cast = personasFrom([
      { id: 'c1', name: 'Mara', description: 'Never says: okay.' },
      { id: 'c2', name: 'Tom', description: 'Never says: sorry.' },
    ]);
    const text = '"Fine," Mara said.\n\n"Sorry!" said Tom.';
    const { score: worst, findings } = characterScore({ text, previous: [], cast, speaksAs: null });
    expect(worst).toBe(0.5);
    expect(findings.map(({ castId }) => castId)).toEqual(['c2']);
  });
});
