import { ActionIcon, Button, NativeSelect } from '@mantine/core';
import { useState, type JSX } from 'react';
import { invitedRoles } from '../settings/roles.ts';
import { can, isMaster } from '../../sessions/roles.ts';
import type { PlayerView } from '../../sessions/view.ts';
import { AskDialog } from '../common/ask-dialog.tsx';
import { Icon } from '../common/icons.tsx';
import { useIsLive, useSlice, useTable, useYou } from '../link/session-context.ts';
import { TurnControls } from '../turn/turn-controls.tsx';
import { SAFETY } from '../safety/safety-strings.ts';
import { SlowMode } from '../safety/slow-mode.tsx';
import { TEXT } from '../strings.ts';
import { PlayerMenu } from './player-menu.tsx';

/** Everybody of the session, with what game masters may do about them. */
export function PeopleList(): JSX.Element {
  const players = useSlice('players');
  const present = players.filter((player) => !player.isGone);
  const past = players.filter((player) => player.isGone);
  return (
    <>
      <ul className="people" aria-label={TEXT.people.list}>
        {present.map((player) => (
          <PlayerRow key={player.id} player={player} />
        ))}
      </ul>
      {past.length > 0 && (
        <section className="panel-section">
          <h2>{TEXT.people.past}</h2>
          <ul className="people" aria-label={TEXT.people.past}>
            {past.map((player) => (
              <li key={player.id} className="person">
                <span className={`dot author-${player.colour % 12}`} aria-hidden="true" />
                <span className="grow">{player.name}</span>
                <Readmit player={player} />
              </li>
            ))}
          </ul>
        </section>
      )}
      <TurnControls />
      <SlowMode />
    </>
  );
}

function PlayerRow({ player }: { player: PlayerView }): JSX.Element {
  const you = useYou();
  const isYou = player.id === you.playerId;
  const mayChangeRole = can(you.role, 'change-roles') && player.role !== 'owner';
  const mayRemove = isMaster(you.role) && !isYou && player.role !== 'owner';
  return (
    <li className="person" data-online={player.isOnline}>
      <span className={`dot author-${player.colour % 12}`} aria-hidden="true" />
      <span className="grow">
        {player.name} {isYou && <span className="note">({TEXT.common.you})</span>}
        <span className="note person-state">
          {' · '}
          {statesOf(player).join(' · ')}
        </span>
      </span>
      {mayChangeRole ? (
        <RoleSelect player={player} />
      ) : (
        <span className="note">{TEXT.roles[player.role]}</span>
      )}
      {!isYou && <PlayerMenu player={player} />}
      {mayRemove && <RemoveButton player={player} />}
    </li>
  );
}

/** Whether they are here, and what keeps them from writing. */
function statesOf(player: PlayerView): string[] {
  return [
    player.isOnline ? TEXT.people.online : TEXT.people.offline,
    ...(player.isAway ? [SAFETY.people.away] : []),
    ...(player.isMuted ? [SAFETY.people.muted] : []),
    ...(player.isReadOnly ? [SAFETY.people.readOnly] : []),
  ];
}

function Readmit({ player }: { player: PlayerView }): JSX.Element | null {
  const { session } = useTable();
  const you = useYou();
  const isLive = useIsLive();
  if (!can(you.role, 'remove-players')) return null;
  return (
    <Button
      size="compact-xs"
      variant="subtle"
      disabled={!isLive}
      aria-label={SAFETY.people.readmit(player.name)}
      onClick={() => void session.act('player:readmit', { playerId: player.id })}
    >
      {SAFETY.people.readmitShort}
    </Button>
  );
}

function RoleSelect({ player }: { player: PlayerView }): JSX.Element {
  const { session } = useTable();
  return (
    <NativeSelect
      className="role-select"
      size="xs"
      variant="unstyled"
      aria-label={TEXT.people.role(player.name)}
      data={invitedRoles.map((role) => ({ value: role, label: TEXT.roles[role] }))}
      value={player.role}
      disabled={!useIsLive()}
      onChange={(event) => {
        const role = invitedRoles.find((known) => known === event.currentTarget.value);
        if (role !== undefined) void session.act('player:role', { playerId: player.id, role });
      }}
    />
  );
}

function RemoveButton({ player }: { player: PlayerView }): JSX.Element {
  const { session } = useTable();
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="sm"
        aria-label={TEXT.people.remove(player.name)}
        disabled={!useIsLive()}
        onClick={() => setAsking(true)}
      >
        <Icon name="close" size={16} />
      </ActionIcon>
      {isAsking && (
        <AskDialog
          question={TEXT.people.removeAsk(player.name)}
          yes={TEXT.people.removeYes}
          onYes={() => void session.act('player:remove', { playerId: player.id })}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
