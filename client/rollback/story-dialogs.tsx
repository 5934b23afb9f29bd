import { Modal } from '@mantine/core';
import { Suspense, lazy, useEffect, type JSX } from 'react';
import { useStore } from '../common/store.ts';
import { EXPORT } from '../export/export-strings.ts';
import { MEMORY } from '../memory/memory-strings.ts';
import { PURGE } from '../purge/purge-strings.ts';
import { SIGHT } from '../sight/sight-strings.ts';
import { TEXT } from '../strings.ts';
import { closeStoryDialog, storyDialog, type StoryDialog } from './rollback-place.ts';
import { ROLLBACK } from './rollback-strings.ts';

// Nobody needs these while writing: they come when one is opened.
const StoryDialogBody = lazy(() =>
  import('./story-dialog-body.tsx').then((module) => ({ default: module.StoryDialogBody })),
);

/** The dialogs about what becomes of the story: at most one at a time. */
export function StoryDialogs(): JSX.Element | null {
  const open = useStore(storyDialog);
  // A dialog of one session does not open in the next.
  useEffect(() => () => storyDialog.set(null), []);
  if (open === null) return null;
  const { dialog } = open;
  return (
    <Modal
      opened
      onClose={closeStoryDialog}
      title={titleOf(dialog)}
      size={dialog.name === 'rollback' || dialog.name === 'sight' ? 'xl' : 'lg'}
      closeButtonProps={{ 'aria-label': TEXT.common.close }}
    >
      <Suspense fallback={<p role="status">{TEXT.common.loading}</p>}>
        <StoryDialogBody key={keyOf(dialog)} dialog={dialog} onClose={closeStoryDialog} />
      </Suspense>
    </Modal>
  );
}

function keyOf(dialog: StoryDialog): string {
  return JSON.stringify(dialog);
}

function titleOf(dialog: StoryDialog): string {
  switch (dialog.name) {
    case 'rollback':
      return dialog.scope?.kind === 'undo' ? ROLLBACK.scope.undo : ROLLBACK.choose.title;
    case 'taken-back':
      return ROLLBACK.takenBack.title;
    case 'memory':
      return MEMORY.title;
    case 'sight':
      return SIGHT.title;
    case 'purge':
      return PURGE.title;
    case 'export':
      return EXPORT.title;
  }
}
