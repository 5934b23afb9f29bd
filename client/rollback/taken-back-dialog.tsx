import { Button, Group } from '@mantine/core';
import { useCallback, type JSX } from 'react';
import type * as Y from 'yjs';
import { readStory } from '../../sessions/story-shape.ts';
import { showToast } from '../common/toasts.ts';
import { focusDraft, writeAgain } from '../draft/write-again.ts';
import { useIsLive, useSlice, useTable, useYou } from '../link/session-context.ts';
import { TEXT } from '../strings.ts';
import { ROLLBACK } from './rollback-strings.ts';
import { momentText } from './scope-times.ts';
import { takenBackFrom, type TakenBack } from './taken-back.ts';
import { useChangedWords } from './use-changed-words.ts';
import { useStoryRead } from './use-story-read.ts';

const { takenBack: words } = ROLLBACK;

/** One's own texts that rollbacks took out of the story, whole, to be copied or written again. */
export function TakenBackDialog({ onClose }: { onClose: () => void }): JSX.Element {
  const { playerId } = useYou();
  const read = useCallback((story: Y.Doc) => takenBackFrom(readStory(story), playerId), [playerId]);
  const texts = [...useChangedWords(), ...useStoryRead(read)];
  const kept = useSlice('drafts').filter((view) => view.openedBy === playerId && view.keptFrom !== null);
  if (texts.length + kept.length === 0) return <p>{words.none}</p>;
  return (
    <div className="stack">
      <p className="note">{words.intro}</p>
      {kept.map(({ id }) => (
        <p key={id}>
          {words.inDraft}{' '}
          <button
            type="button"
            className="link-button"
            onClick={() => {
              onClose();
              focusDraft(id);
            }}
          >
            {words.goToDraft}
          </button>
        </p>
      ))}
      {texts.map((text) => (
        <TakenBackText key={`${text.rollbackId} ${text.passageId}`} taken={text} onClose={onClose} />
      ))}
    </div>
  );
}

function TakenBackText({ taken, onClose }: { taken: TakenBack; onClose: () => void }): JSX.Element {
  const table = useTable();
  const isLive = useIsLive();
  const { rollbacks } = useSlice('history');
  const reason = rollbacks.find(({ id }) => id === taken.rollbackId)?.reason ?? '';
  const title = words.item(momentText(taken.createdAt));
  const again = async (): Promise<void> => {
    const draftId = await writeAgain(table, taken.text);
    if (draftId === null) return;
    onClose();
    focusDraft(draftId);
  };
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(taken.text);
    showToast(TEXT.story.copied);
  };
  return (
    <article className="kept-text" aria-label={title}>
      <h3>{title}</h3>
      {reason !== '' && <p className="note">{words.because(reason)}</p>}
      <p className="aside-text" tabIndex={0} role="group" aria-label={title}>
        {taken.text}
      </p>
      {taken.isShared && <p className="note">{taken.isChanged ? words.changed : words.others}</p>}
      <Group gap="xs">
        <Button size="compact-sm" variant="light" onClick={() => void copy()}>
          {words.copy}
        </Button>
        <Button size="compact-sm" variant="light" disabled={!isLive} onClick={() => void again()}>
          {words.again}
        </Button>
      </Group>
    </article>
  );
}
