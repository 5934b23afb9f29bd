import { Button } from '@mantine/core';
import type { JSX, ReactNode } from 'react';
import { Icon, type IconName } from '../common/icons.tsx';
import { HISTORY } from './history-strings.ts';
import { backToNow } from './history-place.ts';

interface LookingBannerProps {
  icon: IconName;
  /** What one looks at. */
  title: string;
  note?: string;
  children?: ReactNode;
}

/** Says that this is not the story of now, and leads back to it. */
export function LookingBanner({ icon, title, note, children }: LookingBannerProps): JSX.Element {
  return (
    <header className="looking-banner">
      <p>
        <Icon name={icon} /> <strong>{title}</strong>
        {note !== undefined && <span className="note"> {note}</span>}
      </p>
      <div className="looking-actions">
        <Button size="compact-sm" onClick={backToNow}>
          {HISTORY.past.now}
        </Button>
        {children}
      </div>
    </header>
  );
}
