import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gauge, increase, mean, over, quantile, rate, selectionsOf, type Expression } from './expressions.ts';
import { MetricHistory, type Sample } from './history.ts';
import { evaluate, growthOf, historySource, quantileOf, totalsSource, valueOf } from './history-values.ts';

const START = 1_790_000_000_000;
const STEP = 15_000;

type Scraped = Record<string, readonly [labels: Record<string, string>, value: number][]>;

/** A history for these expressions, with these scrapes 15 s apart. Null: the scrape failed. */
function recorded(expressions: readonly Expression[], scrapes: readonly (Scraped | null)[]): MetricHistory {
  const history = new MetricHistory(expressions.flatMap(selectionsOf));
  scrapes.forEach((scraped, index) => {
    if (scraped === null) return;
    const samples = Object.entries(scraped).map(([name, list]): [string, Sample[]] => [
      name,
      list.map(([labels, value]) => ({ labels, value })),
    ]);
    history.add(START + index * STEP, new Map(samples));
  });
  return history;
}

/** One counter without labels. */
const counts = (values: readonly (number | null)[]): (Scraped | null)[] =>
  values.map((value) => (value === null ? null : { a_total: [[{}, value]] }));

const at = (samples: number, windowMs: number) => ({ at: START + (samples - 1) * STEP, windowMs });

describe('growth over a window', () => {
  it('Y4: reaches to the edges of the window as Prometheus continues it', () => {
    // Samples at 0, 15, 30, 45 s; the window is (−15 s, 45 s]: the first sample is one gap from its start.
    const stats = { first: 100, firstAt: 0, last: 130, lastAt: 45_000, samples: 4 };
    expect(growthOf(stats, [-15_000, 45_000])).toBeCloseTo(40, 10);
    // Farther away than 1.1 gaps: half a gap.
    expect(growthOf(stats, [-60_000, 45_000])).toBeCloseTo(35, 10);
    // From 0 it can only have grown since it was 0.
    expect(growthOf({ ...stats, first: 0, last: 30 }, [-15_000, 45_000])).toBeCloseTo(30, 10);
  });

  it('Y2: is null, not 0, without two samples', () => {
    expect(growthOf(null, [0, 1])).toBeNull();
    expect(growthOf({ first: 5, firstAt: 0, last: 5, lastAt: 0, samples: 1 }, [-1, 1])).toBeNull();
  });
});

describe('quantiles from buckets', () => {
  it.each([
    [0.5, { '0.1': 5, '0.5': 10, '+Inf': 10 }, 0.1],
    [0.95, { '0.1': 5, '0.5': 10, '+Inf': 10 }, 0.1 + 0.4 * 0.9],
    [0.25, { '0.1': 4, '+Inf': 4 }, 0.025],
    // Beyond the last bound nothing more is known than the bound.
    [0.99, { '0.1': 5, '0.5': 6, '+Inf': 10 }, 0.5],
  ])('Y4: q %s of %o is %s', (q, buckets, expected) => {
    expect(quantileOf(q, new Map(Object.entries(buckets)))).toBeCloseTo(expected, 10);
  });

  it('Y2: are null without observations, and without buckets', () => {
    expect(
      quantileOf(
        0.95,
        new Map([
          ['0.1', 0],
          ['+Inf', 0],
        ]),
      ),
    ).toBeNull();
    expect(quantileOf(0.95, new Map())).toBeNull();
  });
});

