import { Drawer } from '@mantine/core';
import { useLocalStorage, useMediaQuery } from '@mantine/hooks';
import { useEffect, useState, type JSX } from 'react';
import { closePanel, panelPlace } from '../common/panel-place.ts';
import { useStorePart } from '../common/store.ts';
import { AsideList } from '../draft/aside-list.tsx';
import { Composer } from '../draft/composer.tsx';
import { OpenDrafts } from '../draft/open-drafts.tsx';
import { HistoryDialogs } from '../history/history-dialogs.tsx';
import { StoryStage } from '../history/story-stage.tsx';
import { NarratorDesk } from '../narrator/narrator-desk.tsx';
import { NoteList } from '../safety/note-list.tsx';
import { AskedCards } from '../rollback/asked-cards.tsx';
import { RollbackTeller } from '../rollback/rollback-teller.tsx';
import { StoryDialogs } from '../rollback/story-dialogs.tsx';
import { SafetyDialogs } from '../safety/safety-dialogs.tsx';
import { StoryView } from '../story/story-view.tsx';
import { TurnBar } from '../turn/turn-bar.tsx';
import { TEXT } from '../strings.ts';
import { Announcer } from './announcer.tsx';
import { Banners } from './banners.tsx';
import { SessionDialogs, type DialogName } from './session-dialogs.tsx';
import { SessionHeader } from './session-header.tsx';
import { SidePanel } from './side-panel.tsx';
import { useDockHeight } from './dock-height.ts';
import { useFreshSecrets } from './fresh-secrets.ts';
import { usePageKeys } from './page-keys.ts';

/** The open session: the story in the middle, the people beside it, the writing below. */
export function SessionLayout({ recoverySecret }: { recoverySecret: string | null }): JSX.Element {
  const [dialog, setDialog] = useState<DialogName | null>(null);
  const [areAuthorsShown, setAuthorsShown] = useLocalStorage({
    key: 'taleloom:authors',
    defaultValue: true,
    getInitialValueInEffect: false,
  });
  const fresh = useFreshSecrets(recoverySecret);
  const isWide = useMediaQuery('(min-width: 68em)', true, { getInitialValueInEffect: false });
  usePanelOfItsOwn();
  usePageKeys(() => setDialog('help'));
  return (
    <div className="session">
      <a className="skip-link" href="#story">
        {TEXT.common.skipToStory}
      </a>
      <a className="skip-link" href="#writing">
        {TEXT.common.skipToWriting}
      </a>
      <SessionHeader
        areAuthorsShown={areAuthorsShown}
        onToggleAuthors={() => setAuthorsShown(!areAuthorsShown)}
        onDialog={setDialog}
        onPanel={isWide ? null : () => panelPlace.update((place) => ({ ...place, isOpen: true }))}
      />
      <main className="session-main">
        <Banners />
        <StoryStage areAuthorsShown={areAuthorsShown}>
          <StoryView areAuthorsShown={areAuthorsShown}>
            <OpenDrafts />
            <AsideList />
            <AskedCards />
            <NoteList />
          </StoryView>
        </StoryStage>
        <div className="dock" ref={useDockHeight()}>
          <TurnBar />
          <Composer />
          <NarratorDesk />
        </div>
      </main>
      <Beside isWide={isWide} />
      <SafetyDialogs />
      <HistoryDialogs />
      <StoryDialogs />
      <RollbackTeller />
      <SessionDialogs open={dialog} onClose={() => setDialog(null)} fresh={fresh} />
      <Announcer />
    </div>
  );
}

/** The side panel: beside the story where there is room, else a drawer over it. */
function Beside({ isWide }: { isWide: boolean }): JSX.Element {
  const isOpen = useStorePart(panelPlace, (place) => place.isOpen);
  if (isWide) {
    return (
      <aside className="session-aside" aria-label={TEXT.session.aside}>
        <SidePanel />
      </aside>
    );
  }
  return (
    <Drawer
      opened={isOpen}
      onClose={closePanel}
      position="right"
      title={TEXT.session.aside}
      closeButtonProps={{ 'aria-label': TEXT.session.closePanel }}
      classNames={{ body: 'drawer-body' }}
    >
      <SidePanel />
    </Drawer>
  );
}

/** The panel of each session begins at its people, closed where it would cover the story. */
function usePanelOfItsOwn(): void {
  useEffect(() => () => panelPlace.set({ tab: 'people', isOpen: false, holdId: null }), []);
}
