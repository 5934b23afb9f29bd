import { describe, expect, it } from 'vitest';
import type { NoteView } from '../../sessions/safety-view.ts';
import { isAppealWaiting, noteHeadline, noteKey, notesInView } from './note-text.ts';

const note = (part: Partial<NoteView>): NoteView => ({
  holdId: 'h',
  at: 0,
  kind: 'passage',
  state: 'open',
  passageId: null,
  reason: 'It crosses a line of this table.',
  rule: 'line',
  helpText: null,
  mayAppeal: true,
  appeal: null,
  note: '',
  ...part,
});

describe('notes', () => {
  it('say what happened to which text', () => {
    expect(noteHeadline(note({}))).toBe('Your passage waits for a game master.');
    expect(noteHeadline(note({ kind: 'talk', state: 'masked' }))).toBe(
      'Your line of table talk was shown with words masked.',
    );
    expect(noteHeadline(note({ kind: 'hidden' }))).toBe('Your passage was put out of sight.');
    expect(noteHeadline(note({ kind: 'hidden', state: 'approved' }))).toBe(
      'Your passage was let through by a game master.',
    );
  });

  it('come newest first, and come back when a game master has said something', () => {
    const old = note({ holdId: 'old', at: 1 });
    const young = note({ holdId: 'young', at: 2 });
    expect(notesInView([old, young], []).map(({ holdId }) => holdId)).toEqual(['young', 'old']);
    expect(notesInView([old, young], [noteKey(young)])).toEqual([old]);
    const decided = { ...young, state: 'rejected', note: 'Not here.' } as const;
    expect(notesInView([decided], [noteKey(young)])).toEqual([decided]);
  });

  it('say that an appeal waits until it is decided', () => {
    expect(isAppealWaiting(note({ state: 'refused' }))).toBe(false);
    expect(isAppealWaiting(note({ state: 'refused', appeal: 'A quote.' }))).toBe(true);
    expect(isAppealWaiting(note({ state: 'rejected', appeal: 'A quote.' }))).toBe(false);
  });
});
