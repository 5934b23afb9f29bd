import { Button } from '@mantine/core';
import { useState, type JSX } from 'react';
import type { ThreadView } from '../../sessions/monitor-view.ts';
import type { CommandInput } from '../../sessions/protocol.ts';
import { useIsLive, useTable } from '../link/session-context.ts';
import { goToPassage } from '../review/go-to-passage.ts';
import { ConsoleSection } from './console-section.tsx';
import { CONSOLE } from './console-strings.ts';
import { ThreadForm } from './thread-form.tsx';

const { threads: words } = CONSOLE;

/** The threads of the plot: which were left open, where they were last, and what can be done with them. */
export function ThreadsPart({ threads }: { threads: readonly ThreadView[] }): JSX.Element {
  const [isAllShown, setAllShown] = useState(false);
  const dormant = threads.filter(({ status }) => status === 'dormant');
  const rest = threads.filter(({ status }) => status === 'open' || status === 'paused');
  const resolved = threads.filter(({ status }) => status === 'resolved');
  const shown = [...dormant, ...rest, ...(isAllShown ? resolved : [])];
  return (
    <ConsoleSection title={words.title}>
      <p>
        {threads.length === 0
          ? words.none
          : dormant.length > 0
            ? words.dormant(dormant.length)
            : words.allInPlay}
      </p>
      <ul className="console-list" aria-label={words.list}>
        {shown.map((thread) => (
          <Thread key={thread.id} thread={thread} />
        ))}
      </ul>
      {resolved.length > 0 && (
        <button
          type="button"
          className="link-button"
          aria-expanded={isAllShown}
          onClick={() => setAllShown(!isAllShown)}
        >
          {words.done(resolved.length)}
        </button>
      )}
      <ThreadForm />
    </ConsoleSection>
  );
}

function Thread({ thread }: { thread: ThreadView }): JSX.Element {
  const { title, origin, status, lastPassageId, passagesSince, isReminded } = thread;
  return (
    <li className="console-card" data-status={status}>
      <p>
        <strong>{title}</strong> <span className="badge">{words.states[status]}</span>
      </p>
      <p className="note">
        {words.origins[origin]}, {lastPassageId === null ? words.never : words.since(passagesSince)}.{' '}
        {lastPassageId !== null && (
          <button
            type="button"
            className="link-button"
            aria-label={words.goToOf(title)}
            onClick={() => goToPassage(lastPassageId)}
          >
            {words.goTo}
          </button>
        )}
      </p>
      {isReminded && <p className="note">{words.reminded}</p>}
      <ThreadActions thread={thread} />
    </li>
  );
}

function ThreadActions({ thread }: { thread: ThreadView }): JSX.Element {
  const { session } = useTable();
  const { id: threadId, title, status, isReminded } = thread;
  const mark = (wanted: CommandInput<'thread:mark'>['status']) => () =>
    void session.act('thread:mark', { threadId, status: wanted });
  const isOpen = status === 'open' || status === 'dormant';
  return (
    <p className="console-actions">
      {!isOpen && <Act label={words.openOf(title)} text={words.open} onClick={mark('open')} />}
      {status !== 'resolved' && (
        <Act label={words.resolveOf(title)} text={words.resolve} onClick={mark('resolved')} />
      )}
      {isOpen && <Act label={words.pauseOf(title)} text={words.pause} onClick={mark('paused')} />}
      {isOpen && !isReminded && (
        <Act
          label={words.remindOf(title)}
          text={words.remind}
          onClick={() => void session.act('thread:remind', { threadId })}
        />
      )}
    </p>
  );
}

function Act(props: { label: string; text: string; onClick: () => void }): JSX.Element {
  const isLive = useIsLive();
  return (
    <Button
      size="compact-xs"
      variant="light"
      disabled={!isLive}
      aria-label={props.label}
      onClick={props.onClick}
    >
      {props.text}
    </Button>
  );
}
