import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shippedBackground, STORIES, storyPassages } from '../../test/fixtures/stories/stories.ts';
import { PassageReading } from './passage-reading.ts';
import { SynergyLedger } from './synergy.ts';

const background = shippedBackground();
const stories = STORIES.map((name) => storyPassages(name).map((text) => new PassageReading(text)));
const PEOPLE = ['ann', 'ben', 'cem'];

/** A ledger that has taken in what stands before a place of a story, three people writing in turn. */
function upTo(story: readonly PassageReading[], at: number): SynergyLedger {
  const ledger = new SynergyLedger(background);
  for (const [place, reading] of story.slice(0, at).entries())
    ledger.add({ author: PEOPLE[place % PEOPLE.length]!, reading });
  return ledger;
}

const quantile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.floor(share * (values.length - 1))]!;

describe('synergy', () => {
  it('V4: is exactly 0 for a copy of any passage of the story, however long ago', () => {
    fc.assert(
      fc.property(fc.nat({ max: 3 }), fc.nat({ max: 49 }), fc.nat({ max: 49 }), (which, from, more) => {
        const story = stories[which]!;
        const at = Math.min(story.length, from + 1 + more);
        expect(upTo(story, at).add({ author: 'dora', reading: story[Math.min(from, at - 1)]! })).toBe(0);
      }),
      { numRuns: 40 },
    );
  });

  it('V4: is exactly 0 for a patchwork of what others have just written', () => {
    const story = stories[0]!;
    const [one, other] = [story[8]!.text, story[9]!.text].map((text) => text.split(' '));
    const patchwork = new PassageReading([...one!.slice(0, 60), ...other!.slice(0, 60)].join(' '));
    expect(upTo(story, 10).add({ author: 'dora', reading: patchwork })).toBe(0);
  });

  it('V4: is high where a turn goes on with the story, and low where it has nothing to do with it', () => {
    const real: number[] = [];
    const unrelated: number[] = [];
    for (const [which, story] of stories.entries())
      for (let at = 4; at < Math.min(50, story.length); at += 3) {
        const other = stories[(which + 1) % stories.length]!;
        real.push(upTo(story, at).add({ author: 'dora', reading: story[at]! })!);
        unrelated.push(upTo(story, at).add({ author: 'dora', reading: other[at]! })!);
      }
    expect(quantile(real, 0.5)).toBeGreaterThan(0.75);
    expect(quantile(unrelated, 0.5)).toBeLessThan(0.3);
    expect(quantile(real, 0.1)).toBeGreaterThan(quantile(unrelated, 0.75));
  });

  it('V4: does not fall because a story has become long', () => {
    const ledger = new SynergyLedger(background);
    const turns = stories[0]!.map((reading, at) => ledger.add({ author: PEOPLE[at % 3]!, reading }));
    const early = turns.slice(3, 40).map((one) => one!);
    const late = turns.slice(-40).map((one) => one!);
    expect(quantile(late, 0.5)).toBeGreaterThan(quantile(early, 0.5) - 0.15);
  });

  it('V4: only turns after another author count, of 25 words or more, and the mean is of the last 20', () => {
    const story = stories[0]!;
    const ledger = new SynergyLedger(background);
    expect(ledger.add({ author: 'ann', reading: story[0]! })).toBeNull();
    expect(ledger.add({ author: 'ann', reading: story[1]! })).toBeNull();
    expect(ledger.mean).toBeNull();
    expect(ledger.add({ author: 'ben', reading: new PassageReading('Alice ran.') })).toBeNull();
    const turns = story.slice(2, 32).map((reading, at) => ledger.add({ author: PEOPLE[at % 3]!, reading })!);
    const last = turns.slice(-20);
    expect(ledger.mean).toBeCloseTo(last.reduce((sum, one) => sum + one, 0) / 20, 9);
  });
});
