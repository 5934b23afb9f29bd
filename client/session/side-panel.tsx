import { Tabs } from '@mantine/core';
import { lazy, Suspense, useEffect, useRef, useState, type JSX } from 'react';
import { CastList } from '../people/cast-list.tsx';
import { PeopleList } from '../people/people-list.tsx';
import { isMaster } from '../../sessions/roles.ts';
import { panelPlace, type PanelTab } from '../common/panel-place.ts';
import { useStorePart } from '../common/store.ts';
import { HealthTabMark } from '../console/health-badge.tsx';
import { HEALTH_TEXT } from '../console/health-strings.ts';
import { HistoryPanel } from '../history/history-panel.tsx';
import { HISTORY } from '../history/history-strings.ts';
import { ReviewBadge } from '../review/review-badge.tsx';
import { ReviewPanel } from '../review/review-panel.tsx';
import { SAFETY } from '../safety/safety-strings.ts';
import { useSessionPart, useYou } from '../link/session-context.ts';
import { TalkPanel } from '../talk/talk-panel.tsx';
import { TEXT } from '../strings.ts';

const TABS: readonly PanelTab[] = ['people', 'cast', 'talk', 'history', 'review', 'health'];
/** What only game masters have. */
const FOR_MASTERS: readonly PanelTab[] = ['review', 'health'];

// Writers never see it: it comes when a game master opens it.
const ConsolePanel = lazy(() =>
  import('../console/console-panel.tsx').then((module) => ({ default: module.ConsolePanel })),
);

/** People, cast, table talk, history and, for game masters, review and the console: one at a time. */
export function SidePanel(): JSX.Element {
  const { role } = useYou();
  const mayReview = isMaster(role);
  const asked = useStorePart(panelPlace, (place) => place.tab);
  const tab = FOR_MASTERS.includes(asked) && !mayReview ? 'people' : asked;
  const unread = useUnread(tab === 'talk');
  return (
    <Tabs value={tab} onChange={(value) => showTab(value)} className="side-panel" keepMounted={false}>
      <Tabs.List grow>
        <Tabs.Tab value="people">{TEXT.session.people}</Tabs.Tab>
        <Tabs.Tab value="cast">{TEXT.session.cast}</Tabs.Tab>
        <Tabs.Tab value="talk">
          {TEXT.session.talk}
          {unread > 0 && (
            <span className="unread">
              <span aria-hidden="true">{unread}</span>
              <span className="visually-hidden">{TEXT.talk.unread(unread)}</span>
            </span>
          )}
        </Tabs.Tab>
        <Tabs.Tab value="history">{HISTORY.tab}</Tabs.Tab>
        {mayReview && <MasterTabs />}
      </Tabs.List>
      <Tabs.Panel value="people" className="panel-body">
        <PeopleList />
      </Tabs.Panel>
      <Tabs.Panel value="cast" className="panel-body">
        <CastList />
      </Tabs.Panel>
      <Tabs.Panel value="talk" className="panel-body panel-talk">
        <TalkPanel />
      </Tabs.Panel>
      <Tabs.Panel value="history" className="panel-body">
        <HistoryPanel />
      </Tabs.Panel>
      {mayReview && <MasterPanels />}
    </Tabs>
  );
}

function MasterTabs(): JSX.Element {
  return (
    <>
      <Tabs.Tab value="review">
        {SAFETY.review.tab}
        <ReviewBadge />
      </Tabs.Tab>
      <Tabs.Tab value="health">
        {HEALTH_TEXT.tab}
        <HealthTabMark />
      </Tabs.Tab>
    </>
  );
}

function MasterPanels(): JSX.Element {
  return (
    <>
      <Tabs.Panel value="review" className="panel-body">
        <ReviewPanel />
      </Tabs.Panel>
      <Tabs.Panel value="health" className="panel-body">
        <Suspense fallback={<p role="status">{TEXT.common.loading}</p>}>
          <ConsolePanel />
        </Suspense>
      </Tabs.Panel>
    </>
  );
}

function showTab(value: string | null): void {
  const tab = TABS.find((known) => known === value);
  if (tab !== undefined) panelPlace.update((place) => ({ ...place, tab }));
}

/** How many lines were said since the talk was last in view. */
function useUnread(isInView: boolean): number {
  const talk = useSessionPart((state) => state.talk);
  const [seen, setSeen] = useState(talk.at(-1)?.id ?? null);
  const last = talk.at(-1)?.id ?? null;
  const lastRef = useRef(last);
  lastRef.current = last;
  useEffect(() => {
    if (isInView) setSeen(last);
    return () => {
      if (isInView) setSeen(lastRef.current);
    };
  }, [isInView, last]);
  if (isInView) return 0;
  const index = talk.findIndex((line) => line.id === seen);
  return talk.length - 1 - index;
}
