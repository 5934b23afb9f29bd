import { Button, TextInput } from '@mantine/core';
import { useState, type JSX } from 'react';
import { LIMITS } from '../../sessions/limits.ts';
import { useAuthors } from '../common/authors.ts';
import { useIsLive, useTable, useYou } from '../link/session-context.ts';
import { TEXT } from '../strings.ts';

/** Changes this player's own name. */
export function RenameForm({ onDone }: { onDone: () => void }): JSX.Element {
  const { session } = useTable();
  const { nameOf } = useAuthors();
  const you = useYou();
  const isLive = useIsLive();
  const [name, setName] = useState(nameOf(you.playerId));
  const rename = async (): Promise<void> => {
    if (await session.act('player:rename', { name })) onDone();
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void rename();
      }}
    >
      <TextInput
        label={TEXT.people.rename}
        maxLength={LIMITS.nameLength}
        data-autofocus
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Button type="submit" disabled={!isLive || name.trim() === ''}>
        {TEXT.common.save}
      </Button>
    </form>
  );
}
