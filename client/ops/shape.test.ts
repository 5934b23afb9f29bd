import { describe, expect, it } from 'vitest';
import { fits, type Shape } from './shape.ts';

const shape: Shape = { rows: [{ 'id': 'text', 'at': 'number', 'note?': 'text' }], isOn: 'flag', rest: 'any' };
const good = { rows: [{ id: 'a', at: 1 }], isOn: true, rest: null };

describe('shape of an answer', () => {
  it('takes what fits, with more fields than it knows', () => {
    expect(fits(good, shape)).toBe(true);
    expect(fits({ ...good, more: 1 }, shape)).toBe(true);
    expect(fits({ ...good, rows: [] }, shape)).toBe(true);
    expect(fits({ ...good, rows: [{ id: 'a', at: 1, note: null }] }, shape)).toBe(true);
  });

  it('refuses what a page could not draw', () => {
    const bad: unknown[] = [
      null,
      [],
      'rows',
      {},
      { ...good, isOn: 'yes' },
      { ...good, rows: {} },
      { ...good, rows: [null] },
      { ...good, rows: [{ id: 1, at: 1 }] },
      { ...good, rows: [{ id: 'a', at: '1' }] },
      { ...good, rows: [{ id: 'a', at: 1, note: 5 }] },
      { ...good, rows: Array.from({ length: 10_001 }, () => ({ id: 'a', at: 1 })) },
    ];
    for (const value of bad) expect(fits(value, shape), JSON.stringify(value)?.slice(0, 80)).toBe(false);
  });
});
