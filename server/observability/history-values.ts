import type { Expression, Selection } from './expressions.ts';
import type { MetricHistory, WindowStats } from './history.ts';

/** Values by group ('' without one); null: nothing to tell. */
export type Values = Map<string, number | null>;

/** From where an expression takes what its selections say. */
export interface Source {
  rate(selection: Selection): Values;
  increase(selection: Selection): Values;
  gauge(selection: Selection): Values;
}

/** What the history says about the window that ends at `at`. */
export function historySource(history: MetricHistory, of: { at: number; windowMs: number }): Source {
  const { at, windowMs } = of;
  const range = [at - windowMs, at] as const;
  const grown = new Map<Selection, Values>();
  const each = (selection: Selection, value: (group: string) => number | null): Values =>
    new Map(history.groups(selection).map((group) => [group, value(group)]));
  const growth = (selection: Selection): Values => {
    const known = grown.get(selection);
    if (known !== undefined) return known;
    const values = each(selection, (group) => growthOf(history.window(selection, group, range), range));
    grown.set(selection, values);
    return values;
  };
  return {
    increase: growth,
    rate: (selection) => map(growth(selection), (value) => value / (windowMs / 1_000)),
    gauge: (selection) => each(selection, (group) => history.gaugeAt(selection, group, at)),
  };
}

/** What the counters have counted since the process began; gauges and rates have no place in it. */
export function totalsSource(history: MetricHistory): Source {
  const none = (): never => {
    throw new Error('Only increases can be counted.');
  };
  return { increase: (selection) => new Map(history.totals(selection)), rate: none, gauge: none };
}

/** The value of an expression, by group. */
export function evaluate(expression: Expression, source: Source): Values {
  switch (expression.op) {
    case 'rate':
    case 'increase':
    case 'gauge':
      return source[expression.op](expression.of);
    case 'quantile':
      return new Map([['', quantileOf(expression.q, source.rate(expression.of))]]);
    case 'over':
    case 'minus': {
      const right = evaluate(expression.right, source);
      const combined = [...evaluate(expression.left, source)].map(([group, left]) => {
        const other = right.get(group) ?? null;
        return [group, left === null || other === null ? null : combine(expression.op, left, other)] as const;
      });
      return new Map(combined);
    }
    case 'times':
      return map(evaluate(expression.of, source), (value) => value * expression.number);
    case 'plus':
      return map(evaluate(expression.of, source), (value) => value + expression.number);
  }
}

/** The value of an expression without groups. */
export function valueOf(expression: Expression, source: Source): number | null {
  return evaluate(expression, source).get('') ?? null;
}

function combine(op: 'over' | 'minus', left: number, right: number): number | null {
  if (op === 'minus') return left - right;
  return right === 0 ? null : left / right;
}

function map(values: Values, change: (value: number) => number): Values {
  return new Map([...values].map(([group, value]) => [group, value === null ? null : change(value)]));
}

/**
 * The growth of a counter over a window, continued to its edges as Prometheus does it: to the edge where the nearest
 * sample is about as close as samples are to each other, else by half a gap, and never below 0 in the past. Null with
 * fewer than two samples.
 */
export function growthOf(stats: WindowStats | null, [from, to]: readonly [number, number]): number | null {
  if (stats === null || stats.samples < 2) return null;
  const growth = stats.last - stats.first;
  const sampled = stats.lastAt - stats.firstAt;
  const gap = sampled / (stats.samples - 1);
  const reach = (distance: number) => (distance < gap * 1.1 ? distance : gap / 2);
  let before = reach(stats.firstAt - from);
  if (growth > 0) before = Math.min(before, sampled * (stats.first / growth));
  return growth * ((before + sampled + reach(to - stats.lastAt)) / sampled);
}

/** A quantile from counts of cumulative buckets by bound; null without observations. As `histogram_quantile`. */
export function quantileOf(q: number, buckets: ReadonlyMap<string, number | null>): number | null {
  const sorted = [...buckets]
    .flatMap(([bound, count]) => (count === null ? [] : [{ bound: boundOf(bound), count }]))
    .toSorted((a, b) => a.bound - b.bound);
  const last = sorted.at(-1);
  if (last?.bound !== Infinity || sorted.length < 2 || last.count === 0) return null;
  const rank = q * last.count;
  const index = sorted.findIndex(({ count, bound }) => count >= rank || bound === Infinity);
  const below = sorted[index - 1] ?? { bound: 0, count: 0 };
  const bucket = sorted[index];
  if (bucket === undefined || bucket.bound === Infinity) return below.bound;
  if (bucket.count === below.count) return bucket.bound;
  return below.bound + (bucket.bound - below.bound) * ((rank - below.count) / (bucket.count - below.count));
}

const boundOf = (le: string): number => (le === '+Inf' ? Infinity : Number(le));
