import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newSession } from './new-session.ts';
import { createSessionSchema, type Role, type TurnMode } from './protocol.ts';
import type { Draft, Player, SessionState, Turn } from './state.ts';
import {
  addPlayer,
  advance,
  dropPlayer,
  give,
  mayAskNarrator,
  mayOpen,
  nextPlayer,
  reorder,
  roundStatus,
  startTurns,
} from './turns.ts';
import { SeededRandom } from '../test/support/seeded-random.ts';

const MODES: TurnMode[] = ['free', 'ordered', 'round', 'gm-calls'];
const NOW = 1_000_000;
const ids = ['ann', 'ben', 'cat', 'dan', 'eve'];
const all = () => true;

const orders = fc.shuffledSubarray(ids, { minLength: 0 });
const turns = fc
  .tuple(fc.constantFrom(...MODES), orders, fc.nat(4), fc.option(fc.integer({ min: 10, max: 99 })))
  .map(([mode, order, at, timerSeconds]): Turn => {
    const turn = startTurns(mode, timerSeconds, order, NOW);
    const isHeld = (mode === 'ordered' || mode === 'gm-calls') && order.length > 0;
    return isHeld ? (give(turn, order[at % order.length]!, NOW) ?? turn) : turn;
  });
const presences = fc.subarray(ids).map((present) => new Set(present));

function player(id: string, role: Role): Player {
  return {
    id,
    name: id,
    role,
    colour: 0,
    identityHash: null,
    recoveryHash: null,
    joinedAt: 0,
    isGone: false,
  };
}

