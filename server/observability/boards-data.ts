import type { BoardData, BoardId, PanelData, Series, SloReport } from '../../sessions/ops-view.ts';
import { BOARD_LIST, type Panel } from './boards.ts';
import { groupOf } from './expressions.ts';
import type { MetricHistory } from './history.ts';
import { evaluate, historySource, type Source } from './history-values.ts';
import { windowOf } from './slo-document.ts';

const MOST_POINTS = 120;
const SAMPLE_MS = 15_000;
/** Rates look back over so much at least, and over several of the samples that are kept of long ago. */
const WINDOW_MS = 300_000;
const COARSE_WINDOW_MS = 900_000;
/** Beyond, the history has only one sample in five minutes. */
const FINE_MINUTES = 350;

/** A board over the last minutes. `reports`: objectives for the board of who answers for it. */
export function boardData(
  id: BoardId,
  minutes: number,
  of: { history: MetricHistory; at: number; reports: readonly SloReport[] },
): BoardData {
  const stepMs = Math.max(1, Math.ceil((minutes * 60_000) / MOST_POINTS / SAMPLE_MS)) * SAMPLE_MS;
  const at = of.history.newestAt ?? of.at;
  const windowMs = Math.max(minutes > FINE_MINUTES ? COARSE_WINDOW_MS : WINDOW_MS, 2 * stepMs);
  const points = Math.floor((minutes * 60_000) / stepMs);
  const sources = Array.from({ length: points }, (_, index) => {
    const time = at - (points - 1 - index) * stepMs;
    return { at: time, source: historySource(of.history, { at: time, windowMs }) };
  });
  const board = BOARD_LIST.find((each) => each.id === id);
  if (board === undefined) throw new Error(`There is no board ${id}.`);
  const rows = board.rows.map(({ title, panels }) => ({
    title,
    panels: panels.map((panel) => panelData(panel, sources)),
  }));
  if (id === 'executive') rows.push(objectivesRow(of.reports, at));
  return { id, title: board.title, at, stepMs, rows };
}

interface Moment {
  at: number;
  source: Source;
}

function panelData({ id, title, help, unit, kind, limit, lines }: Panel, moments: Moment[]): PanelData {
  const series = lines.flatMap(({ label, value }) => {
    const byGroup = new Map<string, Series['points']>();
    for (const { at, source } of moments) {
      for (const [group, found] of evaluate(value, source)) {
        const points = byGroup.get(group) ?? [];
        byGroup.set(group, points);
        points.push([at, found]);
      }
    }
    const hasGroups = groupOf(value) !== null;
    return [...byGroup]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([group, points]) => ({ label: hasGroups ? `${label} ${group}`.trim() : label, points }));
  });
  return { id, title, help, unit, kind, series, limit: limit ?? null };
}

function objectivesRow(reports: readonly SloReport[], at: number) {
  const panels = reports.map(({ id, title, good, total, unit, target, windowDays, value }): PanelData => ({
    id: `objective-${id}`,
    title,
    help: `Over ${windowOf({ windowDays })}: ${good}, of all ${total}.`,
    unit,
    kind: 'stat',
    series: [{ label: '', points: [[at, value]] }],
    limit: target,
  }));
  return { title: 'Promises over 30 days', panels };
}
