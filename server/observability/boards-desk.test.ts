import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { COMMANDS } from '../../sessions/protocol.ts';
import { createMetrics } from '../metrics.ts';
import { openDatabase } from '../store/database.ts';
import { SqlSloStore } from '../store/sql-slo-store.ts';
import { BoardsDesk } from './boards-desk.ts';

const folder = mkdtempSync(join(tmpdir(), 'taleloom-desk-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('Y4: counts what the metrics say up to the close, and goes on from there', async () => {
  const clock = new ManualClock();
  const database = await openDatabase({ file: join(folder, 'desk.sqlite'), durability: 'process' });
  const troubles: string[] = [];
  const desks = [0, 1].map(() => {
    const metrics = createMetrics({ model: 'm' });
    const desk = new BoardsDesk({
      registry: metrics.registry,
      store: new SqlSloStore(database),
      clock,
      refresh: () => metrics.playersConnected.set(4),
      onTrouble: (what) => troubles.push(what),
    });
    return { metrics, desk };
  });
  const [first, second] = desks as [(typeof desks)[0], (typeof desks)[0]];
  const commands = ({ desk }: typeof first) => desk.objectives().find(({ id }) => id === 'commands');

  await first.desk.start();
  const [command] = Object.keys(COMMANDS);
  first.metrics.commands.inc({ command: command!, status: 'ok' }, 39);
  first.metrics.commands.inc({ command: command!, status: 'error' }, 1);
  expect(commands(first)).toMatchObject({ totalCount: 0, status: 'insufficient' });
  clock.advance(1);
  await first.desk.close();
  await first.desk.close();
  expect(commands(first)).toMatchObject({ totalCount: 40, value: 0.975, status: 'red' });
  expect(clock.pending).toBe(0);

  clock.advance(60_000);
  await second.desk.start();
  expect(commands(second)).toMatchObject({ totalCount: 40, value: 0.975 });
  expect(second.desk.agreements().map(({ id }) => id)).toContain('sla-availability');
  const board = second.desk.board('executive', 60);
  const panels = board.rows.flatMap((row) => row.panels);
  expect(panels.find(({ id }) => id === 'players')!.series[0]!.points.at(-1)).toEqual([clock.now(), 4]);
  expect(panels.find(({ id }) => id === 'objective-commands')!.series[0]!.points[0]![1]).toBe(0.975);
  await second.desk.close();
  await database.close();
  expect(troubles).toEqual([]);
});

it('Y4: takes some megabytes at most, whatever happens', async () => {
  const clock = new ManualClock();
  const metrics = createMetrics({ model: 'm' });
  const store = {
    load: () => Promise.resolve([]),
    add: () => Promise.resolve(),
    forget: () => Promise.resolve(),
  };
  const of = { registry: metrics.registry, store, clock, refresh: () => undefined };
  const desk = new BoardsDesk({ ...of, onTrouble: (_what, error) => expect.fail(String(error)) });
  await desk.start();
  for (const command of [...Object.keys(COMMANDS), 'other'])
    for (const status of ['ok', 'rejected', 'error'])
      metrics.commandDuration.observe({ command, status }, 0.01);
  await desk.close();
  const { columns, bytes } = desk.size;
  // Each of them takes 20 kB at most, see history.test.ts; what stands still next to nothing.
  expect(columns).toBeLessThan(500);
  expect(bytes).toBeLessThan(400_000);
});
