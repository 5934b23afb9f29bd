import type { JSX } from 'react';
import type { MonitorView } from '../../sessions/monitor-view.ts';
import { ConsoleSection } from './console-section.tsx';
import { CONSOLE } from './console-strings.ts';
import { HealthIcon } from './health-badge.tsx';
import { HEALTH_TEXT } from './health-strings.ts';

const { health: words } = CONSOLE;

/** How the session is doing in a word, and why it is not better. */
export function HealthPart({ view }: { view: MonitorView }): JSX.Element {
  const { health, reasons, present, active } = view;
  const worstFirst = reasons.toSorted((a, b) => Number(b.level === 'red') - Number(a.level === 'red'));
  return (
    <ConsoleSection title={words.title}>
      <p className="health-now" data-health={health}>
        <HealthIcon health={health} size={22} /> <strong>{HEALTH_TEXT.words[health]}</strong>
      </p>
      {worstFirst.length === 0 ? (
        <p>{words.fine}</p>
      ) : (
        <ul className="console-list">
          {worstFirst.map(({ level, about, text }) => (
            <li key={`${about} ${text}`} className="reason">
              <HealthIcon health={level} />
              <span>
                <span className="visually-hidden">{words.levels[level]}</span> {text}
              </span>
            </li>
          ))}
        </ul>
      )}
      <p className="note">{CONSOLE.here(present, active)}</p>
    </ConsoleSection>
  );
}
