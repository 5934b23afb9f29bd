import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BOARDS } from '../../sessions/ops-view.ts';
import { BOARD_LIST, boardSelections } from './boards.ts';
import { boardData } from './boards-data.ts';
import { grafanaFiles } from './grafana.ts';
import { MetricHistory, type Sample } from './history.ts';

const ROOT = join(import.meta.dirname, '../..');
const START = 1_790_000_000_000;
const MINUTE = 60_000;

function history(minutes: number): MetricHistory {
  const of = new MetricHistory(boardSelections());
  for (let step = 0; step <= minutes * 4; step += 1) {
    const one = (name: string, value: number, labels = {}): [string, Sample[]] => [name, [{ labels, value }]];
    of.add(
      START + step * 15_000,
      new Map([
        one('story_sessions_active', 3),
        one('story_passages_total', step, { author_kind: 'player' }),
        one('story_commands_total', step * 2, { status: 'ok' }),
        one('llm_requests_waiting', 2, { priority: 'narrator' }),
      ]),
    );
  }
  return of;
}
const panelOf = (data: ReturnType<typeof boardData>, id: string) =>
  data.rows.flatMap(({ panels }) => panels).find((panel) => panel.id === id)!;

describe('boards', () => {
  it('Y3: there are the three of them, with words for everything', () => {
    expect(BOARD_LIST.map(({ id }) => id)).toEqual([...BOARDS]);
    for (const { rows } of BOARD_LIST) {
      const panels = rows.flatMap((row) => row.panels);
      expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
      for (const { id, title, help, lines } of panels) {
        expect([title.length > 2, help.length > 5, /[.]$/.test(help), lines.length > 0], id).toEqual(
          Array.from({ length: 4 }, () => true),
        );
        expect(new Set(lines.map(({ label }) => label)).size, id).toBe(lines.length);
      }
    }
  });

  it('Y3: tell the course of the last minutes, oldest first, nothing before the first sample', () => {
    const of = history(30);
    const data = boardData('executive', 60, { history: of, at: 0, reports: [] });
    expect(data).toMatchObject({ id: 'executive', stepMs: 30_000, at: START + 30 * MINUTE });
    const [sessions] = panelOf(data, 'sessions').series;
    expect(sessions!.points).toHaveLength(120);
    expect(sessions!.points.at(-1)).toEqual([START + 30 * MINUTE, 3]);
    expect(sessions!.points[0]).toEqual([START + 30 * MINUTE - 119 * 30_000, null]);
    const times = sessions!.points.map(([at]) => at);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    const [passages] = panelOf(data, 'passages').series;
    expect(passages!.label).toBe('player');
    expect(passages!.points.at(-1)![1]).toBeCloseTo(4, 10);
    expect(panelOf(data, 'availability')).toMatchObject({ limit: 0.999, unit: 'ratio', kind: 'line' });
    expect(panelOf(data, 'availability').series[0]!.points.at(-1)![1]).toBe(1);
  });

  it('Y2: what was never measured has no points, not zeros', () => {
    const data = boardData('debug', 60, { history: history(5), at: 0, reports: [] });
    const values = data.rows
      .flatMap(({ panels }) => panels)
      .flatMap(({ series }) => series)
      .flatMap(({ points }) => points.map(([, value]) => value));
    expect(values.every((value) => value === null)).toBe(true);
  });

  it.each([5, 60, 61, 360, 361, 1_440, 2_880])('Y3: have 120 points at most (%i minutes)', (minutes) => {
    for (const id of BOARDS) {
      const data = boardData(id, minutes, { history: history(10), at: START, reports: [] });
      const all = data.rows.flatMap(({ panels }) => panels).flatMap(({ series }) => series);
      for (const { points } of all) expect(points.length).toBeLessThanOrEqual(120);
      expect(data.stepMs % 15_000).toBe(0);
    }
  });

  it('Y3: before the first sample there is nothing, at the time that is told', () => {
    const empty = new MetricHistory(boardSelections());
    const data = boardData('on-call', 60, { history: empty, at: START, reports: [] });
    expect(data.at).toBe(START);
    expect(
      data.rows
        .flatMap(({ panels }) => panels)
        .every(({ series }) => series.every((s) => s.points.every(([, v]) => v === null))),
    ).toBe(true);
  });

  it('Y3: objectives stand on the board of who answers for them', () => {
    const report = {
      id: 'commands',
      title: 'Commands work',
      good: 'those that worked',
      total: 'commands',
      promql: '',
      windowDays: 30,
      target: 0.999,
      unit: 'ratio',
      goodCount: 1,
      totalCount: 1,
      value: 0.5,
      budgetLeft: null,
      burn: { '5m': null, '1h': null, '6h': null },
      status: 'red',
    } as const;
    const of = { history: history(5), at: START, reports: [report] };
    expect(panelOf(boardData('executive', 60, of), 'objective-commands')).toMatchObject({
      kind: 'stat',
      limit: 0.999,
      series: [{ label: '', points: [[START + 5 * MINUTE, 0.5]] }],
    });
    expect(panelOf(boardData('debug', 60, of), 'objective-commands')).toBeUndefined();
  });
});

interface Dashboard {
  uid: string;
  panels: {
    id: number;
    type: string;
    title: string;
    gridPos: { x: number; y: number; w: number; h: number };
    fieldConfig?: { defaults: { unit: string } };
    targets?: { expr: string; refId: string }[];
  }[];
}

describe('boards for Grafana', () => {
  const files = grafanaFiles();

  it('Y3: the committed files are what the definitions say', () => {
    for (const { path, text } of files)
      expect(readFileSync(join(ROOT, path), 'utf8') === text, `${path}: run scripts/observability.mjs`).toBe(
        true,
      );
  });

  it('Y3: every panel has a title, a unit and something to show, and covers no other', () => {
    const boards = files.filter(({ path }) => path.endsWith('.json'));
    expect(boards).toHaveLength(3);
    for (const { text } of boards) {
      const { panels, uid } = JSON.parse(text) as Dashboard;
      expect(uid).toMatch(/^taleloom-/);
      expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
      const cells = new Set<string>();
      for (const { type, title, fieldConfig, targets = [], gridPos } of panels) {
        expect(title).not.toBe('');
        for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1)
          for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
            expect(cells.has(`${x} ${y}`), title).toBe(false);
            cells.add(`${x} ${y}`);
          }
        if (type === 'row') continue;
        expect(fieldConfig?.defaults.unit, title).toMatch(/^(?:short|cps|s|bytes|percentunit)$/);
        expect(targets.length, title).toBeGreaterThan(0);
        expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
        for (const { expr } of targets) expect(expr.length).toBeGreaterThan(5);
      }
    }
  });
});
