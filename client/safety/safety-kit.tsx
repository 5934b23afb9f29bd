import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core';
import type { JSX } from 'react';
import { can, isMaster } from '../../sessions/roles.ts';
import type { CommandInput } from '../../sessions/protocol.ts';
import { Icon } from '../common/icons.tsx';
import { showToast } from '../common/toasts.ts';
import { useDesk, useIsLive, useSlice, useTable, useYou } from '../link/session-context.ts';
import { safetyDialog } from './dialog-place.ts';
import { SAFETY } from './safety-strings.ts';
import { playXCard } from './x-card.ts';

const { kit } = SAFETY;

type Signal = CommandInput<'safety:signal'>['signal'];

/** The safety tools in the header: the X-card under one tap, the others under one more. For everybody. */
export function SafetyKit(): JSX.Element {
  const { session } = useTable();
  return (
    <div className="safety-kit" role="group" aria-label={kit.group}>
      <Button
        className="x-card"
        size="compact-sm"
        variant="outline"
        title={kit.xCardHint}
        leftSection={<Icon name="card" size={16} />}
        onClick={() => void playXCard(session)}
      >
        {kit.xCard}
      </Button>
      <PauseButton />
      <KitMenu />
    </div>
  );
}

/** Everybody may pause; a game master goes on. */
function PauseButton(): JSX.Element | null {
  const { session } = useTable();
  const { isPaused } = useSlice('safety');
  const you = useYou();
  const isLive = useIsLive();
  if (isPaused && !isMaster(you.role)) return null;
  const label = isPaused ? kit.resume : kit.pause;
  return (
    <Tooltip label={label}>
      <ActionIcon
        className="pause-button"
        variant="subtle"
        color="gray"
        aria-label={label}
        disabled={!isLive}
        onClick={() => void session.act('safety:signal', { signal: isPaused ? 'resume' : 'pause' })}
      >
        <Icon name={isPaused ? 'play' : 'pause'} size={20} />
      </ActionIcon>
    </Tooltip>
  );
}

function KitMenu(): JSX.Element {
  const you = useYou();
  const { isPaused } = useSlice('safety');
  const { isAway } = useDesk();
  return (
    <Menu position="bottom-end" shadow="md" width={280}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={kit.menu}>
          <Icon name="shield" size={20} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {(!isPaused || isMaster(you.role)) && (
          <SignalItem
            signal={isPaused ? 'resume' : 'pause'}
            label={isPaused ? kit.resume : kit.pause}
            told={null}
          />
        )}
        <SignalItem signal="rewind" label={kit.rewind} told={kit.asked} />
        <SignalItem signal="fast-forward" label={kit.forward} told={kit.asked} />
        <SignalItem signal={isAway ? 'back' : 'open-door'} label={isAway ? kit.back : kit.door} told={null} />
        <Menu.Divider />
        <Menu.Item onClick={() => safetyDialog.set({ name: 'topics' })}>{kit.topics}</Menu.Item>
        <Menu.Item onClick={() => safetyDialog.set({ name: 'agreement' })}>{kit.agreement}</Menu.Item>
        {can(you.role, 'change-settings') && (
          <Menu.Item onClick={() => safetyDialog.set({ name: 'zero' })}>{kit.zero}</Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

/** `told`: what the one who asked is shown; null where the page shows it by itself. */
function SignalItem(props: { signal: Signal; label: string; told: string | null }): JSX.Element {
  const { session } = useTable();
  const isLive = useIsLive();
  const give = async (): Promise<void> => {
    const isDone = await session.act('safety:signal', { signal: props.signal });
    if (isDone && props.told !== null) showToast(props.told);
  };
  return (
    <Menu.Item disabled={!isLive} onClick={() => void give()}>
      {props.label}
    </Menu.Item>
  );
}
