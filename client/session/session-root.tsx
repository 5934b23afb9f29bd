import { useEffect, useState, type JSX } from 'react';
import type { Failure } from '../common/failure.ts';
import { rememberSession } from '../common/recent-sessions.ts';
import { useStore } from '../common/store.ts';
import { DraftShelf } from '../draft/draft-shelf.ts';
import { SessionLink } from '../link/session-link.ts';
import { TableContext, type Table } from '../link/session-context.ts';
import type { Ticket } from '../link/ticket.ts';
import { StoryDocument } from '../story/story-document.ts';
import { SAFETY } from '../safety/safety-strings.ts';
import { TEXT } from '../strings.ts';
import { DoorPage } from './door-page.tsx';
import { SessionLayout } from './session-layout.tsx';

interface SessionRootProps {
  sessionId: string;
  ticket: Ticket;
  recoverySecret: string | null;
}

/** Opens the connections of a session and keeps them for as long as the page shows it. */
export function SessionRoot({ sessionId, ticket, recoverySecret }: SessionRootProps): JSX.Element {
  const [table, setTable] = useState<Table | null>(null);
  useEffect(() => {
    const session = new SessionLink(sessionId, ticket);
    const opened: Table = {
      session,
      story: new StoryDocument(sessionId, ticket),
      shelf: new DraftShelf(session),
    };
    void session.open();
    setTable(opened);
    return () => {
      opened.shelf.close();
      opened.story.close();
      opened.session.close();
    };
  }, [sessionId, ticket]);
  if (table === null) return <DoorPage title={TEXT.session.opening} isBusy body={null} />;
  return (
    <TableContext value={table}>
      <Seated table={table} recoverySecret={recoverySecret} />
    </TableContext>
  );
}

function Seated({ table, recoverySecret }: { table: Table; recoverySecret: string | null }): JSX.Element {
  const { phase, ended, view, you } = useStore(table.session.state);
  const title = view?.about.title;
  useEffect(() => {
    if (title === undefined) return;
    document.title = `${title} · ${TEXT.app.name}`;
    rememberSession(table.session.sessionId, title, Date.now());
    return () => {
      document.title = TEXT.app.name;
    };
  }, [title, table]);
  const isEnded = phase === 'ended';
  useEffect(() => {
    if (!isEnded) return;
    // Whoever has left the table reads on neither the story nor drafts; unsaved words stay in this browser.
    table.shelf.close();
    table.story.link.close();
  }, [isEnded, table]);
  if (phase === 'ended' && ended !== null) return <Ended ended={ended} />;
  if (view === null || you === null) return <DoorPage title={TEXT.session.opening} isBusy body={null} />;
  return <SessionLayout recoverySecret={recoverySecret} />;
}

function Ended({ ended }: { ended: Failure }): JSX.Element {
  if (ended.code !== 'PLAYER_KICKED') return <DoorPage title={TEXT.ended.title} body={ended.message} />;
  return (
    <DoorPage
      title={SAFETY.kicked.title}
      body={ended.message}
      onRetry={() => location.reload()}
      retryLabel={SAFETY.kicked.back}
    />
  );
}
