import { describe, expect, it } from 'vitest';
import type { HoldView, NoteView } from '../../sessions/safety-view.ts';
import { heldText, holdOf } from './held-text.ts';
import { SAFETY } from './safety-strings.ts';

const passage = { id: 'p', by: 'ana' };
const note = { passageId: 'p', state: 'open', kind: 'passage' } as NoteView;
const hold = (kind: HoldView['kind']) => ({ id: 'h', passageId: 'p', state: 'open', kind }) as HoldView;
const review = (holds: HoldView[]) => ({
  holds,
  requests: [],
  reports: [],
  oldestAt: null,
  waiting: 0,
  decided: 0,
  overturned: 0,
});

const as = (playerId: string, wasHidden = false) => ({ playerId, wasHidden });

describe('the place of a held passage', () => {
  it('tells its author what it knows, and others that it waits', () => {
    expect(heldText(passage, { notes: [note], review: null }, as('ana'))).toBe(SAFETY.held.yours);
    expect(heldText(passage, { notes: [], review: null }, as('ana'))).toBe(SAFETY.held.yours);
    expect(heldText(passage, { notes: [], review: null }, as('ana', true))).toBe(SAFETY.held.hidden);
    expect(heldText(passage, { notes: [], review: null }, as('bo'))).toBe(SAFETY.held.waits);
    expect(heldText(passage, { notes: [], review: null }, as('bo', true))).toBe(SAFETY.held.hidden);
  });

  it('tells game masters what an X-card hid, and where it lies', () => {
    const desk = { notes: [], review: review([hold('hidden')]) };
    expect(heldText(passage, desk, as('gm'))).toBe(SAFETY.held.hidden);
    expect(holdOf('p', desk)).toBe('h');
    expect(heldText(passage, { notes: [], review: review([hold('passage')]) }, as('gm'))).toBe(
      SAFETY.held.waits,
    );
    expect(holdOf('q', desk)).toBeNull();
  });
});
