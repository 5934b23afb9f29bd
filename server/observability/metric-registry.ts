import { MODEL, unitOf, type Definition } from '../metric-definition.ts';
import { CATALOGUE } from '../metrics.ts';
import type { Unit } from '../../sessions/ops-view.ts';
import type { GeneratedFile } from './grafana.ts';

/** A metric as others may rely on it: boards, rules, scrapers. */
interface RegisteredMetric {
  name: string;
  type: Definition['type'];
  unit: Unit;
  /** Every label with the values it can have; null: what is configured. */
  labels: Record<string, string[] | null>;
  help: string;
}

/** A name that is gone, and what tells the same now; boards and rules have one release to follow (S2.27). */
interface RetiredMetric {
  name: string;
  /** The last release that had it. */
  until: string;
  /** Null: nothing does. */
  instead: string | null;
}

/** Where the registry is kept. */
export const REGISTRY = 'server/observability/metrics.json';

/** Names that were in a release and are no more. */
const RETIRED: readonly RetiredMetric[] = [];

function registered(definition: Definition): RegisteredMetric {
  const { name, type, help } = definition;
  const labels = Object.entries(definition.labels).map(([label, values]): [string, string[] | null] => {
    const isConfigured = values === MODEL || values.length === 0;
    const told = isConfigured ? null : values.map((value) => (value === MODEL ? 'configured model' : value));
    return [label, told];
  });
  return { name, type, unit: unitOf(name), labels: Object.fromEntries(labels), help };
}

/** The registry of metrics, by name: what server/observability/metrics.json holds. */
export function metricRegistry(): { metrics: RegisteredMetric[]; retired: readonly RetiredMetric[] } {
  const metrics = Object.values(CATALOGUE)
    .map(registered)
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
  return { metrics, retired: RETIRED };
}

/** Metrics of a registry that this one has neither kept nor retired, or that have another type now. */
export function lostMetrics(before: readonly Pick<RegisteredMetric, 'name' | 'type'>[]): string[] {
  const { metrics, retired } = metricRegistry();
  const known = new Set([...metrics.map(({ name, type }) => `${name} ${type}`)]);
  const gone = new Set(retired.map(({ name }) => name));
  return before.flatMap(({ name, type }) => (known.has(`${name} ${type}`) || gone.has(name) ? [] : name));
}

/** The registry as a file. */
export function registryFiles(): GeneratedFile[] {
  return [{ path: REGISTRY, text: `${JSON.stringify(metricRegistry(), null, 2)}\n` }];
}
