import { EventEmitter } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import type { Moderator, ScreenRequest } from '../sessions/moderator.ts';
import { requestOf } from '../test/support/screen-requests.ts';
import { loadClassifier } from './model/classifier.ts';
import { createModerator } from './moderator.ts';
import { ReaderThread } from './reader-thread.ts';

const clock = { now: () => performance.now(), after: after };

function after(delayMs: number, run: () => void): () => void {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
}

const requestFor = (text: string): ScreenRequest =>
  requestOf({ text, rules: { rating: 'everyone', lines: ['spiders'] }, history: 1, playersPresent: 1 });

const WORDS = 'boats tide keeper lamp harbour gulls rope morning oar sail island bell'.split(' ');
const word = (at: number): string => WORDS[at % WORDS.length] ?? '';
/** About three thousand characters in which no sentence comes twice. */
const CALM = Array.from(
  { length: 60 },
  (_, at) =>
    `The ${word(at)} lay by the ${word(at * 5 + 1)} until the ${word(at * 7 + 2)} of ${1_600 + at}. `,
).join('');
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function open(parts: Partial<Parameters<typeof createModerator>[0]> = {}): Promise<Moderator> {
  const moderator = await createModerator({ encoder: 'off', judge: null, clock, ...parts });
  closers.push(() => moderator.close());
  return moderator;
}

describe('long texts', () => {
  it('M10: a long text is read in a thread of its own, to its beginning, with the same verdict', async () => {
    const threaded = await open({ timeouts: { encoderMs: 1, judgeMs: 1 } });
    const inPlace = await open({ classifier: await loadClassifier() });
    const texts = [CALM, `A spider sat there. ${CALM}`, `${CALM} A spider.`];
    for (const text of texts) {
      const [one, other] = [await threaded.screen(requestFor(text)), await inPlace.screen(requestFor(text))];
      expect({ ...one, ms: 0 }).toEqual({ ...other, ms: 0 });
      expect(one.outcome).toBe(text.includes('spider') ? 'hold_for_gm' : 'allow');
    }
  }, 60_000);
});

class FakeWorker extends EventEmitter {
  readonly asked: { id: number }[] = [];
  postMessage(question: { id: number }): void {
    this.asked.push(question);
  }
  ref(): void {}
  unref(): void {}
  terminate(): Promise<number> {
    this.emit('exit', 1);
    return Promise.resolve(1);
  }
}

describe('the reader’s thread', () => {
  it('M7: answers by id, gives up what it was reading when it dies, and begins anew for the next text', async () => {
    const workers: FakeWorker[] = [];
    const thread = new ReaderThread(() => {
      const worker = new FakeWorker();
      workers.push(worker);
      return worker as unknown as Worker;
    });
    const [first, second] = [thread.read(requestFor('a')), thread.read(requestFor('b'))];
    const reading = { findings: [], failedTiers: ['x'] };
    workers[0]!.emit('message', { id: 2, reading });
    expect(await second).toEqual(reading);
    workers[0]!.emit('exit', 1);
    await expect(first).rejects.toThrow('exit code 1');
    const third = thread.read(requestFor('c'));
    expect(workers).toHaveLength(2);
    await thread.close();
    await expect(third).rejects.toThrow('closed');
  });
});
