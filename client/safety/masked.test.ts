import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskParts } from './masked.ts';

describe('maskParts', () => {
  it('finds masked words and placeholders', () => {
    expect(maskParts('You •••• fool, write to [e-mail] now')).toEqual([
      { kind: 'plain', text: 'You ' },
      { kind: 'word', text: '••••' },
      { kind: 'plain', text: ' fool, write to ' },
      { kind: 'data', text: '[e-mail]' },
      { kind: 'plain', text: ' now' },
    ]);
    expect(maskParts('an r • • • • wrote [phone number]').filter(({ kind }) => kind !== 'plain')).toEqual([
      { kind: 'word', text: 'r • • • •' },
      { kind: 'data', text: '[phone number]' },
    ]);
    expect(maskParts('s•• d••').filter(({ kind }) => kind === 'word')).toHaveLength(2);
    expect(maskParts('d•••!')).toEqual([
      { kind: 'word', text: 'd•••' },
      { kind: 'plain', text: '!' },
    ]);
  });

  it('leaves other brackets and stars alone', () => {
    expect(maskParts('a [door] and *this*')).toEqual([{ kind: 'plain', text: 'a [door] and *this*' }]);
  });

  it('keeps every character, in order, and no empty part', () => {
    const text = fc
      .array(fc.constantFrom('a', '•', ' ', '[e-mail]', '[', ']', '.', 'é'))
      .map((all) => all.join(''));
    fc.assert(
      fc.property(text, (shown) => {
        const parts = maskParts(shown);
        expect(parts.map((part) => part.text).join('')).toBe(shown);
        expect(parts.filter((part) => part.text === '')).toEqual([]);
        expect(parts.filter((part) => part.kind === 'plain' && part.text.includes('•'))).toEqual([]);
      }),
    );
  });
});
