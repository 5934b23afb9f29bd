import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMOJI_NAMES } from './emoji-names.ts';
import { foldText, literalSpan, viewsOf } from './normalise.ts';

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({
    unit: fc.constantFrom(
      ...'aeiklstoABK 013457@$!|.-_,\n\'"26d',
      ...[
        '\u200b',
        '\u0301',
        '\ud83d',
        '\udc00',
        'к',
        'а',
        'и',
        'ρ',
        'Η',
        '😂',
        '☠',
        'ﷺ',
        'ß',
        '🇺',
        '𝔞',
        '\ufe0f',
        '한',
      ],
    ),
    maxLength: 60,
  }),
);

describe('folding', () => {
  it.each([
    ['k i l l you', 'kill you'],
    ['k.i.l.l', 'kill'],
    ['K-I-L-L', 'kill'],
    ['k_i_l_l', 'kill'],
    ['k\ni\nl\nl', 'kill'],
    ['k 1 l l', 'kill'],
    ['ki\u200bl\u00adl', 'kill'],
    ['k\u0336i\u0336l\u0336l', 'kill'],
    ['ｋｉｌｌ 𝓴𝓲𝓵𝓵 ⓚⓘⓛⓛ 🅺🅸🅻🅻', 'kill kill kill kill'],
    ['кill kіll', 'kill kill'],
    ['you рорѕ', 'you pops'],
    ['1diot b@stard w0rm5like', 'idiot bastard wormslike'],
    ['Nooooooo!!!', 'noo!!!'],
    ['café “naïve” — Œuvre', 'cafe "naive" - oeuvre'],
    ['I 🔪you', 'i kitchen knife you'],
    ['👩🏽‍🚒', 'woman fire engine'],
    ['ΚΗΑΝ khan', 'khan khan'],
  ])('%j reads as %j', (text, folded) => {
    expect(foldText(text)).toBe(folded);
  });

  it.each([
    '2d6+3, d20, 4d6kh3 and 1d100',
    'at 3:45 on the 1st, 2nd, 3rd and 22nd of may',
    '5km, 10ft, 7pm, 30gp, 1990s, 3d',
    'v1.0.2 of mp3 and b12 and 0x3fa',
    'j. r. r. tolkien and f. scott',
    'a b c and x y z',
    '1 2 3 4 5',
    'agent47, r2d2 and player1',
    'write to @alice or bob@example.com',
    '$5 and us$50, 4x4, 1v1',
    'stop! go! (well?) it costs 10$',
  ])('leaves %j alone', (text) => {
    expect(foldText(text)).toBe(text);
  });

  it.each(['привет, как дела? он сор', 'καλημερα κοσμε, ο νονοσ', 'сука', 'напиши в usb-кабель сор и рот'])(
    'leaves what is written in another alphabet: %j',
    (text) => {
      expect(foldText(text)).toBe(text);
    },
  );

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(foldText(foldText(text))).toBe(foldText(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('M1: keeps prose as it is but for case and repeats', () => {
    const word = fc
      .string({ unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzABCXYZ'), minLength: 2, maxLength: 9 })
      .map((letters) => letters.replace(/(.)\1+/gi, '$1') + 'q');
    const prose = fc
      .array(fc.tuple(word, fc.constantFrom(' ', ', ', '. ', '! ', "'s ", '\n', ' - ', '; ')))
      .map((parts) => parts.flat().join(''));
    fc.assert(
      fc.property(prose, (text) => {
        expect(foldText(text)).toBe(text.toLowerCase());
      }),
    );
  });

  it('has an offset for each unit and the end, never decreasing, within the text, and bounded growth', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const { folded, offsets } = viewsOf(text);
        expect(offsets).toHaveLength(folded.length + 1);
        expect(offsets.at(-1)).toBe(text.length);
        offsets.forEach((offset, index) => expect(offset).toBeGreaterThanOrEqual(offsets[index - 1] ?? 0));
        expect(folded.length).toBeLessThanOrEqual(8 * text.length);
      }),
      { numRuns: 2000 },
    );
  });

  it('M1: maps a part of the folded text to the characters it came from', () => {
    const noise = fc.constantFrom('', '\u200b', '\u0301', '\u00ad');
    const disguised = fc.array(
      fc
        .tuple(fc.constantFrom(...'abgkxyz'), noise)
        .map(([letter, mark]) => ({ letter, written: letter + mark })),
      { minLength: 3, maxLength: 8 },
    );
    fc.assert(
      fc.property(
        fc.string({ maxLength: 20 }),
        disguised,
        fc.string({ maxLength: 20 }),
        (before, word, after) => {
          const written = word.map((part) => part.written).join('');
          const views = viewsOf(`${before} ( ${written} ) ${after}`);
          const letters = word
            .map((part) => part.letter)
            .join('')
            .replace(/(.)\1{2,}/g, '$1$1');
          const at = views.folded.indexOf(`( ${letters} )`);
          expect(at).toBeGreaterThanOrEqual(0);
          const { start, end } = literalSpan(views, at + 2, at + 2 + letters.length);
          expect(views.literal.slice(start, end)).toBe(written);
        },
      ),
    );
  });

  it('spans whole emoji', () => {
    const views = viewsOf('a 🔪🔪 b');
    const at = views.folded.indexOf('knife');
    const { start, end } = literalSpan(views, at, at + 5);
    expect(views.literal.slice(start, end)).toBe('🔪');
  });

  it('has names short enough for the bound', () => {
    for (const [emoji, name] of EMOJI_NAMES) {
      expect(name).toMatch(/^[a-z0-9]+( [a-z0-9]+)*$/);
      expect(name.length + 2).toBeLessThanOrEqual(8 * emoji.length);
    }
  });
});
