import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requestOf } from '../../test/support/screen-requests.ts';
import { viewsOf } from '../text/normalise.ts';
import { spamFindings } from './spam.ts';

const request = requestOf({ history: 1 });
const find = (text: string, recent: string[] = []) =>
  spamFindings(viewsOf(text), { ...request, text, recent }).map(({ id, severity }) => `${id} ${severity}`);
const links = (count: number) =>
  Array.from({ length: count }, (_, index) => `http://example.org/${index}`).join(' and ');
const sentence = 'The riders came down from the pass at dusk, and nobody in the village spoke of it.';

describe('floods', () => {
  it.each([
    ['a run', `A${'a'.repeat(80)}`, ['spam.run 1']],
    ['a long run', 'x'.repeat(400), ['spam.run 2']],
    ['a ruler without end', '-'.repeat(400), ['spam.run 2']],
    ['one line over and over', 'buy my sword\n'.repeat(12), ['spam.lines 2']],
    ['the same words over and over', 'spam eggs '.repeat(80), ['spam.repetition 2']],
    ['emoji', '😀🎉'.repeat(60), ['spam.signs 1']],
    ['some links', links(6), ['spam.links 1']],
    ['many links', links(12), ['spam.links 2']],
    ['a word without end', 'abcdefghij'.repeat(30), ['spam.token 1']],
    ['a wall of capitals', sentence.toUpperCase().repeat(5), ['spam.capitals 1']],
  ])('%s', (_, text, found) => {
    expect(find(text)).toEqual(found);
  });

  it.each([
    ['a scream', 'Nooooooooooooooooooooooo!!!!!'],
    ['laughter', 'ha ha ha ha ha ha ha ha ha ha'],
    ['a chant', 'Burn the witch!\n'.repeat(6)],
    ['a ruler', `${'-'.repeat(80)}\nChapter two`],
    ['a shout', 'RUN! THE DRAGON IS BEHIND YOU, RUN FOR YOUR LIVES, ALL OF YOU!'],
    ['some emoji', '😀😀😀😀😀 what a roll'],
    ['two links', links(2)],
    ['a stutter', 'I, I, I, I do not, do not know, know.'],
    ['a long passage', sentence.repeat(3)],
    ['nothing', ''],
    ['blanks', ' \n\n '],
  ])('%s is none', (_, text) => {
    expect(find(text)).toEqual([]);
  });

  it('sees the same text again, even a little changed, and not that somebody says yes', () => {
    const shouted = [sentence.toUpperCase(), `${sentence}!!`, ` ${sentence}`];
    expect(find(sentence, shouted.slice(0, 2))).toEqual([]);
    expect(find(sentence, shouted)).toEqual(['spam.again 1']);
    expect(find(sentence, [...shouted, ...shouted])).toEqual(['spam.again 2']);
    expect(find('Yes.', ['Yes.', 'Yes.', 'Yes.', 'Yes.'])).toEqual([]);
    expect(find(sentence, ['One.', 'Two.', 'Three.'])).toEqual([]);
  });

  it('keeps its spans in the text', () => {
    const piece = fc.constantFrom(
      'x'.repeat(70),
      '😀'.repeat(90),
      'line\n'.repeat(12),
      links(5),
      ' ',
      'word ',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        const text = pieces.join('');
        for (const { spans } of spamFindings(viewsOf(text), { ...request, text })) {
          for (const { start, end } of spans) {
            expect(start).toBeGreaterThanOrEqual(0);
            expect(end).toBeGreaterThan(start);
            expect(end).toBeLessThanOrEqual(text.length);
          }
        }
      }),
    );
  });
});
