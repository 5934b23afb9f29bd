import { passes, type Selection } from './expressions.ts';
import { Ring, TimeAxis } from './history-ring.ts';

/** One value of a scrape. */
export interface Sample {
  labels: Readonly<Record<string, string>>;
  value: number;
}
/** The values of a scrape by the name of the metric, `_bucket` and so on included. */
export type Scrape = ReadonlyMap<string, readonly Sample[]>;

/** What a column holds of a window. */
export interface WindowStats {
  first: number;
  firstAt: number;
  last: number;
  lastAt: number;
  samples: number;
}

/** Samples kept at the pace they come in, and older ones, at least `COARSE_MS` apart. */
const FINE_SAMPLES = 1_440;
const COARSE_SAMPLES = 576;
const COARSE_MS = 300_000;
/** A gauge counts as gone when it was not seen for so long; for fine samples as in Prometheus. */
const LOOKBACK_MS = { fine: 300_000, coarse: 2 * COARSE_MS } as const;
/** Values of the `by` label of a selection; more are left out. */
const MOST_GROUPS = 64;

interface Axes {
  fine: TimeAxis;
  coarse: TimeAxis;
}

/** One line of figures over time: a selection, or one group of it. */
class Column {
  readonly fine: Ring;
  readonly coarse: Ring;
  /** Of the newest sample; NaN: it was not there. */
  value = NaN;
  /** Counters: all that was counted. */
  total = 0;
  /** It was there before, and then was not. */
  hasGaps = false;

  constructor({ fine, coarse }: Axes) {
    this.fine = new Ring(fine);
    this.coarse = new Ring(coarse);
  }

  /** Puts a 0 in place of the sample before this one. */
  begin({ fine, coarse }: Axes): void {
    if (fine.count > 0) this.fine.set(fine.count - 1, 0);
    if (coarse.count > 0) this.coarse.set(coarse.count - 1, 0);
  }
}

interface Track {
  selection: Selection;
  columns: Map<string, Column>;
  /** Counters: the last value of each series, so that a reset is seen in the series and not in their sum. */
  lasts: Map<string, number>;
}

const keyOf = ({ metric, fold, match, by }: Selection): string => JSON.stringify([metric, fold, match, by]);

function seriesKey(labels: Sample['labels']): string {
  let key = '';
  for (const label in labels) key += `${label}=${labels[label]}\n`;
  return key;
}

/** Numbers of samples along an axis, the end excluded. */
interface Span {
  start: number;
  end: number;
}

interface Spans {
  from: number;
  to: number;
  fine: Span;
  coarse: Span;
}

/** Adds the samples of a span to the stats. */
function gather(stats: WindowStats, of: { ring: Ring; axis: TimeAxis; span: Span; hasGaps: boolean }): void {
  const { ring, axis, span, hasGaps } = of;
  const take = (number: number, samples: number): void => {
    const value = ring.get(number);
    if (Number.isNaN(value)) return;
    if (stats.samples === 0) {
      stats.first = value;
      stats.firstAt = axis.at(number);
    }
    stats.last = value;
    stats.lastAt = axis.at(number);
    stats.samples += samples;
  };
  const count = span.end - span.start;
  if (hasGaps || count < 3 || Number.isNaN(ring.get(span.start)))
    for (let number = span.start; number < span.end; number += 1) take(number, 1);
  else {
    take(span.start, count - 1);
    take(span.end - 1, 1);
  }
}

/**
 * What was sampled of the metrics that somebody asks for, in memory: 6 hours at 15 s, 48 hours at 5 minutes. A column is
 * kept for each selection and group, not for each series. Columns of counters never fall: a series that falls was reset
 * and began again at 0, as Prometheus reads it. A series that appears after the first sample has begun at 0.
 */
export class MetricHistory {
  readonly #tracks = new Map<string, Track>();
  /** The same again by the object that asks: writing its key takes longer than looking. */
  readonly #found = new WeakMap<Selection, Track>();
  /** Of the window that was asked for last: many columns are asked for the same one. */
  #spans: Spans | null = null;
  readonly #axes = { fine: new TimeAxis(FINE_SAMPLES), coarse: new TimeAxis(COARSE_SAMPLES) };

  constructor(selections: Iterable<Selection>) {
    for (const selection of selections)
      this.#tracks.set(keyOf(selection), { selection, columns: new Map(), lasts: new Map() });
  }

