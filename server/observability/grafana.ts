import type { Unit } from '../../sessions/ops-view.ts';
import { BOARD_LIST, type Board, type Panel } from './boards.ts';
import { groupOf, promqlOf } from './expressions.ts';
import { AGREEMENTS, OBJECTIVES, objectivePromql } from './slos.ts';

/** A file and what is in it; the path is that in the repository. */
export interface GeneratedFile {
  path: string;
  text: string;
}

const FOLDER = 'docker/grafana';
const SCHEMA_VERSION = 39;
/** Variable of the boards that names the Prometheus to ask. */
const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };
const WIDTH = 24;
const PANEL = { w: 6, h: 7 };
const NOTE = '# Written by scripts/observability.mjs from server/observability/. Changes here are lost.\n';

/** Names of our units in Grafana. */
const UNITS: Record<Unit, string> = {
  count: 'short',
  perSecond: 'cps',
  seconds: 's',
  bytes: 'bytes',
  ratio: 'percentunit',
  tokens: 'short',
  score: 'short',
};

/** One figure or chart before it has a place. */
interface Tile {
  title: string;
  help: string;
  unit: Unit;
  kind: Panel['kind'];
  limit: number | null;
  targets: { expr: string; legendFormat: string }[];
}

function tileOf({ title, help, unit, kind, limit, lines, absentWhere }: Panel): Tile {
  return {
    title,
    help: absentWhere === undefined ? help : `${help} Empty where ${absentWhere}.`,
    unit,
    kind,
    limit: limit ?? null,
    targets: lines.map(({ label, value }) => {
      const group = groupOf(value);
      const legend = group === null ? label : `${label} {{${group}}}`.trim();
      return { expr: promqlOf(value, '$__rate_interval'), legendFormat: legend === '' ? title : legend };
    }),
  };
}

function objectiveTiles(): Tile[] {
  return [...OBJECTIVES, ...AGREEMENTS].map((objective) => ({
    title: objective.title,
    help: `${objective.good}, of all ${objective.total}.`,
    unit: objective.unit,
    kind: 'stat',
    limit: objective.target,
    targets: [{ expr: objectivePromql(objective), legendFormat: objective.title }],
  }));
}

function panelJson(tile: Tile, place: { id: number; x: number; y: number }): object {
  const { title, help, unit, kind, limit, targets } = tile;
  const { id, x, y } = place;
  const steps = [
    { color: 'green', value: null },
    ...(limit === null ? [] : [{ color: 'orange', value: limit }]),
  ];
  const custom = {
    drawStyle: 'line',
    spanNulls: false,
    thresholdsStyle: { mode: limit === null ? 'off' : 'dashed' },
  };
  return {
    id,
    type: kind === 'stat' ? 'stat' : 'timeseries',
    title,
    description: help,
    datasource: DATASOURCE,
    gridPos: { ...PANEL, x, y },
    interval: '1m',
    fieldConfig: {
      defaults: {
        unit: UNITS[unit],
        color: { mode: 'palette-classic' },
        thresholds: { mode: 'absolute', steps },
        ...(kind === 'stat' ? {} : { custom }),
      },
      overrides: [],
    },
    options:
      kind === 'stat'
        ? { reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false }, colorMode: 'none' }
        : { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi' } },
    targets: targets.map((target, index) => ({
      refId: String.fromCharCode(65 + index),
      datasource: DATASOURCE,
      ...target,
    })),
  };
}

function panelsOf(rows: readonly { title: string; tiles: readonly Tile[] }[]): object[] {
  const perLine = WIDTH / PANEL.w;
  let id = 0;
  let y = 0;
  return rows.flatMap(({ title, tiles }) => {
    const row = { id: (id += 1), type: 'row', title, collapsed: false, gridPos: { h: 1, w: WIDTH, x: 0, y } };
    const top = y + 1;
    const panels = tiles.map((tile, index) =>
      panelJson(tile, {
        id: (id += 1),
        x: (index % perLine) * PANEL.w,
        y: top + Math.floor(index / perLine) * PANEL.h,
      }),
    );
    y = top + Math.ceil(tiles.length / perLine) * PANEL.h;
    return [row, ...panels];
  });
}

function dashboard(board: Board): object {
  const rows = board.rows.map(({ title, panels }) => ({ title, tiles: panels.map(tileOf) }));
  if (board.id === 'executive') rows.push({ title: 'Promises', tiles: objectiveTiles() });
  return {
    uid: `taleloom-${board.id}`,
    title: `Taleloom: ${board.title}`,
    tags: ['taleloom'],
    schemaVersion: SCHEMA_VERSION,
    version: 1,
    editable: false,
    graphTooltip: 1,
    refresh: '30s',
    time: { from: 'now-3h', to: 'now' },
    templating: {
      list: [{ name: 'datasource', type: 'datasource', query: 'prometheus', label: 'Prometheus' }],
    },
    annotations: { list: [] },
    panels: panelsOf(rows),
  };
}

const DATASOURCES = `apiVersion: 1
datasources:
  - name: Prometheus
    uid: prometheus
    type: prometheus
    access: proxy
    url: http://prometheus:9090
    isDefault: true
    jsonData:
      timeInterval: 15s
`;

const PROVIDERS = `apiVersion: 1
providers:
  - name: taleloom
    folder: Taleloom
    type: file
    disableDeletion: true
    allowUiUpdates: false
    options:
      path: /etc/grafana/dashboards
`;

/** The boards for Grafana, and how it finds them and Prometheus. */
export function grafanaFiles(): GeneratedFile[] {
  return [
    ...BOARD_LIST.map((board) => ({
      path: `${FOLDER}/dashboards/${board.id}.json`,
      text: `${JSON.stringify(dashboard(board), null, 2)}\n`,
    })),
    { path: `${FOLDER}/provisioning/datasources/prometheus.yaml`, text: `${NOTE}${DATASOURCES}` },
    { path: `${FOLDER}/provisioning/dashboards/taleloom.yaml`, text: `${NOTE}${PROVIDERS}` },
  ];
}
