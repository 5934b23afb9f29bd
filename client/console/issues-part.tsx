import { Button, Menu } from '@mantine/core';
import type { JSX } from 'react';
import type { MonitorView } from '../../sessions/monitor-view.ts';
import { clockTime } from '../common/clock-time.ts';
import { Icon } from '../common/icons.tsx';
import { useNow } from '../common/use-now.ts';
import { useAgo } from '../history/use-ago.ts';
import { useIsLive, useSessionPart, useTable } from '../link/session-context.ts';
import { ConsoleSection } from './console-section.tsx';
import { CONSOLE } from './console-strings.ts';
import { issueRows, type IssueRow } from './issue-rows.ts';

const { issues: words } = CONSOLE;

/** Lengths of a mute that are offered, minutes; the server takes up to a day. */
const LENGTHS = [10, 60, 240] as const;

/** What is wrong with how the group works together, what was done about it and why, and the way to stop that. */
export function IssuesPart({ view }: { view: MonitorView }): JSX.Element {
  const skewMs = useSessionPart((state) => state.skewMs);
  const now = useNow(Object.keys(view.muted).length > 0, skewMs);
  const rows = issueRows(view, now);
  return (
    <ConsoleSection title={words.title}>
      {rows.every(({ since }) => since === null) && <p>{words.none}</p>}
      <ul className="console-list">
        {rows.map((row) => (
          <Issue key={row.issue} row={row} skewMs={skewMs} />
        ))}
      </ul>
    </ConsoleSection>
  );
}

function Issue({ row, skewMs }: { row: IssueRow; skewMs: number }): JSX.Element {
  const ago = useAgo();
  const { issue, since, mutedUntil, done } = row;
  return (
    <li className="console-card" data-issue={issue}>
      <p>
        <strong>{words.names[issue]}</strong> {since !== null && <span className="note">{ago(since)}</span>}
      </p>
      {since !== null && done === null && mutedUntil === null && <p className="note">{words.nothingDone}</p>}
      {done !== null && (
        <>
          <p>
            <span className="note">{words.done(ago(done.at))}</span> {done.text}
          </p>
          <p className="note">
            {words.why} {done.why}
          </p>
        </>
      )}
      {mutedUntil !== null && <p>{words.muted(clockTime(mutedUntil - skewMs))}</p>}
      <MuteMenu row={row} />
    </li>
  );
}

function MuteMenu({ row: { issue, mutedUntil } }: { row: IssueRow }): JSX.Element {
  const { session } = useTable();
  const isLive = useIsLive();
  const mute = (minutes: number | null) => () => void session.act('monitor:mute', { issue, minutes });
  return (
    <Menu position="bottom-start" shadow="md" withinPortal>
      <Menu.Target>
        <Button
          size="compact-sm"
          variant="light"
          disabled={!isLive}
          leftSection={<Icon name="bell" size={15} />}
          aria-label={words.muteOf(words.names[issue])}
        >
          {words.mute}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{words.muteTitle}</Menu.Label>
        {LENGTHS.map((minutes) => (
          <Menu.Item key={minutes} onClick={mute(minutes)}>
            {words.lengths[minutes]}
          </Menu.Item>
        ))}
        {mutedUntil !== null && (
          <>
            <Menu.Divider />
            <Menu.Item onClick={mute(null)}>{words.unmute}</Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
