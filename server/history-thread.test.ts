import { EventEmitter } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { replay, type Replay } from '../sessions/past.ts';
import { Story } from '../sessions/story.ts';
import { ManualClock } from '../test/support/manual-clock.ts';
import { systemClock } from './clock.ts';
import { HistoryThread } from './history-thread.ts';

/** Updates of a story with passages of 2,000 characters. */
function storyOf(passages: number): Replay {
  const story = new Story();
  const updates: Uint8Array[] = [];
  story.onUpdate((update) => updates.push(update));
  for (let at = 0; at < passages; at += 1) {
    const text = `${at} ${'the tide went out '.repeat(110)}`;
    story.apply([
      {
        op: 'add',
        passageId: `p${at}`,
        alternativeId: `a${at}`,
        meta: { kind: 'player', by: 'ann', turnId: `t${at}`, castId: null, createdAt: at },
        spans: [{ author: 'ann', text }],
        at,
      },
    ]);
  }
  return { base: null, updates };
}

class FakeWorker extends EventEmitter {
  readonly asked: { id: number }[] = [];
  isTerminated = false;
  postMessage(question: { id: number }): void {
    this.asked.push(question);
  }
  ref(): void {}
  unref(): void {}
  terminate(): Promise<number> {
    this.isTerminated = true;
    this.emit('exit', 1);
    return Promise.resolve(1);
  }
}

describe('the thread that looks back', () => {
  const closers: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const one of closers.splice(0)) await one.close();
  });

  function faked() {
    const workers: FakeWorker[] = [];
    const clock = new ManualClock();
    const thread = new HistoryThread(clock, () => {
      const worker = new FakeWorker();
      workers.push(worker);
      return worker as unknown as Worker;
    });
    closers.push(thread);
    return { clock, thread, workers };
  }

  const LONG: Replay = { base: null, updates: [new Uint8Array(200 * 1024)] };

  it('B7: replays a long story in the thread, a short one in place, with the same result', async () => {
    const thread = new HistoryThread(systemClock);
    closers.push(thread);
    const long = storyOf(120);
    const inThread = thread.replay(long);
    expect(inThread).toBeInstanceOf(Promise);
    expect(await inThread).toEqual(replay(long));
    expect((await inThread).passages).toHaveLength(120);
    const short = storyOf(2);
    expect(thread.replay(short)).toEqual(replay(short));
    const base = Y.mergeUpdates(long.updates.slice(0, 100));
    expect(await thread.replay({ base, updates: long.updates.slice(100) })).toEqual(await inThread);
  }, 30_000);

  it('answers by id; a death fails what it was doing, and the next one gets a new thread', async () => {
    const { thread, workers } = faked();
    const [first, second] = [thread.replay(LONG), thread.replay(LONG)];
    const story = replay(storyOf(1));
    workers[0]!.emit('message', { id: 2, story: JSON.stringify(story) });
    expect(await second).toEqual(story);
    workers[0]!.emit('error', new Error('out of memory'));
    await expect(first).rejects.toMatchObject({ code: 'INTERNAL' });
    const third = thread.replay(LONG);
    expect(workers).toHaveLength(2);
    workers[1]!.emit('message', { id: 3, story: null });
    await expect(third).rejects.toMatchObject({ code: 'INTERNAL' });
  });

  it('turns away what is too much, and gives up what takes too long', async () => {
    const { clock, thread, workers } = faked();
    const asked = Array.from({ length: 32 }, () => Promise.resolve(thread.replay(LONG)));
    expect(() => thread.replay(LONG)).toThrow('RATE_LIMITED');
    const ends = Promise.allSettled(asked);
    clock.advance(60_000);
    expect((await ends).every(({ status }) => status === 'rejected')).toBe(true);
    expect(workers[0]!.isTerminated).toBe(true);
    void Promise.resolve(thread.replay(LONG)).catch(() => undefined);
    expect(workers).toHaveLength(2);
  });

  it('close ends it and refuses what comes later, twice without harm', async () => {
    const { thread, workers } = faked();
    const waiting = Promise.resolve(thread.replay(LONG));
    const end = expect(waiting).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
    await thread.close();
    await end;
    await thread.close();
    expect(workers[0]!.isTerminated).toBe(true);
    expect(() => thread.replay(LONG)).toThrow('SHUTTING_DOWN');
  });
});
