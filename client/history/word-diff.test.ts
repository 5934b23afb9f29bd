import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spansText, type Span } from '../../sessions/story-shape.ts';
import { diffWords, type DiffPart } from './word-diff.ts';

const by = (author: string, text: string): Span[] => [{ author, text }];
const told = (parts: readonly DiffPart[]): string =>
  parts
    .map(({ kind, spans }) => {
      const text = spansText(spans);
      return kind === 'same' ? text : `[${kind === 'added' ? '+' : '-'}${text}]`;
    })
    .join('');
const diff = (before: string, after: string): string => told(diffWords(by('a', before), by('b', after)));

/** Characters with their authors, so that two ways of cutting the same text into spans are equal. */
const letters = (spans: readonly Span[]): string[] =>
  spans.flatMap(({ author, text }) => [...text].map((char) => `${author}${char}`));

describe('word by word', () => {
  it('B2: says which words went and which came', () => {
    expect(diff('The boat was red.', 'The boat was blue.')).toBe('The boat was [-red][+blue].');
    expect(diff('She left.', 'She left. Then it rained.')).toBe('She left.[+ Then it rained.]');
    expect(diff('one two three', 'one three')).toBe('one [-two ]three');
    expect(diff('', 'new')).toBe('[+new]');
    expect(diff('same', 'same')).toBe('same');
  });

  it('B2: words that changed in a row are one change', () => {
    expect(diff('He took the old rope up.', 'He took a new chain up.')).toBe(
      'He took [-the old rope][+a new chain] up.',
    );
  });

  it('B2: keeps the authors of both', () => {
    const before = [...by('ann', 'Ann wrote '), ...by('bo', 'Bo too.')];
    const after = [...by('ann', 'Ann wrote '), ...by('cy', 'and Cy too.')];
    expect(diffWords(before, after)).toEqual([
      { kind: 'same', spans: by('ann', 'Ann wrote ') },
      { kind: 'removed', spans: by('bo', 'Bo') },
      { kind: 'added', spans: by('cy', 'and Cy') },
      { kind: 'same', spans: by('cy', ' too.') },
    ]);
  });

  it('B2: what stayed and went is the old text, what stayed and came the new one', () => {
    const word = fc.constantFrom('a', 'bee', ' ', '  ', '\n', ',', '“', 'don’t', '水', '🜁');
    const span = fc.record({
      author: fc.constantFrom('ann', 'bo'),
      text: fc.array(word, { maxLength: 8 }).map((words) => words.join('')),
    });
    const text = fc.array(span, { maxLength: 5 });
    fc.assert(
      fc.property(text, text, (before, after) => {
        const parts = diffWords(before, after);
        const of = (...kinds: DiffPart['kind'][]) =>
          parts.filter(({ kind }) => kinds.includes(kind)).flatMap(({ spans }) => spans);
        expect(spansText(of('same', 'removed'))).toBe(spansText(before));
        expect(letters(of('same', 'added'))).toEqual(letters(after));
        const removed = letters(of('removed'));
        const old = letters(before);
        let at = 0;
        for (const one of removed) at = old.indexOf(one, at) + 1 || Number.NaN;
        expect(at).not.toBeNaN();
      }),
    );
  });

  it('B7: the longest passages, rewritten from end to end, are compared without ado', () => {
    const long = (word: string) => by('a', `${word} `.repeat(3_300));
    expect(told(diffWords(long('alpha'), long('omega'))).startsWith('[-alpha alpha')).toBe(true);
  });
});
