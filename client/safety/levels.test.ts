import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HARMS, type Harm } from '../../sessions/protocol.ts';
import { levelRows, SET_HARMS, withLevel } from './levels.ts';

const level = fc.integer({ min: 0, max: 4 });
const floor = fc.tuple(...HARMS.map(() => level)).map((levels) => {
  const pairs = HARMS.map((harm, index) => [harm, levels[index]!] as const);
  return Object.fromEntries(pairs) as Record<Harm, number>;
});
const levels = fc.dictionary(fc.constantFrom<Harm>(...HARMS), level);

describe('levels', () => {
  it('never show or set more than the policy allows', () => {
    fc.assert(
      fc.property(floor, levels, fc.constantFrom(...SET_HARMS), level, (most, set, harm, wanted) => {
        const after = withLevel({ floor: most, levels: set }, harm, wanted);
        const row = levelRows({ floor: most, levels: after }).find((one) => one.harm === harm)!;
        expect(row.level).toBe(Math.min(wanted, most[harm]));
        expect(after[harm] ?? 0).toBeLessThan(Math.max(1, most[harm]));
      }),
    );
  });

  it('leave the other harms as they were', () => {
    fc.assert(
      fc.property(floor, levels, fc.constantFrom(...SET_HARMS), level, (most, set, harm, wanted) => {
        const after = withLevel({ floor: most, levels: set }, harm, wanted);
        for (const other of HARMS) if (other !== harm) expect(after[other]).toBe(set[other]);
      }),
    );
  });
});
