import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { personasFrom } from './personas.ts';
import type { Persona } from './quality.ts';

function personaOf(description: string): Persona {
  return personasFrom([{ id: 'c1', name: 'Mara', description }])[0]!;
}

const NO_RULES: Persona = {
  castId: 'c1',
  name: 'Mara',
  neverUse: [],
  usesContractions: null,
  language: null,
  person: null,
  tense: null,
  sentenceWords: null,
  samples: [],
};

describe('personas of a cast', () => {
  it('J3: reads the rules of a description', () => {
    expect(
      personaOf(
        'An old sailor; never says: okay, "No worries", guys. Speaks without contractions; short sentences.\n' +
          'Speaks of herself in the third person. She says things like "The sea keeps what it takes." Tense: past',
      ),
    ).toEqual({
      castId: 'c1',
      name: 'Mara',
      neverUse: ['okay', 'no worries', 'guys'],
      usesContractions: false,
      language: null,
      person: 'third',
      tense: 'past',
      sentenceWords: { min: 0, max: 10 },
      samples: ['The sea keeps what it takes.'],
    });
  });

  it.each([
    ['Never uses the words sorry or please.', { neverUse: ['sorry', 'please'] }],
    ['She doesn’t ever say “my dear”, “love”.', { neverUse: ['my dear', 'love'] }],
    ['NEVER SAYS: Magic', { neverUse: ['magic'] }],
    ['She uses no contractions.', { usesContractions: false }],
    ['He avoids contractions', { usesContractions: false }],
    ['Likes contractions.', { usesContractions: true }],
    ['Clipped, angry sentences.', { sentenceWords: { min: 0, max: 10 } }],
    ['Speaks in long, winding sentences.', { sentenceWords: { min: 14, max: 200 } }],
    ['Sentences of 5 to 12 words.', { sentenceWords: { min: 5, max: 12 } }],
    ['Her sentences have at most 8 words.', { sentenceWords: { min: 0, max: 8 } }],
    ['Speaks only French.', { language: 'fr' }],
    ['Only speaks in German, whatever happens.', { language: 'de' }],
    ['Language: Dutch', { language: 'nl' }],
    ['Tells everything in the present tense.', { tense: 'present' }],
    ['Talks in first person.', { person: 'first' }],
  ] as const)('J3: understands "%s"', (description, rules) => {
    expect(personaOf(description)).toEqual({ ...NO_RULES, ...rules });
  });

  it.each([
    '',
    'A tired lighthouse keeper with a limp and a past.',
    'She never says no to a drink, and never says much.',
    'Speaks French and some German. A man of few words.',
    'She serves a long sentence for theft.',
    'Known as "the Crow".',
  ])('J3: finds no rule in "%s"', (description) => {
    expect(personaOf(description)).toEqual(NO_RULES);
  });

  it('J3: takes any description, quickly and within its bounds', () => {
    const pieces = fc.constantFrom(
      'never says: ',
      '"',
      'x, ',
      '. ',
      ';',
      '\n',
      'short sentences',
      '“',
      ' and ',
      '1 to 2 words',
    );
    const anyDescription = fc.oneof(
      fc.string({ maxLength: 2_000 }),
      fc.array(pieces, { maxLength: 400 }).map((of) => of.join('')),
    );
    fc.assert(
      fc.property(anyDescription, (description) => {
        const { neverUse, samples } = personaOf(description);
        expect(neverUse.length).toBeLessThanOrEqual(20);
        expect(neverUse.every((word) => word === word.toLowerCase() && word !== '')).toBe(true);
        expect(samples.length).toBeLessThanOrEqual(20);
      }),
      { numRuns: 300 },
    );
  });
});
