import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ModelInfo, NarratorOutcome, StoryContext } from '../../sessions/ports.ts';
import type { Refusal } from '../../sessions/errors.ts';
import { LlamaModel } from '../../narrator/llama-model.ts';
import type { LlamaModelOptions } from '../../narrator/llama-model.ts';
import { ModelNarrator } from '../../narrator/narrator.ts';
import { createNarratorQueue } from '../../narrator/queue-policies.ts';
import { DEMO_MODEL as MODEL, watchedRequest as request } from '../support/engine-requests.ts';

const patience = { timeout: 20_000, interval: 10 };

let folder = '';
const closers: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'engine-'));
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});
afterAll(() => rm(folder, { recursive: true }));

function engine(options: Partial<LlamaModelOptions> = {}): LlamaModel {
  const model = new LlamaModel({ modelPath: MODEL, parallel: 2, gpu: 'off', ...options });
  closers.push(() => model.close());
  return model;
}

describe('engine with the bundled model', () => {
  const widths: number[] = [];
  const model = new LlamaModel({
    modelPath: MODEL,
    parallel: 2,
    gpu: 'off',
    stepped: ({ width }) => widths.push(width),
  });
  let info: ModelInfo | null = null;
  beforeAll(async () => {
    info = await model.load();
  });
  afterAll(() => model.close());

  it('loads, writes the same text for the same seed, counts tokens, and reads control marks as text', async () => {
    expect(info).toEqual({
      name: 'storyteller-tiny-q8_0',
      contextTokens: 512,
      shape: 'continuation',
      isDemo: true,
      parallel: 2,
      resident: 8,
      // A graphics card's name where there is one.
      device: expect.any(String) as string,
    });
    const [one, two, other] = [request(), request(), request({ seed: 2 })];
    const result = await model.generate(one);
    expect(['end', 'cap']).toContain(result.finish);
    expect(result.outputTokens).toBeGreaterThan(20);
    expect(result.firstTokenMs).toBeGreaterThanOrEqual(0);
    expect(one.text()).toMatch(/[a-z]{2,} [a-z]{2,}/);
    await model.generate(two);
    await model.generate(other);
    expect(two.text()).toBe(one.text());
    expect(other.text()).not.toBe(one.text());
    const [empty, word, mark] = await model.countTokens(['', 'boat', '<s></s>']);
    expect(empty).toBe(0);
    expect(word).toBeGreaterThan(0);
    expect(mark).toBeGreaterThan(2);
  });

  it('two turns share steps, and neither sees the other', async () => {
    const alone = request({ seed: 5 });
    await model.generate(alone);
    widths.length = 0;
    const again = request({ seed: 5 });
    const other = request({
      seed: 6,
      prompt: { shape: 'continuation', text: 'Once upon a time there was a dragon.' },
    });
    await Promise.all([model.generate(again), model.generate(other)]);
    expect(widths.filter((width) => width === 2).length).toBeGreaterThan(20);
    expect(Math.max(...widths)).toBe(2);
    expect(again.text().slice(0, 40)).toBe(alone.text().slice(0, 40));
  });

  it('more turns than sequences wait inside and all end', async () => {
    const results = await Promise.all(
      Array.from({ length: 5 }, () => model.generate(request({ maxTokens: 10 }))),
    );
    expect(results.map((result) => result.finish)).toEqual(['cap', 'cap', 'cap', 'cap', 'cap']);
  });

  it('a stop in the middle ends the turn within a step or two; a long prompt is stopped too', async () => {
    const abort = new AbortController();
    let pieces = 0;
    const onText = () => {
      pieces += 1;
      if (pieces === 5) abort.abort();
    };
    const result = await model.generate(request({ maxTokens: 400, signal: abort.signal, onText }));
    expect(result.finish).toBe('stopped');
    expect(result.outputTokens).toBeLessThan(60);
    const early = new AbortController();
    const long = model.generate(
      request({ signal: early.signal, prompt: { shape: 'continuation', text: 'word '.repeat(350) } }),
    );
    early.abort();
    expect(await long).toMatchObject({ finish: 'stopped' });
    expect(await model.generate(request({ maxTokens: 5 }))).toMatchObject({ finish: 'cap', outputTokens: 5 });
  });

  it('never exceeds the context: output is clipped, a longer prompt is an error and the engine goes on', async () => {
    const prompt = { shape: 'continuation', text: 'The boat. '.repeat(120) } as const;
    const [tokens = 0] = await model.countTokens([prompt.text]);
    expect(tokens).toBeLessThan(500);
    const result = await model.generate(request({ prompt, maxTokens: 600 }));
    expect(result.inputTokens + result.outputTokens).toBeLessThanOrEqual(512);
    const tooLong = request({ prompt: { shape: 'continuation', text: 'The boat. '.repeat(300) } });
    await expect(model.generate(tooLong)).rejects.toMatchObject({ code: 'NARRATOR_FAILED' });
    expect(await model.generate(request({ maxTokens: 5 }))).toMatchObject({ finish: 'cap' });
  });

  it('uses the chat template of a model that has one, and goes on behind what is written', async () => {
    const modelPath = join(folder, 'with-template.gguf');
    await writeFile(modelPath, withChatTemplate(await readFile(MODEL), 2_048));
    const chat = engine({ modelPath });
    expect(await chat.load()).toMatchObject({ shape: 'chat', contextTokens: 2_048, isDemo: false });
    const prompt = {
      shape: 'chat',
      messages: [
        { role: 'system', content: 'You are the narrator.' },
        { role: 'user', content: 'Once upon a time there was <|assistant|> a boat.' },
        { role: 'assistant', content: 'The boat was red.' },
      ],
    } as const;
    const wanted = request({ prompt: { ...prompt, messages: [...prompt.messages] } });
    expect((await chat.generate(wanted)).outputTokens).toBeGreaterThan(0);
  });

  it('refuses a model whose context is too small for its shape', async () => {
    const modelPath = join(folder, 'small-template.gguf');
    await writeFile(modelPath, withChatTemplate(await readFile(MODEL), 512));
    await expect(engine({ modelPath }).load()).rejects.toMatchObject({
      code: 'NARRATOR_OFF',
      detail: expect.stringContaining('too small, the narrator needs 1024') as string,
    });
  });
});

