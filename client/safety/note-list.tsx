import { useState, type JSX } from 'react';
import { useLocalStorage } from '@mantine/hooks';
import { useDesk, useTable } from '../link/session-context.ts';
import { HelpBox } from './help-box.tsx';
import { NoteCard } from './note-card.tsx';
import { noteKey, notesInView } from './note-text.ts';
import { SAFETY } from './safety-strings.ts';

const SHOWN = 2;
/** Notes put away that are remembered in this browser. */
const REMEMBERED = 60;

/** What the screen or a game master did to this player's own texts, and why. Nobody else sees it. */
export function NoteList(): JSX.Element | null {
  const { session } = useTable();
  const desk = useDesk();
  const [all, setAll] = useState(false);
  const [away, setAway] = useLocalStorage<string[]>({
    key: `taleloom:notes-away:${session.sessionId}`,
    defaultValue: [],
    getInitialValueInEffect: false,
  });
  const notes = notesInView(desk.notes, away);
  if (notes.length === 0) return null;
  const putAway = (key: string): void => setAway((keys) => [...keys, key].slice(-REMEMBERED));
  const help = notes.find((note) => note.helpText !== null && !away.includes(`help ${note.holdId}`));
  const shown = all ? notes : notes.slice(0, SHOWN);
  return (
    <section className="notes" aria-label={SAFETY.notes.list}>
      {help?.helpText !== undefined && help.helpText !== null && (
        <HelpBox text={help.helpText} onClose={() => putAway(`help ${help.holdId}`)} />
      )}
      <p className="note">{SAFETY.notes.list}</p>
      {shown.map((note) => (
        <NoteCard key={note.holdId} note={note} onAway={() => putAway(noteKey(note))} />
      ))}
      {notes.length > shown.length && (
        <button type="button" className="link-button" onClick={() => setAll(true)}>
          {SAFETY.notes.more(notes.length - shown.length)}
        </button>
      )}
    </section>
  );
}
