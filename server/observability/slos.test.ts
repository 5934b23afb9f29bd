import { describe, expect, it } from 'vitest';
import { HARMS } from '../../sessions/protocol.ts';
import { CATALOGUE } from '../metrics.ts';
import { MODEL, type Definition } from '../metric-definition.ts';
import { BOARD_LIST } from './boards.ts';
import { selectionsOf, type Selection } from './expressions.ts';
import { budgetLeft, burnRate, statusOf } from './slo-status.ts';
import { AGREEMENTS, objectivePromql, OBJECTIVES, valueExpression, type Objective } from './slos.ts';

const definitions = new Map<string, Definition>(Object.values(CATALOGUE).map((each) => [each.name, each]));
const objective = (id: string): Objective => [...OBJECTIVES, ...AGREEMENTS].find((each) => each.id === id)!;

/** What a selection asks for that the catalogue of metrics does not have. */
function faultsOf({ metric, kind, match, by }: Selection): string[] {
  const name = metric.replace(/_(?:bucket|sum|count)$/, '');
  // The library's own metrics are looked for in a live scrape.
  if (/^(?:process|nodejs)_/.test(metric)) return [];
  const definition = definitions.get(metric) ?? definitions.get(name);
  if (definition === undefined) return [`${metric} does not exist`];
  const isHistogram = definition.type === 'histogram';
  const faults: string[] = [];
  if (isHistogram === (definition.name === metric)) faults.push(`${metric}: a ${definition.type}`);
  if (kind !== (definition.type === 'gauge' ? 'gauge' : 'counter')) faults.push(`${metric}: no ${kind}`);
  const known = (label: string): readonly string[] | null => {
    if (label !== 'le') return definition.labels[label] === MODEL ? [] : (definition.labels[label] ?? null);
    return definition.type === 'histogram' ? definition.buckets.map(String) : null;
  };
  if (by !== null && known(by) === null) faults.push(`${metric} has no label ${by}`);
  for (const [label, test] of Object.entries(match)) {
    const values = known(label);
    const asked = typeof test === 'string' ? [test] : 'any' in test ? test.any : test.none;
    // A whole bound is asked for in both spellings; one of them is there.
    const isThere =
      label === 'le'
        ? asked.some((value) => values?.includes(value))
        : asked.every((value) => values?.includes(value));
    if (!isThere) faults.push(`${metric} has no ${label} ${asked.join(', ')}`);
  }
  return faults;
}

