import { describe, expect, it } from 'vitest';
import type { TurnView } from '../../sessions/view.ts';
import { describeTurn, describeTyping } from './turn-text.ts';

const ana = { playerId: 'ana', role: 'writer' } as const;
const gm = { playerId: 'gm', role: 'gm' } as const;
const nameOf = (id: string): string => id.toUpperCase();
const turn = (part: Partial<TurnView>): TurnView => ({
  mode: 'free',
  order: [],
  current: null,
  next: null,
  timerSeconds: null,
  deadline: null,
  round: 1,
  submitted: [],
  waitingFor: [],
  ...part,
});

describe('describeTurn', () => {
  it('says in ordered play whose turn it is and who is next', () => {
    const theirs = describeTurn(turn({ mode: 'ordered', current: 'bo', next: 'ana' }), ana, nameOf);
    expect(theirs).toEqual({ whose: 'It is BO’s turn.', next: 'You are next.' });
    const yours = describeTurn(turn({ mode: 'ordered', current: 'ana', next: 'bo' }), ana, nameOf);
    expect(yours).toEqual({ whose: 'It is your turn.', next: 'Next: BO.' });
  });

  it('does not call the only player next after themselves', () => {
    expect(describeTurn(turn({ mode: 'ordered', current: 'ana', next: 'ana' }), ana, nameOf).next).toBe('');
  });

  it('asks a game master to give the turn when nobody has it', () => {
    expect(describeTurn(turn({ mode: 'gm-calls' }), gm, nameOf).next).toBe('Give somebody the turn.');
    expect(describeTurn(turn({ mode: 'gm-calls' }), ana, nameOf).next).toBe(
      'The game master gives the next turn.',
    );
  });

  it('says in rounds whom the round waits for', () => {
    const waiting = turn({ mode: 'round', round: 2, submitted: ['ana'], waitingFor: ['bo', 'cy'] });
    expect(describeTurn(waiting, ana, nameOf)).toEqual({
      whose: 'Round 2.',
      next: 'Yours is in. Waiting for BO and CY.',
    });
    const first = turn({ mode: 'round', waitingFor: ['ana'] });
    expect(describeTurn(first, ana, nameOf).next).toBe('Write your passage, then submit it.');
  });
});

describe('describeTyping', () => {
  it('leaves this player out', () => {
    expect(describeTyping({ typing: { ana: 'd1', bo: 'd2' } }, ana, nameOf)).toBe('BO is typing…');
    expect(describeTyping({ typing: { ana: 'd1' } }, ana, nameOf)).toBe('');
  });
});
