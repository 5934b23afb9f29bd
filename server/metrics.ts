import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Definition } from './metric-definition.ts';
import { createAll, type MetricsOf } from './metric-definition.ts';
import { LLM_METRICS } from './metric-llm.ts';
import { openMetricsOf } from './metric-text.ts';
import { STORY_METRICS } from './metric-story.ts';
import { MODERATION_METRICS } from './moderation-metrics.ts';

/** Every metric of the server, declared once. Label sets are closed: the number of series does not grow with use. */
export const CATALOGUE = { ...STORY_METRICS, ...LLM_METRICS, ...MODERATION_METRICS } satisfies Record<
  string,
  Definition
>;

/** Gauges of the process that are called like counters; the same is told by kind under another name. */
const MISNAMED = [
  'nodejs_active_resources_total',
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
];

/** All metrics of the server, and the registry they are in. */
export type Metrics = MetricsOf<typeof CATALOGUE> & {
  registry: Registry;
  /** Frames come by the thousand: their bytes are added up here and reach the counter when it is scraped. */
  countBytes: (direction: 'in' | 'out', bytes: number) => void;
};

/** What a scraper gets, and how it is called. */
export interface Scrape {
  contentType: string;
  text: string;
}

/**
 * A fresh registry with every metric at 0, so that alerts on a first increase fire. `model`: the label of the
 * configured model. Call it once per process: process metrics start too.
 */
export function createMetrics({ model }: { model: string }): Metrics {
  const registry = new Registry();
  // The default precision of 10 ms would wake the process a hundred times a second.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 100 });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  const metrics = createAll(CATALOGUE, registry, model);
  return { ...metrics, registry, countBytes: bytesAtScrape(metrics.syncBytes) };
}

/** Both directions are added to the counter when it is read. */
function bytesAtScrape(counter: Metrics['syncBytes']): Metrics['countBytes'] {
  const counted = { in: 0, out: 0 };
  Object.assign(counter, {
    collect() {
      for (const direction of ['in', 'out'] as const) {
        counter.inc({ direction }, counted[direction]);
        counted[direction] = 0;
      }
    },
  });
  return (direction, bytes) => {
    counted[direction] += bytes;
  };
}

/** Answers a scrape: OpenMetrics, unless only the older text format is accepted (S1.6). */
export async function scrape({ registry }: Pick<Metrics, 'registry'>, accept: string): Promise<Scrape> {
  const text = await registry.metrics();
  const wantsPlain = accept.includes('text/plain') && !accept.includes('openmetrics');
  return wantsPlain
    ? { contentType: Registry.PROMETHEUS_CONTENT_TYPE, text }
    : { contentType: Registry.OPENMETRICS_CONTENT_TYPE, text: openMetricsOf(text) };
}