describe('definitions', () => {
  const lines = BOARD_LIST.flatMap(({ rows }) => rows.flatMap(({ panels }) => panels)).flatMap(
    (panel) => panel.lines,
  );

  it('Y3: boards ask for metrics, labels and values that exist', () => {
    expect(lines.length).toBeGreaterThan(50);
    expect(lines.flatMap(({ value }) => selectionsOf(value)).flatMap(faultsOf)).toEqual([]);
  });

  it('Y4: objectives ask for metrics, labels and values that exist, and limits are bounds of histograms', () => {
    const all = [...OBJECTIVES, ...AGREEMENTS];
    expect(all.length).toBeGreaterThan(15);
    expect(all.flatMap((each) => selectionsOf(valueExpression(each))).flatMap(faultsOf)).toEqual([]);
  });

  it('Y3: the check of definitions finds planted faults', () => {
    const counter = { kind: 'counter', fold: 'sum', match: {}, by: null } as const;
    expect(faultsOf({ ...counter, metric: 'story_nothing_total' })).toHaveLength(1);
    expect(faultsOf({ ...counter, metric: 'story_commands_total', match: { status: 'fine' } })).toHaveLength(
      1,
    );
    expect(faultsOf({ ...counter, metric: 'story_commands_total', by: 'session' })).toHaveLength(1);
    expect(faultsOf({ ...counter, metric: 'story_merge_seconds_bucket', match: { le: '0.3' } })).toHaveLength(
      1,
    );
    expect(faultsOf({ ...counter, metric: 'story_sessions_active' })).toHaveLength(1);
    expect(faultsOf({ ...counter, metric: 'story_merge_seconds' })).toHaveLength(1);
  });

  it('Y4: every objective has its own id, counts are defined once, and says what it counts', () => {
    const all = [...OBJECTIVES, ...AGREEMENTS];
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    const counts = new Map<string, unknown>();
    for (const each of all) {
      expect(
        [each.title, each.good, each.total].every((words) => words.length > 3),
        each.id,
      ).toBe(true);
      if (each.kind === 'quantile') continue;
      expect(counts.get(each.counts.id) ?? each.counts).toEqual(each.counts);
      counts.set(each.counts.id, each.counts);
    }
    expect(HARMS).toContain('sexual_minors');
  });

  it('Y3: an objective is written as PromQL over its window', () => {
    expect(objectivePromql(objective('queue-wait'))).toBe(
      'sum(increase(llm_queue_wait_seconds_bucket{priority="narrator",le=~"5|5[.]0"}[30d])) / ' +
        'sum(increase(llm_queue_wait_seconds_count{priority="narrator"}[30d]))',
    );
    expect(objectivePromql(objective('sla-coherence'))).toContain('[1h]');
    expect(objectivePromql(objective('sla-satisfaction'))).toBe(
      '(sum(increase(story_feedback_rating_sum[7d])) + 40) / (sum(increase(story_feedback_rating_count[7d])) + 10)',
    );
    expect(objectivePromql(objective('sla-command-p95'))).toMatch(/^histogram_quantile\(0\.95, .*\[30d\]/);
  });
});

describe('how an objective stands', () => {
  it.each([
    // S0.82: at most 10 % over 0.5 s.
    ['sla-command-p95', 0.5, 30, 'green'],
    ['sla-command-p95', 0.55, 30, 'yellow'],
    ['sla-command-p95', 0.5501, 30, 'red'],
    ['sla-command-p95', 0.1, 29, 'insufficient'],
    ['sla-command-p95', null, 0, 'insufficient'],
    // S0.83: at most 2 % under 99.99 %.
    ['sla-availability', 0.9999, 30, 'green'],
    ['sla-availability', 0.98, 30, 'yellow'],
    ['sla-availability', 0.979, 30, 'red'],
    // S0.85: yellow within 0.02.
    ['sla-coherence', 0.85, 30, 'green'],
    ['sla-coherence', 0.83, 30, 'yellow'],
    ['sla-coherence', 0.829, 30, 'red'],
    ['sla-coherence', 0.2, 29, 'insufficient'],
    ['sla-character', 0.9, 30, 'green'],
    ['sla-character', 0.88, 30, 'yellow'],
    ['sla-character', 0.879, 30, 'red'],
    // S0.87: 2 % of 4.2 is 0.084.
    ['sla-satisfaction', 4.2, 30, 'green'],
    ['sla-satisfaction', 4.116, 30, 'yellow'],
    ['sla-satisfaction', 4.11, 30, 'red'],
    // Shares with a budget: yellow up to twice the budget.
    ['commands', 0.999, 30, 'green'],
    ['commands', 0.998, 30, 'yellow'],
    ['commands', 0.9979, 30, 'red'],
    ['narrator', 0.99, 30, 'yellow'],
    ['narrator', 0.5, 29, 'insufficient'],
    // 99.9 % cannot be claimed from a few; what must never happen is told from the first.
    ['safety', 1, 2_999, 'insufficient'],
    ['safety', 0.9989, 3_000, 'red'],
    ['zero-tolerance', 0.9, 10, 'red'],
    ['zero-tolerance', 1, 29, 'insufficient'],
    ['zero-tolerance', 1, 30, 'green'],
  ] as const)('Y4: %s with %s over %s events is %s', (id, value, events, status) => {
    expect(statusOf(objective(id), value, events)).toBe(status);
  });

  it('Y4: the budget and how fast it goes', () => {
    expect(budgetLeft(0.999, 1)).toBe(1);
    expect(budgetLeft(0.999, 0.9995)).toBeCloseTo(0.5, 10);
    expect(budgetLeft(0.999, 0.997)).toBeCloseTo(-2, 10);
    expect(burnRate(0.999, 0.9856)).toBeCloseTo(14.4, 10);
    expect(burnRate(0.999, 1)).toBe(0);
  });

  it('Y2: nothing counted has no budget and no rate, nor has a target without a budget', () => {
    expect([budgetLeft(0.999, null), burnRate(0.999, null)]).toEqual([null, null]);
    expect([budgetLeft(1, 0.5), burnRate(1, 0.5)]).toEqual([null, null]);
  });
});
