import { Popover } from '@mantine/core';
import { useState, type JSX } from 'react';
import { isMaster } from '../../sessions/roles.ts';
import type { QualityView } from '../../sessions/monitor-view.ts';
import { Icon } from '../common/icons.tsx';
import { HEALTH_TEXT } from '../console/health-strings.ts';
import { QualityScores } from '../console/quality-scores.tsx';
import { qualityOf } from '../console/quality-words.ts';
import { useSessionPart, useYou } from '../link/session-context.ts';

const { quality: words } = HEALTH_TEXT;

/** For game masters: how a passage of the narrator was measured; nothing when it was not. */
export function QualityDot({ passageId }: { passageId: string }): JSX.Element | null {
  const { role } = useYou();
  const view = useSessionPart((state) => qualityOf(state.health, passageId));
  return view === null || !isMaster(role) ? null : <Dot view={view} />;
}

function Dot({ view }: { view: QualityView }): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const low = view.below.length;
  const label = low === 0 ? words.fine : words.weak(low);
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      position="bottom-start"
      width={290}
      shadow="md"
      trapFocus
      returnFocus
      withRoles={false}
      withinPortal
    >
      <Popover.Target>
        <button
          type="button"
          className="quiet-button quality-dot"
          data-low={low > 0}
          aria-label={label}
          aria-expanded={isOpen}
          title={label}
          onClick={() => setOpen(!isOpen)}
        >
          {low > 0 ? <Icon name="look" size={15} /> : <span aria-hidden="true" />}
        </button>
      </Popover.Target>
      <Popover.Dropdown role="dialog" aria-label={words.title} tabIndex={-1} data-autofocus>
        <p>
          <strong>{words.title}</strong>
        </p>
        <QualityScores view={view} isOnlyLow={false} />
        <p className="note">{words.hint}</p>
      </Popover.Dropdown>
    </Popover>
  );
}
