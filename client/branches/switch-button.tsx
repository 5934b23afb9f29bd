import { Button } from '@mantine/core';
import type { JSX } from 'react';
import { can } from '../../sessions/roles.ts';
import { historyDialog } from '../history/history-place.ts';
import { HISTORY } from '../history/history-strings.ts';
import { useIsLive, useYou } from '../link/session-context.ts';

const words = HISTORY.branches;

/** For game masters: makes a branch the one that is played. */
export function SwitchButton({ branchId }: { branchId: string }): JSX.Element | null {
  const { role } = useYou();
  const isLive = useIsLive();
  if (!can(role, 'direct-story')) return null;
  return (
    <Button
      size="compact-sm"
      variant="light"
      disabled={!isLive}
      onClick={() => historyDialog.set({ name: 'switch', branchId })}
    >
      {words.switch}
    </Button>
  );
}
