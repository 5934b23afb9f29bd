import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import type { Unit } from '../sessions/ops-view.ts';

/** As a value of a label, or in place of all: the label of the configured model, the only one of the process. */
export const MODEL = '<configured model>';

type Values = readonly string[] | typeof MODEL;
type Labels<L extends string> = Readonly<Record<L, Values>>;

interface Common<L extends string> {
  name: string;
  /** For people; one sentence. */
  help: string;
  /** Every label with all the values it can have. */
  labels: Labels<L>;
  /** Label sets that can come up; default: all. */
  has: (labels: Record<string, string>) => boolean;
  /** The label sets are not there before they are used. Only for what nobody alerts on. */
  isLazy: boolean;
}

export interface CounterDefinition<L extends string> extends Common<L> {
  type: 'counter';
}
export interface HistogramDefinition<L extends string> extends Common<L> {
  type: 'histogram';
  buckets: readonly number[];
}
export interface GaugeDefinition<L extends string> extends Common<L> {
  type: 'gauge';
  /** What it says before anything has been measured; null: it is absent until then. */
  start: number | null;
}
export type Definition = CounterDefinition<string> | HistogramDefinition<string> | GaugeDefinition<string>;

interface Options {
  has?: (labels: Record<string, string>) => boolean;
  isLazy?: boolean;
}

const NO_LABELS = {};
const common = ({ has = () => true, isLazy = false }: Options) => ({ has, isLazy });

/** A counter, at 0 for every label set from the start. */
export function counter<L extends string = never>(
  name: string,
  help: string,
  labels: Labels<L> = NO_LABELS as Labels<L>,
  options: Options = {},
): CounterDefinition<L> {
  return { type: 'counter', name, help, labels, ...common(options) };
}

/** A histogram; `buckets` are the upper bounds without the infinite one. */
export function histogram<L extends string = never>(
  name: string,
  help: string,
  buckets: readonly number[],
  { labels = NO_LABELS as Labels<L>, ...options }: Options & { labels?: Labels<L> } = {},
): HistogramDefinition<L> {
  return { type: 'histogram', name, help, buckets, labels, ...common(options) };
}

/** A gauge; `start` null: absent until it is set for the first time. */
export function gauge<L extends string = never>(
  name: string,
  help: string,
  { labels = NO_LABELS as Labels<L>, start }: { labels?: Labels<L>; start: number | null },
): GaugeDefinition<L> {
  return { type: 'gauge', name, help, labels, start, ...common({}) };
}

/** The metric that a definition makes. */
type MetricOf<D> =
  D extends CounterDefinition<infer L>
    ? Counter<L>
    : D extends HistogramDefinition<infer L>
      ? Histogram<L>
      : D extends GaugeDefinition<infer L>
        ? Gauge<L>
        : never;
export type MetricsOf<C> = { [K in keyof C]: MetricOf<C[K]> };

/** Every label set that a definition can have, for a configured model. */
export function labelSets({ labels, has }: Definition, model: string): Record<string, string>[] {
  let sets: Record<string, string>[] = [{}];
  for (const [label, values] of Object.entries(labels)) {
    const each = values === MODEL ? [MODEL] : values;
    sets = sets.flatMap((set) => each.map((value) => ({ ...set, [label]: value === MODEL ? model : value })));
  }
  return sets.filter(has);
}

/** Series of a scrape that a definition stands for when all its label sets are in use. */
export function seriesCount(definition: Definition): number {
  const sets = labelSets(definition, '').length;
  // Beside the bounds there are the infinite one, the sum and the count.
  return definition.type === 'histogram' ? sets * (definition.buckets.length + 3) : sets;
}

function made(definition: Definition, registry: Registry): Counter | Histogram | Gauge {
  const { name, help, labels } = definition;
  const of = { name, help, labelNames: Object.keys(labels), registers: [registry] };
  if (definition.type === 'counter') return new Counter(of);
  if (definition.type === 'gauge') return new Gauge(of);
  return new Histogram({ ...of, buckets: [...definition.buckets] });
}

const isAbsent = (definition: Definition) => definition.type === 'gauge' && definition.start === null;

/** Every label set at what it starts with; a gauge that starts with nothing is taken out again. */
function prepare(metric: Counter | Histogram | Gauge, definition: Definition, model: string): void {
  // One without labels is at 0 by itself.
  if (metric instanceof Gauge && isAbsent(definition) && Object.keys(definition.labels).length === 0)
    metric.remove();
  if (definition.isLazy) return;
  for (const labels of labelSets(definition, model)) {
    if (metric instanceof Counter) metric.inc(labels, 0);
    else if (metric instanceof Histogram) metric.zero(labels);
    else if (definition.type === 'gauge' && definition.start !== null) metric.set(labels, definition.start);
  }
}

/** Makes the metrics of a table of definitions in a registry. `model`: the label of the configured model. */
export function createAll<C extends Record<string, Definition>>(
  definitions: C,
  registry: Registry,
  model: string,
): MetricsOf<C> {
  const entries = Object.entries(definitions).map(([key, definition]) => {
    const metric = made(definition, registry);
    prepare(metric, definition, model);
    return [key, metric];
  });
  return Object.fromEntries(entries) as MetricsOf<C>;
}

const UNITS: readonly [ending: RegExp, unit: Unit][] = [
  [/_seconds(_total)?$/, 'seconds'],
  [/_bytes(_total)?$/, 'bytes'],
  [/_ratio$/, 'ratio'],
  [/_tokens(_total)?$/, 'tokens'],
  [/_(score|rating)$/, 'score'],
];

/** The unit that the name of a metric tells. */
export function unitOf(name: string): Unit {
  return UNITS.find(([ending]) => ending.test(name))?.[1] ?? 'count';
}
