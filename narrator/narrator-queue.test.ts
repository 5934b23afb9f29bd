import { describe, expect, it } from 'vitest';
import { ManualClock } from '../test/support/manual-clock.ts';
import type { NarratorTurn } from '../sessions/ports.ts';
import { createNarratorQueue } from './queue-policies.ts';
import type { TokenBudgets } from './turn-admission.ts';

const NO_BUDGETS: TokenBudgets = { playerPerHour: null, sessionPerHour: null };

function turn(turnId: string, of: Partial<NarratorTurn> = {}): NarratorTurn {
  const sessionId = of.sessionId ?? turnId;
  const ids = { turnId, sessionId, tenantId: sessionId, playerId: 'p' };
  return { workClass: 'narrator', maxTokens: null, fingerprint: turnId, ...ids, ...of };
}

function setup(budgets = NO_BUDGETS, permits = 1) {
  const clock = new ManualClock();
  const queue = createNarratorQueue('fair', { clock, permits, chunk: 256, budgets });
  /** Steps the engine for a running turn: so many tokens in 100 ms each time. */
  const step = (turnId: string, count = 1, outputTokens = 5) => {
    for (let at = 0; at < count; at += 1) {
      clock.advance(100);
      queue.charge(turnId, { inputTokens: 0, outputTokens });
    }
  };
  return { clock, queue, step };
}

