import { Button, Group, Textarea } from '@mantine/core';
import { useState, type JSX } from 'react';
import { LIMITS } from '../../sessions/limits.ts';
import type { NoteView } from '../../sessions/safety-view.ts';
import { Icon } from '../common/icons.tsx';
import { useIsLive, useTable } from '../link/session-context.ts';
import { TEXT } from '../strings.ts';
import { isAppealWaiting, noteHeadline } from './note-text.ts';
import { SAFETY } from './safety-strings.ts';

const { notes } = SAFETY;

/** One text of one's own: what happened to it, why, and what can be said against it. */
export function NoteCard({ note, onAway }: { note: NoteView; onAway: () => void }): JSX.Element {
  return (
    <article className="note-card" data-state={note.state} aria-label={noteHeadline(note)}>
      <header className="note-head">
        <strong className="grow">{noteHeadline(note)}</strong>
        <button type="button" className="quiet-button" aria-label={notes.dismiss} onClick={onAway}>
          <Icon name="close" size={16} />
        </button>
      </header>
      {note.reason !== '' && note.state !== 'approved' && <p>{note.reason}</p>}
      {note.state === 'refused' && note.kind === 'passage' && <p>{notes.words}</p>}
      {note.rule !== '' && note.state !== 'approved' && <p className="note-rule">{notes.rule(note.rule)}</p>}
      {note.note !== '' && (
        <p>
          {notes.answer} <q>{note.note}</q>
        </p>
      )}
      <Appeal note={note} />
    </article>
  );
}

function Appeal({ note }: { note: NoteView }): JSX.Element | null {
  const isLive = useIsLive();
  const [isWriting, setWriting] = useState(false);
  if (note.appeal !== null) {
    return (
      <p>
        {isAppealWaiting(note) ? notes.appealWaits : notes.appealDecided} <q>{note.appeal}</q>
      </p>
    );
  }
  if (!note.mayAppeal) return null;
  if (isWriting) return <AppealForm holdId={note.holdId} onDone={() => setWriting(false)} />;
  return (
    <Button size="compact-sm" variant="light" disabled={!isLive} onClick={() => setWriting(true)}>
      {notes.appeal}
    </Button>
  );
}

function AppealForm({ holdId, onDone }: { holdId: string; onDone: () => void }): JSX.Element {
  const { session } = useTable();
  const isLive = useIsLive();
  const [text, setText] = useState('');
  const send = async (): Promise<void> => {
    if (await session.act('hold:appeal', { holdId, text })) onDone();
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== '') void send();
      }}
    >
      <Textarea
        label={notes.appealLabel}
        description={notes.appealHint}
        autoFocus
        autosize
        minRows={2}
        maxRows={6}
        maxLength={LIMITS.noteLength}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Group gap="xs">
        <Button type="submit" size="compact-sm" disabled={!isLive || text.trim() === ''}>
          {notes.appealSend}
        </Button>
        <Button size="compact-sm" variant="subtle" color="gray" onClick={onDone}>
          {TEXT.common.cancel}
        </Button>
      </Group>
    </form>
  );
}
