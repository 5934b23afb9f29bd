import { useState, type JSX } from 'react';
import type { Intervention } from '../../sessions/monitor-view.ts';
import { useAuthors } from '../common/authors.ts';
import { useAgo } from '../history/use-ago.ts';
import { ConsoleSection } from './console-section.tsx';
import { CONSOLE } from './console-strings.ts';

const { done: words } = CONSOLE;

/** Entries that stand at once. */
const SHOWN = 5;

/** What the server did by itself: when, what and why. */
export function DonePart({ interventions }: { interventions: readonly Intervention[] }): JSX.Element {
  const [isAll, setAll] = useState(false);
  const rest = interventions.length - SHOWN;
  return (
    <ConsoleSection title={words.title}>
      <p className="note">{interventions.length === 0 ? words.none : words.note}</p>
      <ol className="console-list">
        {(isAll ? interventions : interventions.slice(0, SHOWN)).map((one) => (
          <Done key={one.id} intervention={one} />
        ))}
      </ol>
      {rest > 0 && !isAll && (
        <button type="button" className="link-button" onClick={() => setAll(true)}>
          {words.more(rest)}
        </button>
      )}
    </ConsoleSection>
  );
}

function Done({ intervention }: { intervention: Intervention }): JSX.Element {
  const { nameOf } = useAuthors();
  const ago = useAgo();
  const { at, action, playerId, text, why } = intervention;
  return (
    <li className="console-card">
      <p>
        <strong>{words.actions[action]}</strong>{' '}
        <span className="note">
          {playerId !== null && `${words.about(nameOf(playerId))}, `}
          {ago(at)}
        </span>
      </p>
      <p>{text}</p>
      <p className="note">
        {CONSOLE.issues.why} {why}
      </p>
    </li>
  );
}
