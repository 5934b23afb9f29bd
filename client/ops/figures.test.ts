import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agoText, figureText, NOTHING, percentText, sharesOf, spanText } from './figures.ts';

describe('figures of the operator’s page', () => {
  it('tells times in the unit that people would use', () => {
    const told = [0, 0.000_02, 0.000_45, 0.012_34, 0.35, 0.9996, 1, 12.34, 59.94, 59.99, 60, 61.4, 3_600];
    expect(told.map(spanText)).toEqual([
      '0 s',
      '20 µs',
      '450 µs',
      '12.3 ms',
      '350 ms',
      '1 s',
      '1 s',
      '12.3 s',
      '59.9 s',
      '1 min',
      '1 min',
      '1 min 1 s',
      '1 h',
    ]);
    expect(spanText(3_600 * 26.5)).toBe('26 h 30 min');
    expect(spanText(86_400 * 3 + 3_600 * 4)).toBe('3 d 4 h');
  });

  it('Y4: keeps 99.99 % and 99.9 % apart, and never says 100 % of less', () => {
    expect(percentText(0.9999)).toBe('99.99 %');
    expect(percentText(0.999)).toBe('99.9 %');
    expect(percentText(0.99987)).toBe('99.987 %');
    expect(percentText(1)).toBe('100 %');
    expect(percentText(0.5)).toBe('50 %');
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (ratio) => {
        expect(percentText(ratio)).not.toBe('100 %');
      }),
    );
  });

  it('says every unit, and a dash where nothing was measured', () => {
    expect(figureText(null, 'count')).toBe(NOTHING);
    expect(figureText(Number.NaN, 'ratio')).toBe(NOTHING);
    expect(figureText(1_204, 'count')).toBe('1,204');
    expect(figureText(1_234_567, 'count')).toBe('1.23M');
    expect(figureText(0.0456, 'perSecond')).toBe('0.0456/s');
    expect(figureText(1_536_000, 'bytes')).toBe('1.54 MB');
    expect(figureText(999_600, 'bytes')).toBe('1 MB');
    expect(figureText(812, 'tokens')).toBe('812 tokens');
    expect(figureText(0.8, 'score')).toBe('0.80');
  });

  it('tells ages roughly', () => {
    expect([-5, 4_900, 59_000, 61_000, 3 * 3_600_000, 80 * 3_600_000].map(agoText)).toEqual([
      'just now',
      'just now',
      '59 s ago',
      '1 min ago',
      '3 h ago',
      '3 days ago',
    ]);
  });

  it('parts of a turn fill its bar, and the smallest can be seen', () => {
    expect(sharesOf([0, 0])).toEqual([0, 0]);
    fc.assert(
      fc.property(fc.array(fc.nat(1e6), { minLength: 1, maxLength: 6 }), (parts) => {
        const shares = sharesOf(parts);
        const sum = shares.reduce((all, share) => all + share, 0);
        expect(sum).toBeCloseTo(parts.some((part) => part > 0) ? 100 : 0, 6);
        for (const [i, share] of shares.entries()) expect(share > 0.9).toBe(parts[i]! > 0);
      }),
    );
  });
});
