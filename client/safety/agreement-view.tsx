import { Button, Group } from '@mantine/core';
import type { JSX, ReactNode } from 'react';
import { can } from '../../sessions/roles.ts';
import { useSlice, useYou } from '../link/session-context.ts';
import { safetyDialog } from './dialog-place.ts';
import { levelRows } from './levels.ts';
import { SAFETY } from './safety-strings.ts';

const { agreement } = SAFETY;

/** What the table agreed on in session zero, for everybody to read. */
export function AgreementView(): JSX.Element {
  const safety = useSlice('safety');
  const { role } = useYou();
  return (
    <div className="stack agreement">
      <Part title={agreement.genre}>
        <p>{SAFETY.genres[safety.genre]}</p>
      </Part>
      <Part title={agreement.tone}>
        <Said text={safety.tone} />
      </Part>
      <Part title={agreement.content}>
        <Said text={safety.contentNotes} />
      </Part>
      <Part title={agreement.lines}>
        <Topics topics={safety.lines} />
      </Part>
      <Part title={agreement.veils}>
        <Topics topics={safety.veils} />
      </Part>
      <p className="note">{agreement.unnamed}</p>
      <Part title={agreement.levels}>
        <dl className="levels">
          {levelRows(safety).map(({ harm, level }) => (
            <div key={harm}>
              <dt>{SAFETY.harms[harm]}</dt>
              <dd>{SAFETY.severity(level)}</dd>
            </div>
          ))}
        </dl>
      </Part>
      <p className="note">{safety.mayLearn ? agreement.learn : agreement.noLearn}</p>
      <Group gap="xs">
        <Button variant="light" onClick={() => safetyDialog.set({ name: 'topics' })}>
          {agreement.mine}
        </Button>
        {can(role, 'change-settings') && (
          <Button variant="subtle" onClick={() => safetyDialog.set({ name: 'zero' })}>
            {agreement.change}
          </Button>
        )}
      </Group>
    </div>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }): JSX.Element {
  return (
    <section>
      <h3 className="dialog-heading">{title}</h3>
      {children}
    </section>
  );
}

function Said({ text }: { text: string }): JSX.Element {
  return text === '' ? <p className="note">{agreement.unsaid}</p> : <p className="said">{text}</p>;
}

function Topics({ topics }: { topics: readonly string[] }): JSX.Element {
  if (topics.length === 0) return <p className="note">{agreement.none}</p>;
  return (
    <ul className="topics">
      {topics.map((topic) => (
        <li key={topic}>{topic}</li>
      ))}
    </ul>
  );
}
