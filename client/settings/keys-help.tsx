import type { JSX } from 'react';
import { HEALTH_TEXT } from '../console/health-strings.ts';
import { isMaster } from '../../sessions/roles.ts';
import { useYou } from '../link/session-context.ts';
import { SAFETY } from '../safety/safety-strings.ts';
import { TEXT } from '../strings.ts';

/** All keys of the session page, and how story text is marked up. */
export function KeysHelp(): JSX.Element {
  const { role } = useYou();
  return (
    <div className="help">
      <KeyTable keys={isMaster(role) ? [...TEXT.help.keys, ...HEALTH_TEXT.helpKeys] : TEXT.help.keys} />
      {isMaster(role) && (
        <section>
          <h3 className="dialog-heading">{SAFETY.review.helpTitle}</h3>
          <KeyTable keys={SAFETY.review.helpKeys} />
        </section>
      )}
      <p>{TEXT.help.marks}</p>
      <p>{TEXT.help.colours}</p>
    </div>
  );
}

function KeyTable({ keys }: { keys: readonly (readonly [string, string])[] }): JSX.Element {
  return (
    <dl>
      {keys.map(([key, what]) => (
        <div key={key}>
          <dt>
            <kbd>{key}</kbd>
          </dt>
          <dd>{what}</dd>
        </div>
      ))}
    </dl>
  );
}