describe('history', () => {
  const growth = increase('a_total');

  it('Y4: counts on over a reset of the counter', () => {
    const history = recorded([growth], counts([100, 110, 120, 5, 15]));
    const { at: end, windowMs } = at(5, 60_000);
    // The window is open at its start: 10 up to the reset, 5 since 0, 10 after, in 45 of its 60 s.
    expect(valueOf(growth, historySource(history, { at: end, windowMs }))).toBeCloseTo(25 * (60 / 45), 10);
  });

  it('Y4: sees a reset in a series that the sum hides', () => {
    const scrapes = [
      {
        a_total: [
          [{ k: 'x' }, 100],
          [{ k: 'y' }, 0],
        ],
      },
      {
        a_total: [
          [{ k: 'x' }, 1],
          [{ k: 'y' }, 200],
        ],
      },
    ] satisfies Scraped[];
    const history = recorded([growth], scrapes);
    expect(valueOf(growth, historySource(history, at(2, STEP + 1)))).toBeCloseTo(201, 0);
  });

  it('Y4: goes over scrapes that failed', () => {
    const history = recorded([growth], counts([100, 110, null, null, 140, 150]));
    // Four samples over 75 s: a gap is 25 s, and the start of the window is 15 s away.
    expect(valueOf(growth, historySource(history, at(6, 90_000)))).toBeCloseTo(50 * (90 / 75), 10);
  });

  it('Y2: an unknown or empty metric is null, a counter that stands still is 0', () => {
    const history = recorded([growth, rate('b_total'), gauge('g')], counts([7, 7, 7]));
    const source = historySource(history, at(3, 60_000));
    expect(valueOf(growth, source)).toBe(0);
    expect(valueOf(rate('b_total'), source)).toBeNull();
    expect(valueOf(gauge('g'), source)).toBeNull();
    expect(valueOf(over(growth, growth), source)).toBeNull();
  });

  it('Y2: a gauge that goes is gone at once, and an old one after 5 minutes', () => {
    const g = gauge('g');
    const history = recorded([g], [{ g: [[{}, 3]] }, {}, { g: [[{}, 4]] }]);
    const value = (ms: number) => valueOf(g, historySource(history, { at: START + ms, windowMs: 0 }));
    expect([value(0), value(STEP), value(2 * STEP)]).toEqual([3, null, 4]);
    expect([value(2 * STEP + 299_999), value(2 * STEP + 300_000)]).toEqual([4, null]);
    expect(value(-1)).toBeNull();
  });

  it('Y4: a counter that comes later has begun at 0', () => {
    const byKind = increase('a_total', { by: 'k' });
    const history = recorded(
      [byKind],
      [
        { a_total: [[{ k: 'x' }, 10]] },
        {
          a_total: [
            [{ k: 'x' }, 10],
            [{ k: 'y' }, 4],
          ],
        },
        {
          a_total: [
            [{ k: 'x' }, 10],
            [{ k: 'y' }, 4],
          ],
        },
      ],
    );
    const values = evaluate(byKind, historySource(history, at(3, 2 * STEP + 1)));
    expect(values.get('x')).toBe(0);
    expect(values.get('y')).toBeCloseTo(4, 10);
    expect(evaluate(byKind, totalsSource(history))).toEqual(
      new Map([
        ['x', 10],
        ['y', 4],
      ]),
    );
  });

  it('Y4: leaves out a scrape that is not later than the one before', () => {
    const history = recorded([growth], counts([1, 2]));
    history.add(START, new Map([['a_total', [{ labels: {}, value: 900 }]]]));
    expect(history.newestAt).toBe(START + STEP);
    expect(evaluate(growth, totalsSource(history)).get('')).toBe(2);
  });

  it('Y4: tells means, and maxima of gauges by label', () => {
    const m = mean('h');
    const g = gauge('g', { fold: 'max', by: 'k' });
    const scrape = (sum: number, count: number): Scraped => ({
      h_sum: [[{}, sum]],
      h_count: [[{}, count]],
      g: [
        [{ k: 'a', i: '1' }, 1],
        [{ k: 'a', i: '2' }, 7],
        [{ k: 'b' }, 2],
      ],
    });
    const history = recorded([m, g], [scrape(0, 0), scrape(3, 4), scrape(6, 8)]);
    const source = historySource(history, at(3, 60_000));
    expect(valueOf(m, source)).toBeCloseTo(0.75, 10);
    expect([...evaluate(g, source)]).toEqual([
      ['a', 7],
      ['b', 2],
    ]);
  });

  it('Y4: keeps 6 hours at 15 s and 48 hours at 5 minutes, and no more memory than that', () => {
    const history = new MetricHistory(selectionsOf(growth));
    const samples = 12_000;
    const full = () => history.size.bytes;
    let bytesOnTheWay = 0;
    for (let index = 0; index < samples; index += 1) {
      history.add(START + index * STEP, new Map([['a_total', [{ labels: {}, value: index }]]]));
      if (index === samples / 2) bytesOnTheWay = full();
    }
    const end = START + (samples - 1) * STEP;
    const perSecond = (ago: number, windowMs: number) =>
      valueOf(rate('a_total'), historySource(history, { at: end - ago, windowMs }));
    const hour = 3_600_000;
    expect(perSecond(0, 300_000)).toBeCloseTo(1 / 15, 10);
    expect(perSecond(5 * hour, 60_000)).toBeCloseTo(1 / 15, 10);
    // A window over both paces has no one gap to be continued by: about right.
    expect(perSecond(5.9 * hour, hour)).toBeCloseTo(1 / 15, 2);
    expect(perSecond(47 * hour, 900_000)).toBeCloseTo(1 / 15, 10);
    expect(perSecond(60 * hour, 900_000)).toBeNull();
    expect(history.size.columns).toBe(1);
    expect(full()).toBeLessThan(50_000);
    expect(Math.abs(full() - bytesOnTheWay)).toBeLessThan(3_000);
  });

  it('Y4: what never changes takes next to nothing', () => {
    const history = new MetricHistory(selectionsOf(growth));
    const before = history.size.bytes;
    for (let index = 0; index < 3_000; index += 1)
      history.add(START + index * STEP, new Map([['a_total', [{ labels: {}, value: 4 }]]]));
    expect(history.size.bytes - before).toBeLessThan(300);
    expect(valueOf(growth, historySource(history, { at: START + 2_999 * STEP, windowMs: 300_000 }))).toBe(0);
  });
});

