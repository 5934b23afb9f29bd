import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addToHistory, collaborativeImpact, decayHistory, historyScore, newHistory } from './history.ts';

const DAY = 24 * 3_600_000;

describe('D15: history', () => {
  it('is 0.917 after ten clean texts and lower with three violations', () => {
    expect(historyScore({ clean: 10, violations: 0, at: 0 }, 0)).toBeCloseTo(0.917, 3);
    expect(historyScore({ clean: 10, violations: 3, at: 0 }, 0)).toBeCloseTo(11 / 15, 6);
    expect(historyScore(newHistory(5), 5)).toBe(0.5);
  });

  it('halves in 30 days', () => {
    const later = decayHistory({ clean: 8, violations: 4, at: 0 }, 30 * DAY);
    expect(later).toEqual({ clean: 4, violations: 2, at: 30 * DAY });
    expect(historyScore({ clean: 8, violations: 4, at: 0 }, 30 * DAY)).toBeCloseTo(5 / 8, 6);
  });

  it('forgets in steps as it forgets at once, and never runs backwards', () => {
    const day = fc.integer({ min: 0, max: 400 });
    fc.assert(
      fc.property(fc.nat(50), fc.nat(50), day, day, (clean, violations, a, b) => {
        const start = { clean, violations, at: 0 };
        const steps = decayHistory(decayHistory(start, a * DAY), (a + b) * DAY);
        const once = decayHistory(start, (a + b) * DAY);
        expect(steps.clean).toBeCloseTo(once.clean, 9);
        expect(steps.violations).toBeCloseTo(once.violations, 9);
        expect(decayHistory(once, 0)).toEqual(once);
      }),
    );
  });

  it('counts texts', () => {
    const one = addToHistory(newHistory(0), true, 0);
    expect(one).toEqual({ clean: 0, violations: 1, at: 0 });
    expect(addToHistory(one, false, 0)).toEqual({ clean: 1, violations: 1, at: 0 });
  });
});

describe('D15: collaborative impact', () => {
  it('counts people in full for the table, by half from severity 2 on', () => {
    expect(collaborativeImpact(3, true, 1)).toBe(0.5);
    expect(collaborativeImpact(6, false, 2)).toBe(0.5);
    expect(collaborativeImpact(6, false, 1)).toBe(0);
    expect(collaborativeImpact(50, true, 4)).toBe(1);
  });
});
