import { describe, expect, it } from 'vitest';
import type { NarratorTurnView } from '../../sessions/view.ts';
import { describeNarratorTurn, narratorNews, orderTurns, whyFull } from './turn-lines.ts';

const turn = (turnId: string, part: Partial<NarratorTurnView> = {}): NarratorTurnView => ({
  turnId,
  askedBy: 'ann',
  state: 'queued',
  position: 1,
  expectedWaitMs: null,
  isPaused: false,
  passageId: null,
  direction: null,
  castId: null,
  ...part,
});
const writing = { state: 'generating', position: 0, passageId: 'p' } as const;

describe('lines of narrator turns', () => {
  it('N11: say where a turn stands and how long it takes', () => {
    const lines = [
      turn('a'),
      turn('a', { expectedWaitMs: 5_000 }),
      turn('a', { position: 3, expectedWaitMs: 120_000 }),
      turn('a', { state: 'generating', position: 0 }),
      turn('a', writing),
      turn('a', { ...writing, position: 1, isPaused: true, expectedWaitMs: 5_000 }),
      turn('a', { ...writing, position: 1, isPaused: true }),
    ];
    expect(lines.map(describeNarratorTurn)).toEqual([
      'Next in line',
      'Next in line, in about 5 s',
      '3rd in line, in about 2 min',
      'The narrator is beginning…',
      'The narrator is writing…',
      'Pausing for other stories, goes on in about 5 s',
      'Pausing for other stories, goes on in a while',
    ]);
  });

  it('list what has begun, then one’s own, then the others as they come', () => {
    const turns = [
      turn('late', { askedBy: 'bo', position: 7 }),
      turn('own', { position: 5 }),
      turn('soon', { askedBy: 'bo', position: 2 }),
      turn('running', { ...writing, askedBy: 'cy' }),
    ];
    expect(orderTurns(turns, 'ann').map(({ turnId }) => turnId)).toEqual(['running', 'own', 'soon', 'late']);
  });

  it('N10: say why nobody can ask once more', () => {
    const turns = (n: number, askedBy: string) =>
      Array.from({ length: n }, (_, i) => turn(`${i}`, { askedBy }));
    expect(whyFull([...turns(1, 'ann'), ...turns(6, 'bo')], 'ann')).toBeNull();
    expect(whyFull(turns(2, 'ann'), 'ann')).toMatch(/^You have 2 requests/);
    expect(whyFull(turns(8, 'bo'), 'ann')).toMatch(/^This session has 8 requests/);
  });
});

describe('news of the narrator', () => {
  const of = { playerId: 'ann', nameOf: (id: string) => id.toUpperCase() };

  it('are that somebody asked, that it begins and that it is done', () => {
    expect(narratorNews([], [turn('a')], of)).toBe('You have asked the narrator.');
    expect(narratorNews([], [turn('a', { askedBy: 'bo' })], of)).toBe('BO has asked the narrator.');
    expect(narratorNews([turn('a')], [turn('a', writing)], of)).toBe('The narrator has begun a passage.');
    expect(narratorNews([turn('a', writing)], [], of)).toBe('The narrator has finished.');
  });

  it('are never that a place has moved, or that a turn pauses and goes on', () => {
    const paused = turn('a', { ...writing, position: 1, isPaused: true });
    const steps = [
      turn('a', { position: 3 }),
      turn('a', { position: 1 }),
      turn('a', { ...writing, passageId: null }),
    ];
    for (const [before, now] of [
      ...steps.map((step) => [turn('a'), step]),
      [turn('a', writing), paused],
      [paused, turn('a', writing)],
    ])
      expect(narratorNews([before!], [now!], of)).toBe('');
  });
});
