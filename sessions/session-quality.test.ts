import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noScores, type QualityScores } from './quality.ts';
import { SessionQuality } from './session-quality.ts';

const MINUTE = 60_000;
const THRESHOLDS = { ...noScores(), narrative_coherence: 0.8, judge_coherence: 0.8 };
const scored = (narrative_coherence: number | null, more: Partial<QualityScores> = {}): QualityScores => ({
  ...noScores(),
  narrative_coherence,
  ...more,
});

describe('the quality of a session', () => {
  it('J6: five bad passages are one alert, the sixth is none', () => {
    const quality = new SessionQuality(THRESHOLDS);
    const alerts = [1, 2, 3, 4, 5, 6].map((at) => quality.take(scored(0.5), at));
    expect(alerts).toEqual([[], [], [], [], ['narrative_coherence'], []]);
    expect(quality.below).toEqual(['narrative_coherence']);
  });

  it('J6: alerts again after ten minutes, also when it was well in between', () => {
    const quality = new SessionQuality(THRESHOLDS);
    for (let at = 1; at <= 5; at += 1) quality.take(scored(0.5), at * MINUTE);
    expect(quality.take(scored(0.5), 15 * MINUTE - 1)).toEqual([]);
    for (let at = 0; at < 20; at += 1) quality.take(scored(1), 15 * MINUTE - 1);
    expect(quality.below).toEqual([]);
    expect(quality.take(scored(0), 15 * MINUTE - 1)).toEqual([]);
    expect(quality.take(scored(0), 15 * MINUTE)).toEqual(['narrative_coherence']);
  });

  it('J6: what is not measured, or has no threshold, never alerts', () => {
    const quality = new SessionQuality(THRESHOLDS);
    const passage = scored(null, { diversity: 0 });
    for (let at = 0; at < 50; at += 1) expect(quality.take(passage, at * 10 * MINUTE)).toEqual([]);
    expect(quality.means).toEqual({ ...noScores(), diversity: 0 });
  });

  it('J6: the sampled scores of a passage do not count its fast ones again', () => {
    const quality = new SessionQuality(THRESHOLDS);
    for (let at = 0; at < 4; at += 1) quality.take(scored(0.5), at);
    expect(quality.take(scored(0.5, { judge_coherence: 0.2 }), 9, true)).toEqual([]);
    expect(quality.means).toMatchObject({ narrative_coherence: 0.5, judge_coherence: 0.2 });
    expect(quality.below).toEqual([]);
    expect(quality.take(scored(0.5), 10)).toEqual(['narrative_coherence']);
  });

  it('J6: nulls in between change nothing, and the mean is the weighted one', () => {
    const anyScores = fc.array(fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: null }));
    fc.assert(
      fc.property(anyScores, (all) => {
        const quality = new SessionQuality(THRESHOLDS);
        const bare = new SessionQuality(THRESHOLDS);
        const measured = all.filter((score) => score !== null);
        const alerts = all.flatMap((score, at) => quality.take(scored(score), at));
        const same = measured.flatMap((score, at) => bare.take(scored(score), at));
        expect(alerts).toEqual(same);
        expect(quality.means).toEqual(bare.means);
        // The same as a sum of powers.
        const [first = null, ...rest] = measured;
        const mean = rest.reduce<number | null>((sum, score) => (sum ?? 0) * 0.8 + score * 0.2, first);
        if (mean === null) expect(quality.means.narrative_coherence).toBeNull();
        else expect(quality.means.narrative_coherence).toBeCloseTo(mean, 9);
        const isUnder = measured.length >= 5 && mean !== null && mean < 0.8 - 1e-9;
        if (isUnder) expect(quality.below).toEqual(['narrative_coherence']);
      }),
    );
  });
});
