import type { JSX, ReactNode } from 'react';
import { goTo } from '../common/location.ts';
import { opsPath, type Tab } from './ops-place.ts';

/** A link to another of the operator's pages, without loading anew. */
export function PageLink(props: { tab: Tab; id?: string; children: ReactNode }): JSX.Element {
  const path = opsPath(props.tab, props.id ?? null);
  return (
    <a
      href={path}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        goTo(path);
      }}
    >
      {props.children}
    </a>
  );
}
