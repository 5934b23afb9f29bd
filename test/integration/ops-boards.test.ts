import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BOARD_LIST } from '../../server/observability/boards.ts';
import { selectionsOf } from '../../server/observability/expressions.ts';
import { AGREEMENTS, OBJECTIVES, valueExpression } from '../../server/observability/slos.ts';
import { TestServer } from '../support/taleloom.ts';

const METRICS_TOKEN = 'metrics-token-of-tests';
/** Those come with use: nothing is asked of them before. */
const LAZY = ['story_command_duration_seconds'];

describe('a live scrape', () => {
  let server: TestServer;
  let declared: Set<string>;
  let present: Set<string>;
  beforeAll(async () => {
    server = await TestServer.start({ METRICS_TOKEN });
    const response = await fetch(`${server.url}/metrics`, {
      headers: { authorization: `Bearer ${METRICS_TOKEN}`, accept: 'text/plain' },
    });
    expect(response.status).toBe(200);
    const lines = (await response.text()).split('\n');
    declared = new Set(lines.flatMap((line) => /^# TYPE (\S+)/.exec(line)?.[1] ?? []));
    present = new Set(lines.flatMap((line) => /^([a-z]\w*)/.exec(line)?.[1] ?? []));
  });
  afterAll(() => server.stop());

  const isThere = (metric: string) => {
    const name = metric.replace(/_(?:bucket|sum|count)$/, '');
    return present.has(metric) || (LAZY.includes(name) && declared.has(name));
  };

  it('Y3: has every metric that a board shows; those that may be absent are declared', () => {
    const panels = BOARD_LIST.flatMap(({ rows }) => rows).flatMap((row) => row.panels);
    const missing = panels.flatMap(({ id, lines, absentWhere }) =>
      lines
        .flatMap(({ value }) => selectionsOf(value))
        .filter(({ metric }) => !(isThere(metric) || (absentWhere !== undefined && declared.has(metric))))
        .map(({ metric }) => `${id}: ${metric}`),
    );
    expect(missing).toEqual([]);
  });

  it('Y4: has every metric that an objective counts', () => {
    const metrics = [...OBJECTIVES, ...AGREEMENTS].flatMap((each) => selectionsOf(valueExpression(each)));
    expect(metrics.length).toBeGreaterThan(30);
    expect(metrics.map(({ metric }) => metric).filter((metric) => !isThere(metric))).toEqual([]);
  });
});
