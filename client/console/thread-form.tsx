import { Button, TextInput } from '@mantine/core';
import { useState, type JSX } from 'react';
import { LIMITS } from '../../sessions/limits.ts';
import { useIsLive, useTable } from '../link/session-context.ts';
import { CONSOLE } from './console-strings.ts';

const { threads: words } = CONSOLE;

/** The shortest title that the server takes. */
const LEAST = 2;

/** Adds a thread of the plot. Refused, its title stays in the form. */
export function ThreadForm(): JSX.Element {
  const { session } = useTable();
  const isLive = useIsLive();
  const [title, setTitle] = useState('');
  const given = title.trim();
  const add = async (): Promise<void> => {
    if (await session.act('thread:add', { title: given })) setTitle('');
  };
  return (
    <form
      className="thread-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (given.length >= LEAST) void add();
      }}
    >
      <TextInput
        className="grow"
        size="xs"
        label={words.add}
        maxLength={LIMITS.threadLength}
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
      />
      <Button type="submit" size="xs" variant="light" disabled={!isLive || given.length < LEAST}>
        {words.addYes}
      </Button>
    </form>
  );
}
