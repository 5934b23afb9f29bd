import type { JSX } from 'react';
import { TEXT } from '../strings.ts';

/** All keys of the session page, and how story text is marked up. */
export function KeysHelp(): JSX.Element {
  return (
    <div className="help">
      <dl>
        {TEXT.help.keys.map(([keys, what]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <p>{TEXT.help.marks}</p>
      <p>{TEXT.help.colours}</p>
    </div>
  );
}
