import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundsOf, lonePoints, newestOf, scaleOf, sparkPoints, tableOf } from './series-table.ts';

const line = fc.record({
  label: fc.string({ maxLength: 5 }),
  points: fc.uniqueArray(
    fc.tuple(fc.nat(200), fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { nil: null })),
    { selector: ([at]) => at, maxLength: 30 },
  ),
});

describe('lines of a chart', () => {
  it('Y3: no value is lost, moved or made up on the common times', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), (series) => {
        const { times, columns, labels } = tableOf(series);
        expect(times).toEqual([...times].sort((a, b) => a - b));
        expect(new Set(times).size).toBe(times.length);
        expect(labels).toEqual(series.map(({ label }) => label));
        for (const [i, { points }] of series.entries()) {
          const told = times.flatMap((at, row) =>
            columns[i]![row] === null ? [] : [[at, columns[i]![row]]],
          );
          const given = points.filter(([, value]) => value !== null).sort(([a], [b]) => a - b);
          expect(told).toEqual(given);
        }
      }),
    );
  });

  it('takes a bounded part, the newest points', () => {
    const points = Array.from({ length: 4_000 }, (_, i): [number, number] => [i, i]);
    const many = tableOf(Array.from({ length: 30 }, () => ({ label: 'a', points })));
    expect(many.labels).toHaveLength(8);
    expect([many.times.length, many.times.at(-1)]).toEqual([3_000, 3_999]);
  });

  it('knows the newest value and the bounds past gaps', () => {
    expect(newestOf([1, 3, null, null])).toBe(3);
    expect(newestOf([null])).toBeNull();
    expect(boundsOf([null, 4, 2])).toEqual({ low: 2, high: 4 });
    expect(boundsOf([])).toBeNull();
  });

  it('the axis holds all values, and the limit where it is near', () => {
    const values = fc.array(fc.option(fc.double({ min: 0, max: 1e9, noNaN: true }), { nil: null }));
    fc.assert(
      fc.property(values, fc.boolean(), (column, isShare) => {
        const [low, high] = scaleOf({ labels: [''], times: [], columns: [column] }, null, isShare);
        expect(low).toBeLessThan(high);
        for (const value of column) if (value !== null) expect(value >= low && value <= high).toBe(true);
      }),
    );
    const one = { labels: [''], times: [0], columns: [[1]] };
    expect(scaleOf(one, 3, false)[1]).toBeCloseTo(3.3);
    expect(scaleOf(one, 300, false)[1]).toBeCloseTo(1.1);
  });

  it('knows values that stand alone', () => {
    expect(lonePoints([1, null, 2, 3, null, 4])).toEqual([0, 5]);
    expect(lonePoints([null, 7])).toEqual([1]);
    expect(lonePoints([])).toEqual([]);
  });

  it('a small line is broken at gaps', () => {
    expect(sparkPoints([0, 1, null, 1, 0], 100, 10)).toEqual(['0.0,10.0 25.0,0.0', '75.0,0.0 100.0,10.0']);
    expect(sparkPoints([2, 2], 10, 4)).toEqual(['0.0,2.0 10.0,2.0']);
    expect(sparkPoints([null, 1], 10, 4)).toEqual([]);
  });
});
