import { SegmentedControl } from '@mantine/core';
import { useState, type JSX } from 'react';
import type { BoardData, BoardId, PanelData } from '../../sessions/ops-view.ts';
import { readStored, writeStored } from '../common/browser-storage.ts';
import { BOARD } from './board-strings.ts';
import { PageHead } from './page-head.tsx';
import { Panel } from './panel.tsx';
import { LivePart } from './parts.tsx';
import type { Shape } from './shape.ts';
import { useLive } from './use-live.ts';

const RANGE_KEY = 'taleloom:ops-range';
const RANGES = [15, 60, 360, 2_880] as const;

const SHAPE: Shape = {
  at: 'number',
  stepMs: 'number',
  rows: [
    {
      title: 'text',
      panels: [
        {
          'id': 'text',
          'title': 'text',
          'help': 'text',
          'unit': 'text',
          'kind': 'text',
          'limit?': 'number',
          'series': [{ label: 'text', points: ['any'] }],
        },
      ],
    },
  ],
};

/** One of the three boards, with charts over the chosen time. */
export function BoardPage({ board }: { board: BoardId }): JSX.Element {
  const [minutes, setMinutes] = useState(() => {
    const stored = readStored<number>(RANGE_KEY);
    return RANGES.find((each) => each === stored) ?? 60;
  });
  const live = useLive<BoardData>(`/boards/${board}?minutes=${minutes}`, SHAPE);
  const choose = (value: string): void => {
    const chosen = RANGES.find((each) => String(each) === value) ?? 60;
    setMinutes(chosen);
    writeStored(RANGE_KEY, chosen);
  };
  return (
    <>
      <PageHead tab={board} live={live}>
        <SegmentedControl
          size="xs"
          aria-label={BOARD.range}
          data={RANGES.map((range) => ({ value: String(range), label: BOARD.ranges[range] ?? '' }))}
          value={String(minutes)}
          onChange={choose}
        />
      </PageHead>
      <LivePart live={live}>{(data) => <Rows data={data} minutes={minutes} />}</LivePart>
    </>
  );
}

function Rows({ data, minutes }: { data: BoardData; minutes: number }): JSX.Element {
  const span = [data.at - minutes * 60_000, data.at] as const;
  if (data.rows.length === 0) return <p className="note">{BOARD.empty}</p>;
  return (
    <>
      {data.rows.map(({ title, panels }) => (
        <section key={title} className="ops-row" aria-label={title}>
          <h2>{title}</h2>
          <Panels className="ops-stats" panels={panels.filter(({ kind }) => kind === 'stat')} span={span} />
          <Panels className="ops-panels" panels={panels.filter(({ kind }) => kind !== 'stat')} span={span} />
        </section>
      ))}
    </>
  );
}

function Panels(props: {
  className: string;
  panels: PanelData[];
  span: readonly [number, number];
}): JSX.Element | null {
  if (props.panels.length === 0) return null;
  return (
    <div className={props.className}>
      {props.panels.map((panel) => (
        <Panel key={panel.id} panel={panel} span={props.span} />
      ))}
    </div>
  );
}
