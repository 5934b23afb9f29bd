import { Button, PasswordInput } from '@mantine/core';
import { useState, type JSX } from 'react';
import type { OpsMe } from '../../sessions/ops-view.ts';
import { useStore } from '../common/store.ts';
import { DoorPage } from '../session/door-page.tsx';
import { TEXT } from '../strings.ts';
import { askOps, entry } from './ops-api.ts';
import { OPS } from './ops-strings.ts';

const { login: words } = OPS;

/** Asks for the token, or leads to the login of the organisation. */
export function OpsLogin({ me, onSignedIn }: { me: OpsMe; onSignedIn: () => void }): JSX.Element {
  const state = useStore(entry);
  return (
    <main className="door">
      <p className="brand">{TEXT.app.name}</p>
      <h1>{words.title}</h1>
      <p className="door-body">{state === 'ended' ? words.ended : words.body}</p>
      {me.ways.token && <TokenForm onSignedIn={onSignedIn} />}
      {me.ways.token && me.ways.oidc && <p className="note">{words.or}</p>}
      {me.ways.oidc && (
        <Button component="a" href="/api/ops/login/oidc" variant={me.ways.token ? 'default' : 'filled'}>
          {words.oidc}
        </Button>
      )}
    </main>
  );
}

function TokenForm({ onSignedIn }: { onSignedIn: () => void }): JSX.Element {
  const [token, setToken] = useState('');
  const [problem, setProblem] = useState('');
  const [isBusy, setBusy] = useState(false);
  const signIn = async (): Promise<void> => {
    setBusy(true);
    setProblem('');
    const answer = await askOps<unknown>('/login', { method: 'POST', body: { token: token.trim() } });
    setBusy(false);
    if (answer.ok) onSignedIn();
    else setProblem(answer.code === 'OPERATOR_ONLY' ? words.wrong : answer.message);
  };
  return (
    <form
      className="door-form stack"
      onSubmit={(event) => {
        event.preventDefault();
        void signIn();
      }}
    >
      <PasswordInput
        label={words.token}
        description={words.hint}
        name="operator-token"
        autoComplete="current-password"
        maxLength={4_096}
        required
        withAsterisk={false}
        data-autofocus
        value={token}
        onChange={(event) => setToken(event.currentTarget.value)}
        error={problem === '' ? undefined : problem}
        errorProps={{ role: 'alert' }}
      />
      <Button type="submit" loading={isBusy} disabled={token.trim() === ''}>
        {words.signIn}
      </Button>
    </form>
  );
}

/** Nobody can sign in here: says how to change that. */
export function OpsOff(): JSX.Element {
  const { off } = OPS;
  return (
    <DoorPage
      title={off.title}
      body={
        <div className="ops-off">
          <p>{off.body}</p>
          <ol>
            {off.steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
          <p>{off.oidc}</p>
        </div>
      }
    />
  );
}
