import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TextSpan } from '../../sessions/moderator.ts';
import { maskText, PLACEHOLDERS } from './mask.ts';

const text = fc.string({
  unit: fc.constantFrom(...'ab c.', '😀', '\ud83d', '\udc00', 'é', '•'),
  maxLength: 30,
});
const span: fc.Arbitrary<TextSpan> = fc.record({
  start: fc.integer({ min: -3, max: 40 }),
  end: fc.integer({ min: -3, max: 40 }),
  source: fc.constantFrom('lexicon', 'rule', 'pii'),
  label: fc.constantFrom('email', 'profanity', 'phone', 'what nobody knows'),
});
const at = (
  start: number,
  end: number,
  source: TextSpan['source'] = 'lexicon',
  label = 'profanity',
): TextSpan => ({
  start,
  end,
  source,
  label,
});

describe('maskText', () => {
  it.each([
    ['you rascal!', [at(4, 10)], 'you r•••••!'],
    ['you sly dog', [at(4, 11)], 'you s•• d••'],
    ['r a s c a l', [at(0, 11)], 'r • • • • •'],
    ['me@here.org and you', [at(0, 11, 'pii', 'email')], '[e-mail] and you'],
    ['me@here.org', [at(0, 11, 'pii', 'email'), at(3, 7)], '[e-mail]'],
    ['me@here.org', [at(0, 5), at(3, 11, 'pii', 'email')], '[e-mail]'],
    ['one two', [at(0, 2), at(1, 3), at(4, 7)], 'o•• t••'],
    ['a 😀😀 b', [at(3, 5)], 'a •• b'],
    ['odd', [at(0, 3, 'pii', 'something')], '[personal data]'],
    ['', [at(0, 3)], ''],
  ])('%j with %j is %j', (given, spans, masked) => {
    expect(maskText(given, spans)).toBe(masked);
  });

  it('leaves text as it is without spans, and what is outside of them', () => {
    fc.assert(
      fc.property(text, text, text, (before, inside, after) => {
        expect(maskText(before, [])).toBe(before);
        const whole = `${before}|${inside}|${after}`;
        const masked = maskText(whole, [at(before.length + 1, before.length + 1 + inside.length)]);
        expect(masked.startsWith(`${before}|`)).toBe(true);
        expect(masked.endsWith(`|${after}`)).toBe(true);
      }),
    );
  });

  it('splits no character, whatever the spans', () => {
    fc.assert(
      fc.property(text, fc.array(span), (given, spans) => {
        const whole = given.replace(/[\ud83d](?![\udc00-\udfff])|(?<![\ud83d])[\udc00]/g, '');
        expect(() => encodeURIComponent(maskText(whole, spans))).not.toThrow();
      }),
    );
  });

  it('does not care for the order of the spans', () => {
    fc.assert(
      fc.property(text, fc.array(span, { maxLength: 4 }), (given, spans) => {
        const lexical = spans.map((each) => ({ ...each, source: 'lexicon' as const }));
        expect(maskText(given, lexical.toReversed())).toBe(maskText(given, lexical));
      }),
    );
  });

  it('leaves what is masked already', () => {
    fc.assert(
      fc.property(text, (given) => {
        const once = maskText(given, [at(0, given.length)]);
        expect(maskText(once, [at(0, once.length)])).toBe(once);
      }),
    );
    for (const [label, placeholder] of Object.entries(PLACEHOLDERS)) {
      expect(maskText(placeholder, [at(0, placeholder.length, 'pii', label)])).toBe(placeholder);
    }
  });

  it('shows no letter of personal data', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9]{5,20}$/), fc.array(span), (digits, spans) => {
        const masked = maskText(`x ${digits}`, [at(2, 2 + digits.length, 'pii', 'phone'), ...spans]);
        expect(masked).not.toMatch(/[0-9]/);
      }),
    );
  });
});
