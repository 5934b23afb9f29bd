import type { BoardId, Unit } from '../../sessions/ops-view.ts';
import { selectionsOf, type Expression, type Selection } from './expressions.ts';
import { DEBUG } from './boards-debug.ts';
import { EXECUTIVE } from './boards-executive.ts';
import { ON_CALL } from './boards-on-call.ts';

/** One line of a panel, or one for each group of the expression. */
export interface Line {
  /** Before the name of the group; '' where the group, or the title, says enough. */
  label: string;
  value: Expression;
}

/** A chart or figure. The page of operators and the Grafana file are made from it. */
export interface Panel {
  id: string;
  title: string;
  /** What it tells, and when to worry. */
  help: string;
  unit: Unit;
  kind: 'stat' | 'line';
  lines: readonly Line[];
  /** A line that should not be crossed. */
  limit?: number;
  /** Why its metrics may not be there at all; without it they have to be. */
  absentWhere?: string;
}

export interface Board {
  id: BoardId;
  title: string;
  rows: readonly { title: string; panels: readonly Panel[] }[];
}

/** The three boards (S2.5 to S2.7, S3.3). */
export const BOARD_LIST: readonly Board[] = [EXECUTIVE, ON_CALL, DEBUG];

/** Everything that the boards ask metrics for. */
export function boardSelections(): Selection[] {
  const panels = BOARD_LIST.flatMap(({ rows }) => rows.flatMap((row) => row.panels));
  return panels.flatMap(({ lines }) => lines.flatMap(({ value }) => selectionsOf(value)));
}