describe('narrator queue', () => {
  it('Q4: a third turn of a player, a ninth of a session and a 65th waiting one are refused, and told when to come', () => {
    const { queue } = setup();
    const enter = (turnId: string, playerId: string, sessionId: string) =>
      queue.enqueue(turn(turnId, { playerId, sessionId }));
    expect(enter('a1', 'p1', 's').ok).toBe(true);
    expect(enter('a1', 'p1', 's').ok).toBe(true);
    expect(enter('a2', 'p1', 's').ok).toBe(true);
    expect(enter('a3', 'p1', 's')).toMatchObject({ code: 'NARRATOR_BUSY', retryAfterMs: 5_000 });
    for (const player of ['p2', 'p3', 'p4']) {
      for (const at of [1, 2]) expect(enter(`${player}-${at}`, player, 's').ok).toBe(true);
    }
    expect(enter('a9', 'p5', 's')).toMatchObject({
      code: 'NARRATOR_BUSY',
      detail: expect.stringContaining('8') as string,
    });
    for (let at = 0; at < 56; at += 1) expect(enter(`b${at}`, 'p', `s${at}`).ok).toBe(true);
    expect(enter('late', 'p', 'other')).toMatchObject({ code: 'NARRATOR_QUEUE_FULL' });
    expect(queue.claim()).not.toBeNull();
    expect(enter('late', 'p', 'other').ok).toBe(true);
  });

  it('Q5: over its budget a player is refused until the hour has passed, and others are not', () => {
    const { clock, queue } = setup({ playerPerHour: 100, sessionPerHour: null });
    queue.enqueue(turn('a', { sessionId: 's', playerId: 'one' }));
    queue.claim();
    queue.charge('a', { inputTokens: 90, outputTokens: 10 });
    queue.complete('a');
    const again = queue.enqueue(turn('b', { sessionId: 's', playerId: 'one' }));
    expect(again).toMatchObject({
      code: 'NARRATOR_BUDGET',
      detail: expect.stringContaining('for you') as string,
    });
    expect(queue.enqueue(turn('c', { sessionId: 's', playerId: 'two' })).ok).toBe(true);
    clock.advance(again.ok ? 0 : (again.retryAfterMs ?? 0));
    expect(queue.enqueue(turn('b', { sessionId: 's', playerId: 'one' })).ok).toBe(true);
  });

  it('Q5: the budget of a session counts all its players', () => {
    const { queue } = setup({ playerPerHour: null, sessionPerHour: 100 });
    for (const player of ['one', 'two']) {
      queue.enqueue(turn(player, { sessionId: 's', playerId: player }));
      queue.claim();
      queue.charge(player, { inputTokens: 0, outputTokens: 50 });
      queue.complete(player);
    }
    const refused = queue.enqueue(turn('c', { sessionId: 's', playerId: 'three' }));
    expect(refused).toMatchObject({
      code: 'NARRATOR_BUDGET',
      detail: expect.stringContaining('this session') as string,
    });
  });

  it('Q6: the third equal request within a minute is refused; a different one, another player or a later one is not', () => {
    const { clock, queue } = setup();
    const ask = (turnId: string, of: Partial<NarratorTurn> = {}) => {
      const answer = queue.enqueue(turn(turnId, { sessionId: 's', fingerprint: 'same', ...of }));
      queue.cancel(turnId);
      return answer;
    };
    expect(ask('1').ok).toBe(true);
    clock.advance(10_000);
    expect(ask('2').ok).toBe(true);
    expect(ask('3')).toMatchObject({ code: 'NARRATOR_LOOP', retryAfterMs: 50_000 });
    expect(ask('4', { fingerprint: 'other' }).ok).toBe(true);
    expect(ask('5', { playerId: 'q' }).ok).toBe(true);
    clock.advance(50_000);
    expect(ask('6').ok).toBe(true);
  });

  it('Q8: tells positions at once, and waits as soon as it has seen the engine work', () => {
    const { queue, step } = setup();
    queue.enqueue(turn('a'));
    queue.claim();
    for (const id of ['b', 'c']) queue.enqueue(turn(id));
    expect(queue.place('a')).toEqual({ position: 0, expectedWaitMs: 0, isPaused: false });
    expect(queue.place('c')).toMatchObject({ position: 2, expectedWaitMs: null });
    step('a', 5);
    const [b, c] = [queue.place('b'), queue.place('c')];
    expect(b?.expectedWaitMs).toBeGreaterThan(0);
    expect(c?.expectedWaitMs).toBeGreaterThan(b?.expectedWaitMs ?? Infinity);
    queue.cancel('b');
    expect(queue.place('c')?.position).toBe(1);
    expect(queue.place('b')).toBeNull();
  });

  it('Q8: what turns cost is learnt: the wait is that of the turns of this session', () => {
    const { queue, step } = setup();
    for (const at of [1, 2, 3]) {
      queue.enqueue(turn(`a${at}`, { sessionId: 's' }));
      queue.claim();
      step(`a${at}`, 50);
      queue.complete(`a${at}`);
    }
    queue.enqueue(turn('a4', { sessionId: 's' }));
    queue.claim();
    queue.enqueue(turn('b'));
    // 250 tokens in 5 s each; this engine lets nobody pass in the middle of a turn.
    expect(queue.place('b')?.expectedWaitMs).toBeGreaterThan(4_500);
    expect(queue.place('b')?.expectedWaitMs).toBeLessThan(5_500);
    // One that does lets the newcomer pass soon.
    queue.plan();
    queue.enqueue(turn('c'));
    expect(queue.place('b')?.expectedWaitMs).toBeLessThan(2_500);
  });

  it('Q8: a pause is shown when it lasts a second, and counted from its beginning', () => {
    const { clock, queue, step } = setup();
    queue.enqueue(turn('a'));
    queue.claim();
    step('a', 30);
    queue.enqueue(turn('b'));
    expect(queue.plan()).toEqual({ run: [{ turnId: 'b', workClass: 'narrator' }], paused: ['a'] });
    expect(queue.claim()?.turnId).toBe('b');
    expect(queue.place('a')).toMatchObject({ position: 0, isPaused: false });
    clock.advance(1_000);
    expect(queue.place('a')).toMatchObject({ position: 1, isPaused: true });
    expect(queue.pausedMs('a')).toBe(1_000);
    queue.complete('b');
    expect(queue.plan().run).toEqual([{ turnId: 'a', workClass: 'narrator' }]);
    expect(queue.claim()).toBeNull();
    expect(queue.place('a')).toMatchObject({ position: 0, isPaused: false });
    expect(queue.pausedMs('a')).toBe(1_000);
  });

  it('Q9: long waits make passages short, until they are short themselves', () => {
    const { queue, step } = setup();
    queue.enqueue(turn('a'));
    queue.claim();
    step('a', 20, 1);
    expect(queue.stats().isShort).toBe(false);
    for (const id of ['b', 'c', 'd', 'e', 'f', 'g']) queue.enqueue(turn(id));
    expect(queue.stats().isShort).toBe(true);
    for (const id of ['c', 'd', 'e', 'f', 'g']) queue.cancel(id);
    step('a', 40, 1);
    expect(queue.stats().isShort).toBe(false);
  });

  it('Q22: the turns of a lost engine stand in front again', () => {
    const { queue, step } = setup();
    queue.enqueue(turn('a', { sessionId: 's' }));
    queue.enqueue(turn('b', { sessionId: 's', playerId: 'q' }));
    expect(queue.claim()?.turnId).toBe('a');
    step('a');
    queue.lost();
    expect(queue.stats()).toMatchObject({ running: 1, waiting: 1 });
    expect(queue.plan().run.map((one) => one.turnId)).toEqual(['a']);
    expect(queue.claim()).toBeNull();
  });

  it('tells its listeners of every change, also that time goes by, and stops when it is empty', () => {
    const { clock, queue } = setup();
    let told = 0;
    const stop = queue.onChanged(() => (told += 1));
    queue.enqueue(turn('a'));
    expect(told).toBe(1);
    clock.advance(1_000);
    expect(told).toBe(2);
    queue.cancel('a');
    clock.advance(10_000);
    expect(told).toBeLessThanOrEqual(4);
    stop();
    queue.enqueue(turn('b'));
    expect(told).toBeLessThanOrEqual(4);
  });

  it("other work makes no passage short, keeps no narrator turn out, and is nobody's share", () => {
    const { queue, step } = setup();
    queue.enqueue(turn('a'));
    queue.claim();
    step('a', 20, 1);
    const side = { workClass: 'moderation', tenantId: 'judge' } as const;
    for (let at = 0; at < 64; at += 1) expect(queue.enqueue(turn(`m${at}`, side)).ok).toBe(true);
    expect(queue.stats()).toMatchObject({ waiting: 64, isShort: false });
    expect(queue.enqueue(turn('m64', side))).toMatchObject({ code: 'NARRATOR_QUEUE_FULL' });
    expect(queue.enqueue(turn('b'))).toEqual({ ok: true });
    queue.charge('m0', { inputTokens: 100, outputTokens: 100 });
    expect(queue.shares().map(({ sessionId }) => sessionId)).toEqual(['a', 'b']);
  });

  it('says how fairly it served: who wanted little and got it has its share', () => {
    const { clock, queue } = setup(NO_BUDGETS, 2);
    queue.enqueue(turn('greedy'));
    queue.enqueue(turn('modest'));
    queue.claim();
    queue.claim();
    queue.charge('greedy', { inputTokens: 0, outputTokens: 500 });
    queue.charge('modest', { inputTokens: 0, outputTokens: 10 });
    queue.complete('modest');
    clock.advance(10);
    expect(queue.service().jain).toBeCloseTo(1, 2);
    expect(queue.shares()).toHaveLength(2);
    queue.enqueue(turn('starved', { tenantId: 'x' }));
    expect(queue.service().jain).toBeLessThan(0.9);
  });
});
