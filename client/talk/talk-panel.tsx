import { Button, TextInput } from '@mantine/core';
import { useEffect, useRef, useState, type JSX } from 'react';
import { LIMITS } from '../../sessions/limits.ts';
import type { TalkLine } from '../../sessions/view.ts';
import { useAuthors } from '../common/authors.ts';
import { useIsLive, useSessionPart, useTable } from '../link/session-context.ts';
import { MaskedText } from '../safety/masked-text.tsx';
import { TalkActions } from '../safety/talk-actions.tsx';
import { TEXT } from '../strings.ts';

const TIME = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });

/** Talk out of character, beside the story. */
export function TalkPanel(): JSX.Element {
  const talk = useSessionPart((state) => state.talk);
  const endRef = useRef<HTMLDivElement>(null);
  const last = talk.at(-1)?.id;
  useEffect(() => {
    const list = endRef.current?.parentElement;
    if (list) list.scrollTop = list.scrollHeight;
  }, [last]);
  return (
    <div className="talk">
      <div className="talk-lines" role="log" aria-label={TEXT.talk.list} tabIndex={0}>
        {talk.length === 0 && <p className="note">{TEXT.talk.empty}</p>}
        {talk.map((line) => (
          <TalkRow key={line.id} line={line} />
        ))}
        <div ref={endRef} />
      </div>
      <TalkForm />
    </div>
  );
}

function TalkRow({ line }: { line: TalkLine }): JSX.Element {
  const { nameOf, colourOf } = useAuthors();
  return (
    <div className="talk-line">
      <span className={`dot ${colourOf(line.by)}`} aria-hidden="true" />
      <strong> {nameOf(line.by)}</strong>{' '}
      <time className="note" dateTime={new Date(line.at).toISOString()}>
        {TIME.format(line.at)}
      </time>
      <TalkActions line={line} name={nameOf(line.by)} />
      <p>
        <MaskedText text={line.text} />
      </p>
    </div>
  );
}

function TalkForm(): JSX.Element {
  const { session } = useTable();
  const isLive = useIsLive();
  const [text, setText] = useState('');
  const say = async (): Promise<void> => {
    const said = text;
    setText('');
    const isSaid = await session.act('talk:say', { text: said });
    // Refused: it stays, before what was typed in the meantime.
    if (!isSaid) setText((now) => (now === '' ? said : `${said} ${now}`));
  };
  return (
    <form
      className="talk-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== '' && isLive) void say();
      }}
    >
      <TextInput
        className="grow"
        aria-label={TEXT.talk.say}
        placeholder={TEXT.talk.say}
        maxLength={LIMITS.talkLength}
        autoComplete="off"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Button type="submit" variant="light" disabled={!isLive || text.trim() === ''}>
        {TEXT.talk.send}
      </Button>
    </form>
  );
}
