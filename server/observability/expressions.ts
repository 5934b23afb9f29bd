// What boards, objectives and alerts say about metrics: one small language, read by Prometheus as PromQL and by this
// process itself over what it has sampled (history-values.ts).

/** A test of one label: is it, is it one of, is it none of. */
export type LabelTest = string | { any: readonly string[] } | { none: readonly string[] };
export type Match = Readonly<Record<string, LabelTest>>;

/** Some series of a metric, added up (or the largest of them); with `by`, for each value of that label. */
export interface Selection {
  /** As in a scrape: with `_bucket`, `_sum` or `_count` for histograms. */
  metric: string;
  kind: 'counter' | 'gauge';
  fold: 'sum' | 'max';
  match: Match;
  by: string | null;
}

export type Expression =
  | { op: 'rate' | 'increase' | 'gauge'; of: Selection }
  /** `of` counts buckets by `le`. */
  | { op: 'quantile'; q: number; of: Selection }
  | { op: 'over' | 'minus'; left: Expression; right: Expression }
  | { op: 'times' | 'plus'; of: Expression; number: number };

interface Narrowed {
  match?: Match;
  by?: string;
}

function counter(metric: string, { match = {}, by }: Narrowed): Selection {
  return { metric, kind: 'counter', fold: 'sum', match, by: by ?? null };
}

/** Growth a second of a counter, over the window. */
export function rate(metric: string, of: Narrowed = {}): Expression {
  return { op: 'rate', of: counter(metric, of) };
}

/** Growth of a counter over the window. */
export function increase(metric: string, of: Narrowed = {}): Expression {
  return { op: 'increase', of: counter(metric, of) };
}

/** What a gauge says now. Null where the metric is absent. */
export function gauge(metric: string, of: Narrowed & { fold?: 'sum' | 'max' } = {}): Expression {
  const { match = {}, by = null, fold = 'sum' } = of;
  return { op: 'gauge', of: { metric, kind: 'gauge', fold, match, by } };
}

/** The value that the share `q` of all observations of the window stays under, from the buckets. */
export function quantile(q: number, histogram: string, match: Match = {}): Expression {
  return { op: 'quantile', q, of: counter(`${histogram}_bucket`, { match, by: 'le' }) };
}

/** Several quantiles of the same observations. */
export function quantiles<const Q extends readonly number[]>(
  list: Q,
  histogram: string,
  match: Match = {},
): { [K in keyof Q]: Expression } {
  const of = counter(`${histogram}_bucket`, { match, by: 'le' });
  return list.map((q): Expression => ({ op: 'quantile', q, of })) as { [K in keyof Q]: Expression };
}

/** Observations of the window up to `bound`, which has to be a bound of the histogram. */
export function upTo(bound: number, histogram: string, match: Match = {}): Expression {
  return increase(`${histogram}_bucket`, { match: { ...match, le: boundTest(bound) } });
}

/** Mean of the observations of the window. */
export function mean(histogram: string, of: Narrowed = {}): Expression {
  return over(increase(`${histogram}_sum`, of), increase(`${histogram}_count`, of));
}

/** A quotient; null where the right side is 0. Both sides have the same `by`. */
export function over(left: Expression, right: Expression): Expression {
  return { op: 'over', left, right };
}

export function minus(left: Expression, right: Expression): Expression {
  return { op: 'minus', left, right };
}

export function times(of: Expression, number: number): Expression {
  return { op: 'times', of, number };
}

export function plus(of: Expression, number: number): Expression {
  return { op: 'plus', of, number };
}

/** Prometheus 3 writes the bound 1 as `1.0`, version 2 as it was exported. */
function boundTest(bound: number): LabelTest {
  return Number.isInteger(bound) ? { any: [String(bound), `${bound}.0`] } : String(bound);
}

/** Whether a label value passes a test; an absent label is ''. */
export function passes(test: LabelTest, value: string): boolean {
  if (typeof test === 'string') return test === value;
  return 'any' in test ? test.any.includes(value) : !test.none.includes(value);
}

/** Every selection in an expression. */
export function selectionsOf(expression: Expression): Selection[] {
  switch (expression.op) {
    case 'over':
    case 'minus':
      return [...selectionsOf(expression.left), ...selectionsOf(expression.right)];
    case 'times':
    case 'plus':
      return selectionsOf(expression.of);
    case 'rate':
    case 'increase':
    case 'gauge':
    case 'quantile':
      return [expression.of];
  }
}

/** The label that tells the values of an expression apart; null: it has only one. */
export function groupOf(expression: Expression): string | null {
  switch (expression.op) {
    case 'over':
    case 'minus':
      return groupOf(expression.left);
    case 'times':
    case 'plus':
      return groupOf(expression.of);
    case 'rate':
    case 'increase':
    case 'gauge':
      return expression.of.by;
    case 'quantile':
      return null;
  }
}

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

/** A time as Prometheus writes it: `5m`, `30d`. `ms` is a whole number of seconds. */
export function durationOf(ms: number): string {
  const [unit, size] = UNITS.find(([, each]) => ms % each === 0) ?? ['s', 1_000];
  return `${ms / size}${unit}`;
}

const quoted = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&')}"`;
const alternatives = (values: readonly string[]): string =>
  quoted(values.map((value) => value.replace(/[.+]/g, '[$&]')).join('|'));

function matcherOf([label, test]: [string, LabelTest]): string {
  if (typeof test === 'string') return `${label}=${quoted(test)}`;
  const [values, is, matches] = 'any' in test ? [test.any, '=', '=~'] : [test.none, '!=', '!~'];
  const [only] = values;
  if (only !== undefined && values.length === 1) return `${label}${is}${quoted(only)}`;
  return `${label}${matches}${alternatives(values)}`;
}

function seriesOf({ metric, match }: Selection): string {
  const matchers = Object.entries(match).map(matcherOf);
  return matchers.length === 0 ? metric : `${metric}{${matchers.join(',')}}`;
}

function foldedOf({ fold, by }: Selection, what: string): string {
  return by === null ? `${fold}(${what})` : `${fold} by (${by}) (${what})`;
}

/** In brackets where it would be read otherwise behind an operator. */
function operand(expression: Expression, window: string): string {
  const text = promqlOf(expression, window);
  return ['over', 'minus', 'times', 'plus'].includes(expression.op) ? `(${text})` : text;
}

/** The expression as PromQL; `window` is what rates and increases look back over: `5m`, or a variable of Grafana. */
export function promqlOf(expression: Expression, window: string): string {
  switch (expression.op) {
    case 'rate':
    case 'increase':
      return foldedOf(expression.of, `${expression.op}(${seriesOf(expression.of)}[${window}])`);
    case 'gauge':
      return foldedOf(expression.of, seriesOf(expression.of));
    case 'quantile': {
      const buckets = foldedOf(expression.of, `rate(${seriesOf(expression.of)}[${window}])`);
      return `histogram_quantile(${expression.q}, ${buckets})`;
    }
    case 'over':
      return `${operand(expression.left, window)} / ${operand(expression.right, window)}`;
    case 'minus':
      return `${operand(expression.left, window)} - ${operand(expression.right, window)}`;
    case 'times':
      return `${operand(expression.of, window)} * ${expression.number}`;
    case 'plus':
      return `${operand(expression.of, window)} + ${expression.number}`;
  }
}
