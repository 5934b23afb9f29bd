import { Button, Menu } from '@mantine/core';
import type { JSX } from 'react';
import { can, isMaster } from '../../sessions/roles.ts';
import { useAuthors } from '../common/authors.ts';
import { useNow } from '../common/use-now.ts';
import { useIsLive, useSessionPart, useSlice, useTable, useYou } from '../link/session-context.ts';
import { NarratorModeBadge } from '../narrator/narrator-mode.tsx';
import { SAFETY } from '../safety/safety-strings.ts';
import { TEXT } from '../strings.ts';
import { mayPass } from './turn-rights.ts';
import { describeTurn, describeTyping } from './turn-text.ts';

/** Always in view: whose turn it is, what happens next, and who is typing. */
export function TurnBar(): JSX.Element {
  const turn = useSlice('turn');
  const typing = useSlice('typing');
  const { slowSeconds } = useSlice('safety');
  const you = useYou();
  const { nameOf } = useAuthors();
  const { whose, next } = describeTurn(turn, you, nameOf);
  const isYours = turn.current === you.playerId;
  return (
    <section className="turn-bar" aria-label={TEXT.turn.bar} data-yours={isYours}>
      <p className="turn-text">
        <strong>{whose}</strong> {next !== '' && <span>{next} </span>}
        {turn.deadline !== null && <TimeLeft deadline={turn.deadline} />}
      </p>
      <NarratorModeBadge />
      {slowSeconds !== null && <span className="badge">{SAFETY.people.slowNow(slowSeconds * 1_000)}</span>}
      <p className="turn-typing" data-testid="typing">
        {describeTyping({ typing }, you, nameOf)}
      </p>
      <TurnActions />
    </section>
  );
}

function TimeLeft({ deadline }: { deadline: number }): JSX.Element {
  const skewMs = useSessionPart((state) => state.skewMs);
  const now = useNow(true, skewMs);
  return (
    <span className="turn-time" role="timer">
      {TEXT.turn.timeLeft(deadline - now)}
    </span>
  );
}

function TurnActions(): JSX.Element | null {
  const { session } = useTable();
  const turn = useSlice('turn');
  const you = useYou();
  const isLive = useIsLive();
  if (turn.mode === 'round' && isMaster(you.role)) {
    return (
      <Button
        size="compact-sm"
        variant="light"
        disabled={!isLive || turn.submitted.length === 0}
        onClick={() => void session.act('turn:resolve', {})}
      >
        {TEXT.turn.resolve}
      </Button>
    );
  }
  const isPassable = (turn.mode === 'ordered' || turn.mode === 'gm-calls') && mayPass(turn, you);
  return (
    <>
      {turn.mode === 'gm-calls' && isMaster(you.role) && <GiveMenu />}
      {isPassable && (
        <Button
          size="compact-sm"
          variant="subtle"
          disabled={!isLive}
          onClick={() => void session.act('turn:pass', {})}
        >
          {turn.current === you.playerId ? TEXT.turn.pass : TEXT.turn.passOn}
        </Button>
      )}
    </>
  );
}

function GiveMenu(): JSX.Element {
  const { session } = useTable();
  const players = useSlice('players');
  const isLive = useIsLive();
  const choices = players.filter((player) => !player.isGone && can(player.role, 'write'));
  return (
    <Menu position="top-end" shadow="md">
      <Menu.Target>
        <Button size="compact-sm" variant="light" disabled={!isLive}>
          {TEXT.turn.giveLabel}…
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {choices.map((player) => (
          <Menu.Item key={player.id} onClick={() => void session.act('turn:give', { playerId: player.id })}>
            {player.name} {!player.isOnline && `(${TEXT.turn.away})`}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
