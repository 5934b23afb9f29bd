import { setImmediate } from 'node:timers/promises';
import type { Registry } from 'prom-client';
import type { Clock } from '../../sessions/ports.ts';
import type { MetricHistory, Sample } from './history.ts';

const EVERY_MS = 15_000;
const SUFFIXES = /_(?:bucket|sum|count)$/;

interface SamplerParts {
  registry: Registry;
  history: MetricHistory;
  clock: Clock;
  /** Brings gauges up to date that are set when they are read. */
  refresh: () => void;
  /** A sample could not be taken; the next one will be tried. */
  onTrouble: (error: unknown) => void;
}

/** Puts what the metrics say into the history every 15 s, only those that the history wants. */
export class MetricSampler {
  readonly #parts: SamplerParts;
  readonly #names: Set<string>;
  #cancel: (() => void) | null = null;
  #isClosed = false;

  constructor(parts: SamplerParts) {
    this.#parts = parts;
    const wanted = parts.history.metrics;
    this.#names = new Set([...wanted].flatMap((name) => [name, name.replace(SUFFIXES, '')]));
  }

  /** Takes the first sample and then one after the other. */
  async start(): Promise<void> {
    await this.sample();
    if (!this.#isClosed) this.#plan();
  }

  /** Takes a sample now. Never rejects. */
  async sample(): Promise<void> {
    const { registry, history, clock, refresh, onTrouble } = this.#parts;
    try {
      refresh();
      const scrape = new Map<string, Sample[]>();
      // In the order in which they were registered: some of them set those that follow.
      for (const metric of registry.getMetricsAsArray()) {
        const found = this.#names.has(metric.name) ? registry.getSingleMetric(metric.name) : undefined;
        if (found === undefined) continue;
        addTo(scrape, await found.get());
        // Others get their turn in between.
        await setImmediate();
      }
      history.add(clock.now(), scrape);
    } catch (error) {
      onTrouble(error);
    }
  }

  /** Takes no more samples by itself. Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#cancel?.();
  }

  #plan(): void {
    this.#cancel = this.#parts.clock.after(EVERY_MS, () => void this.start());
  }
}

interface Read {
  name: string;
  values: {
    value: number;
    labels: Partial<Record<string, string | number>>;
    /** Of histograms: with `_bucket` and so on. */
    metricName?: string;
  }[];
}

function addTo(scrape: Map<string, Sample[]>, { name, values }: Read): void {
  for (const { value, labels, metricName = name } of values) {
    const samples = scrape.get(metricName) ?? [];
    if (samples.length === 0) scrape.set(metricName, samples);
    samples.push({ labels: textsOf(labels), value });
  }
}

/** Bounds of buckets come as numbers. */
function textsOf(labels: Partial<Record<string, string | number>>): Record<string, string> {
  const isText = typeof labels.le !== 'number';
  return (isText ? labels : { ...labels, le: String(labels.le) }) as Record<string, string>;
}
