import { describe, expect, it } from 'vitest';
import { shippedBackground } from '../../test/fixtures/stories/stories.ts';
import { IdeaLedger, MAX_STEMS } from './ideas.ts';
import { PassageReading } from './passage-reading.ts';

const background = shippedBackground();
const say = (ledger: IdeaLedger, author: string, text: string): number =>
  ledger.add({ author, reading: new PassageReading(text) });

describe('ideas', () => {
  it('V2: are names and rare words first seen in a passage by a person', () => {
    const ledger = new IdeaLedger(background);
    expect(say(ledger, 'ann', 'In the harbour a zeppelin landed, and out of it came Ottilie.')).toBe(2);
    expect(say(ledger, 'ben', 'The zeppelin was there, and so was Ottilie.')).toBe(0);
    expect(say(ledger, 'ben', 'They went to the house and had a letter in the morning.')).toBe(0);
    expect(ledger.total).toBe(2);
  });

  it('V2: what the narrator brought is no idea of anybody, and keeps those of people', () => {
    const ledger = new IdeaLedger(background);
    expect(say(ledger, 'narrator', 'A zeppelin landed.')).toBe(0);
    expect(say(ledger, 'ann', 'From the zeppelin hung a trapeze.')).toBe(1);
    expect(ledger.rates(10).kept).toBe(0);
    say(ledger, 'narrator', 'The trapeze swung.');
    expect(ledger.rates(10).kept).toBe(1);
  });

  it('V2: counts by active minute and by 100 words of people', () => {
    const ledger = new IdeaLedger(background);
    say(ledger, 'ann', 'In the harbour a zeppelin landed, and out of it came Ottilie.');
    say(ledger, 'narrator', 'Nobody had seen it come, and for a long while nobody said a word about it.');
    say(ledger, 'ben', 'The zeppelin was there, and so was somebody we know.');
    const { perMinute, per100Words, kept } = ledger.rates(4);
    expect(perMinute).toBeCloseTo(0.5, 9);
    expect(per100Words).toBeCloseTo((100 * 2) / 22, 9);
    expect(kept).toBeCloseTo(0.5, 9);
  });

  it('V6: nothing written is not measured', () => {
    expect(new IdeaLedger(background).rates(0)).toEqual({ perMinute: null, per100Words: null, kept: null });
  });

  it('V10: remembers so many stems, and forgets those that came first', () => {
    const ledger = new IdeaLedger(background);
    const word = (at: number): string =>
      `q${String(at).replace(/\d/g, (digit) => 'abcdfghijk'[Number(digit)]!)}x`;
    say(ledger, 'ann', 'a zeppelin');
    for (let at = 0; at < MAX_STEMS + 500; at += 500)
      say(ledger, 'ann', Array.from({ length: 500 }, (_, more) => word(100_000 + at + more)).join(' '));
    const before = ledger.total;
    expect(say(ledger, 'ben', 'a zeppelin')).toBe(1);
    expect(ledger.total).toBe(before + 1);
    expect(say(ledger, 'ben', word(100_000 + MAX_STEMS + 499))).toBe(0);
  });
});
