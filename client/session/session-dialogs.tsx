import { Modal } from '@mantine/core';
import type { JSX } from 'react';
import { InvitesForm } from '../settings/invites-form.tsx';
import { KeysHelp } from '../settings/keys-help.tsx';
import { RenameForm } from '../settings/rename-form.tsx';
import { SettingsForm } from '../settings/settings-form.tsx';
import { FreshLinks } from '../settings/fresh-links.tsx';
import { TEXT } from '../strings.ts';
import type { FreshSecrets } from './fresh-secrets.ts';

/** A dialog of the session menu. */
export type DialogName = 'settings' | 'invites' | 'rename' | 'recovery' | 'help';

const TITLES: Record<DialogName, string> = {
  settings: TEXT.settings.title,
  invites: TEXT.invites.title,
  rename: TEXT.settings.rename,
  recovery: TEXT.settings.recoveryTitle,
  help: TEXT.help.title,
};

interface SessionDialogsProps {
  open: DialogName | null;
  onClose: () => void;
  fresh: { secrets: FreshSecrets | null; done: () => void };
}

/** The dialogs of the session page: at most one at a time. */
export function SessionDialogs({ open, onClose, fresh }: SessionDialogsProps): JSX.Element | null {
  if (fresh.secrets !== null) {
    return (
      <Modal
        opened
        onClose={fresh.done}
        title={fresh.secrets.isRecovered ? TEXT.fresh.recovered : TEXT.fresh.title}
        withCloseButton={false}
        closeOnClickOutside={false}
        closeOnEscape={false}
        size="lg"
      >
        <FreshLinks secrets={fresh.secrets} onDone={fresh.done} />
      </Modal>
    );
  }
  if (open === null) return null;
  return (
    <Modal
      opened
      onClose={onClose}
      title={TITLES[open]}
      size="lg"
      closeButtonProps={{ 'aria-label': TEXT.common.close }}
    >
      <DialogBody open={open} onClose={onClose} />
    </Modal>
  );
}

function DialogBody({ open, onClose }: { open: DialogName; onClose: () => void }): JSX.Element {
  switch (open) {
    case 'settings':
      return <SettingsForm onDone={onClose} />;
    case 'invites':
      return <InvitesForm />;
    case 'rename':
      return <RenameForm onDone={onClose} />;
    case 'recovery':
      return <p>{TEXT.settings.recoveryBody}</p>;
    case 'help':
      return <KeysHelp />;
  }
}
