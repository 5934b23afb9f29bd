import { Button, NativeSelect } from '@mantine/core';
import { useEffect, useRef, type JSX, type MouseEvent } from 'react';
import { goTo } from '../common/location.ts';
import { TEXT } from '../strings.ts';
import { AuditPage } from './audit-page.tsx';
import { BoardPage } from './board-page.tsx';
import { FlagsPage } from './flags-page.tsx';
import { IncidentPage } from './incident-page.tsx';
import { IncidentsPage } from './incidents-page.tsx';
import { ModerationPage } from './moderation-page.tsx';
import { ObjectivesPage } from './objectives-page.tsx';
import { askOps, entry } from './ops-api.ts';
import { opsPath, tabOf, TABS, type Tab } from './ops-place.ts';
import { OPS } from './ops-strings.ts';
import { OverviewPage } from './overview-page.tsx';
import { SessionsPage } from './sessions-page.tsx';
import { TurnsPage } from './turns-page.tsx';
import { VersionsPage } from './versions-page.tsx';

const GROUPS: readonly (readonly [title: string, tabs: readonly Tab[]])[] = [
  [OPS.groups.now, ['overview', 'objectives', 'sessions']],
  [OPS.groups.boards, ['executive', 'on-call', 'debug']],
  [OPS.groups.look, ['versions', 'turns', 'moderation']],
  [OPS.groups.act, ['flags', 'incidents', 'audit']],
];

interface ShellProps {
  /** Null: there is no such page. */
  tab: Tab | null;
  id: string | null;
  /** Who is signed in; null: not known. */
  name: string | null;
}

/** The frame around the operator's pages: where one is, where one can go, and the way out. */
export function OpsShell({ tab, id, name }: ShellProps): JSX.Element {
  const main = useRef<HTMLElement>(null);
  const hasMoved = useRef(false);
  useEffect(() => {
    // After a change of page, who listens to it hears its name; not at the first one.
    if (hasMoved.current) main.current?.querySelector('h1')?.focus({ preventScroll: true });
    hasMoved.current = true;
  }, [tab, id]);
  const signOut = async (): Promise<void> => {
    await askOps('/logout', { method: 'POST' });
    entry.set('out');
  };
  return (
    <div className="ops">
      <a className="skip-link" href="#ops-main">
        {OPS.skip}
      </a>
      <header className="ops-header">
        <p className="ops-brand">
          <span className="brand">{TEXT.app.name}</span> <span>{OPS.name}</span>
        </p>
        {name !== null && <span className="note ops-who">{OPS.login.as(name)}</span>}
        <Button size="compact-sm" variant="subtle" color="gray" onClick={() => void signOut()}>
          {OPS.login.signOut}
        </Button>
      </header>
      <Navigation tab={tab} />
      <main id="ops-main" className="ops-main" ref={main} tabIndex={-1}>
        {tab === null ? <h1>{OPS.notFound}</h1> : <Page key={`${tab}/${id}`} tab={tab} id={id} />}
      </main>
    </div>
  );
}

function Navigation({ tab }: { tab: Tab | null }): JSX.Element {
  const go = (event: MouseEvent, to: Tab): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    goTo(opsPath(to));
  };
  return (
    <nav className="ops-nav-box" aria-label={OPS.pages}>
      <div className="ops-nav">
        {GROUPS.map(([title, tabs]) => (
          <div key={title}>
            <p className="ops-nav-title">{title}</p>
            <ul>
              {tabs.map((each) => (
                <li key={each}>
                  <a
                    href={opsPath(each)}
                    aria-current={each === tab ? 'page' : undefined}
                    onClick={(event) => go(event, each)}
                  >
                    {OPS.tabs[each]}
                  </a>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </div>
      <NativeSelect
        className="ops-nav-select"
        aria-label={OPS.page}
        name="ops-page"
        data={GROUPS.map(([group, tabs]) => ({
          group,
          items: tabs.map((each) => ({ value: each, label: OPS.tabs[each] })),
        }))}
        value={tab ?? TABS[0]}
        onChange={(event) => goTo(opsPath(tabOf(event.currentTarget.value) ?? 'overview'))}
      />
    </nav>
  );
}

function Page({ tab, id }: { tab: Tab; id: string | null }): JSX.Element {
  switch (tab) {
    case 'overview':
      return <OverviewPage />;
    case 'executive':
    case 'on-call':
    case 'debug':
      return <BoardPage board={tab} />;
    case 'objectives':
      return <ObjectivesPage />;
    case 'versions':
      return <VersionsPage />;
    case 'sessions':
      return <SessionsPage />;
    case 'turns':
      return <TurnsPage turnId={id} />;
    case 'moderation':
      return <ModerationPage />;
    case 'flags':
      return <FlagsPage sessionId={id} />;
    case 'incidents':
      return id === null ? <IncidentsPage /> : <IncidentPage incidentId={id} />;
    case 'audit':
      return <AuditPage />;
  }
}
