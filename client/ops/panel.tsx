import { Button } from '@mantine/core';
import { useMemo, useState, type JSX } from 'react';
import type { PanelData, Unit } from '../../sessions/ops-view.ts';
import { clockTime } from '../common/clock-time.ts';
import { BOARD } from './board-strings.ts';
import { Chart } from './chart.tsx';
import { DataTable, type Column } from './data-table.tsx';
import { figureText } from './figures.ts';
import { DASHES } from './line-looks.ts';
import { boundsOf, newestOf, sparkPoints, tableOf, type SeriesTable } from './series-table.ts';

const SPARK = [120, 28] as const;

interface PanelProps {
  panel: PanelData;
  /** First and last moment shown, epoch ms. */
  span: readonly [number, number];
}

/** A panel of a board: a figure with its course, or a chart; each also as a table. */
export function Panel({ panel, span }: PanelProps): JSX.Element {
  const [isTable, setTable] = useState(false);
  const table = useMemo(() => tableOf(panel.series), [panel.series]);
  const isEmpty = table.columns.every((column) => newestOf(column) === null);
  const titleId = `panel-${panel.id}`;
  return (
    <article className="ops-card ops-panel" data-kind={panel.kind} aria-labelledby={titleId}>
      <h3 id={titleId}>{panel.title}</h3>
      {panel.kind === 'stat' ? (
        <Stat table={table} unit={panel.unit} />
      ) : (
        !isTable && <Lines panel={panel} table={table} span={span} isEmpty={isEmpty} />
      )}
      {isTable && <ValueTable title={panel.title} table={table} unit={panel.unit} />}
      <p className="note">
        {panel.help}
        {panel.limit !== null && ` ${BOARD.limits[panel.kind](figureText(panel.limit, panel.unit))}`}
      </p>
      {!isEmpty && (
        <Button
          className="ops-panel-toggle"
          size="compact-xs"
          variant="subtle"
          aria-label={BOARD.about(isTable ? BOARD.asChart : BOARD.asTable, panel.title)}
          onClick={() => setTable((is) => !is)}
        >
          {isTable ? BOARD.asChart : BOARD.asTable}
        </Button>
      )}
    </article>
  );
}

/** The newest value in large figures, with a small line of its course. */
function Stat({ table, unit }: { table: SeriesTable; unit: Unit }): JSX.Element {
  const [first] = table.columns;
  const newest = first === undefined ? null : newestOf(first);
  const runs = first === undefined ? [] : sparkPoints(first, SPARK[0], SPARK[1] - 4);
  return (
    <div className="ops-stat">
      <p className="ops-stat-value" data-empty={newest === null}>
        {newest === null ? BOARD.noValue : figureText(newest, unit)}
      </p>
      {runs.length > 0 && (
        <svg
          viewBox={`0 -2 ${SPARK[0]} ${SPARK[1]}`}
          className="ops-spark"
          preserveAspectRatio="none"
          aria-hidden="true"
        >
          {runs.map((points) => (
            <polyline key={points} points={points} />
          ))}
        </svg>
      )}
    </div>
  );
}

function Lines(props: PanelProps & { table: SeriesTable; isEmpty: boolean }): JSX.Element {
  const { panel, table, span, isEmpty } = props;
  if (isEmpty) return <p className="note ops-no-data">{BOARD.noData}</p>;
  return (
    <>
      <ul className="ops-legend">
        {table.columns.map((column, i) => (
          <li key={`${i}-${table.labels[i] ?? ''}`}>
            {table.columns.length > 1 && <Swatch index={i} />}
            {table.labels[i] !== '' && <span>{table.labels[i]}</span>}
            <strong>{figureText(newestOf(column), panel.unit)}</strong>
          </li>
        ))}
      </ul>
      <Chart table={table} unit={panel.unit} limit={panel.limit} span={span} label={inWords(panel, table)} />
    </>
  );
}

/** A piece of a line as the chart draws it. */
function Swatch({ index }: { index: number }): JSX.Element {
  return (
    <svg width="26" height="8" className="ops-swatch" data-line={(index % 8) + 1} aria-hidden="true">
      <line x1="0" y1="4" x2="26" y2="4" strokeDasharray={DASHES[index % DASHES.length]?.join(' ')} />
    </svg>
  );
}

/** What the chart shows, for those who do not see it. */
function inWords({ title, unit }: PanelData, table: SeriesTable): string {
  const lines = table.columns.map((column, i) => {
    const bounds = boundsOf(column);
    const [newest, low, high] = [newestOf(column), bounds?.low ?? null, bounds?.high ?? null].map((value) =>
      figureText(value, unit),
    );
    return BOARD.line(table.labels[i] ?? '', newest ?? '', `${low} – ${high}`);
  });
  return `${BOARD.chart(title)} ${lines.join(' ')}`;
}

/** The same points as rows, newest first. */
function ValueTable({ title, table, unit }: { title: string; table: SeriesTable; unit: Unit }): JSX.Element {
  const columns: Column<number>[] = [
    { title: BOARD.time, cell: (row) => clockTime(table.times[row] ?? 0) },
    ...table.columns.map((column, i): Column<number> => ({
      title: table.labels[i] === '' || table.labels[i] === undefined ? BOARD.value : table.labels[i],
      cell: (row) => figureText(column[row] ?? null, unit),
      isNumber: true,
    })),
  ];
  const rows = table.times.map((_, i) => i).reverse();
  return (
    <div className="ops-values">
      <DataTable
        label={BOARD.valuesOf(title)}
        columns={columns}
        rows={rows}
        keyOf={String}
        empty={BOARD.noData}
        step={60}
      />
    </div>
  );
}
