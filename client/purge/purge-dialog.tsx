import { Button, Group, TextInput } from '@mantine/core';
import { useState, type JSX } from 'react';
import { chosenText } from '../../sessions/story-shape.ts';
import { useAuthors } from '../common/authors.ts';
import { useStore } from '../common/store.ts';
import { showToast } from '../common/toasts.ts';
import { useIsLive, useSessionPart, useTable } from '../link/session-context.ts';
import { excerptOf } from '../rollback/excerpt.ts';
import { TEXT } from '../strings.ts';
import { PURGE } from './purge-strings.ts';
import { isPurgeWord } from './purge-word.ts';

interface PurgeDialogProps {
  passageIds: readonly string[];
  talkIds: readonly string[];
  onClose: () => void;
}

/** Says what removing for good means, and does it once the owner has typed the word. */
export function PurgeDialog({ passageIds, talkIds, onClose }: PurgeDialogProps): JSX.Element {
  const { session } = useTable();
  const isLive = useIsLive();
  const [typed, setTyped] = useState('');
  const [isBusy, setBusy] = useState(false);
  const purge = async (): Promise<void> => {
    setBusy(true);
    const isDone = await session.act('session:purge', {
      passageIds: [...passageIds],
      talkIds: [...talkIds],
    });
    setBusy(false);
    if (!isDone) return;
    showToast(PURGE.done);
    onClose();
  };
  return (
    <form
      className="purge stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (isPurgeWord(typed) && isLive && !isBusy) void purge();
      }}
    >
      <What passageIds={passageIds} talkIds={talkIds} />
      <Points title={PURGE.goesTitle} points={PURGE.goes} />
      <Points title={PURGE.staysTitle} points={PURGE.stays} />
      <p>{PURGE.place}</p>
      <TextInput
        label={PURGE.type}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <Group gap="xs" justify="flex-end">
        <Button variant="subtle" color="gray" onClick={onClose}>
          {TEXT.common.cancel}
        </Button>
        <Button type="submit" color="red" loading={isBusy} disabled={!isLive || !isPurgeWord(typed)}>
          {PURGE.yes}
        </Button>
      </Group>
    </form>
  );
}

function What({ passageIds, talkIds }: Omit<PurgeDialogProps, 'onClose'>): JSX.Element {
  const talk = useSessionPart((state) => state.talk);
  const { nameOf } = useAuthors();
  const parts = [
    ...(passageIds.length > 0 ? [PURGE.passages(passageIds.length)] : []),
    ...(talkIds.length > 0 ? [PURGE.lines(talkIds.length)] : []),
  ];
  const lines = talk.filter(({ id }) => talkIds.includes(id));
  return (
    <section>
      <p>
        <strong>{PURGE.what(parts)}</strong>
      </p>
      <ul className="rollback-list">
        {passageIds.map((id) => (
          <PassageQuote key={id} passageId={id} />
        ))}
        {lines.map((line) => (
          <li key={line.id} className="rollback-passage">
            <span className="note">{nameOf(line.by)}</span> {line.text}
          </li>
        ))}
      </ul>
    </section>
  );
}

function PassageQuote({ passageId }: { passageId: string }): JSX.Element {
  const passage = useStore(useTable().story.passage(passageId));
  const { nameOf } = useAuthors();
  const text = chosenText(passage);
  return (
    <li className="rollback-passage">
      <span className="note">{passage === null ? '' : nameOf(passage.by)}</span>{' '}
      <span className="rollback-excerpt">{excerptOf(text)}</span>
    </li>
  );
}

function Points({ title, points }: { title: string; points: readonly string[] }): JSX.Element {
  return (
    <section aria-label={title}>
      <h2 className="dialog-heading">{title}</h2>
      <ul className="purge-points">
        {points.map((point) => (
          <li key={point}>{point}</li>
        ))}
      </ul>
    </section>
  );
}
