import { Modal } from '@mantine/core';
import { useEffect, type JSX } from 'react';
import { useStore } from '../common/store.ts';
import { TEXT } from '../strings.ts';
import { AgreementView } from './agreement-view.tsx';
import { safetyDialog, type SafetyDialog } from './dialog-place.ts';
import { ReportForm } from './report-form.tsx';
import { SAFETY } from './safety-strings.ts';
import { TopicsForm } from './topics-form.tsx';
import { ZeroForm } from './zero-form.tsx';

const close = (): void => safetyDialog.set(null);

/** The dialogs of the safety tools: at most one at a time. */
export function SafetyDialogs(): JSX.Element | null {
  const open = useStore(safetyDialog);
  // A dialog of one session does not open in the next.
  useEffect(() => close, []);
  if (open === null) return null;
  return (
    <Modal
      opened
      onClose={close}
      title={titleOf(open)}
      size="lg"
      closeButtonProps={{ 'aria-label': TEXT.common.close }}
    >
      <Body key={open.name} open={open} />
    </Modal>
  );
}

function titleOf(open: SafetyDialog): string {
  switch (open.name) {
    case 'topics':
      return SAFETY.topics.title;
    case 'agreement':
      return SAFETY.agreement.title;
    case 'zero':
      return SAFETY.zero.title;
    case 'report':
      return SAFETY.report.title(open.what);
  }
}

function Body({ open }: { open: SafetyDialog }): JSX.Element {
  switch (open.name) {
    case 'topics':
      return <TopicsForm onDone={close} />;
    case 'agreement':
      return <AgreementView />;
    case 'zero':
      return <ZeroForm onDone={close} />;
    case 'report':
      return <ReportForm about={open.about} onDone={close} />;
  }
}
