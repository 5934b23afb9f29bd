import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { until } from '../../test/support/wait.ts';
import { gauge, increase, quantile, rate, selectionsOf } from './expressions.ts';
import { MetricHistory } from './history.ts';
import { MetricSampler } from './history-sampler.ts';
import { evaluate, historySource, totalsSource, valueOf } from './history-values.ts';

function parts() {
  const registry = new Registry();
  const registers = [registry];
  const jobs = new Counter({ name: 'jobs_total', help: 'Jobs.', labelNames: ['kind'], registers });
  const level = new Gauge({ name: 'level', help: 'Level.', registers });
  const took = new Histogram({ name: 'took_seconds', help: 'Took.', buckets: [0.5, 1], registers });
  const clock = new ManualClock();
  const asked = {
    jobs: increase('jobs_total', { by: 'kind' }),
    level: gauge('level'),
    p50: quantile(0.5, 'took_seconds'),
    took: rate('took_seconds_count'),
  };
  const history = new MetricHistory(Object.values(asked).flatMap(selectionsOf));
  const troubles: unknown[] = [];
  const refresh = () => level.inc();
  const onTrouble = (error: unknown) => troubles.push(error);
  const sampler = new MetricSampler({ registry, history, clock, refresh, onTrouble });
  return { registry, jobs, took, clock, asked, history, sampler, troubles };
}

it('Y4: takes what the metrics say every 15 s, gauges brought up to date', async () => {
  const { jobs, took, clock, asked, history, sampler } = parts();
  jobs.inc({ kind: 'a' }, 2);
  took.zero({});
  await sampler.start();
  for (const value of [0.2, 0.2, 0.8]) took.observe(value);
  jobs.inc({ kind: 'a' }, 3);
  const first = clock.now();
  clock.advance(15_000);
  await until('the sample', () => history.newestAt === first + 15_000);
  const source = historySource(history, { at: clock.now(), windowMs: 15_001 });
  expect(evaluate(asked.jobs, source).get('a')).toBeCloseTo(3, 2);
  expect(evaluate(asked.jobs, totalsSource(history))).toEqual(new Map([['a', 5]]));
  expect(valueOf(asked.level, source)).toBe(2);
  expect(valueOf(asked.p50, source)).toBeCloseTo(0.375, 10);
  await until('the next one is planned', () => clock.pending === 1);
  sampler.close();
  sampler.close();
  expect(clock.pending).toBe(0);
});

it('Y4: a sample that cannot be taken is told, and the next one is taken', async () => {
  const { registry, clock, history, sampler, troubles } = parts();
  const broken = new Gauge({
    name: 'level_of_nothing',
    help: 'Never read: nobody asks for it.',
    registers: [registry],
    collect: () => {
      throw new Error('It was read.');
    },
  });
  await sampler.sample();
  expect([troubles, history.newestAt]).toEqual([[], clock.now()]);
  registry.removeSingleMetric('level');
  Object.assign(broken, { name: 'level' });
  registry.registerMetric(broken);
  clock.advance(1);
  await sampler.sample();
  expect(troubles).toHaveLength(1);
  registry.removeSingleMetric('level');
  clock.advance(1);
  await sampler.sample();
  expect(troubles).toHaveLength(1);
  expect(history.newestAt).toBe(clock.now());
});
