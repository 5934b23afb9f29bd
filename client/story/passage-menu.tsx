import { Menu } from '@mantine/core';
import type { JSX } from 'react';
import { can } from '../../sessions/roles.ts';
import { chosenText, type Passage } from '../../sessions/story-shape.ts';
import { useStore } from '../common/store.ts';
import { showToast } from '../common/toasts.ts';
import { historyDialog } from '../history/history-place.ts';
import { HISTORY } from '../history/history-strings.ts';
import { useIsLive, useSlice, useTable, useYou } from '../link/session-context.ts';
import { useAuthors } from '../common/authors.ts';
import { PURGE } from '../purge/purge-strings.ts';
import { openRollback, openStoryDialog } from '../rollback/rollback-place.ts';
import { safetyDialog } from '../safety/dialog-place.ts';
import { SAFETY } from '../safety/safety-strings.ts';
import { playXCard } from '../safety/x-card.ts';
import { SIGHT } from '../sight/sight-strings.ts';
import { seenBy } from '../sight/seen-by.ts';
import { isNarratorAskable } from '../turn/turn-rights.ts';
import { TEXT } from '../strings.ts';
import { usePassageRights } from './passage-rights.ts';

/** Which passage's menu is open, and the button it hangs from. */
export interface OpenMenu {
  passageId: string;
  button: HTMLButtonElement;
}

/** The keys go to the menu from the moment it stands, on a slow machine too. */
function focusFirst(dropdown: HTMLElement | null): void {
  dropdown?.querySelector<HTMLElement>('[role="menuitem"]')?.focus({ preventScroll: true });
}

/** The one passage menu of the story, shared by all passages: a thousand of them would make it slow. */
export function PassageMenu({ open, onClose }: { open: OpenMenu; onClose: () => void }): JSX.Element | null {
  const passage = useStore(useTable().story.passage(open.passageId));
  const box = open.button.getBoundingClientRect();
  if (passage === null) return null;
  return (
    <Menu
      opened
      onChange={(isOpen) => !isOpen && onClose()}
      onClose={() => open.button.focus()}
      position="bottom-end"
      withinPortal
      returnFocus={false}
      shadow="md"
    >
      <Menu.Target>
        <span
          className="menu-anchor"
          aria-hidden="true"
          style={{ left: box.left, top: box.top, width: box.width, height: box.height }}
        />
      </Menu.Target>
      <Menu.Dropdown aria-label={open.button.getAttribute('aria-label') ?? ''} ref={focusFirst}>
        <PassageActions passage={passage} onDone={onClose} />
      </Menu.Dropdown>
    </Menu>
  );
}

function PassageActions({ passage, onDone }: { passage: Passage; onDone: () => void }): JSX.Element {
  const { session } = useTable();
  const isLive = useIsLive();
  const rights = usePassageRights(passage);
  const you = useYou();
  const mayRetry = isNarratorAskable(useSlice('safety'), you) && rights.mayRetry;
  const passageId = passage.id;
  const seen = seenBy(passage);
  const strike = async (): Promise<void> => {
    const isStruck = await session.act('passage:strike', { passageId });
    if (!isStruck) return;
    const run = (): void => void session.act('passage:restore', { passageId });
    showToast(TEXT.story.struckToast, { action: { label: TEXT.common.undo, run } });
  };
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(chosenText(passage));
    showToast(TEXT.story.copied);
  };
  const item: Item = (label, run) => (
    <Menu.Item
      disabled={!isLive}
      onClick={() => {
        onDone();
        run();
      }}
    >
      {label}
    </Menu.Item>
  );
  return (
    <>
      {mayRetry && item(TEXT.story.retry, () => void session.act('narrator:retry', { passageId }))}
      {rights.mayReopen &&
        item(
          passage.kind === 'narrator' ? TEXT.story.edit : TEXT.story.reopen,
          () => void session.act('passage:reopen', { passageId }),
        )}
      {item(TEXT.story.copy, () => void copy())}
      {rights.mayStrike && item(TEXT.story.strike, () => void strike())}
      {seen !== null && item(SIGHT.menu, () => openStoryDialog({ name: 'sight', passageId, ...seen }))}
      {can(you.role, 'direct-story') && (
        <>
          <Menu.Divider />
          {item(HISTORY.menu.branch, () => historyDialog.set({ name: 'branch', passageId }))}
          {item(HISTORY.menu.rollback, () => openRollback({ kind: 'point', to: { passageId } }))}
          {item(HISTORY.menu.takeOut, () => openRollback({ kind: 'passage', passageId }))}
        </>
      )}
      <Menu.Divider />
      <SafetyActions passage={passage} item={item} />
    </>
  );
}

/** One line of the menu. */
type Item = (label: string, run: () => void) => JSX.Element;

function SafetyActions({ passage, item }: { passage: Passage; item: Item }): JSX.Element {
  const { session } = useTable();
  const { role } = useYou();
  const { nameOf } = useAuthors();
  const { id: passageId, by } = passage;
  const report = (): void =>
    safetyDialog.set({
      name: 'report',
      about: { kind: 'passage', id: passageId },
      what: SAFETY.report.passage([nameOf(by)]),
    });
  const purge = (): void => openStoryDialog({ name: 'purge', passageIds: [passageId], talkIds: [] });
  return (
    <>
      {can(role, 'use-safety-tools') &&
        item(SAFETY.kit.xCardPassage, () => void playXCard(session, { passageId }))}
      {can(role, 'report') && item(SAFETY.report.item, report)}
      {can(role, 'purge') && item(PURGE.menu, purge)}
    </>
  );
}
