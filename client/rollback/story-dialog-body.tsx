import type { JSX } from 'react';
import { ExportDialog } from '../export/export-dialog.tsx';
import { MemoryDialog } from '../memory/memory-dialog.tsx';
import { PurgeDialog } from '../purge/purge-dialog.tsx';
import { SightDialog } from '../sight/sight-dialog.tsx';
import { RollbackDialog } from './rollback-dialog.tsx';
import type { StoryDialog } from './rollback-place.ts';
import { TakenBackDialog } from './taken-back-dialog.tsx';

/** What stands in an open dialog. */
export function StoryDialogBody(props: { dialog: StoryDialog; onClose: () => void }): JSX.Element {
  const { dialog, onClose } = props;
  switch (dialog.name) {
    case 'rollback':
      return <RollbackDialog scope={dialog.scope} onClose={onClose} />;
    case 'taken-back':
      return <TakenBackDialog onClose={onClose} />;
    case 'memory':
      return <MemoryDialog itemId={dialog.itemId} onClose={onClose} />;
    case 'sight':
      return (
        <SightDialog passageId={dialog.passageId} alternativeId={dialog.alternativeId} onClose={onClose} />
      );
    case 'purge':
      return <PurgeDialog passageIds={dialog.passageIds} talkIds={dialog.talkIds} onClose={onClose} />;
    case 'export':
      return <ExportDialog />;
  }
}