describe('turns', () => {
  it('T9: whose turn it is is always somebody in the order, or nobody', () => {
    const step = fc.oneof(
      fc.tuple(fc.constant('add' as const), fc.constantFrom(...ids)),
      fc.tuple(fc.constant('drop' as const), fc.constantFrom(...ids)),
      fc.tuple(fc.constant('advance' as const), fc.constant('')),
      fc.tuple(fc.constant('reorder' as const), fc.constantFrom(...ids)),
      fc.tuple(fc.constantFrom(...MODES), fc.constant('')),
    );
    fc.assert(
      fc.property(turns, fc.array(fc.tuple(step, presences), { maxLength: 20 }), (start, steps) => {
        let turn = start;
        for (const [[what, id], present] of steps) {
          const isPresent = (who: string) => present.has(who);
          const before = new Set(turn.order);
          if (what === 'add') turn = addPlayer(turn, id, NOW);
          else if (what === 'drop') turn = dropPlayer(turn, id, isPresent, NOW);
          else if (what === 'advance') turn = advance(turn, isPresent, NOW);
          else if (what === 'reorder') turn = reorder(turn, [id]);
          else turn = startTurns(what, turn.timerSeconds, turn.order, NOW);
          expect(turn.current === null || turn.order.includes(turn.current)).toBe(true);
          expect(new Set(turn.order).size).toBe(turn.order.length);
          if (what === 'add') expect(turn.order).toContain(id);
          if (what === 'drop') expect(turn.order).not.toContain(id);
          if (what === 'advance' || what === 'reorder') expect(new Set(turn.order)).toEqual(before);
          if (turn.mode === 'ordered' && turn.order.length > 0) expect(turn.current).not.toBeNull();
          if (turn.mode === 'free' || turn.mode === 'round') expect(turn.current).toBeNull();
          const isTimed = turn.mode === 'ordered' && turn.current !== null && turn.timerSeconds !== null;
          expect(turn.deadline !== null).toBe(isTimed);
        }
      }),
    );
  });

  it('T2: in ordered play the turn goes to the next present player in order and wraps around', () => {
    const turn = startTurns('ordered', null, ['ann', 'ben', 'cat'], NOW);
    expect(advance(turn, all, NOW).current).toBe('ben');
    expect(advance({ ...turn, current: 'cat' }, all, NOW).current).toBe('ann');
    expect(advance(turn, (id) => id === 'cat', NOW).current).toBe('cat');
    expect(advance(turn, (id) => id === 'ann', NOW).current).toBe('ann');
    expect(advance({ ...turn, current: null }, all, NOW).current).toBe('ann');
  });

  it('T2: an absent player is never picked while a present one could be', () => {
    fc.assert(
      fc.property(turns, presences, (turn, present) => {
        const next = advance(turn, (id) => present.has(id), NOW);
        if (turn.mode !== 'ordered') {
          expect(next.current).toBeNull();
          return;
        }
        const others = turn.order.filter((id) => present.has(id) && id !== turn.current);
        if (others.length === 0) {
          expect(next.current).toBe(turn.current);
          return;
        }
        expect(others).toContain(next.current);
        // The very next one: nobody present stands between.
        const from = turn.current === null ? -1 : turn.order.indexOf(turn.current);
        const distance = (id: string) =>
          (turn.order.indexOf(id) - from + turn.order.length) % turn.order.length;
        const steps = others.map((id) => distance(id) || turn.order.length);
        expect(distance(next.current!) || turn.order.length).toBe(Math.min(...steps));
      }),
    );
  });

  it('T2: as many turns as there are present players give each of them one', () => {
    fc.assert(
      fc.property(orders, presences, (order, present) => {
        let turn = startTurns('ordered', null, order, NOW);
        const here = order.filter((id) => present.has(id));
        if (here.length < 2) return;
        const served = here.map(() => {
          turn = advance(turn, (id) => present.has(id), NOW);
          return turn.current!;
        });
        expect(served.toSorted()).toEqual(here.toSorted());
      }),
    );
  });

  it('T2: in GM calls the turn goes to nobody, a round counts on, free play has no turns', () => {
    const called = give(startTurns('gm-calls', null, ids, NOW), 'cat', NOW)!;
    expect(called.current).toBe('cat');
    expect(advance(called, all, NOW).current).toBeNull();
    const round = startTurns('round', null, ids, NOW);
    expect(advance(round, all, NOW)).toEqual({ ...round, round: 2 });
    const free = startTurns('free', null, ids, NOW);
    expect(advance(free, all, NOW)).toBe(free);
  });

  it('T3: only ordered play has a deadline, anew for each turn', () => {
    const turn = startTurns('ordered', 30, ['ann', 'ben'], NOW);
    expect(turn.deadline).toBe(NOW + 30_000);
    expect(advance(turn, all, NOW + 5_000).deadline).toBe(NOW + 35_000);
    expect(give(startTurns('gm-calls', 30, ids, NOW), 'ann', NOW)?.deadline).toBeNull();
  });

  it('T7: giving the turn works in ordered play and GM calls alone', () => {
    expect(MODES.map((mode) => give(startTurns(mode, null, ids, NOW), 'dan', NOW)?.current)).toEqual([
      undefined,
      'dan',
      undefined,
      'dan',
    ]);
  });

  it('T8: reordering is a permutation that puts the named first, in that order', () => {
    const named = fc.array(fc.constantFrom(...ids, 'stranger', 'constructor'), { maxLength: 8 });
    fc.assert(
      fc.property(turns, named, (turn, order) => {
        const next = reorder(turn, order);
        expect(next.order.toSorted()).toEqual(turn.order.toSorted());
        const wanted = [...new Set(order)].filter((id) => turn.order.includes(id));
        expect(next.order.slice(0, wanted.length)).toEqual(wanted);
        expect({ ...next, order: [] }).toEqual({ ...turn, order: [] });
      }),
    );
  });

  it('T9: when the one whose turn it is leaves, the turn goes to the next present player', () => {
    const turn = give(startTurns('ordered', 20, ['ann', 'ben', 'cat'], NOW), 'ben', NOW)!;
    expect(dropPlayer(turn, 'ben', all, NOW)).toMatchObject({ order: ['ann', 'cat'], current: 'cat' });
    expect(dropPlayer(turn, 'ben', (id) => id === 'ann', NOW).current).toBe('ann');
    expect(dropPlayer(turn, 'ben', () => false, NOW).current).toBe('ann');
    expect(dropPlayer(turn, 'cat', all, NOW).current).toBe('ben');
    expect(dropPlayer(startTurns('ordered', null, ['ann'], NOW), 'ann', all, NOW)).toMatchObject({
      order: [],
      current: null,
      deadline: null,
    });
    const called = give(startTurns('gm-calls', null, ids, NOW), 'ann', NOW)!;
    expect(dropPlayer(called, 'ann', all, NOW).current).toBeNull();
  });

  it('T9: a newcomer comes last, and first to play when nobody has the turn', () => {
    const empty = startTurns('ordered', 20, [], NOW);
    expect(addPlayer(empty, 'ann', NOW)).toMatchObject({
      order: ['ann'],
      current: 'ann',
      deadline: NOW + 20_000,
    });
    expect(addPlayer(startTurns('ordered', null, ['ann'], NOW), 'ben', NOW)).toMatchObject({
      order: ['ann', 'ben'],
      current: 'ann',
    });
  });

  it('T1 and T5: who may open a passage and ask the narrator, by mode', () => {
    const roles: Role[] = ['owner', 'gm', 'writer'];
    const table = MODES.map((mode) => {
      const turn = { ...startTurns(mode, null, ['ann', 'ben'], NOW), current: null };
      const held = mode === 'ordered' || mode === 'gm-calls' ? { ...turn, current: 'ann' } : turn;
      const letters = (rule: typeof mayOpen, of: Turn) =>
        roles.map((role) => (rule(of, player('ann', role)).ok ? role[0] : '-')).join('');
      return [
        mode,
        letters(mayOpen, turn),
        letters(mayOpen, held),
        letters(mayAskNarrator, turn),
        letters(mayAskNarrator, held),
      ];
    });
    expect(table).toEqual([
      ['free', 'ogw', 'ogw', 'ogw', 'ogw'],
      ['ordered', '---', 'ogw', 'og-', 'ogw'],
      ['round', 'ogw', 'ogw', 'og-', 'og-'],
      ['gm-calls', 'og-', 'ogw', 'og-', 'ogw'],
    ]);
    expect(nextPlayer(startTurns('ordered', null, ['ann'], NOW), all)).toBeNull();
  });
});

