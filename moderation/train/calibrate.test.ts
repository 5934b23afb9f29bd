import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calibrate, MAX_FALSE_ALARMS, operatingThreshold, platt } from './calibrate.ts';
import type { Scored } from './metrics.ts';

const rawScore = fc.double({ min: -50, max: 50, noNaN: true });
const rawList = fc.array(fc.record({ score: rawScore, isPositive: fc.boolean() }), { minLength: 2 });
const fiction = fc.array(rawScore, { maxLength: 250 });

/** `times` texts of a score, of which `positives` are positive. */
const group = (score: number, times: number, positives: number): Scored[] =>
  Array.from({ length: times }, (_, at) => ({ score, isPositive: at < positives }));

describe('platt', () => {
  it('finds the line through two groups whose shares are known', () => {
    const scored = [...group(-100, 1_000, 250), ...group(300, 1_000, 750)];
    const { slope, shift } = platt(scored);
    expect(slope * -100 + shift).toBeCloseTo(Math.log(1 / 3), 1);
    expect(slope * 300 + shift).toBeCloseTo(Math.log(3), 1);
  });

  it('stays finite for any list', () => {
    fc.assert(
      fc.property(rawList, (scored) => {
        const { slope, shift } = platt(scored);
        expect(Number.isFinite(slope) && Number.isFinite(shift)).toBe(true);
      }),
    );
  });
});

describe('operatingThreshold', () => {
  it('is where F1 is best when no fiction stands against it', () => {
    const scored = [...group(3, 4, 4), ...group(2, 4, 3), ...group(1, 10, 1)];
    expect(operatingThreshold(scored, [])).toBe(1.5);
  });

  it('gives way to fiction', () => {
    const scored = [...group(3, 4, 4), ...group(2, 4, 3), ...group(1, 10, 1)];
    expect(operatingThreshold(scored, [2.25, 0])).toBeCloseTo(2.625, 12);
  });

  it('never flags more of the fiction than is allowed', () => {
    fc.assert(
      fc.property(rawList, fiction, (scored, clean) => {
        const threshold = operatingThreshold(scored, clean);
        const flagged = clean.filter((score) => score >= threshold).length;
        expect(flagged).toBeLessThanOrEqual(clean.length * MAX_FALSE_ALARMS);
      }),
    );
  });
});

describe('calibrate', () => {
  it('puts the operating threshold at a logit of 0', () => {
    const scored = [...group(3, 40, 40), ...group(2, 40, 30), ...group(1, 100, 10)];
    const { slope, shift } = calibrate(scored, []);
    expect(slope).toBeGreaterThan(0);
    expect(slope * operatingThreshold(scored, []) + shift).toBeCloseTo(0, 12);
  });

  it('keeps the bound of every list of fiction', () => {
    const scored = [...group(3, 4, 4), ...group(2, 4, 3), ...group(1, 10, 1)];
    const alone = calibrate(scored, [[2.25, 0]]);
    expect(calibrate(scored, [[0], [2.25, 0], [-3]])).toEqual(alone);
    expect(alone.slope * 2.3 + alone.shift).toBeLessThan(0);
  });

  it('refuses scores that fall where positives are more frequent', () => {
    expect(() => calibrate([...group(1, 50, 45), ...group(2, 50, 5)], [])).toThrow('fall');
  });
});
