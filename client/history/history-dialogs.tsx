import { Button, Group, Modal, TextInput } from '@mantine/core';
import { useEffect, useState, type JSX } from 'react';
import { LIMITS } from '../../sessions/limits.ts';
import { chosenText, NARRATOR } from '../../sessions/story-shape.ts';
import { branchName } from '../branches/branch-name.ts';
import { useAuthors } from '../common/authors.ts';
import { useStore } from '../common/store.ts';
import { showToast } from '../common/toasts.ts';
import { useIsLive, useTable, type Table } from '../link/session-context.ts';
import { TEXT } from '../strings.ts';
import { backToNow, historyDialog, leaveHistory, type HistoryDialog } from './history-place.ts';
import { HISTORY } from './history-strings.ts';

const close = (): void => historyDialog.set(null);

const EXCERPT = 120;

/** The dialogs about scenes, checkpoints and branches: at most one at a time. */
export function HistoryDialogs(): JSX.Element | null {
  const open = useStore(historyDialog);
  // What is looked at, and asked, in one session does not go on in the next.
  useEffect(() => leaveHistory, []);
  return open === null ? null : <Dialog key={open.name} open={open} />;
}

function Dialog({ open }: { open: HistoryDialog }): JSX.Element {
  const { story } = useTable();
  const { branches } = useStore(story.lines);
  const branchId = 'branchId' in open ? open.branchId : null;
  const name = branchName(branches.find(({ id }) => id === branchId));
  return (
    <Modal
      opened
      onClose={close}
      title={open.name === 'switch' ? HISTORY.branches.switchTitle(name) : TITLES[open.name]}
      closeButtonProps={{ 'aria-label': TEXT.common.close }}
    >
      {open.name === 'switch' ? (
        <SwitchForm branchId={open.branchId} />
      ) : (
        <NameForm open={open} first={open.name === 'rename' ? name : ''} />
      )}
    </Modal>
  );
}

type NamedDialog = Exclude<HistoryDialog, { name: 'switch' }>;

const TITLES: Record<NamedDialog['name'], string> = {
  scene: HISTORY.scene.title,
  checkpoint: HISTORY.checkpoints.title,
  branch: HISTORY.branches.create,
  rename: HISTORY.branches.renameTitle,
};
const LABELS: Record<NamedDialog['name'], string> = {
  scene: HISTORY.scene.name,
  checkpoint: HISTORY.checkpoints.name,
  branch: HISTORY.branches.createName,
  rename: HISTORY.branches.createName,
};
const YES: Record<NamedDialog['name'], string> = {
  scene: HISTORY.scene.yes,
  checkpoint: TEXT.common.save,
  branch: HISTORY.branches.createYes,
  rename: HISTORY.branches.renameYes,
};

/** Asks for a name and does what the dialog is for. It stays open, with the name, when that is refused. */
function NameForm({ open, first }: { open: NamedDialog; first: string }): JSX.Element {
  const { session } = useTable();
  const isLive = useIsLive();
  const [name, setName] = useState(first);
  const [isBusy, setBusy] = useState(false);
  const given = name.trim();
  const submit = async (): Promise<void> => {
    setBusy(true);
    const isDone = await carryOut(session, open, given);
    setBusy(false);
    if (isDone) close();
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {open.name === 'branch' && <BranchNote passageId={open.passageId} />}
      <TextInput
        label={LABELS[open.name]}
        maxLength={LIMITS.titleLength}
        data-autofocus
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Group justify="flex-end">
        <Button variant="subtle" color="gray" onClick={close}>
          {TEXT.common.cancel}
        </Button>
        <Button type="submit" loading={isBusy} disabled={!isLive || (given === '' && open.name !== 'scene')}>
          {YES[open.name]}
        </Button>
      </Group>
    </form>
  );
}

async function carryOut(session: Table['session'], open: NamedDialog, name: string): Promise<boolean> {
  switch (open.name) {
    case 'scene':
      return session.act('scene:begin', { title: name });
    case 'checkpoint': {
      const isSaved = await session.act('checkpoint:save', { name });
      if (isSaved) showToast(HISTORY.checkpoints.saved(name));
      return isSaved;
    }
    case 'branch': {
      const isMade = await session.act('branch:create', { passageId: open.passageId, name });
      // The table plays on it now, and so does who made it.
      if (isMade) backToNow();
      return isMade;
    }
    case 'rename':
      return session.act('branch:rename', { branchId: open.branchId, name });
  }
}

function BranchNote({ passageId }: { passageId: string | null }): JSX.Element {
  return passageId === null ? <p>{HISTORY.branches.createEmpty}</p> : <BranchNoteAt passageId={passageId} />;
}

function BranchNoteAt({ passageId }: { passageId: string }): JSX.Element {
  const passage = useStore(useTable().story.passage(passageId));
  const { nameOf } = useAuthors();
  const text = chosenText(passage).trim();
  const excerpt = text.length > EXCERPT ? `…${text.slice(-EXCERPT)}` : text;
  return <p>{HISTORY.branches.createAfter(nameOf(passage?.by ?? NARRATOR), excerpt)}</p>;
}

function SwitchForm({ branchId }: { branchId: string }): JSX.Element {
  const { session } = useTable();
  const isLive = useIsLive();
  const go = async (): Promise<void> => {
    if (!(await session.act('branch:switch', { branchId }))) return;
    backToNow();
    close();
  };
  return (
    <div className="stack">
      <p>{HISTORY.branches.switchBody}</p>
      <Group justify="flex-end">
        <Button variant="subtle" color="gray" data-autofocus onClick={close}>
          {TEXT.common.cancel}
        </Button>
        <Button disabled={!isLive} onClick={() => void go()}>
          {HISTORY.branches.switchYes}
        </Button>
      </Group>
    </div>
  );
}
