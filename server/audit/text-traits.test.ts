import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasPersonalData, isDialogue, languageOf } from './text-traits.ts';

describe('what records say of texts', () => {
  it('U1: half of a text in quotation marks is dialogue, less is plot', () => {
    expect(isDialogue('"Come in," he said.')).toBe(true);
    expect(isDialogue('„Komm herein“, sagte er.')).toBe(true);
    expect(isDialogue('He opened the door and looked at the rain for a long time. "Come in."')).toBe(false);
    expect(isDialogue('She measured 6" of rope and 8" of chain and went home again.')).toBe(false);
    expect(isDialogue('  ')).toBe(false);
    fc.assert(
      fc.property(fc.nat(200), fc.nat(200), (spoken, told) => {
        const text = `"${'a'.repeat(spoken + 1)}"${'b'.repeat(told)}`;
        expect(isDialogue(text)).toBe(spoken + 3 >= told);
      }),
    );
  });

  it('U1: tells languages apart, and says when it cannot', () => {
    expect(languageOf('The ferry crossed the river, and it was late.')).toBe('en');
    expect(languageOf('Die Fähre und der Fluss, das ist nicht zu ändern.')).toBe('de');
    expect(languageOf('Le vent est dans les arbres et il pleut.')).toBe('fr');
    expect(languageOf('Zzz.')).toBe('und');
    expect(languageOf('')).toBe('und');
  });

  it('U2: finds personal data of the usual shapes', () => {
    expect(hasPersonalData('Write to Ferryman@Example.org.')).toBe(true);
    expect(hasPersonalData('In 1790 there were 300 lanterns.')).toBe(false);
  });
});
