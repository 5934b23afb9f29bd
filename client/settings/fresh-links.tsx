import { Button } from '@mantine/core';
import type { JSX } from 'react';
import { sessionUrl } from '../common/location.ts';
import { useTable } from '../link/session-context.ts';
import type { FreshSecrets } from '../session/fresh-secrets.ts';
import { TEXT } from '../strings.ts';
import { CopyLine } from './copy-line.tsx';

/** The links of a new session, and the recovery link that is shown only now. */
export function FreshLinks(props: { secrets: FreshSecrets; onDone: () => void }): JSX.Element {
  const { sessionId } = useTable().session;
  const { recoverySecret, invites, isRecovered } = props.secrets;
  return (
    <div className="stack">
      <p>{isRecovered ? TEXT.fresh.recoveredIntro : TEXT.fresh.intro}</p>
      {invites.map(({ role, secret }) => (
        <CopyLine
          key={role}
          label={TEXT.invites.forRole(role)}
          copyLabel={TEXT.invites.copyFor(role)}
          text={sessionUrl(sessionId, { kind: 'invite', secret })}
        />
      ))}
      <div className="recovery">
        <CopyLine
          label={TEXT.fresh.recovery}
          copyLabel={TEXT.fresh.recoveryCopy}
          text={sessionUrl(sessionId, { kind: 'recover', secret: recoverySecret })}
        />
        <p className="note">{TEXT.fresh.recoveryBody}</p>
      </div>
      <Button onClick={props.onDone}>{TEXT.fresh.done}</Button>
    </div>
  );
}