  /** Names of the metrics it wants, as in a scrape. */
  get metrics(): Set<string> {
    return new Set([...this.#tracks.values()].map(({ selection }) => selection.metric));
  }

  /** Epoch ms of the newest sample; null: none yet. */
  get newestAt(): number | null {
    const { fine } = this.#axes;
    return fine.count === 0 ? null : fine.at(fine.count - 1);
  }

  /** Columns and, about, the bytes they take. */
  get size(): { columns: number; bytes: number } {
    const all = [...this.#tracks.values()].flatMap(({ columns }) => [...columns.values()]);
    const bytes = all.reduce((sum, column) => sum + column.fine.bytes + column.coarse.bytes, 0);
    const { fine, coarse } = this.#axes;
    return { columns: all.length, bytes: bytes + fine.bytes + coarse.bytes };
  }

  /** Takes in a scrape. One that is not later than the one before is left out: the clock was set back. */
  add(at: number, scrape: Scrape): void {
    if (at <= (this.newestAt ?? -Infinity)) return;
    const { fine, coarse } = this.#axes;
    this.#spans = null;
    const isCoarse = coarse.count === 0 || at - coarse.at(coarse.count - 1) >= COARSE_MS;
    for (const track of this.#tracks.values()) {
      const samples = scrape.get(track.selection.metric) ?? [];
      if (track.selection.kind === 'counter') this.#count(track, samples);
      else this.#gauge(track, samples);
      for (const column of track.columns.values()) {
        column.hasGaps ||= Number.isNaN(column.value);
        column.fine.set(fine.count, column.value);
        if (isCoarse) column.coarse.set(coarse.count, column.value);
      }
    }
    fine.push(at);
    if (isCoarse) coarse.push(at);
  }

  /** Groups that were ever seen of a selection. */
  groups(selection: Selection): string[] {
    return [...this.#track(selection).columns.keys()];
  }

  /** All that a counter has counted since the process began, by group. */
  totals(selection: Selection): Map<string, number> {
    const { columns } = this.#track(selection);
    return new Map([...columns].map(([group, { total }]) => [group, total]));
  }

  /** What a gauge said at a time; null: it was not there. */
  gaugeAt(selection: Selection, group: string, at: number): number | null {
    const column = this.#track(selection).columns.get(group);
    if (column === undefined) return null;
    const { fine } = this.#axes;
    const pace = fine.count > 0 && at >= fine.at(fine.first) ? 'fine' : 'coarse';
    const axis = this.#axes[pace];
    const number = axis.firstAfter(at) - 1;
    if (number < axis.first || axis.at(number) <= at - LOOKBACK_MS[pace]) return null;
    const value = column[pace].get(number);
    return Number.isNaN(value) ? null : value;
  }

  /** The samples of a counter in a window, open at its start; null: none. */
  window(selection: Selection, group: string, [from, to]: readonly [number, number]): WindowStats | null {
    const column = this.#track(selection).columns.get(group);
    if (column === undefined) return null;
    const { fine, coarse } = this.#axes;
    const spans = this.#spansOf(from, to);
    const stats: WindowStats = { first: 0, firstAt: 0, last: 0, lastAt: 0, samples: 0 };
    const { hasGaps } = column;
    gather(stats, { ring: column.coarse, axis: coarse, span: spans.coarse, hasGaps });
    gather(stats, { ring: column.fine, axis: fine, span: spans.fine, hasGaps });
    return stats.samples === 0 ? null : stats;
  }

  /** Where a window lies: fine samples as far as they go back, coarse ones before. */
  #spansOf(from: number, to: number): Spans {
    if (this.#spans?.from === from && this.#spans.to === to) return this.#spans;
    const { fine, coarse } = this.#axes;
    const fineFrom = fine.count === 0 ? Infinity : fine.at(fine.first);
    const spanOf = (axis: TimeAxis, before: number): Span => {
      const start = axis.firstAfter(from);
      // `before` itself belongs to the other axis.
      const end = before <= to ? axis.firstAfter(before - 1) : axis.firstAfter(to);
      return { start, end: Math.max(start, end) };
    };
    this.#spans = { from, to, fine: spanOf(fine, Infinity), coarse: spanOf(coarse, fineFrom) };
    return this.#spans;
  }

  #track(selection: Selection): Track {
    const track = this.#found.get(selection) ?? this.#tracks.get(keyOf(selection));
    if (track === undefined) throw new Error(`Nobody samples ${selection.metric}.`);
    this.#found.set(selection, track);
    return track;
  }

  #columnOf(track: Track, { labels }: Sample): Column | null {
    const { match, by } = track.selection;
    for (const label in match) {
      const test = match[label];
      if (test !== undefined && !passes(test, labels[label] ?? '')) return null;
    }
    const group = by === null ? '' : (labels[by] ?? '');
    let column = track.columns.get(group);
    if (column === undefined) {
      if (track.columns.size >= MOST_GROUPS) return null;
      column = new Column(this.#axes);
      // A counter that was not there before has begun at 0 since then.
      if (track.selection.kind === 'counter') column.begin(this.#axes);
      track.columns.set(group, column);
    }
    return column;
  }

  #count(track: Track, samples: readonly Sample[]): void {
    for (const column of track.columns.values()) column.value = NaN;
    for (const sample of samples) {
      const column = this.#columnOf(track, sample);
      if (column === null) continue;
      const series = seriesKey(sample.labels);
      const last = track.lasts.get(series);
      track.lasts.set(series, sample.value);
      column.total += last === undefined || sample.value < last ? sample.value : sample.value - last;
      column.value = column.total;
    }
  }

  #gauge(track: Track, samples: readonly Sample[]): void {
    for (const column of track.columns.values()) column.value = NaN;
    for (const sample of samples) {
      const column = this.#columnOf(track, sample);
      if (column === null) continue;
      if (Number.isNaN(column.value)) column.value = sample.value;
      else if (track.selection.fold === 'sum') column.value += sample.value;
      else column.value = Math.max(column.value, sample.value);
    }
  }
}
