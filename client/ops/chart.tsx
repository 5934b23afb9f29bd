import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef, useState, type JSX } from 'react';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Unit } from '../../sessions/ops-view.ts';
import { clockTime } from '../common/clock-time.ts';
import { figureText } from './figures.ts';
import { DASHES, lineColour, pageColour } from './line-looks.ts';
import { lonePoints, scaleOf, type SeriesTable } from './series-table.ts';

const HEIGHT = 170;
const UPRIGHT_AXIS = 66;

interface ChartProps {
  table: SeriesTable;
  unit: Unit;
  limit: number | null;
  /** First and last moment that the chart spans, epoch ms. */
  span: readonly [number, number];
  /** Says what the chart shows, with its newest values. */
  label: string;
}

/** Lines over time. Who cannot see it has its label, and the panel's table. */
export function Chart(props: ChartProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot | null>(null);
  const latest = useRef(props);
  const [pointed, setPointed] = useState<number | null>(null);
  const scheme = useComputedColorScheme('light');
  const { table, unit } = props;
  const names = JSON.stringify(table.labels);
  useEffect(() => {
    latest.current = props;
    plot.current?.setData(dataOf(props.table));
  }, [props]);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const made = new UPlot(
      optionsOf(latest, element.clientWidth, setPointed),
      dataOf(latest.current.table),
      element,
    );
    plot.current = made;
    const watch = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT }));
    watch.observe(element);
    return () => {
      watch.disconnect();
      made.destroy();
      plot.current = null;
    };
    // Colours are read when it is drawn: another scheme needs another chart.
  }, [names, unit, scheme]);
  return (
    <div className="ops-chart-box">
      <div ref={box} className="ops-chart" role="img" aria-label={props.label} />
      <p className="ops-pointed" aria-hidden="true">
        {pointed === null ? '' : pointedText(table, unit, pointed)}
      </p>
    </div>
  );
}

const dataOf = ({ times, columns }: SeriesTable): UPlot.AlignedData =>
  [times.length === 0 ? [] : times, ...columns] as UPlot.AlignedData;

/** The values under the pointer in words. */
function pointedText({ times, labels, columns }: SeriesTable, unit: Unit, index: number): string {
  const at = times[index];
  if (at === undefined) return '';
  const values = columns.map((column, i) => {
    const value = figureText(column[index] ?? null, unit);
    return labels[i] === '' || labels[i] === undefined ? value : `${labels[i]} ${value}`;
  });
  return `${clockTime(at)}: ${values.join(' · ')}`;
}

function axesOf(latest: { current: ChartProps }): UPlot.Axis[] {
  const look = {
    stroke: () => pageColour('--ink-quiet'),
    grid: { stroke: () => pageColour('--rule'), width: 1 },
    ticks: { show: false },
    font: '11px system-ui, sans-serif',
  };
  return [
    { ...look, size: 26, space: 86, values: (_plot, times) => times.map((at) => clockTime(at)) },
    {
      ...look,
      size: UPRIGHT_AXIS,
      space: 34,
      values: (_plot, values) =>
        values.map((value) => figureText(value, latest.current.unit).replace(' tokens', '')),
    },
  ];
}

function optionsOf(
  latest: { current: ChartProps },
  width: number,
  onPoint: (index: number | null) => void,
): UPlot.Options {
  return {
    width,
    height: HEIGHT,
    ms: 1,
    padding: [10, 26, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
    scales: {
      x: { time: true, range: () => [...latest.current.span] },
      y: {
        range: () => scaleOf(latest.current.table, latest.current.limit, latest.current.unit === 'ratio'),
      },
    },
    axes: axesOf(latest),
    series: [
      {},
      ...latest.current.table.labels.map((label, i): UPlot.Series => ({
        label,
        stroke: () => lineColour(i),
        width: 1.75,
        dash: [...(DASHES[i % DASHES.length] ?? [])],
        spanGaps: false,
        points: {
          size: 5,
          filter: (plot, of, isShown) => (isShown ? null : lonePoints(plot.data[of] ?? [])),
        },
      })),
    ],
    hooks: {
      draw: [(plot) => drawLimit(plot, latest.current.limit)],
      setCursor: [(plot) => onPoint(plot.cursor.idx ?? null)],
    },
  };
}

/** The line that should not be crossed, where it is in view. */
function drawLimit(plot: UPlot, limit: number | null): void {
  const { min, max } = plot.scales.y ?? {};
  if (limit === null || min == null || max == null || limit < min || limit > max) return;
  const y = Math.round(plot.valToPos(limit, 'y', true));
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.strokeStyle = pageColour('--problem');
  ctx.lineWidth = 1.5;
  ctx.setLineDash([2, 4]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.restore();
}
