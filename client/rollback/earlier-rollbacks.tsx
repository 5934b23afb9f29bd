import type { JSX } from 'react';
import { useAuthors } from '../common/authors.ts';
import { useIsLive, useSlice } from '../link/session-context.ts';
import { isUndoable, newsOf } from './rollback-news.ts';
import { openRollback } from './rollback-place.ts';
import { ROLLBACK } from './rollback-strings.ts';
import { scopeText } from './scope-text.ts';
import { momentText } from './scope-times.ts';

const { choose } = ROLLBACK;
const SHOWN = 5;

/** The latest rollbacks, each with its undo. */
export function EarlierRollbacks(): JSX.Element | null {
  const { rollbacks } = useSlice('history');
  const { nameOf } = useAuthors();
  const isLive = useIsLive();
  if (rollbacks.length === 0) return null;
  return (
    <section className="panel-section">
      <h2 className="dialog-heading">{choose.earlier}</h2>
      <ul className="rollback-list">
        {rollbacks
          .slice(-SHOWN)
          .toReversed()
          .map((rollback) => (
            <li key={rollback.id}>
              <span className="grow">
                <span className="note">{momentText(rollback.at)}</span>{' '}
                {newsOf(rollback) || scopeText(rollback.scope, nameOf)}
              </span>
              {rollback.undoneBy !== null && <span className="badge">{choose.undone}</span>}
              {isUndoable(rollback) && (
                <button
                  type="button"
                  className="link-button"
                  disabled={!isLive}
                  onClick={() => openRollback({ kind: 'undo', rollbackId: rollback.id })}
                >
                  {choose.undo}
                </button>
              )}
            </li>
          ))}
      </ul>
    </section>
  );
}
