import type { JSX } from 'react';
import { isMaster } from '../../sessions/roles.ts';
import { useAuthors } from '../common/authors.ts';
import { Banner } from '../common/banner.tsx';
import { clockTime } from '../common/clock-time.ts';
import { showToast } from '../common/toasts.ts';
import { useIsLive, useSessionPart, useSlice, useTable, useYou } from '../link/session-context.ts';
import { openRollback } from './rollback-place.ts';
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
  const callOff = async (): Promise<void> => {
    if (await session.act('rollback:cancel', {})) showToast(words.calledOff);
  };
  const doNow = async (): Promise<void> => {
    if (pending === null) return;
    const { scope, reason } = pending;
    const done = await session.command('rollback:execute', { scope, planId: null, timing: 'now', reason });
    if (done.ok) return;
    if (done.code !== 'ROLLBACK_WAITS') return showToast(done.message, { tone: 'problem' });
    // It has to be called off first; then the game master sees what would go before it does.
    if (await session.act('rollback:cancel', {})) openRollback(scope);
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
