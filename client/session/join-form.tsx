import { Button, TextInput } from '@mantine/core';
import { useState, type JSX } from 'react';
import { LIMITS } from '../../sessions/limits.ts';
import type { JoinAnswer } from '../../sessions/protocol.ts';
import { httpApi, type LookAnswer } from '../link/http-api.ts';
import { TEXT } from '../strings.ts';
import { DoorPage } from './door-page.tsx';

interface JoinFormProps {
  sessionId: string;
  look: LookAnswer;
  invite: string | null;
  onJoined: (answer: JoinAnswer) => void;
}

/** Asks a newcomer with an invite for a name, and nothing else. */
export function JoinForm({ sessionId, look, invite, onJoined }: JoinFormProps): JSX.Element {
  const [name, setName] = useState('');
  const [problem, setProblem] = useState('');
  const [isBusy, setBusy] = useState(false);
  if (invite === null || look.invite === null) {
    return <DoorPage title={TEXT.join.needInvite} body={TEXT.join.needInviteBody} />;
  }
  const join = async (): Promise<void> => {
    setBusy(true);
    const joined = await httpApi.join(sessionId, { name, invite });
    setBusy(false);
    if (joined.ok) onJoined(joined.value);
    else setProblem(joined.message);
  };
  return (
    <main className="door">
      <p className="brand">{TEXT.app.name}</p>
      <h1>{look.title ?? TEXT.join.untitled}</h1>
      <p className="door-body">{TEXT.join.invited(look.invite.role)}</p>
      <form
        className="stack door-form"
        onSubmit={(event) => {
          event.preventDefault();
          void join();
        }}
      >
        <TextInput
          label={TEXT.join.name}
          required
          withAsterisk={false}
          autoFocus
          autoComplete="nickname"
          maxLength={LIMITS.nameLength}
          value={name}
          error={problem === '' ? null : problem}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button type="submit" loading={isBusy} disabled={name.trim() === ''}>
          {TEXT.join.enter}
        </Button>
      </form>
    </main>
  );
}
