import { ActionIcon, Menu, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import type { JSX } from 'react';
import { can } from '../../sessions/roles.ts';
import { Icon } from '../common/icons.tsx';
import { goTo } from '../common/location.ts';
import { EXPORT } from '../export/export-strings.ts';
import { historyDialog, openHistory } from '../history/history-place.ts';
import { HISTORY } from '../history/history-strings.ts';
import { useYou } from '../link/session-context.ts';
import { MEMORY } from '../memory/memory-strings.ts';
import { openStoryDialog, type StoryDialog } from '../rollback/rollback-place.ts';
import { ROLLBACK } from '../rollback/rollback-strings.ts';
import { TEXT } from '../strings.ts';
import type { DialogName } from './session-dialogs.tsx';

interface SessionMenuProps {
  areAuthorsShown: boolean;
  onToggleAuthors: () => void;
  onDialog: (name: DialogName) => void;
}

const SCHEMES = [
  ['light', TEXT.session.light],
  ['dark', TEXT.session.dark],
  ['auto', TEXT.session.auto],
] as const;

/** Everything about a session that is not needed while writing. */
export function SessionMenu({ areAuthorsShown, onToggleAuthors, onDialog }: SessionMenuProps): JSX.Element {
  const you = useYou();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const opens = (name: DialogName, label: string): JSX.Element => (
    <Menu.Item onClick={() => onDialog(name)}>{label}</Menu.Item>
  );
  const shows = (dialog: StoryDialog, label: string): JSX.Element => (
    <Menu.Item onClick={() => openStoryDialog(dialog)}>{label}</Menu.Item>
  );
  return (
    <Menu position="bottom-end" shadow="md" width={240}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={TEXT.session.menu}>
          <Icon name="menu" size={20} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {can(you.role, 'invite') && opens('invites', TEXT.session.invites)}
        {can(you.role, 'change-settings') && opens('settings', TEXT.session.settings)}
        {opens('rename', TEXT.session.rename)}
        {opens('recovery', TEXT.session.recovery)}
        <Menu.Divider />
        {can(you.role, 'direct-story') && (
          <Menu.Item onClick={() => historyDialog.set({ name: 'scene' })}>{HISTORY.scene.begin}</Menu.Item>
        )}
        {can(you.role, 'save-checkpoints') && (
          <Menu.Item onClick={() => historyDialog.set({ name: 'checkpoint' })}>
            {HISTORY.checkpoints.save}
          </Menu.Item>
        )}
        <Menu.Item onClick={() => openHistory('timeline')}>{HISTORY.tab}</Menu.Item>
        {shows({ name: 'memory', itemId: null }, MEMORY.menu)}
        {can(you.role, 'direct-story') && shows({ name: 'rollback', scope: null }, ROLLBACK.menu.choose)}
        {can(you.role, 'write') && shows({ name: 'taken-back' }, ROLLBACK.menu.takenBack)}
        {shows({ name: 'export' }, EXPORT.menu)}
        <Menu.Divider />
        <Menu.CheckboxItem checked={areAuthorsShown} onChange={onToggleAuthors}>
          {TEXT.session.showAuthors}
        </Menu.CheckboxItem>
        <Menu.RadioGroup value={colorScheme} onChange={(value) => setColorScheme(schemeOf(value))}>
          {SCHEMES.map(([scheme, label]) => (
            <Menu.RadioItem key={scheme} value={scheme}>
              {label}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        {opens('help', TEXT.session.help)}
        <Menu.Item onClick={() => goTo('/')}>{TEXT.session.home}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function schemeOf(value: string): MantineColorScheme {
  return SCHEMES.find(([scheme]) => scheme === value)?.[0] ?? 'auto';
}
