import { Button } from '@mantine/core';
import { useState, type JSX, type ReactNode } from 'react';
import { OPS } from './ops-strings.ts';

/** A column of a table. */
export interface Column<Row> {
  title: string;
  cell: (row: Row) => ReactNode;
  isNumber?: boolean;
}

interface DataTableProps<Row> {
  /** Tells what the table holds. */
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row, index: number) => string;
  /** Said where there are no rows. */
  empty: string;
  /** Rows shown at first, and more at each press of a button. */
  step?: number;
}

const STEP = 100;

/**
 * A table that scrolls inside its box, and on a phone becomes a list of cards. The roles are said, since the cards take
 * away the table's own.
 */
export function DataTable<Row>(props: DataTableProps<Row>): JSX.Element {
  const { columns, rows, step = STEP } = props;
  const [shown, setShown] = useState(step);
  if (rows.length === 0) return <p className="note ops-empty">{props.empty}</p>;
  return (
    <>
      <div className="ops-scroll" role="group" aria-label={props.label} tabIndex={0}>
        <table className="ops-table" role="table" aria-label={props.label}>
          <thead role="rowgroup">
            <tr role="row">
              {columns.map(({ title, isNumber }) => (
                <th key={title} role="columnheader" scope="col" data-number={isNumber === true}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody role="rowgroup">
            {rows.slice(0, shown).map((row, i) => (
              <tr key={props.keyOf(row, i)} role="row">
                {columns.map(({ title, cell, isNumber }) => (
                  <td key={title} role="cell" data-label={title} data-number={isNumber === true}>
                    <span className="ops-cell">{cell(row)}</span>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > shown && (
        <Button variant="subtle" onClick={() => setShown((n) => n + step)}>
          {OPS.more}
        </Button>
      )}
    </>
  );
}
