import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { STORIES, storyPassages } from '../../test/fixtures/stories/stories.ts';
import { distinct, gzipRatio, mattr, mtld, passageDiversity, selfBleu } from './diversity.ts';
import { PassageReading } from './passage-reading.ts';

const word = fc.constantFrom('the', 'sea', 'was', 'a', 'wide', 'grey', 'road', 'home');
const words = fc.array(word, { minLength: 4, maxLength: 250 });
const gzip = (text: string): number => gzipSync(text).length;
const wordsOf = (text: string): string[] => text.split(' ');

describe('the diversity of a passage', () => {
  it('J1: passages of stories have it, a loop and a repetition do not', () => {
    for (const name of STORIES) {
      const story = storyPassages(name).map((text) => new PassageReading(text));
      const healthy = story
        .slice(3)
        .map((reading, at) => passageDiversity(reading, story.slice(at, at + 3))!);
      const low = healthy.filter(({ distinct3, nov4 }) => distinct3 < 0.85 || nov4 < 0.6);
      expect(low.length / healthy.length).toBeLessThan(0.03);
      const loop = new PassageReading('The wind went round the house and would not stop. '.repeat(6));
      expect(passageDiversity(loop, [])!.distinct3).toBeLessThan(0.3);
      expect(passageDiversity(story[1]!, story.slice(0, 3))).toMatchObject({ nov4: 0, raw: 0 });
    }
  });

  it('J1: one value is at least 0.85 where, and only where, both parts are in their limits', () => {
    const before = [new PassageReading(storyPassages('moby-dick')[0]!)];
    const mixed = fc.tuple(words, fc.nat({ max: 120 })).map(([own, copied]) => {
      const text = [...before[0]!.words.slice(0, copied), ...own, ...before[0]!.words.slice(0, 30)].join(' ');
      return new PassageReading(text);
    });
    fc.assert(
      fc.property(mixed, (reading) => {
        const { distinct3, nov4, raw } = passageDiversity(reading, before)!;
        expect(raw >= 0.85 - 1e-12).toBe(distinct3 >= 0.85 - 1e-12 && nov4 >= 0.6 - 1e-12);
        expect(raw).toBeGreaterThanOrEqual(0);
        expect(raw).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('J1: under 25 words is not measured', () => {
    expect(passageDiversity(new PassageReading('Alice ran after the Rabbit.'), [])).toBeNull();
  });
});

describe('the diversity of texts (D17)', () => {
  it('MATTR is the mean over windows: by hand, and 1 where no window repeats a word', () => {
    expect(mattr(wordsOf('a b a c'), 2)).toBe(1);
    expect(mattr(wordsOf('a a b b'), 2)).toBeCloseTo((0.5 + 1 + 0.5) / 3, 9);
    expect(mattr(wordsOf('a a a'), 100)).toBeCloseTo(1 / 3, 9);
    expect(mattr([])).toBeNull();
  });

  it('MATTR is what counting every window anew gives', () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 1, max: 40 }), (all, window) => {
        const size = Math.min(window, all.length);
        const ratios = all.slice(size - 1).map((_, at) => new Set(all.slice(at, at + size)).size / size);
        expect(mattr(all, window)).toBeCloseTo(ratios.reduce((sum, one) => sum + one, 0) / ratios.length, 9);
      }),
    );
  });

  it('MTLD: by hand, and longer where words are more varied', () => {
    expect(mtld(wordsOf('a a a a'))).toBe(2);
    expect(mtld(wordsOf('a b c d e f'))).toBe(6);
    expect(mtld([])).toBeNull();
    const alice = new PassageReading(storyPassages('alice-in-wonderland').slice(0, 10).join(' ')).words;
    const loop = alice.map((_, at) => alice[at % 25]!);
    expect(mtld(alice)!).toBeGreaterThan(40);
    expect(mtld(loop)!).toBeLessThan(mtld(alice)! / 1.5);
  });

  it('distinct-n: by hand', () => {
    expect(distinct(wordsOf('a b a b'), 2)).toBeCloseTo(2 / 3, 9);
    expect(distinct(wordsOf('a b c d'), 3)).toBe(1);
    expect(distinct(['a'], 2)).toBeNull();
  });

  it('self-BLEU is 1 for copies, low for different stories, and higher the more is shared', () => {
    const texts = STORIES.map((name) => [...new PassageReading(storyPassages(name)[5]!).words]);
    const shared = texts.map((text, at) =>
      at < 2 ? text : [...texts[0]!.slice(0, 100), ...text.slice(100)],
    );
    expect(selfBleu([texts[0]!, texts[0]!, texts[0]!])).toBeCloseTo(1, 9);
    expect(selfBleu(texts)!).toBeLessThan(0.2);
    expect(selfBleu(shared)!).toBeGreaterThan(selfBleu(texts)! + 0.2);
    expect(selfBleu([texts[0]!])).toBeNull();
  });

  it('gzip ratio is lower where a text repeats itself', () => {
    const text = storyPassages('alice-in-wonderland').slice(0, 5).join(' ');
    expect(gzipRatio(text, gzip)!).toBeGreaterThan(0.35);
    expect(gzipRatio(text.slice(0, 200).repeat(15), gzip)!).toBeLessThan(0.1);
    expect(gzipRatio('', gzip)).toBeNull();
  });
});