/** The same model with one more metadata entry, a chat template, and another context length. */
function withChatTemplate(original: Buffer, contextTokens: number): Buffer {
  const file = Buffer.from(original);
  const key = 'llama.context_length';
  // Behind the key stands its type (4 bytes), then the value.
  file.writeUInt32LE(contextTokens, file.indexOf(key) + key.length + 4);
  const template = "{% for m in messages %}<|{{ m['role'] }}|>{{ m['content'] }}\n{% endfor %}<|assistant|>";
  const text = (value: string) => {
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(Buffer.byteLength(value)));
    return Buffer.concat([length, Buffer.from(value)]);
  };
  const type = Buffer.from([8, 0, 0, 0]);
  const build = (pad: number) =>
    Buffer.concat([text('tokenizer.chat_template'), type, text(template + ' '.repeat(pad))]);
  // Tensor data is aligned to 32 bytes from the start of the file.
  const pad = (32 - (build(0).length % 32)) % 32;
  const head = Buffer.from(file.subarray(0, 24));
  head.writeBigUInt64LE(head.readBigUInt64LE(16) + 1n, 16);
  return Buffer.concat([head, build(pad), file.subarray(24)]);
}

describe('engine that cannot load', () => {
  it('says so for a missing, a foreign and a damaged file', async () => {
    const missing = engine({ modelPath: join(folder, 'no.gguf') });
    await expect(missing.load()).rejects.toMatchObject({
      code: 'NARRATOR_OFF',
      detail: 'The model file no.gguf could not be opened. Is the path in MODEL right?',
    });
    const foreign = join(folder, 'foreign.gguf');
    await writeFile(foreign, 'hello world');
    await expect(engine({ modelPath: foreign }).load()).rejects.toMatchObject({
      detail: 'The file foreign.gguf is not a GGUF model.',
    });
    const damaged = join(folder, 'damaged.gguf');
    await writeFile(damaged, (await readFile(MODEL)).subarray(0, 900_000));
    await expect(engine({ modelPath: damaged }).load()).rejects.toMatchObject({
      code: 'NARRATOR_OFF',
      detail: expect.stringContaining('could not be loaded') as string,
    });
  });
});

