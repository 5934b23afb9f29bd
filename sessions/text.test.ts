import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanLine, cleanText } from './text.ts';

/** Text with plenty of what the cleaning is about: marks, joiners, bidi controls, halves of pairs, line ends. */
const nasty = fc
  .array(
    fc.oneof(
      fc.constantFrom('e', 'a', ' ', '\r', '\n', '\t', '\u0301', '\u200b', '\u200d', '\ufeff', '\u202e'),
      fc.constantFrom(
        '\ud83d',
        '\ude00',
        '😀',
        '\u0000',
        '\u007f',
        '\u2126',
        '가',
        '\u1100',
        '\u1161',
        '\u{e0041}',
      ),
      fc.string({ unit: 'binary', maxLength: 2 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

describe('cleanText', () => {
  it('W11: cleaning twice changes nothing', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const clean = cleanText(text);
        expect(cleanText(clean)).toBe(clean);
        expect(cleanLine(cleanLine(text))).toBe(cleanLine(text));
      }),
      { numRuns: 3_000 },
    );
  });

  it('W11: what is left hides and reorders nothing and is NFC', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const clean = cleanText(text);
        expect(clean).toBe(clean.normalize('NFC'));
        expect(Buffer.from(clean).toString()).toBe(clean);
        expect(clean).not.toMatch(
          /[\u0000-\u0008\u000b-\u001f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/,
        );
      }),
    );
  });

  it('W11: line ends become newlines, tabs and joiners stay, lone halves of pairs become a mark', () => {
    expect(cleanText('a\r\nb\rc\td')).toBe('a\nb\nc\td');
    expect(cleanText('👩\u200d🚀 a\u200cb')).toBe('👩\u200d🚀 a\u200cb');
    expect(cleanText('x\ud83dy')).toBe('x\ufffdy');
    expect(cleanText('e\u200b\u0301')).toBe('é');
    expect(cleanText('admin\u202etxt')).toBe('admintxt');
    expect(cleanLine('  a \n\t b  ')).toBe('a b');
  });
});
