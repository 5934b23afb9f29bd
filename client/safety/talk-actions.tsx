import { Menu } from '@mantine/core';
import type { JSX } from 'react';
import type { TalkLine } from '../../sessions/view.ts';
import { can } from '../../sessions/roles.ts';
import { Icon } from '../common/icons.tsx';
import { useYou } from '../link/session-context.ts';
import { PURGE } from '../purge/purge-strings.ts';
import { openStoryDialog } from '../rollback/rollback-place.ts';
import { safetyDialog } from './dialog-place.ts';
import { SAFETY } from './safety-strings.ts';

/** The menu of a line of table talk. */
export function TalkActions({ line, name }: { line: TalkLine; name: string }): JSX.Element {
  const { role } = useYou();
  const report = (): void =>
    safetyDialog.set({
      name: 'report',
      about: { kind: 'talk', id: line.id },
      what: SAFETY.report.talk(name),
    });
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <button type="button" className="quiet-button talk-more" aria-label={SAFETY.report.lineActions(name)}>
          <Icon name="more" size={16} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={report}>{SAFETY.report.item}</Menu.Item>
        {can(role, 'purge') && (
          <Menu.Item onClick={() => openStoryDialog({ name: 'purge', passageIds: [], talkIds: [line.id] })}>
            {PURGE.menu}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
