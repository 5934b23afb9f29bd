import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gramsOf, PassageReading, ReadingCache } from './passage-reading.ts';

const read = (text: string): PassageReading => new PassageReading(text);
const texts = fc.string({
  unit: fc.constantFrom('a', 'B', 'é', 'ß', "'", ' ', '.', '-', '7', '語', '😀'),
  maxLength: 300,
});

describe('reading a passage', () => {
  it('counts content stems, and leaves common words out', () => {
    const { stems } = read('The lanterns swung. A lantern fell, and then another of the lanterns.');
    expect(stems.get('lantern')).toBe(3);
    expect(stems.has('the')).toBe(false);
    expect(stems.has('then')).toBe(false);
  });

  it('names are what is written with a capital within sentences, without titles and possessives', () => {
    const { names } = read(
      `They met Mrs Harrow and Piet’s brother. Nobody laughed, but Mr Quill smiled on Monday.`,
    );
    expect([...names.values()].sort()).toEqual(['Harrow', 'Piet', 'Quill']);
  });

  it('V10: any text is read, twice the same, in bounds', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const one = read(text);
        const counted = [...one.stems.values()].reduce((sum, count) => sum + count, 0);
        expect(counted).toBeLessThanOrEqual(one.words.length);
        expect(one.fourGrams.size).toBeLessThanOrEqual(Math.max(0, one.words.length - 3));
        expect(read(text).words).toEqual(one.words);
        const share = one.newGrams([]);
        expect(share === null).toBe(one.words.length < 4);
        if (share !== null) expect(read(text).newGrams([one])).toBe(0);
      }),
    );
  });

  it('J2: of runs of four words those count as new that neither the passages before nor it itself had', () => {
    const before = [read('one two three four five')];
    expect(read('one two three four nine').newGrams(before)).toBe(0.5);
    expect(read('six seven eight nine').newGrams(before)).toBe(1);
    expect(read('six seven eight nine six seven eight nine').newGrams([])).toBe(0.8);
  });

  it('the same words make the same runs, others others', () => {
    expect(gramsOf(['a', 'b', 'c', 'a', 'b'], 2)).toHaveLength(4);
    const [first, second, third, fourth] = gramsOf(['a', 'b', 'c', 'a', 'b'], 2);
    expect(first).toBe(fourth);
    expect(new Set([first, second, third]).size).toBe(3);
    expect(gramsOf(['a', 'b'], 2)).not.toEqual(gramsOf(['b', 'a'], 2));
  });

  it('V10: the cache reads a text once, and forgets the oldest beyond its limit', () => {
    const cache = new ReadingCache(2);
    const first = cache.of('one');
    expect(cache.of('one')).toBe(first);
    cache.of('two');
    cache.of('three');
    expect(cache.of('one')).not.toBe(first);
  });
});
