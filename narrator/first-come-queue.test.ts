import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../sessions/limits.ts';
import type { Clock, NarratorTurn } from '../sessions/ports.ts';
import { FirstComeQueue } from './first-come-queue.ts';

function turn(turnId: string, sessionId: string): NarratorTurn {
  return {
    turnId,
    sessionId,
    tenantId: 'tenant',
    playerId: 'player',
    maxTokens: null,
    workClass: 'narrator',
    fingerprint: turnId,
  };
}

function setup(parallel = 1, maxWaiting?: number) {
  let now = 0;
  const clock: Clock = { now: () => now, after: () => () => {} };
  const queue = new FirstComeQueue({ clock, parallel, ...(maxWaiting === undefined ? {} : { maxWaiting }) });
  return { queue, pass: (ms: number) => (now += ms) };
}

describe('first-come queue', () => {
  it('Q2: refuses a third turn of a session and a turn beyond the global bound', () => {
    const { queue } = setup(1, 3);
    expect(queue.enqueue(turn('a1', 'a')).ok).toBe(true);
    expect(queue.enqueue(turn('a2', 'a')).ok).toBe(true);
    expect(queue.enqueue(turn('a3', 'a'))).toMatchObject({ code: 'NARRATOR_BUSY', retryAfterMs: 5_000 });
    expect(queue.enqueue(turn('b1', 'b')).ok).toBe(true);
    expect(queue.enqueue(turn('c1', 'c'))).toMatchObject({ code: 'NARRATOR_QUEUE_FULL' });
  });

  it('Q1: serves the oldest turn whose session is free', () => {
    const { queue } = setup(2);
    for (const [id, session] of [
      ['a1', 'a'],
      ['a2', 'a'],
      ['b1', 'b'],
    ] as const)
      queue.enqueue(turn(id, session));
    expect(queue.claim()?.turnId).toBe('a1');
    expect(queue.claim()?.turnId).toBe('b1');
    expect(queue.claim()).toBeNull();
    queue.complete('a1');
    expect(queue.claim()?.turnId).toBe('a2');
  });

  it('Q3: shows positions, and a wait only when it has seen a turn end', () => {
    const { queue } = setup(1);
    for (const id of ['a', 'b', 'c']) queue.enqueue(turn(id, id));
    queue.claim();
    expect(queue.place('a')).toEqual({ position: 0, expectedWaitMs: 0 });
    expect(queue.place('c')).toEqual({ position: 2, expectedWaitMs: null });
    queue.complete('a');
    expect(queue.place('b')).toEqual({ position: 1, expectedWaitMs: 0 });
    expect(queue.place('c')).toEqual({ position: 2, expectedWaitMs: 1_000 });
    expect(queue.place('nobody')).toBeNull();
  });

  it('puts a failed turn back in front once', () => {
    const { queue } = setup(1);
    queue.enqueue(turn('a', 'a'));
    queue.enqueue(turn('b', 'b'));
    queue.claim();
    queue.fail('a', true);
    expect(queue.claim()?.turnId).toBe('a');
    queue.fail('a', true);
    expect(queue.place('a')).toBeNull();
    expect(queue.claim()?.turnId).toBe('b');
  });

  it('accepts a known turn again without queueing it twice', () => {
    const { queue } = setup(1);
    queue.enqueue(turn('a', 'a'));
    expect(queue.enqueue(turn('a', 'a')).ok).toBe(true);
    expect(queue.stats().waiting).toBe(1);
  });

  it('tells its listeners about changes until they leave, and the age of the oldest turn', () => {
    const { queue, pass } = setup(1);
    let calls = 0;
    const leave = queue.onChanged(() => (calls += 1));
    queue.enqueue(turn('a', 'a'));
    pass(700);
    expect(queue.stats()).toEqual({ waiting: 1, running: 0, oldestWaitMs: 700 });
    queue.cancel('a');
    leave();
    queue.enqueue(turn('b', 'b'));
    expect(calls).toBe(2);
  });
});

type Step = { op: 'enqueue' | 'claim' | 'complete' | 'fail' | 'again' | 'cancel'; id: number };
const step = fc.record({
  op: fc.constantFrom<Step['op']>(
    'enqueue',
    'enqueue',
    'enqueue',
    'claim',
    'claim',
    'complete',
    'fail',
    'again',
    'cancel',
  ),
  id: fc.nat({ max: 11 }),
});

describe('first-come queue, any history', () => {
  it('keeps its bounds, its order and every turn exactly once', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), fc.integer({ min: 1, max: 3 }), (steps, parallel) => {
        const { queue } = setup(parallel, 5);
        // The model: ids in waiting order, and running ids.
        let waiting: string[] = [];
        const running = new Set<string>();
        const again = new Set<string>();
        const session = (id: string) => `s${Number(id) % 4}`;
        for (const { op, id: number } of steps) {
          const id = String(number);
          if (op === 'enqueue') {
            const isNew = !waiting.includes(id) && !running.has(id);
            const mine = [...waiting, ...running].filter((other) => session(other) === session(id)).length;
            const expected = !isNew || (mine < LIMITS.narratorTurnsPerSession && waiting.length < 5);
            expect(queue.enqueue(turn(id, session(id))).ok).toBe(expected);
            if (isNew && expected) waiting.push(id);
          } else if (op === 'claim') {
            const busy = new Set([...running].map(session));
            const next =
              running.size < parallel ? waiting.find((other) => !busy.has(session(other))) : undefined;
            expect(queue.claim()?.turnId).toBe(next);
            if (next !== undefined) {
              waiting = waiting.filter((other) => other !== next);
              running.add(next);
            }
          } else if (op === 'cancel') {
            queue.cancel(id);
            waiting = waiting.filter((other) => other !== id);
            running.delete(id);
            again.delete(id);
          } else {
            if (op === 'complete') queue.complete(id);
            else queue.fail(id, op === 'again');
            if (running.delete(id) && op === 'again' && !again.has(id)) {
              waiting.unshift(id);
              again.add(id);
            } else if (!waiting.includes(id)) again.delete(id);
          }
          expect(running.size).toBeLessThanOrEqual(parallel);
          expect(queue.stats()).toMatchObject({ waiting: waiting.length, running: running.size });
          expect(waiting.map((other) => queue.place(other)?.position)).toEqual(
            waiting.map((_, at) => at + 1),
          );
          for (const other of running) expect(queue.place(other)?.position).toBe(0);
        }
      }),
      { numRuns: 300 },
    );
  });
});
