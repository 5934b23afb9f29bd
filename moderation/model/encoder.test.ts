import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { EMBEDDING_SIZE, openEncoder, type Encoder } from './encoder.ts';

/** A thread that answers by what the text says: its length as embedding, a fault, its death, or never. */
const SCRIPT = `
  const { parentPort } = require('node:worker_threads');
  parentPort.on('message', ({ id, text }) => {
    if (text.startsWith('die')) process.exit(3);
    if (text.startsWith('fail')) return parentPort.postMessage({ id, fault: 'it failed' });
    if (text.startsWith('hang')) return;
    parentPort.postMessage({ id, embedding: Float32Array.of(text.length) });
  });
  parentPort.postMessage({ id: 0, isReady: true });
`;

describe('the encoder', () => {
  let encoder: Encoder | null = null;
  let started = 0;
  const open = async (script = SCRIPT): Promise<Encoder> => {
    started = 0;
    const startThread = () => {
      started += 1;
      return new Worker(script, { eval: true });
    };
    encoder = await openEncoder({ startThread });
    if (encoder === null) throw new Error('no encoder');
    return encoder;
  };
  afterEach(() => encoder?.close());

  it('answers in order, and the same text with the same object', async () => {
    const { embed } = bound(await open());
    const answers = await Promise.all(['a', 'bb', 'ccc'].map((text) => embed(text)));
    expect(answers.map(([first]) => first)).toEqual([1, 2, 3]);
    expect(await embed('bb')).toBe(answers[1]);
  });

  it('forgets the text that was asked for longest ago beyond 500', async () => {
    const { embed } = bound(await open());
    const first = await embed('x0');
    const second = await embed('x1');
    for (let n = 2; n < 500; n += 1) await embed(`x${n}`);
    expect(await embed('x0')).toBe(first);
    await embed('x500');
    expect(await embed('x0')).toBe(first);
    expect(await embed('x1')).not.toBe(second);
  });

  it('cuts long texts, and has zeros for texts without words', async () => {
    const { embed } = bound(await open());
    expect((await embed('y'.repeat(5_000)))[0]).toBe(400);
    expect(await embed(' ... ')).toEqual(new Float32Array(EMBEDDING_SIZE));
  });

  it('a failure rejects one text only', async () => {
    const { embed } = bound(await open());
    const [failed, well] = await Promise.allSettled([embed('fail'), embed('well')]);
    expect(failed).toMatchObject({ status: 'rejected', reason: { message: 'it failed' } });
    expect(well.status).toBe('fulfilled');
    expect(started).toBe(1);
  });

  it('refuses a text beyond 32 waiting ones', async () => {
    const { embed } = bound(await open());
    const pending = Array.from({ length: 33 }, (_, n) => embed(`hang ${n}`));
    const settled = Promise.allSettled(pending);
    await expect(embed('one more')).rejects.toThrow('too many');
    await encoder?.close();
    for (const one of await settled) expect(one.status).toBe('rejected');
  });

  it('an abort rejects at once and makes room', async () => {
    const { embed } = bound(await open());
    const busy = Promise.allSettled([embed('hang')]);
    const controllers = Array.from({ length: 32 }, () => new AbortController());
    const waiting = controllers.map((controller, n) => embed(`w${n}`, controller.signal));
    const settled = Promise.allSettled(waiting);
    await expect(embed('full')).rejects.toThrow('too many');
    controllers[5]?.abort(new Error('too late'));
    await expect(waiting[5]).rejects.toThrow('too late');
    const fits = embed('fits');
    await expect(embed('full')).rejects.toThrow('too many');
    const rest = Promise.allSettled([fits]);
    await encoder?.close();
    await Promise.all([busy, settled, rest]);
    await expect(embed('a', AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
  });

  it('replaces a thread that dies once, and rejects what it took with it', async () => {
    const { embed } = bound(await open());
    const [died, behind] = await Promise.allSettled([embed('die'), embed('behind')]);
    expect([died.status, behind.status]).toEqual(['rejected', 'rejected']);
    expect((await embed('again'))[0]).toBe(5);
    await expect(embed('die again')).rejects.toThrow('exit code 3');
    await expect(embed('no more')).rejects.toThrow('has died');
    expect((await embed('again'))[0]).toBe(5);
    expect(started).toBe(2);
  });

  it('is null with the reason when the thread cannot load it', async () => {
    const reasons: string[] = [];
    const script = `require('node:worker_threads').parentPort.postMessage({ id: 0, fault: 'not installed' })`;
    const absent = await openEncoder({
      startThread: () => new Worker(script, { eval: true }),
      onAbsent: (reason) => reasons.push(reason),
    });
    expect(absent).toBeNull();
    expect(reasons).toEqual(['not installed']);
  });

  it('closes twice, and refuses from then on', async () => {
    const { embed } = bound(await open());
    await encoder?.close();
    await encoder?.close();
    await expect(embed('late')).rejects.toThrow('closed');
  });
});

describe('the real encoder', () => {
  it('sees that two sentences mean the same', async () => {
    const encoder = await openEncoder();
    if (encoder === null) throw new Error('the optional packages are missing');
    const texts = ['the cat sleeps on the sofa', 'a kitten is napping on the couch', 'taxes rose in march'];
    const [cat, kitten, taxes] = await Promise.all(texts.map((text) => encoder.embed(text)));
    const cosine = (a: Float32Array, b: Float32Array) => a.reduce((sum, x, at) => sum + x * (b[at] ?? 0), 0);
    expect(cat).toHaveLength(EMBEDDING_SIZE);
    expect(cosine(cat!, cat!)).toBeCloseTo(1, 4);
    expect(cosine(cat!, kitten!)).toBeGreaterThan(cosine(cat!, taxes!) + 0.2);
    await encoder.close();
  });
});

function bound(encoder: Encoder): Pick<Encoder, 'embed'> {
  return { embed: (text, signal) => encoder.embed(text, signal) };
}
