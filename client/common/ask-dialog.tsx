import { Button, Group, Modal } from '@mantine/core';
import type { JSX } from 'react';
import { TEXT } from '../strings.ts';

interface AskDialogProps {
  question: string;
  yes: string;
  onYes: () => void;
  onClose: () => void;
}

/** Asks before something that cannot be taken back. */
export function AskDialog({ question, yes, onYes, onClose }: AskDialogProps): JSX.Element {
  return (
    <Modal
      opened
      onClose={onClose}
      title={question}
      centered
      closeButtonProps={{ 'aria-label': TEXT.common.close }}
    >
      <Group justify="flex-end">
        <Button variant="subtle" color="gray" data-autofocus onClick={onClose}>
          {TEXT.common.cancel}
        </Button>
        <Button
          color="red"
          onClick={() => {
            onYes();
            onClose();
          }}
        >
          {yes}
        </Button>
      </Group>
    </Modal>
  );
}
