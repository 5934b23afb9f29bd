import { ActionIcon, Tooltip } from '@mantine/core';
import type { JSX } from 'react';
import { Icon } from '../common/icons.tsx';
import { HealthBadge } from '../console/health-badge.tsx';
import { useSlice } from '../link/session-context.ts';
import { SafetyKit } from '../safety/safety-kit.tsx';
import { TEXT } from '../strings.ts';
import { SaveStatus } from './save-status.tsx';
import type { DialogName } from './session-dialogs.tsx';
import { SessionMenu } from './session-menu.tsx';

const SHOWN = 6;

interface SessionHeaderProps {
  areAuthorsShown: boolean;
  onToggleAuthors: () => void;
  onDialog: (name: DialogName) => void;
  /** Opens the people panel; null where it is always in view. */
  onPanel: (() => void) | null;
}

/** Title, who is here, whether all is saved, and the menu. */
export function SessionHeader({ onPanel, ...menu }: SessionHeaderProps): JSX.Element {
  const { title } = useSlice('about');
  return (
    <header className="session-header">
      <p className="session-title">{title}</p>
      <Presence />
      <SaveStatus />
      <HealthBadge />
      <SafetyKit />
      {onPanel !== null && (
        <ActionIcon variant="subtle" color="gray" aria-label={TEXT.session.openPanel} onClick={onPanel}>
          <Icon name="people" size={20} />
        </ActionIcon>
      )}
      <SessionMenu {...menu} />
    </header>
  );
}

function Presence(): JSX.Element {
  const players = useSlice('players');
  const here = players.filter((player) => player.isOnline && !player.isGone);
  return (
    <ul className="presence" aria-label={TEXT.session.here(here.map((player) => player.name))}>
      {here.slice(0, SHOWN).map((player) => (
        <li key={player.id}>
          <Tooltip label={TEXT.session.present(player.name, player.role)}>
            <span className={`seat author-${player.colour % 12}`}>
              <span aria-hidden="true">{initials(player.name)}</span>
              <span className="visually-hidden">{TEXT.session.present(player.name, player.role)}</span>
            </span>
          </Tooltip>
        </li>
      ))}
      {here.length > SHOWN && <li className="note">{TEXT.session.more(here.length - SHOWN)}</li>}
    </ul>
  );
}

function initials(name: string): string {
  const [first = '', second = ''] = name.split(' ');
  return ([...first][0] ?? '').concat([...second][0] ?? '').toUpperCase();
}
