import type { JSX } from 'react';
import { isMaster } from '../../sessions/roles.ts';
import { useAuthors } from '../common/authors.ts';
import { Banner } from '../common/banner.tsx';
import { clockTime } from '../common/clock-time.ts';
import { showToast } from '../common/toasts.ts';
import { useIsLive, useSessionPart, useSlice, useTable, useYou } from '../link/session-context.ts';
import { newsOf } from './rollback-news.ts';
import { ROLLBACK } from './rollback-strings.ts';

const { pending: words } = ROLLBACK;

/** A rollback that waits for its moment: everybody knows, game masters can call it off or do it now. */
export function PendingRollbackBanner(): JSX.Element | null {
  const { pending } = useSlice('history');
  const { nameOf } = useAuthors();
  const you = useYou();
  const skewMs = useSessionPart((state) => state.skewMs);
  if (pending === null) return null;
  const summary =
    words[pending.timing](nameOf(pending.by)) + words.latest(clockTime(pending.deadline - skewMs));
  return (
    <Banner tone="plain">
      {newsOf({ summary, reason: pending.reason })} {isMaster(you.role) && <PendingActions />}
    </Banner>
  );
}

function PendingActions(): JSX.Element {
  const { session } = useTable();
  const isLive = useIsLive();
  const { pending } = useSlice('history');
  const callOff = (): Promise<boolean> => session.act('rollback:cancel', {});
  const doNow = async (): Promise<void> => {
    if (pending === null) return;
    const { scope, reason } = pending;
    const done = await session.command('rollback:execute', { scope, planId: null, timing: 'now', reason });
    if (!done.ok) return showToast(done.message, { tone: 'problem' });
    // It has happened: nothing of it waits any more.
    if (session.state.get().view?.history.pending?.id === pending.id)
      await session.command('rollback:cancel', {});
  };
  return (
    <>
      <button type="button" className="link-button" disabled={!isLive} onClick={() => void callOff()}>
        {words.callOff}
      </button>{' '}
      <button type="button" className="link-button" disabled={!isLive} onClick={() => void doNow()}>
        {words.doNow}
      </button>
    </>
  );
}
