import { ActionIcon, Menu } from '@mantine/core';
import { useState, type JSX } from 'react';
import { can } from '../../sessions/roles.ts';
import type { PlayerView } from '../../sessions/view.ts';
import { AskDialog } from '../common/ask-dialog.tsx';
import { Icon } from '../common/icons.tsx';
import { useIsLive, useTable, useYou } from '../link/session-context.ts';
import { safetyDialog } from '../safety/dialog-place.ts';
import { SAFETY } from '../safety/safety-strings.ts';

const { people } = SAFETY;
/** The longest mute that the server takes. */
/** The most that the server takes: ten years. */
const FOR_GOOD_MIN = 10 * 365 * 24 * 60;

/** What can be done about a player: everybody may report them, game masters keep the peace. */
export function PlayerMenu({ player }: { player: PlayerView }): JSX.Element {
  const { session } = useTable();
  const you = useYou();
  const isLive = useIsLive();
  const [isAsking, setAsking] = useState(false);
  const isAbove = player.role === 'owner' || (player.role === 'gm' && you.role !== 'owner');
  const isRestrainable = can(you.role, 'restrain-players') && !isAbove;
  const report = (): void =>
    safetyDialog.set({
      name: 'report',
      about: { kind: 'player', id: player.id },
      what: SAFETY.report.player(player.name),
    });
  return (
    <>
      <Menu position="bottom-end" shadow="md">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size="sm" aria-label={people.actions(player.name)}>
            <Icon name="more" size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item disabled={!isLive} onClick={report}>
            {SAFETY.report.item}
          </Menu.Item>
          {isRestrainable && <Restraints player={player} />}
          {isRestrainable && (
            <Menu.Item disabled={!isLive} onClick={() => setAsking(true)}>
              {people.kick}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {isAsking && (
        <AskDialog
          question={people.kickAsk(player.name)}
          yes={people.kickYes}
          onYes={() => void session.act('player:kick', { playerId: player.id })}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}

function Restraints({ player }: { player: PlayerView }): JSX.Element {
  const { session } = useTable();
  const isLive = useIsLive();
  const playerId = player.id;
  const mute = (minutes: number | null, label: string): JSX.Element => (
    <Menu.Item disabled={!isLive} onClick={() => void session.act('player:mute', { playerId, minutes })}>
      {label}
    </Menu.Item>
  );
  const isReadOnly = !player.isReadOnly;
  return (
    <>
      <Menu.Divider />
      {player.isMuted ? (
        mute(null, people.unmute)
      ) : (
        <>
          {mute(10, people.mute10)}
          {mute(60, people.mute60)}
          {mute(FOR_GOOD_MIN, people.muteLong)}
        </>
      )}
      <Menu.Item
        disabled={!isLive}
        onClick={() => void session.act('player:restrict', { playerId, isReadOnly })}
      >
        {player.isReadOnly ? people.unrestrict : people.restrict}
      </Menu.Item>
    </>
  );
}
