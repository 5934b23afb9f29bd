import type { JSX } from 'react';
import { can } from '../../sessions/roles.ts';
import { useAuthors } from '../common/authors.ts';
import { HISTORY } from '../history/history-strings.ts';
import { lookAt } from '../history/history-place.ts';
import { useAgo } from '../history/use-ago.ts';
import { useSlice, useYou } from '../link/session-context.ts';
import { openRollback } from '../rollback/rollback-place.ts';

const { story: words } = HISTORY;

/** The place of passages that one rollback took back: a line that says how many, and when opened, who and why. */
export function TakenBack({ rollbackId, ids }: { rollbackId: string; ids: readonly string[] }): JSX.Element {
  const { rollbacks } = useSlice('history');
  const { role } = useYou();
  const { nameOf } = useAuthors();
  const ago = useAgo();
  const rollback = rollbacks.find(({ id }) => id === rollbackId);
  return (
    <details className="taken-back" data-passage-id={ids[0]}>
      <summary>{words.takenBack(ids.length)}</summary>
      {rollback === undefined ? (
        <p>{words.unknown}</p>
      ) : (
        <>
          <p>{words.takenBackBy(nameOf(rollback.by), ago(rollback.at))}</p>
          {rollback.summary !== '' && <p>{rollback.summary}</p>}
          {!rollback.summary.includes(rollback.reason) && <blockquote>{rollback.reason}</blockquote>}
          <p className="actions">
            <button type="button" className="link-button" onClick={() => lookAt(rollback.at - 1)}>
              {words.lookBefore}
            </button>
            {can(role, 'direct-story') && rollback.undoneBy === null && (
              <button
                type="button"
                className="link-button"
                onClick={() => openRollback({ kind: 'undo', rollbackId })}
              >
                {words.undo}
              </button>
            )}
          </p>
        </>
      )}
    </details>
  );
}
