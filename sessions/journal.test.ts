import { describe, expect, it } from 'vitest';
import { ManualClock } from '../test/support/manual-clock.ts';
import { MemoryStore } from '../test/support/memory-store.ts';
import { settled } from '../test/support/sessions-fixture.ts';
import { StoreGate } from '../test/support/store-gate.ts';
import type { Refusal } from './errors.ts';
import { Journal, Ticker } from './journal.ts';

const TICK_MS = 10;
const talk = (text: string) => ({ type: 'talk-said', line: { id: text, by: 'ann', at: 1, text } }) as const;

async function setUp() {
  const clock = new ManualClock(0);
  const gate = new StoreGate(new MemoryStore());
  await gate.create('s', 0);
  const dead: unknown[] = [];
  const faults: unknown[] = [];
  let beforeFlush = (): void => undefined;
  const ticker = new Ticker(clock, TICK_MS);
  const journal = new Journal({
    sessionId: 's',
    lastSeq: 0,
    store: gate,
    clock,
    ticker,
    hooks: {
      beforeFlush: () => beforeFlush(),
      onDead: (cause) => dead.push(cause),
      onFault: (cause) => faults.push(cause),
    },
  });
  const tick = async () => {
    clock.advance(TICK_MS);
    await settled();
  };
  const seqs = async () => (await gate.load('s'))!.tail.map((record) => record.seq);
  return {
    clock,
    gate,
    journal,
    dead,
    faults,
    tick,
    seqs,
    ticker,
    onFlush: (run: () => void) => (beforeFlush = run),
  };
}

describe('Journal', () => {
  it('D2: what is noted within a tick is one append, in order, under numbers without holes', async () => {
    const { gate, journal, tick, seqs } = await setUp();
    for (const text of ['a', 'b', 'c']) journal.event(talk(text), 'ann');
    journal.update('story', null, Uint8Array.of(1));
    expect(gate.batches).toEqual([]);
    await tick();
    expect(gate.batches.map((batch) => batch.map((record) => [record.seq, record.kind, record.doc]))).toEqual(
      [
        [
          [1, 'event', 'state'],
          [2, 'event', 'state'],
          [3, 'event', 'state'],
          [4, 'update', 'story'],
        ],
      ],
    );
    journal.event(talk('d'), null);
    await tick();
    expect(await seqs()).toEqual([1, 2, 3, 4, 5]);
  });

  it('D1: effects run in order, after their batch and before those of the next', async () => {
    const { gate, journal, tick } = await setUp();
    const done: string[] = [];
    gate.hold();
    journal.event(talk('a'), null);
    journal.whenDurable(() => done.push('a'));
    await tick();
    journal.event(talk('b'), null);
    journal.whenDurable(() => done.push('b1'));
    journal.whenDurable(() => done.push('b2'));
    await tick();
    expect(done).toEqual([]);
    await gate.letThrough(1);
    await settled();
    expect(done).toEqual(['a']);
    await gate.release();
    await settled();
    expect(done).toEqual(['a', 'b1', 'b2']);
  });

  it('D1: an effect without records waits for the batch before it', async () => {
    const { gate, journal, tick } = await setUp();
    let isTold = false;
    gate.hold();
    journal.event(talk('a'), null);
    await tick();
    journal.whenDurable(() => (isTold = true));
    await tick();
    expect(isTold).toBe(false);
    await gate.release();
    await settled();
    expect(isTold).toBe(true);
  });

  it('D2: what beforeFlush adds goes out with the same batch', async () => {
    const { gate, journal, tick, onFlush } = await setUp();
    let isTold = false;
    onFlush(() => {
      onFlush(() => undefined);
      journal.event(talk('late'), null);
      journal.whenDurable(() => (isTold = true));
    });
    journal.event(talk('a'), null);
    await tick();
    expect(gate.batches.map((batch) => batch.length)).toEqual([2]);
    expect(isTold).toBe(true);
  });

  it('D4: a failed batch fails everything that waits, once, and nothing is taken in any more', async () => {
    const { gate, journal, tick, dead, seqs } = await setUp();
    journal.event(talk('stored'), null);
    await tick();
    const failed: Refusal[] = [];
    const ran: string[] = [];
    const note = (refusal: Refusal) => failed.push(refusal);
    gate.hold();
    journal.event(talk('lost'), null);
    journal.whenDurable(() => ran.push('1'), note);
    await tick();
    journal.whenDurable(() => ran.push('2'), note);
    gate.break();
    await settled();
    gate.repair();
    journal.event(talk('late'), null);
    journal.whenDurable(() => ran.push('3'), note);
    await tick();
    await journal.flush();
    expect(failed.map((refusal) => refusal.code)).toEqual(Array(3).fill('STORAGE_UNAVAILABLE'));
    expect([ran, dead.length, await seqs()]).toEqual([[], 1, [1]]);
  });

  it('D4: a fault while a batch is put together loses the session and not the process', async () => {
    const { journal, tick, dead, seqs, onFlush } = await setUp();
    onFlush(() => {
      throw new Error('broken view');
    });
    let code = '';
    journal.event(talk('a'), null);
    journal.whenDurable(
      () => undefined,
      (refusal) => (code = refusal.code),
    );
    await tick();
    expect([dead.length, code, await seqs()]).toEqual([1, 'STORAGE_UNAVAILABLE', []]);
  });

  it('D8: an effect that throws is told of and does not stop the others', async () => {
    const { journal, tick, faults, dead } = await setUp();
    const done: string[] = [];
    journal.event(talk('a'), null);
    journal.whenDurable(() => {
      throw new Error('broken socket');
    });
    journal.whenDurable(() => done.push('told'));
    await tick();
    expect([done, faults.length, dead.length]).toEqual([['told'], 1, 0]);
  });

  it('D9: a closed journal fails what waits and takes nothing in', async () => {
    const { journal, tick, dead, seqs, clock } = await setUp();
    const codes: string[] = [];
    journal.event(talk('a'), null);
    expect(journal.hasPending).toBe(true);
    await journal.flush();
    expect(journal.hasPending).toBe(false);
    journal.event(talk('b'), null);
    journal.whenDurable(
      () => undefined,
      (refusal) => codes.push(refusal.code),
    );
    journal.close();
    journal.close();
    journal.wake();
    await tick();
    expect([codes, dead, await seqs(), clock.pending]).toEqual([['SHUTTING_DOWN'], [], [1], 0]);
  });

  it('D2: two calls of flush at once write one after the other', async () => {
    const { gate, journal, seqs } = await setUp();
    gate.hold();
    journal.event(talk('a'), null);
    const first = journal.flush();
    journal.event(talk('b'), null);
    const both = Promise.all([first, journal.flush(), journal.flush()]);
    expect(gate.waitingCount).toBe(1);
    await gate.release();
    await both;
    expect(await seqs()).toEqual([1, 2]);
    expect(gate.batches).toHaveLength(2);
  });
});
