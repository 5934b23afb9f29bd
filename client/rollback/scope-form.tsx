import { Button, Group, Radio, Stack } from '@mantine/core';
import { useState, type JSX } from 'react';
import type { RollbackScope } from '../../sessions/history-view.ts';
import { TEXT } from '../strings.ts';
import { useSessionPart } from '../link/session-context.ts';
import { EarlierRollbacks } from './earlier-rollbacks.tsx';
import { ROLLBACK } from './rollback-strings.ts';
import { PlayerScope, PointScope, VersionScope } from './scope-fields.tsx';

const { choose } = ROLLBACK;
const KINDS = ['point', 'player', 'version'] as const;
type Kind = (typeof KINDS)[number];

interface ScopeFormProps {
  onChosen: (scope: RollbackScope) => void;
  onClose: () => void;
}

/** Lets a game master say what a rollback is to take back. */
export function ScopeForm({ onChosen, onClose }: ScopeFormProps): JSX.Element {
  const [kind, setKind] = useState<Kind>('point');
  const [scope, setScope] = useState<RollbackScope | null>(null);
  const skewMs = useSessionPart((state) => state.skewMs);
  const [openedAt] = useState(() => Date.now() + skewMs);
  const fields = { now: openedAt, onChange: setScope };
  return (
    <form
      className="rollback stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (scope !== null) onChosen(scope);
      }}
    >
      <p className="note">{choose.intro}</p>
      <Radio.Group
        label={choose.what}
        value={kind}
        onChange={(value) => {
          setScope(null);
          setKind(KINDS.find((known) => known === value) ?? 'point');
        }}
      >
        <Stack gap="xs" pt="xs">
          {KINDS.map((one) => (
            <Radio
              key={one}
              value={one}
              label={choose.kinds[one]}
              data-autofocus={one === kind || undefined}
            />
          ))}
        </Stack>
      </Radio.Group>
      {kind === 'point' && <PointScope {...fields} />}
      {kind === 'player' && <PlayerScope {...fields} />}
      {kind === 'version' && <VersionScope {...fields} />}
      <Group gap="xs" justify="flex-end">
        <Button variant="subtle" color="gray" onClick={onClose}>
          {TEXT.common.cancel}
        </Button>
        <Button type="submit" disabled={scope === null}>
          {choose.next}
        </Button>
      </Group>
      <EarlierRollbacks />
    </form>
  );
}
