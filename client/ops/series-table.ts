import type { Series } from '../../sessions/ops-view.ts';

/** Lines and points that a panel takes; what is more is left out, the oldest first. */
const MOST_LINES = 8;
const MOST_POINTS = 3_000;

/** Series over one common column of times. */
export interface SeriesTable {
  labels: string[];
  /** Epoch ms, rising. */
  times: number[];
  /** A column for each label; null: nothing was told then. */
  columns: (number | null)[][];
}

/** Brings lines, whose points need not be at the same times, onto one column of times. */
export function tableOf(series: readonly Series[]): SeriesTable {
  const lines = series.slice(0, MOST_LINES);
  const times = [...new Set(lines.flatMap(({ points }) => points.map(([at]) => at)))]
    .toSorted((one, other) => one - other)
    .slice(-MOST_POINTS);
  const columns = lines.map(({ points }) => {
    const byTime = new Map(points);
    return times.map((at) => byTime.get(at) ?? null);
  });
  return { labels: lines.map(({ label }) => label), times, columns };
}

/** The last value of a line that is one; null: there is none. */
export function newestOf(column: readonly (number | null)[]): number | null {
  return column.findLast((value) => value !== null) ?? null;
}

/** Lowest and highest value of a line; null: it has none. */
export function boundsOf(column: readonly (number | null)[]): { low: number; high: number } | null {
  const values = column.filter((value) => value !== null);
  if (values.length === 0) return null;
  // Spreading thousands of values into Math.max is more than some engines take.
  return values.reduce((of, value) => ({ low: Math.min(of.low, value), high: Math.max(of.high, value) }), {
    low: Infinity,
    high: -Infinity,
  });
}

/** From where to where the upright axis goes. Shares near the top are shown from near their lowest value. */
export function scaleOf(table: SeriesTable, limit: number | null, isShare: boolean): [number, number] {
  const bounds = boundsOf(table.columns.flat());
  if (bounds === null) return [0, isShare ? 1 : (limit ?? 1)];
  const { low, high } = bounds;
  if (isShare && low > 0.5 && high <= 1) {
    const from = Math.min(low, limit ?? low);
    return [Math.max(0, from - Math.max(0.002, (1 - from) * 0.2)), 1];
  }
  // A limit far above the line would press the line flat.
  const top = limit !== null && limit > high && limit <= high * 4 ? limit : high;
  return [Math.min(0, low), top === 0 ? 1 : top * 1.1];
}

/** Places of the values that have none beside them: a line would not show them. */
export function lonePoints(column: ArrayLike<number | null | undefined>): number[] {
  const has = (i: number): boolean => (column[i] ?? null) !== null;
  return Array.from({ length: column.length }, (_, i) => i).filter(
    (i) => has(i) && !has(i - 1) && !has(i + 1),
  );
}

/** The points of a small line without axes, in a box of this size; '' when there is no line. */
export function sparkPoints(column: readonly (number | null)[], width: number, height: number): string[] {
  const bounds = boundsOf(column);
  if (bounds === null || column.length < 2) return [];
  const spread = bounds.high - bounds.low;
  const runs: string[][] = [[]];
  for (const [i, value] of column.entries()) {
    if (value === null) {
      if (runs.at(-1)?.length !== 0) runs.push([]);
      continue;
    }
    const x = (i / (column.length - 1)) * width;
    const y = spread === 0 ? height / 2 : height - ((value - bounds.low) / spread) * height;
    runs.at(-1)?.push(`${x.toFixed(1)},${y.toFixed(1)}`);
  }
  return runs.filter((run) => run.length > 1).map((run) => run.join(' '));
}
