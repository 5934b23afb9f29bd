import { Button } from '@mantine/core';
import { useState, type JSX } from 'react';
import type { CheckpointView } from '../../sessions/history-view.ts';
import { MAIN_BRANCH } from '../../sessions/story-lines.ts';
import { can } from '../../sessions/roles.ts';
import { useAuthors } from '../common/authors.ts';
import { Icon } from '../common/icons.tsx';
import { useStore } from '../common/store.ts';
import { useIsLive, useSlice, useTable, useYou } from '../link/session-context.ts';
import { openRollback } from '../rollback/rollback-place.ts';
import { branchName } from '../branches/branch-name.ts';
import { historyDialog, showInstead } from './history-place.ts';
import { HISTORY } from './history-strings.ts';
import { checkpointTime } from './moments.ts';
import { useAgo } from './use-ago.ts';

const { checkpoints: words } = HISTORY;

const PAGE = 40;

/** The states of the story that one can go back to. */
export function CheckpointsPart(): JSX.Element {
  const { checkpoints } = useSlice('history');
  const { role } = useYou();
  const isLive = useIsLive();
  const [shown, setShown] = useState(PAGE);
  const newest = [...checkpoints].reverse();
  const rest = newest.length - shown;
  return (
    <>
      <div className="looking-actions">
        {can(role, 'save-checkpoints') && (
          <Button
            size="compact-sm"
            variant="light"
            disabled={!isLive}
            onClick={() => historyDialog.set({ name: 'checkpoint' })}
          >
            {words.save}
          </Button>
        )}
        {can(role, 'direct-story') && (
          <Button
            size="compact-sm"
            variant="light"
            disabled={!isLive}
            onClick={() => historyDialog.set({ name: 'scene' })}
          >
            {HISTORY.scene.begin}
          </Button>
        )}
      </div>
      {newest.length === 0 && <p className="note">{words.none}</p>}
      <ul className="checkpoints" aria-label={words.list}>
        {newest.slice(0, shown).map((checkpoint) => (
          <Checkpoint key={checkpoint.id} checkpoint={checkpoint} />
        ))}
      </ul>
      {rest > 0 && (
        <button type="button" className="link-button" onClick={() => setShown(shown + PAGE)}>
          {HISTORY.timeline.more(rest)}
        </button>
      )}
    </>
  );
}

function Checkpoint({ checkpoint }: { checkpoint: CheckpointView }): JSX.Element {
  const { branches } = useStore(useTable().story.lines);
  const { nameOf } = useAuthors();
  const { role } = useYou();
  const ago = useAgo();
  const { id, kind, at, by, branchId } = checkpoint;
  const name = checkpoint.name === '' ? words.unnamed[kind] : checkpoint.name;
  const branch = branches.find((one) => one.id === branchId);
  const when = ago(at);
  return (
    <li className="checkpoint">
      <p className="moment-head">
        <Icon name="flag" size={15} />
        <strong className="grow">{name}</strong>
      </p>
      <p className="note">
        {by === null
          ? HISTORY.timeline.when(words.kinds[kind], when)
          : HISTORY.timeline.by(words.kinds[kind], nameOf(by), when)}
        {branch !== undefined && branchId !== MAIN_BRANCH && `, ${words.onBranch(branchName(branch))}`}
      </p>
      <p className="looking-actions">
        <Button
          size="compact-xs"
          variant="light"
          aria-label={words.lookAt(name)}
          onClick={() => showInstead({ kind: 'past', time: checkpointTime(checkpoint), hasChanges: false })}
        >
          {words.look}
        </Button>
        {can(role, 'direct-story') && (
          <Button
            size="compact-xs"
            variant="subtle"
            aria-label={words.backTo(name)}
            onClick={() => openRollback({ kind: 'point', to: { checkpointId: id } })}
          >
            {words.back}
          </Button>
        )}
      </p>
    </li>
  );
}
