import { Suspense, lazy, useEffect, type JSX } from 'react';
import { place } from './common/location.ts';
import { useStore } from './common/store.ts';
import { ToastList } from './common/toast-list.tsx';
import { HomePage } from './home/home-page.tsx';
import { DoorPage } from './session/door-page.tsx';
import { TEXT } from './strings.ts';

const SessionPage = lazy(() =>
  import('./session/session-page.tsx').then((module) => ({ default: module.SessionPage })),
);

// Nothing of the story is loaded for operators, and nothing of theirs for players.
const OpsPage = lazy(() => import('./ops/ops-page.tsx').then((module) => ({ default: module.OpsPage })));

/** The page that belongs to the address bar. */
export function App(): JSX.Element {
  const where = useStore(place);
  useEffect(() => {
    if (where.kind === 'home') document.title = TEXT.app.name;
  }, [where]);
  return (
    <>
      {where.kind === 'home' && <HomePage />}
      {where.kind === 'unknown' && <NotFound />}
      {where.kind === 'session' && (
        <Suspense fallback={<DoorPage title={TEXT.join.looking} isBusy body={null} />}>
          <SessionPage key={where.sessionId} sessionId={where.sessionId} secret={where.secret} />
        </Suspense>
      )}
      {where.kind === 'ops' && (
        <Suspense fallback={null}>
          <OpsPage tab={where.tab} id={where.id} />
        </Suspense>
      )}
      <ToastList />
    </>
  );
}

function NotFound(): JSX.Element {
  return <DoorPage title={TEXT.app.notFound} body={TEXT.app.notFoundBody} />;
}