describe('history, for any course', () => {
  const up = fc.array(fc.nat(50), { minLength: 2, maxLength: 60 });
  const course = (steps: readonly number[]) => steps.map((_, index) => sum(steps.slice(0, index + 1)));
  const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);
  const windowMs = fc.integer({ min: 1, max: 900_000 });

  it('Y4: the rate of a counter is never negative, resets or not', () => {
    const values = fc.array(fc.option(fc.nat(1_000)), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(values, windowMs, (list, window) => {
        const history = recorded([rate('a_total')], counts(list));
        const value = valueOf(rate('a_total'), historySource(history, at(list.length, window)));
        expect(value ?? 0).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('Y4: a share is within 0 and 1 when the good ones are some of all', () => {
    const share = over(increase('good_total'), increase('all_total'));
    fc.assert(
      fc.property(up, up, windowMs, (good, bad, window) => {
        const scrapes = course(good).map((value, index): Scraped => ({
          good_total: [[{}, value]],
          all_total: [[{}, value + sum(bad.slice(0, index + 1))]],
        }));
        const history = recorded([share], scrapes);
        const value = valueOf(share, historySource(history, at(good.length, window))) ?? 0;
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1 + 1e-9);
      }),
    );
  });

  it('Y4: a quantile lies within the bounds and rises with q', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9), { minLength: 4, maxLength: 4 }), (list) => {
        const cumulative = course(list);
        const bounds = ['0.1', '0.5', '1', '+Inf'];
        const buckets = new Map(bounds.map((bound, index) => [bound, cumulative[index] ?? 0]));
        const values = [0.1, 0.5, 0.95, 0.99].map((q) => quantileOf(q, buckets));
        if (sum(list) === 0) return expect(values).toEqual([null, null, null, null]);
        expect(values).toEqual(values.toSorted((a, b) => (a ?? 0) - (b ?? 0)));
        for (const value of values) {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('Y4: what was counted is the last value of a counter that never fell', () => {
    fc.assert(
      fc.property(up, (steps) => {
        const history = recorded([quantile(0.5, 'h'), increase('a_total')], counts(course(steps)));
        expect(valueOf(increase('a_total'), totalsSource(history))).toBe(sum(steps));
      }),
    );
  });
});
