import type { NoteView } from '../../sessions/safety-view.ts';
import { SAFETY } from './safety-strings.ts';

const { notes } = SAFETY;

/** What happened to a text, in one sentence for its author. */
export function noteHeadline({ kind, state }: NoteView): string {
  if (kind === 'hidden' && state === 'open') return `${notes.kinds[kind]} ${notes.hidden}`;
  return `${notes.kinds[kind]} ${notes.states[state]}`;
}

/** Whether an appeal is on a game master's desk. */
export function isAppealWaiting({ appeal, state }: NoteView): boolean {
  return appeal !== null && (state === 'open' || state === 'masked' || state === 'refused');
}

/** Names a note as it stands now: a note that was put away comes back when something new is in it. */
export function noteKey({ holdId, state, note }: NoteView): string {
  return `${holdId} ${state} ${note.length}`;
}

/** The notes to show, newest first, without those that were put away. */
export function notesInView(all: readonly NoteView[], away: readonly string[]): NoteView[] {
  const isAway = new Set(away);
  return all.filter((note) => !isAway.has(noteKey(note))).toSorted((a, b) => b.at - a.at);
}
