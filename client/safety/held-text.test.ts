import { describe, expect, it } from 'vitest';
import type { HoldView } from '../../sessions/safety-view.ts';
import { heldText, holdOf } from './held-text.ts';
import { SAFETY } from './safety-strings.ts';

const passage = { id: 'p', by: 'ana' };
const hold = (kind: HoldView['kind']) => ({ id: 'h', passageId: 'p', state: 'open', kind }) as HoldView;
const review = (holds: HoldView[]) => ({
  holds,
  requests: [],
  reports: [],
  tableLines: [],
  tableVeils: [],
  oldestAt: null,
  waiting: 0,
  decided: 0,
  overturned: 0,
});

const as = (playerId: string, ...hiddenPassages: string[]) => ({ playerId, hiddenPassages });

describe('the place of a held passage', () => {
  it('tells its author that it is theirs, others that it waits, and all what was put out of sight', () => {
    expect(heldText(passage, as('ana'))).toBe(SAFETY.held.yours);
    expect(heldText(passage, as('bo', 'another'))).toBe(SAFETY.held.waits);
    expect(heldText(passage, as('ana', 'p'))).toBe(SAFETY.held.hidden);
    expect(heldText(passage, as('bo', 'p'))).toBe(SAFETY.held.hidden);
  });

  it('tells game masters where it lies', () => {
    const desk = { review: review([hold('hidden')]) };
    expect(holdOf('p', desk)).toBe('h');
    expect(holdOf('q', desk)).toBeNull();
  });
});
