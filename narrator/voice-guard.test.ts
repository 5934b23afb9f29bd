import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VoiceGuard, guardText } from './voice-guard.ts';
import { splitSentences } from './sentences.ts';

const PROTECTED = ['Mia', 'Captain Jo Stone'];
const OTHERS = ['Tom', 'Ed Stone'];

describe('voice guard', () => {
  it.each([
    '"I will go," said Mia.',
    '"I will go!" Mia cried.',
    '"I will go. I really will," Mia said quietly.',
    'Mia said, "I will go."',
    'Mia turned to Tom and said, "I will go."',
    'Mia smiled and replied: "Of course."',
    '"Yes," whispered the brave Mia, "let us go."',
    '“Never,” Captain Jo Stone told him.',
    '"Never," Jo said.',
    'Then Mia asked, "Where is it?"',
    '"Wait," quickly added Mia.',
    'Mia: I will go.',
    '**Mia**: I will go.',
    '"MIA IS HERE!" MIA shouted.',
    'When Mia spoke, "Hello" was all she said.',
  ])('withholds %j', (text) => {
    expect(guardText(text, PROTECTED, OTHERS).text).toBe('');
    expect(guardText(text, PROTECTED, OTHERS).withheld).toBeGreaterThan(0);
  });

  it.each([
    '"I will go," said Tom.',
    'Tom said to Mia, "Will you go?"',
    'Tom looked at Mia and said, "Will you go?"',
    '"Mia, come here!" said Tom.',
    '"Will you go?" Tom asked Mia.',
    'Mia walked to the boat. The sea was calm.',
    'Mia watched as Tom said, "Hello."',
    '"Never," said Ed Stone.',
    '"Stone walls," Tom said, "are cold."',
    'Miriam said, "Hello."',
    'They met at 5:30. Mia was late.',
    '"Hello," said the parrot. Mia laughed.',
  ])('lets %j pass', (text) => {
    expect(guardText(text, PROTECTED, OTHERS)).toEqual({ text, withheld: 0 });
  });

  it('P4: withholds the speech and keeps what stands around it', () => {
    const text = 'The door opened. "Who is there?" Mia asked. Nobody answered. "Come in," said Tom.';
    expect(guardText(text, PROTECTED, OTHERS)).toEqual({
      text: 'The door opened. Nobody answered. "Come in," said Tom.',
      withheld: 2,
    });
  });

  it('withholds a speech of several sentences as a whole', () => {
    const text = '"Wait here. I will look. Do not move!" said Mia.\n\nTom nodded.';
    expect(guardText(text, PROTECTED, OTHERS)).toEqual({ text: 'Tom nodded.', withheld: 3 });
  });

  it('passes everything at once when nobody is protected', () => {
    const guard = new VoiceGuard([], OTHERS);
    expect(guard.push('"I will')).toEqual(['"I will']);
    expect(guard.flush()).toEqual([]);
  });

  it('takes names with special characters literally', () => {
    expect(guardText('"Hm," said A.I. (Unit*7).', ['A.I. (Unit*7)']).withheld).toBe(1);
    expect(guardText('"Hm," said Anna-Lee.', ['Anna-Lee']).withheld).toBe(1);
    expect(guardText('"Hm," said Z.', ['[a-z'])).toMatchObject({ withheld: 0 });
  });

  it('gives out pieces unchanged, in order, and holds a bounded number', () => {
    const part = fc.constantFrom(
      '"',
      'Mia',
      ' said ',
      'Tom',
      '. ',
      'The sea',
      '\n',
      ', ',
      '! ',
      'cried',
      '"',
      ': ',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 60 }), (parts) => {
        const sentences = splitSentences(parts.join(''));
        const guard = new VoiceGuard(['Mia'], ['Tom']);
        const shown = [...sentences.flatMap((sentence) => guard.push(sentence)), ...guard.flush()];
        expect(shown.length + guard.withheld).toBe(sentences.length);
        let at = 0;
        for (const piece of shown) at = sentences.indexOf(piece, at) + 1 || Number.NaN;
        expect(at).not.toBeNaN();
      }),
    );
  });
});
