import { describe, expect, it } from 'vitest';
import { shippedBackground, shippedCoherence, storyPassages } from '../../test/fixtures/stories/stories.ts';
import { CrossAuthorCoherence } from './author-coherence.ts';
import { calibrate, rawCoherence } from './coherence.ts';
import { PassageReading } from './passage-reading.ts';

const background = shippedBackground();
const { anchors, threshold } = shippedCoherence();

/** Two people who write three passages each in turn, each going on with their own text. */
function written(ann: readonly string[], ben: readonly string[]): CrossAuthorCoherence {
  const coherence = new CrossAuthorCoherence();
  const line: PassageReading[] = [];
  const texts = { ann: [...ann], ben: [...ben] };
  for (let turn = 0; turn < 48; turn += 1) {
    const author = Math.floor(turn / 3) % 2 === 0 ? 'ann' : 'ben';
    const reading = new PassageReading(texts[author].shift()!);
    const measured = rawCoherence(reading, line.slice(-3), background);
    coherence.add(author, measured && calibrate(measured.raw, anchors, threshold));
    line.push(reading);
  }
  return coherence;
}

describe('coherence over authors', () => {
  it('V3: two people who write different stories are diverging', () => {
    const coherence = written(storyPassages('alice-in-wonderland'), storyPassages('moby-dick'));
    expect(coherence.isDiverging).toBe(true);
    expect(coherence.gap).toBeGreaterThan(0.3);
  });

  it('V3: two people who write the same story are not', () => {
    const story = storyPassages('alice-in-wonderland');
    const parts = [0, 1].map((who) => story.filter((_, at) => Math.floor(at / 3) % 2 === who));
    const coherence = written(parts[0]!, parts[1]!);
    expect(coherence.isDiverging).toBe(false);
    expect(Math.abs(coherence.gap!)).toBeLessThan(0.15);
  });

  it('V3: needs eight passages of each kind, and 0.15 less', () => {
    const coherence = new CrossAuthorCoherence();
    coherence.add('ann', null);
    for (let turn = 0; turn < 8; turn += 1) {
      expect(coherence.isDiverging).toBe(false);
      const author = turn % 2 === 0 ? 'ben' : 'ann';
      coherence.add(author, 0.6);
      coherence.add(author, 0.8);
    }
    expect(coherence.isDiverging).toBe(true);
    expect(coherence.mean).toBeCloseTo(0.6, 9);
    expect(coherence.gap).toBeCloseTo(0.2, 9);
    for (let turn = 0; turn < 10; turn += 1) coherence.add(turn % 2 === 0 ? 'ben' : 'ann', 0.7);
    expect(coherence.isDiverging).toBe(false);
  });

  it('V3: the narrator between two people counts for nobody, and nor does what was not measured', () => {
    const coherence = new CrossAuthorCoherence();
    coherence.add('ann', 0.9);
    coherence.add('narrator', 0.1);
    coherence.add('ann', 0.7);
    expect(coherence.mean).toBeNull();
    coherence.add('ben', null);
    coherence.add('narrator', 0.1);
    coherence.add('ann', 0.5);
    expect(coherence.mean).toBe(0.5);
    expect(coherence.gap).toBeCloseTo(0.2, 9);
  });
});
