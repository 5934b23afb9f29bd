import type { JSX, ReactNode } from 'react';
import type { Tab } from './ops-place.ts';
import { OPS } from './ops-strings.ts';
import { LiveBar } from './parts.tsx';
import type { Live } from './use-live.ts';

/** The top of a page: its name, what it is for, and how fresh its figures are. */
export function PageHead(props: { tab: Tab; live?: Live<unknown>; children?: ReactNode }): JSX.Element {
  return (
    <div className="ops-head">
      <div className="ops-head-text">
        <h1 tabIndex={-1}>{OPS.tabs[props.tab]}</h1>
        <p className="note">{OPS.ledes[props.tab]}</p>
      </div>
      <div className="ops-head-tools">
        {props.children}
        {props.live !== undefined && <LiveBar live={props.live} />}
      </div>
    </div>
  );
}
