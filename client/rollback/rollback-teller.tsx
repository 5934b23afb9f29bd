import { useEffect, useRef } from 'react';
import type { RollbackView } from '../../sessions/history-view.ts';
import { isMaster } from '../../sessions/roles.ts';
import { showToast } from '../common/toasts.ts';
import { useSlice, useTable, useYou } from '../link/session-context.ts';
import type { SessionLink } from '../link/session-link.ts';
import { freshRollbacks, isCalledOff, isUndoable, newsOf } from './rollback-news.ts';
import { ROLLBACK } from './rollback-strings.ts';

const { news } = ROLLBACK;

/** Tells everybody what a rollback did and why, game masters with the way back. What was there before is not told. */
export function RollbackTeller(): null {
  const { session } = useTable();
  const you = useYou();
  const { rollbacks, pending } = useSlice('history');
  const before = useRef(rollbacks);
  useEffect(() => {
    const fresh = freshRollbacks(before.current, rollbacks);
    before.current = rollbacks;
    for (const rollback of fresh)
      showToast(newsOf(rollback), { action: isMaster(you.role) ? wayBack(session, rollback) : null });
  }, [rollbacks, session, you.role]);
  const waited = useRef(pending);
  useEffect(() => {
    if (isCalledOff(waited.current, pending, rollbacks)) showToast(ROLLBACK.pending.calledOff);
    waited.current = pending;
  }, [pending, rollbacks]);
  return null;
}

function wayBack(session: SessionLink, rollback: RollbackView): { label: string; run: () => void } | null {
  const { id, branchId } = rollback;
  if (branchId !== null)
    return { label: news.playThere, run: () => void session.act('branch:switch', { branchId }) };
  if (!isUndoable(rollback)) return null;
  return { label: news.undo, run: () => void undoRollback(session, id) };
}

/** Takes a rollback back as things stand, without a preview. */
async function undoRollback(session: SessionLink, rollbackId: string): Promise<void> {
  // At once: whoever presses undo does not want to wait for a turn.
  await session.act('rollback:execute', {
    scope: { kind: 'undo', rollbackId },
    planId: null,
    timing: 'now',
  });
}
