import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { openDatabase } from '../store/database.ts';
import { SqlSloStore } from '../store/sql-slo-store.ts';
import { selectionsOf } from './expressions.ts';
import { MetricHistory, type Sample } from './history.ts';
import { SloKeeper, type SloRow, type SloStore } from './slo-keeper.ts';
import { AGREEMENTS, OBJECTIVES, valueExpression } from './slos.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ALL = [...OBJECTIVES, ...AGREEMENTS];
const folder = mkdtempSync(join(tmpdir(), 'taleloom-slo-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a process has counted so far, as its scrape tells it. */
interface Counted {
  ok?: number;
  error?: number;
  rejected?: number;
  /** Answers to commands within 0.1 s, and slower ones within 1 s. */
  quick?: number;
  slow?: number;
  ratings?: { sum: number; count: number };
  coherence?: { sum: number; count: number };
  passages?: number;
  violations?: number;
}

function scrapeOf(of: Counted): Map<string, Sample[]> {
  const { ok = 0, error = 0, rejected = 0, quick = 0, slow = 0, ratings, coherence } = of;
  const command = (status: string, value: number): Sample => ({ labels: { command: 'c', status }, value });
  const bucket = (le: string, value: number): Sample => ({
    labels: { command: 'c', status: 'ok', le },
    value,
  });
  const narrative = { metric: 'narrative_coherence' };
  return new Map([
    ['story_commands_total', [command('ok', ok), command('error', error), command('rejected', rejected)]],
    [
      'story_command_duration_seconds_bucket',
      [bucket('0.1', quick), bucket('0.3', quick), bucket('0.5', quick), bucket('1', quick + slow)].concat(
        bucket('+Inf', quick + slow),
      ),
    ],
    ['story_command_duration_seconds_count', [command('ok', quick + slow)]],
    ['story_feedback_rating_sum', [{ labels: {}, value: ratings?.sum ?? 0 }]],
    ['story_feedback_rating_count', [{ labels: {}, value: ratings?.count ?? 0 }]],
    ['story_quality_score_sum', [{ labels: narrative, value: coherence?.sum ?? 0 }]],
    ['story_quality_score_count', [{ labels: narrative, value: coherence?.count ?? 0 }]],
    ['story_passages_total', [{ labels: {}, value: of.passages ?? 0 }]],
    [
      'story_policy_violations_total',
      [{ labels: { category: 'sexual_minors', stage: 'delivered' }, value: of.violations ?? 0 }],
    ],
  ]);
}

/** One life of the process over a store. */
async function process(store: SloStore, clock: ManualClock) {
  const history = new MetricHistory(ALL.flatMap((each) => selectionsOf(valueExpression(each))));
  const troubles: unknown[] = [];
  const keeper = new SloKeeper({
    history,
    objectives: ALL,
    store,
    clock,
    onTrouble: (error) => troubles.push(error),
  });
  await keeper.start();
  const count = (of: Counted) => history.add(clock.now(), scrapeOf(of));
  const report = (id: string) => keeper.report(ALL.filter((each) => each.id === id))[0]!;
  return { keeper, count, report, troubles };
}

class MemoryStore implements SloStore {
  rows: SloRow[] = [];
  isDown = false;
  load = () => Promise.resolve(this.rows);
  add(rows: readonly SloRow[]): Promise<void> {
    if (this.isDown) return Promise.reject(new Error('The disk is full.'));
    this.rows.push(...rows);
    return Promise.resolve();
  }
  forget = () => Promise.resolve();
}

describe('objectives over restarts, in SQLite', () => {
  it('Y4: what was counted before a restart counts on, and is counted once', async () => {
    const clock = new ManualClock();
    const file = join(folder, 'restart.sqlite');
    let database = await openDatabase({ file, durability: 'process' });
    const first = await process(new SqlSloStore(database), clock);
    first.count({ ok: 900, error: 1, rejected: 50, quick: 90, slow: 10, ratings: { sum: 130, count: 30 } });
    await first.keeper.flush();
    clock.advance(2 * HOUR);
    first.count({ ok: 1_900, error: 1, rejected: 99, quick: 90, slow: 10, ratings: { sum: 130, count: 30 } });
    expect(first.report('commands')).toMatchObject({ goodCount: 1_900, totalCount: 1_901 });
    await first.keeper.close();
    await first.keeper.close();
    await database.close();

    database = await openDatabase({ file, durability: 'process' });
    const second = await process(new SqlSloStore(database), clock);
    expect(second.report('commands')).toMatchObject({ goodCount: 1_900, totalCount: 1_901, status: 'green' });
    second.count({ ok: 98, error: 1, quick: 0, slow: 60 });
    const commands = second.report('commands');
    expect(commands).toMatchObject({ goodCount: 1_998, totalCount: 2_000, target: 0.999, windowDays: 30 });
    expect(commands.value).toBeCloseTo(0.999, 10);
    expect(commands.budgetLeft).toBeCloseTo(0, 6);
    // 160 answers: 90 quick ones, the others between 0.5 and 1 s; the 152nd is 62/70 of the way.
    expect(second.report('sla-command-p95').value).toBeCloseTo(0.5 + 0.5 * (62 / 70), 10);
    expect(second.report('sla-command-p95')).toMatchObject({
      totalCount: 160,
      status: 'red',
      goodCount: null,
    });
    expect(second.report('sla-satisfaction').value).toBeCloseTo((130 + 40) / 40, 10);
    await second.keeper.flush();
    await second.keeper.flush();
    const rows = await database.db
      .selectFrom('slo_hours')
      .selectAll()
      .where('slo', '=', 'commands')
      .execute();
    expect(rows.map(({ good, total }) => [good, total])).toEqual([
      [900, 901],
      [1_098, 1_099],
    ]);
    await second.keeper.close();
    await database.close();
  });

  it('Y4: after 30 days an hour no longer counts, and its row goes', async () => {
    const clock = new ManualClock();
    const database = await openDatabase({ file: join(folder, 'month.sqlite'), durability: 'process' });
    const store = new SqlSloStore(database);
    const { keeper, count, report } = await process(store, clock);
    count({ ok: 0, error: 100 });
    await keeper.flush();
    clock.advance(29 * DAY);
    expect(report('commands')).toMatchObject({ goodCount: 0, totalCount: 100, status: 'red' });
    clock.advance(2 * DAY);
    count({ ok: 100, error: 100 });
    expect(report('commands')).toMatchObject({ goodCount: 100, totalCount: 100, status: 'green' });
    await keeper.flush();
    clock.advance(HOUR);
    // The first may be one that the clock has begun a while ago.
    await keeper.flush();
    await keeper.flush();
    expect((await store.load(0)).filter(({ slo }) => slo === 'commands')).toHaveLength(1);
    await keeper.close();
    await database.close();
  });
});

describe('objectives', () => {
  it('Y2: with nothing counted say so', async () => {
    const { report } = await process(new MemoryStore(), new ManualClock());
    for (const { id } of ALL)
      expect(report(id), id).toMatchObject({
        value: null,
        totalCount: 0,
        budgetLeft: null,
        burn: { '5m': null, '1h': null, '6h': null },
        status: 'insufficient',
      });
  });

  it('Y4: what cannot be stored is stored later', async () => {
    const clock = new ManualClock();
    const store = new MemoryStore();
    const { keeper, count, report, troubles } = await process(store, clock);
    count({ ok: 10 });
    store.isDown = true;
    await keeper.flush();
    expect(troubles).toHaveLength(1);
    expect(report('commands').totalCount).toBe(10);
    store.isDown = false;
    clock.advance(60_000);
    await keeper.flush();
    expect(store.rows.filter(({ slo }) => slo === 'commands')).toMatchObject([{ good: 10, total: 10 }]);
    expect(report('commands').totalCount).toBe(10);
    await keeper.close();
    expect(clock.pending).toBe(0);
  });

  it('Y4: burn rates look at the last minutes and hours', async () => {
    const clock = new ManualClock();
    const { count, report } = await process(new MemoryStore(), clock);
    // An hour without faults, then five minutes in which one of ten fails.
    for (let minute = 0; minute <= 60; minute += 1) {
      count({ ok: minute * 10 });
      clock.advance(60_000);
    }
    for (let minute = 1; minute <= 5; minute += 1) {
      count({ ok: 600 + minute * 9, error: minute });
      clock.advance(60_000);
    }
    const { burn, value } = report('commands');
    expect(burn['5m']).toBeCloseTo(0.1 / 0.001, 6);
    expect(burn['1h']).toBeCloseTo(5 / 600 / 0.001, 0);
    expect(burn['6h']).toBeCloseTo(5 / 650 / 0.001, 0);
    expect(value).toBeCloseTo(645 / 650, 10);
  });

  it('Y4: coherence is the mean of the last hour', async () => {
    const clock = new ManualClock();
    const { count, report } = await process(new MemoryStore(), clock);
    const step = 15_000;
    const steps = (3 * HOUR) / step;
    // 0.5 for two hours, then 0.9.
    let [sum, scored] = [0, 0];
    for (let index = 0; index <= steps; index += 1) {
      count({ coherence: { sum, count: scored } });
      scored += 1;
      sum += index < (2 * steps) / 3 ? 0.5 : 0.9;
      clock.advance(step);
    }
    const coherence = report('sla-coherence');
    expect(coherence.value).toBeCloseTo(0.9, 2);
    expect(coherence.totalCount).toBe(240);
    expect(coherence.status).toBe('green');
  });

  it('Y4: one delivered violation that is never allowed is red, however few passages there were', async () => {
    const { count, report } = await process(new MemoryStore(), new ManualClock());
    count({ passages: 5, violations: 1 });
    expect(report('zero-tolerance')).toMatchObject({ status: 'red', goodCount: 4, totalCount: 5 });
    expect(report('safety')).toMatchObject({ status: 'insufficient', value: 0.8 });
  });
});
