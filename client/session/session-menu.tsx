import { ActionIcon, Menu, useMantineColorScheme } from '@mantine/core';
import type { JSX } from 'react';
import { can } from '../../sessions/roles.ts';
import { Icon } from '../common/icons.tsx';
import { goTo } from '../common/location.ts';
import { httpApi } from '../link/http-api.ts';
import { useTable, useYou } from '../link/session-context.ts';
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
  const { session } = useTable();
  const you = useYou();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const opens = (name: DialogName, label: string): JSX.Element => (
    <Menu.Item onClick={() => onDialog(name)}>{label}</Menu.Item>
  );
  const download = (format: 'md' | 'json', label: string): JSX.Element => (
    <Menu.Item component="a" href={httpApi.exportPath(session.sessionId, format)} download>
      {label}
    </Menu.Item>
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
        {download('md', TEXT.session.exportMarkdown)}
        {download('json', TEXT.session.exportArchive)}
        <Menu.Divider />
        <Menu.Item role="menuitemcheckbox" aria-checked={areAuthorsShown} onClick={onToggleAuthors}>
          <Ticked isOn={areAuthorsShown}>{TEXT.session.showAuthors}</Ticked>
        </Menu.Item>
        {SCHEMES.map(([scheme, label]) => (
          <Menu.Item
            key={scheme}
            role="menuitemradio"
            aria-checked={colorScheme === scheme}
            onClick={() => setColorScheme(scheme)}
          >
            <Ticked isOn={colorScheme === scheme}>{label}</Ticked>
          </Menu.Item>
        ))}
        <Menu.Divider />
        {opens('help', TEXT.session.help)}
        <Menu.Item onClick={() => goTo('/')}>{TEXT.session.home}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function Ticked({ isOn, children }: { isOn: boolean; children: string }): JSX.Element {
  return (
    <span className="ticked">
      <span className="grow">{children}</span>
      {isOn && <Icon name="check" size={16} />}
    </span>
  );
}
