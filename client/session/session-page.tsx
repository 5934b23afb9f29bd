import { useEffect, useState, type JSX } from 'react';
import { mayPass, type Failure } from '../common/failure.ts';
import type { LinkSecret } from '../common/place.ts';
import { httpApi, type LookAnswer } from '../link/http-api.ts';
import { Ticket } from '../link/ticket.ts';
import { TEXT } from '../strings.ts';
import { DoorPage } from './door-page.tsx';
import { JoinForm } from './join-form.tsx';
import { SessionRoot } from './session-root.tsx';

type Door =
  | { kind: 'looking' }
  | { kind: 'guest'; look: LookAnswer; invite: string | null }
  | { kind: 'seated'; ticket: Ticket; recoverySecret: string | null }
  | { kind: 'failed'; failure: Failure; secret: LinkSecret };

interface SessionPageProps {
  sessionId: string;
  /** What came with the link, already taken out of the address bar. */
  secret: LinkSecret;
}

/** One session's address: the door for newcomers, the story for those who have a seat. */
export function SessionPage({ sessionId, secret }: SessionPageProps): JSX.Element {
  const [door, setDoor] = useState<Door>({ kind: 'looking' });

  useEffect(() => {
    let isCurrent = true;
    void comeIn(sessionId, secret).then((next) => {
      if (isCurrent) setDoor(next);
    });
    return () => {
      isCurrent = false;
    };
  }, [sessionId, secret]);

  const retry = (again: LinkSecret): void => {
    setDoor({ kind: 'looking' });
    void comeIn(sessionId, again).then(setDoor);
  };
  switch (door.kind) {
    case 'looking':
      return (
        <DoorPage
          title={secret?.kind === 'recover' ? TEXT.join.recovering : TEXT.join.looking}
          isBusy
          body={null}
        />
      );
    case 'failed':
      return (
        <DoorPage
          title={TEXT.join.failed}
          body={door.failure.message}
          {...(mayPass(door.failure) ? { onRetry: () => retry(door.secret) } : {})}
        />
      );
    case 'guest':
      return (
        <JoinForm
          sessionId={sessionId}
          look={door.look}
          invite={door.invite}
          onJoined={(answer) => {
            const ticket = new Ticket(sessionId);
            ticket.accept(answer);
            setDoor({ kind: 'seated', ticket, recoverySecret: null });
          }}
        />
      );
    case 'seated':
      return (
        <SessionRoot
          key={sessionId}
          sessionId={sessionId}
          ticket={door.ticket}
          recoverySecret={door.recoverySecret}
        />
      );
  }
}

async function comeIn(sessionId: string, secret: LinkSecret): Promise<Door> {
  const ticket = new Ticket(sessionId);
  if (secret?.kind === 'recover') {
    const recovered = await httpApi.recover(sessionId, secret.secret);
    if (!recovered.ok) return { kind: 'failed', failure: recovered, secret };
    ticket.accept(recovered.value);
    return { kind: 'seated', ticket, recoverySecret: recovered.value.recoverySecret };
  }
  const invite = secret?.secret ?? null;
  const look = await httpApi.look(sessionId, invite);
  if (!look.ok) return { kind: 'failed', failure: look, secret };
  if (look.value.you !== null) return { kind: 'seated', ticket, recoverySecret: null };
  return { kind: 'guest', look: look.value, invite };
}