describe('engine that is lost', () => {
  it('is replaced after SIGKILL; the turn that ran fails, the next one works', async () => {
    const reasons: string[] = [];
    const model = engine({ restarted: (reason) => reasons.push(reason) });
    await model.load();
    const pid = model.pid!;
    const onText = () => void process.kill(pid, 'SIGKILL');
    await expect(model.generate(request({ maxTokens: 400, onText: onceOnly(onText) }))).rejects.toMatchObject(
      {
        code: 'NARRATOR_FAILED',
      },
    );
    expect(await model.generate(request({ maxTokens: 5 }))).toMatchObject({ finish: 'cap' });
    expect(model.pid).not.toBe(pid);
    expect(reasons).toEqual(['the engine process ended (SIGKILL)']);
  });

  it('is replaced when it stops beating', async () => {
    const reasons: string[] = [];
    const model = engine({ beatMs: 300, restarted: (reason) => reasons.push(reason) });
    await model.load();
    process.kill(model.pid!, 'SIGSTOP');
    await vi.waitFor(
      () => expect(reasons).toEqual(['the engine process gave no sign of life 3 times']),
      patience,
    );
    expect(await model.generate(request({ maxTokens: 5 }))).toMatchObject({ finish: 'cap' });
  });

  it('ends by itself when the server is killed', async () => {
    const script = `
      const { LlamaModel } = await import(${JSON.stringify(new URL('../../narrator/llama-model.ts', import.meta.url).href)});
      const model = new LlamaModel({ modelPath: ${JSON.stringify(MODEL)}, parallel: 1, gpu: 'off' });
      await model.load();
      console.log(model.pid);`;
    const server = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script]);
    closers.push(() => Promise.resolve(server.kill('SIGKILL')));
    let printed = '';
    server.stdout.on('data', (data: Buffer) => (printed += data.toString()));
    await vi.waitFor(() => expect(printed).toMatch(/^\d+\n$/), patience);
    server.kill('SIGKILL');
    await vi.waitFor(() => expect(isRunning(Number(printed))).toBe(false), patience);
  });

  it('is ended by close, twice if need be, and generates no more', async () => {
    const model = engine();
    await model.load();
    const pid = model.pid!;
    await Promise.all([model.close(), model.close()]);
    expect(() => process.kill(pid, 0)).toThrow();
    expect(() => model.generate(request())).toThrow();
  });
});

/** False also for a process that has ended and only waits to be collected. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

function onceOnly(run: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) run();
    isDone = true;
  };
}

describe('narrator on the real engine', () => {
  it('S3.F8: a killed engine in mid-turn gives one whole passage, not two', async () => {
    const clock = { now: () => Date.now(), after: later };
    const budgets = { playerPerHour: null, sessionPerHour: null };
    const queue = createNarratorQueue('fair', { clock, permits: 2, chunk: 512, budgets });
    const model = engine({ steps: queue });
    const narrator = new ModelNarrator({
      queue,
      model,
      clock,
      random: { bytes: (count) => new Uint8Array(count).fill(9) },
    });
    closers.push(() => narrator.close({ deadlineMs: 1_000 }));
    await narrator.reload();
    const pid = model.pid!;
    const writes: string[] = [];
    const starts: string[] = [];
    const end = await new Promise<NarratorOutcome | Refusal>((resolve) => {
      const desk = {
        start: (): StoryContext => {
          starts.push(writes.join(''));
          return {
            sessionId: 's',
            title: 'The Lost Boat',
            premise: 'Mia and Tom wanted to find the treasure.',
            rating: 'everyone',
            cast: [],
            passages: [],
            direction: null,
            speakAs: null,
            written: writes.join(''),
            lines: [],
            veils: [],
            guidance: null,
            isSafe: false,
            memory: { facts: [], summaries: [] },
          };
        },
        write: (_: string, text: string) => {
          writes.push(text);
          if (writes.length === 2) process.kill(pid, 'SIGKILL');
          return Promise.resolve();
        },
        complete: (_: string, outcome: NarratorOutcome) => resolve(outcome),
        fail: (_: string, refusal: Refusal) => resolve(refusal),
      };
      const ids = { turnId: 't', sessionId: 's', tenantId: 't', playerId: 'p' };
      const turn = { ...ids, workClass: 'narrator' as const, maxTokens: 300, fingerprint: 'f' };
      expect(narrator.ask(turn, desk)).toEqual({ ok: true });
    });
    expect(end).toMatchObject({ model: 'storyteller-tiny-q8_0' });
    expect(starts.length).toBe(2);
    // The second attempt began behind exactly what was written by then.
    expect(starts[1]).toBe(writes.join('').slice(0, starts[1]!.length));
    expect(starts[1]!.length).toBeGreaterThan(10);
    expect(writes.join('')).toMatch(/[.!?"]$/);
  });
});

function later(delayMs: number, run: () => void): () => void {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
}
