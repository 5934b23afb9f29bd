import { Worker } from 'node:worker_threads';
import { strFromU8, unzipSync } from 'fflate';
import { afterEach, describe, expect, it } from 'vitest';
import { bookWith } from '../../test/support/books.ts';
import { Bookbinder } from './bookbinder.ts';
import { epubOf } from './epub.ts';

const book = bookWith([['', 'Once.']]);

/** A thread that answers by the title of the book. */
const SCRIPT = `
  const { parentPort } = require('node:worker_threads');
  parentPort.once('message', ({ book: { title } }) => {
    if (title === 'die') process.exit(3);
    if (title === 'throw') throw new Error('it broke');
    if (title === 'fail') return parentPort.postMessage({ fault: 'it failed' });
    if (title === 'hang') return;
    parentPort.postMessage({ data: new TextEncoder().encode(title) });
  });
`;

describe('the bookbinder', () => {
  let binder: Bookbinder;
  let started = 0;
  let running = 0;
  const scripted = () => {
    started = 0;
    binder = new Bookbinder({
      startThread: () => {
        started += 1;
        running += 1;
        return new Worker(SCRIPT, { eval: true }).once('exit', () => (running -= 1));
      },
    });
    return (title: string) => binder.bind({ format: 'epub', book: { ...book, title } });
  };
  afterEach(() => binder.close());

  it('X5: makes both formats in a thread', async () => {
    binder = new Bookbinder();
    const [epub, docx] = await Promise.all([
      binder.bind({ format: 'epub', book }),
      binder.bind({ format: 'docx', book }),
    ]);
    expect(epub).toEqual(epubOf(book));
    expect(strFromU8(unzipSync(docx)['word/document.xml']!)).toContain('Once.');
  });

  it('makes one at a time, in order, and ends each thread', async () => {
    const bind = scripted();
    const made = await Promise.all(['a', 'b', 'c'].map(bind));
    expect(made.map((data) => strFromU8(data))).toEqual(['a', 'b', 'c']);
    expect([started, running]).toEqual([3, 0]);
  });

  it('one that fails, throws or dies fails alone', async () => {
    const bind = scripted();
    const made = await Promise.allSettled(['fail', 'die', 'throw', 'well'].map(bind));
    expect(made.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'fulfilled']);
    for (const one of made.slice(0, 3)) expect(one).toMatchObject({ reason: { code: 'INTERNAL' } });
  });

  it('refuses a story that is too long, and more than wait', async () => {
    const bind = scripted();
    const credits = [{ ...book.credits[0]!, characters: 12_000_001 }];
    await expect(binder.bind({ format: 'epub', book: { ...book, credits } })).rejects.toMatchObject({
      code: 'TOO_LARGE',
    });
    const all = Promise.allSettled(['hang', ...Array.from({ length: 8 }, (_, n) => `b${n}`)].map(bind));
    await expect(bind('one more')).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    await binder.close();
    for (const one of await all) expect(one).toMatchObject({ reason: { code: 'SHUTTING_DOWN' } });
    await binder.close();
    await expect(bind('late')).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
    expect(started).toBe(1);
  });
});
