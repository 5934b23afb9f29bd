import { Button, NativeSelect } from '@mantine/core';
import type { JSX } from 'react';
import type { NarratorMode } from '../../sessions/protocol.ts';
import { can } from '../../sessions/roles.ts';
import { Icon } from '../common/icons.tsx';
import { useIsLive, useSlice, useTable, useYou } from '../link/session-context.ts';
import { SAFETY } from '../safety/safety-strings.ts';
import { mayNarrate, narratorModeOf } from '../turn/turn-rights.ts';

const { narrator } = SAFETY;
const MODES: readonly NarratorMode[] = ['ai', 'assist', 'copilot', 'human'];

/** Says to all who speaks as the narrator in this scene. */
export function NarratorModeBadge(): JSX.Element {
  const mode = narratorModeOf(useSlice('safety'));
  return (
    <span className="badge" data-testid="narrator-mode" data-mode={mode} title={narrator.hints[mode]}>
      {narrator.modes[mode]}
    </span>
  );
}

/** For game masters: who speaks as the narrator in this scene. */
export function NarratorModeSelect(): JSX.Element | null {
  const { session } = useTable();
  const safety = useSlice('safety');
  const you = useYou();
  const isLive = useIsLive();
  if (!can(you.role, 'direct-narrator')) return null;
  const mode = narratorModeOf(safety);
  return (
    <NativeSelect
      className="narrator-mode"
      size="xs"
      aria-label={narrator.mode}
      title={narrator.hints[mode]}
      disabled={!isLive || safety.flags.includes('human_only')}
      data={MODES.map((one) => ({ value: one, label: narrator.modes[one] }))}
      value={mode}
      onChange={(event) => {
        const wanted = MODES.find((one) => one === event.currentTarget.value);
        if (wanted !== undefined) void session.act('narrator:mode', { mode: wanted });
      }}
    />
  );
}

/** Opens a passage that a game master writes as the narrator. */
export function NarrateButton(): JSX.Element | null {
  const { session } = useTable();
  const safety = useSlice('safety');
  const drafts = useSlice('drafts');
  const you = useYou();
  const isLive = useIsLive();
  const isWriting = drafts.some((draft) => draft.openedBy === you.playerId && draft.asNarrator);
  if (!mayNarrate(safety, you)) return null;
  return (
    <Button
      size="compact-sm"
      variant="light"
      disabled={!isLive || isWriting}
      leftSection={<Icon name="quill" size={14} />}
      onClick={() => void session.act('draft:open', { asNarrator: true })}
    >
      {narrator.write}
    </Button>
  );
}
