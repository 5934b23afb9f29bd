import { describe, expect, it } from 'vitest';
import { shippedBackground, storyPassages } from '../../test/fixtures/stories/stories.ts';
import { stemOf } from '../dependency-terms.ts';
import { parseBackground } from './background.ts';
import { PassageReading } from './passage-reading.ts';

const small = {
  schema: 1,
  version: 'test-1',
  language: 'en',
  documents: 100,
  common: 'the of and',
  pairs: { of: 'the', and: 'the' },
  stems: { '2': 'lantern ferry', '50': 'house' },
};

describe('the background of stems', () => {
  it('tells how rare a stem is; an unknown one is as rare as can be', () => {
    const background = parseBackground(small);
    expect(background.idf('house')).toBeCloseTo(Math.log(2), 9);
    expect(background.idf('ferry')).toBeCloseTo(Math.log(50), 9);
    expect(background.idf('quincunx')).toBeCloseTo(Math.log(100), 9);
    expect(background.medianIdf).toBeCloseTo(Math.log(50), 9);
    expect(background.version).toBe('test-1');
  });

  it.each([
    ['no schema', { ...small, schema: 2 }],
    ['no stems', { ...small, stems: {} }],
    ['more documents with a stem than there are', { ...small, stems: { '101': 'house' } }],
    ['a frequency that is no number', { ...small, stems: { many: 'house' } }],
    ['nothing', null],
  ])('J5: refuses a file with %s, with a message', (_, json) => {
    expect(() => parseBackground(json)).toThrow(/^background: ./);
  });

  it('J5: what ships can be read, knows common stems from rare ones, and tells English', () => {
    const background = shippedBackground();
    expect(background.version).toBe('en-1');
    expect(background.idf(stemOf('letter'))).toBeLessThan(background.medianIdf);
    expect(background.idf(stemOf('caterpillar'))).toBeGreaterThan(background.medianIdf);
    const [alice] = storyPassages('alice-in-wonderland');
    const german = 'der alte mann ging durch den wald und sah das haus nicht mehr weil es dunkel war';
    expect(background.commonShare!(new PassageReading(alice!).words)).toBeGreaterThan(0.35);
    expect(background.commonShare!(german.split(' '))).toBeLessThan(0.2);
  });

  it('J2: fluency is 1 for prose, 0 for its words in no order, and not told of a few words', () => {
    const background = shippedBackground();
    const words = storyPassages('alice-in-wonderland')
      .slice(0, 3)
      .flatMap((text) => new PassageReading(text).words);
    expect(background.fluency!(words)).toBe(1);
    expect(background.fluency!([...words].sort((a, b) => (a < b ? 1 : -1)))).toBe(0);
    expect(background.fluency!(words.slice(0, 12))).toBeNull();
    expect(background.fluency!(Array.from({ length: 50 }, (_, at) => `lantern${String(at)}`))).toBe(0);
  });
});