function roundState(drafts: Draft[], roles: [string, Role][]): SessionState {
  const input = createSessionSchema.parse({ title: 'T', ownerName: 'O', turnMode: 'round' });
  const { state } = newSession(input, {
    sessionId: 's',
    identityHash: 'h',
    now: NOW,
    random: new SeededRandom(1),
  });
  return {
    ...state,
    players: Object.fromEntries(roles.map(([id, role]) => [id, player(id, role)])),
    turn: startTurns(
      'round',
      null,
      roles.map(([id]) => id),
      NOW,
    ),
    drafts: Object.fromEntries(drafts.map((draft) => [draft.id, draft])),
  };
}

function draftBy(openedBy: string, submittedAt: number | null, replaces: string | null = null): Draft {
  return {
    id: `d-${openedBy}-${replaces ?? ''}`,
    turnId: 't',
    openedBy,
    openedAt: NOW,
    replaces,
    visibility: 'private',
    submittedAt,
    asNarrator: false,
    isShielded: false,
    isCarded: false,
    keptFrom: null,
    keptOf: null,
    clients: {},
  };
}

describe('roundStatus', () => {
  const roles: [string, Role][] = [
    ['olga', 'owner'],
    ['ann', 'writer'],
    ['ben', 'writer'],
    ['cat', 'writer'],
  ];

  it('T4: a round waits for present writers who have not submitted, not for game masters without a draft', () => {
    const state = roundState([draftBy('ann', NOW), draftBy('ben', null)], roles);
    expect(roundStatus(state, all)).toEqual({ submitted: ['ann'], waitingFor: ['ben', 'cat'] });
    expect(roundStatus(state, (id) => id !== 'cat').waitingFor).toEqual(['ben']);
    const leading = roundState([draftBy('olga', null), draftBy('ann', NOW)], roles);
    expect(roundStatus(leading, all).waitingFor).toEqual(['olga', 'ben', 'cat']);
  });

  it('T4: a reopened passage is no part of the round, and other modes have none', () => {
    const state = roundState([draftBy('ann', null, 'p1')], roles);
    expect(roundStatus(state, all)).toEqual({ submitted: [], waitingFor: ['ann', 'ben', 'cat'] });
    const free = { ...state, turn: { ...state.turn, mode: 'free' as const } };
    expect(roundStatus(free, all)).toEqual({ submitted: [], waitingFor: [] });
  });

  it('T4: the round is complete exactly when every present writer has submitted', () => {
    const who = fc.subarray(['ann', 'ben', 'cat']);
    fc.assert(
      fc.property(who, who, (submitted, present) => {
        const state = roundState(
          submitted.map((id) => draftBy(id, NOW)),
          roles,
        );
        const { waitingFor } = roundStatus(state, (id) => present.includes(id));
        expect(waitingFor).toEqual(present.filter((id) => !submitted.includes(id)));
      }),
    );
  });
});
