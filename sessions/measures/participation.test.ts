import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { participation, turnTaking } from './participation.ts';

const amounts = fc
  .array(fc.integer({ min: 0, max: 5_000 }), { minLength: 2, maxLength: 30 })
  .filter((all) => all.some((amount) => amount > 0));

describe('participation', () => {
  it.each([
    [[100, 100, 100, 100], 1, 1],
    [[200, 100, 60, 40], 0.567, 0.725],
    [[300, 100], 0.5, 0.8],
    [[370, 10, 10, 10], 0.1, 0.292],
    [[400, 0, 0, 0], 0, 0.25],
  ])('V1: %j is balanced to %d, by Jain to %d', (words, balance, jain) => {
    const measured = participation(words);
    expect(measured?.balance).toBeCloseTo(balance, 3);
    expect(measured?.jain).toBeCloseTo(jain, 3);
  });

  it('V1: fewer than two people, or nobody writing, is not measured', () => {
    expect(participation([])).toBeNull();
    expect(participation([300])).toBeNull();
    expect(participation([0, 0, 0])).toBeNull();
  });

  it('V1: order and unit do not matter, and both stay in their bounds', () => {
    fc.assert(
      fc.property(amounts, fc.integer({ min: 2, max: 9 }), (all, factor) => {
        const one = participation(all);
        const other = participation([...all].reverse().map((amount) => amount * factor));
        expect(other?.balance).toBeCloseTo(one?.balance ?? -1, 9);
        expect(other?.jain).toBeCloseTo(one?.jain ?? -1, 9);
        expect(one?.balance).toBeGreaterThanOrEqual(0);
        expect(one?.balance).toBeLessThanOrEqual(1);
        expect(one?.jain).toBeGreaterThanOrEqual(1 / all.length - 1e-9);
        expect(one?.jain).toBeLessThanOrEqual(1 + 1e-9);
      }),
    );
  });

  it('V1: words given by who has most to who has least never make it less even', () => {
    fc.assert(
      fc.property(amounts, (all) => {
        const most = all.indexOf(Math.max(...all));
        const least = all.indexOf(Math.min(...all));
        const given = Math.floor(((all[most] ?? 0) - (all[least] ?? 0)) / 2);
        const moved = all.map((amount, at) => amount + (at === most ? -given : at === least ? given : 0));
        expect(participation(moved)?.balance).toBeGreaterThanOrEqual(
          (participation(all)?.balance ?? 0) - 1e-9,
        );
      }),
    );
  });
});

describe('turn taking', () => {
  it('V1: 1 when every passage changes the author, 0 when one writes all', () => {
    expect(turnTaking(['a', 'b', 'a', 'c'])).toBe(1);
    expect(turnTaking(['a', 'a', 'a'])).toBe(0);
    expect(turnTaking(['a', 'a', 'b', 'b', 'a'])).toBe(0.5);
    expect(turnTaking(['a'])).toBeNull();
  });
});
