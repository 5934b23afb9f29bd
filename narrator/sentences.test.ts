import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_SENTENCE, SentenceSplitter, endsSentence, splitSentences } from './sentences.ts';

describe('sentences', () => {
  it.each<[string, string[]]>([
    ['One. Two! Three?', ['One. ', 'Two! ', 'Three?']],
    ['"Hi!" said Ann. She left.', ['"Hi!" said Ann. ', 'She left.']],
    ['"Go." "No." He went.', ['"Go." ', '"No." ', 'He went.']],
    ['Mr. Fox met Dr. Hare. They sat.', ['Mr. Fox met Dr. Hare. ', 'They sat.']],
    ['J. R. Smith came. So did I. Then we sat.', ['J. R. Smith came. ', 'So did I. ', 'Then we sat.']],
    ['Well... he went on. "Oh…" she said.', ['Well... he went on. ', '"Oh…" she said.']],
    ['It cost 3.50 in all. Cheap.', ['It cost 3.50 in all. ', 'Cheap.']],
    ['A heading\n\nText here.\n\nMore.', ['A heading\n\n', 'Text here.\n\n', 'More.']],
    [
      '彼は言った。「行こう！」彼女は笑った？うん。',
      ['彼は言った。', '「行こう！」', '彼女は笑った？', 'うん。'],
    ],
    ['“Stop.” He did (at last.) Then not.', ['“Stop.” ', 'He did (at last.) ', 'Then not.']],
    ['Really?! Yes.', ['Really?! ', 'Yes.']],
  ])('cuts %j', (text, pieces) => {
    expect(splitSentences(text)).toEqual(pieces);
  });

  it('gives a sentence out only when what follows is known', () => {
    const splitter = new SentenceSplitter();
    expect(splitter.push('He ran.')).toEqual([]);
    expect(splitter.push('" ')).toEqual([]);
    expect(splitter.push('She')).toEqual(['He ran." ']);
  });

  it('S3.F6: keeps only whole sentences of a cut text', () => {
    const splitter = new SentenceSplitter();
    expect(splitter.push('He ran. She st')).toEqual(['He ran. ']);
    expect(splitter.flush('whole')).toEqual({ pieces: [], dropped: 'She st' });
    splitter.push('He ran to Mr.');
    expect(splitter.flush('whole').pieces).toEqual([]);
    splitter.push('“She stopped.” ');
    expect(splitter.flush('whole')).toEqual({ pieces: ['“She stopped.” '], dropped: '' });
    expect(splitter.flush('all')).toEqual({ pieces: [], dropped: '' });
  });

  it('knows a finished sentence', () => {
    expect(['Yes.', 'Yes!"', 'Yes...', '了。', 'So he left.)\n'].map(endsSentence)).toEqual([
      true,
      true,
      true,
      true,
      true,
    ]);
    expect(['Yes', 'Dr.', '"', '', 'Yes,'].map(endsSentence)).toEqual([false, false, false, false, false]);
  });
});

const prose = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'Mr.',
        'Ann',
        'ran',
        '.',
        '!',
        '?',
        '...',
        '…',
        '。',
        '"',
        '”',
        "'",
        ')',
        ' ',
        '  ',
        '\n',
        '\n\n',
        'I',
        '🙂',
      ),
      fc.string({ unit: 'grapheme', maxLength: 3 }),
    ),
    { maxLength: 80 },
  )
  .map((parts) => parts.join(''));

function inChunks(text: string, sizes: readonly number[]): { pieces: string[]; dropped: string } {
  const splitter = new SentenceSplitter();
  const pieces: string[] = [];
  for (let at = 0, turn = 0; at < text.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    pieces.push(...splitter.push(text.slice(at, at + size)));
    at += size;
  }
  const rest = splitter.flush('whole');
  return { pieces: [...pieces, ...rest.pieces], dropped: rest.dropped };
}

describe('sentences, any text', () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 9 });

  it('loses and adds nothing, and chunks do not matter', () => {
    fc.assert(
      fc.property(prose, sizes, (text, chunks) => {
        const cut = inChunks(text, chunks);
        expect(cut.pieces.join('') + cut.dropped).toBe(text);
        expect(cut).toEqual(inChunks(text, [Math.max(1, text.length)]));
        expect(splitSentences(text).join('')).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  it('holds a bounded amount of text without any sentence end', () => {
    const filler = fc.constantFrom('word ', 'x', '.', ' ', '\n', '🙂', '" ');
    fc.assert(
      fc.property(fc.array(filler, { minLength: 1, maxLength: 6 }), sizes, (parts, chunks) => {
        const text = parts.join('').repeat(Math.ceil((2.5 * MAX_SENTENCE) / parts.join('').length));
        const cut = inChunks(
          text,
          chunks.map((size) => size * 40),
        );
        expect(cut).toEqual(inChunks(text, [text.length]));
        expect(cut.pieces.join('') + cut.dropped).toBe(text);
        for (const piece of cut.pieces) expect(piece.length).toBeLessThanOrEqual(MAX_SENTENCE);
        for (const piece of cut.pieces) expect(piece).not.toMatch(/^[\udc00-\udfff]|[\ud800-\udbff]$/);
      }),
      { numRuns: 60 },
    );
  });
});
