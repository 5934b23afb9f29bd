import type { JSX } from 'react';
import type { Health } from '../../sessions/monitor-view.ts';
import { isMaster } from '../../sessions/roles.ts';
import { Icon, type IconName } from '../common/icons.tsx';
import { useSessionPart, useYou } from '../link/session-context.ts';
import { openConsole } from './console-place.ts';
import { HEALTH_TEXT } from './health-strings.ts';

const ICONS: Record<Health, IconName> = { green: 'well', yellow: 'look', red: 'trouble' };

/** How a session is doing, by shape and colour; the words stand beside it. */
export function HealthIcon({ health, size = 16 }: { health: Health; size?: number }): JSX.Element {
  return (
    <span className="health-icon" data-health={health}>
      <Icon name={ICONS[health]} size={size} />
    </span>
  );
}

/** For game masters, in the header: how the session is doing. A push shows the console. */
export function HealthBadge(): JSX.Element | null {
  const { role } = useYou();
  const health = useSessionPart((state) => state.health?.health ?? null);
  if (!isMaster(role) || health === null) return null;
  const word = HEALTH_TEXT.words[health];
  const label = HEALTH_TEXT.badge(word);
  return (
    <button
      type="button"
      className="health-badge"
      data-health={health}
      aria-label={label}
      title={label}
      onClick={openConsole}
    >
      <HealthIcon health={health} />
      <span className="health-word">{word}</span>
    </button>
  );
}

/** On the tab of the console: that something is not as it should be; nothing while all is well. */
export function HealthTabMark(): JSX.Element | null {
  const health = useSessionPart((state) => state.health?.health ?? null);
  if (health === null || health === 'green') return null;
  return (
    <span className="health-tab-mark">
      <HealthIcon health={health} size={14} />
      <span className="visually-hidden">{HEALTH_TEXT.words[health]}</span>
    </span>
  );
}
