import { describe, expect, it, onTestFinished } from 'vitest';
import type { Refusal } from '../sessions/errors.ts';
import { AppError } from '../sessions/errors.ts';
import type { Clock, NarratorDesk, NarratorOutcome, NarratorTurn, StoryContext } from '../sessions/ports.ts';
import { ModelNarrator } from './narrator.ts';
import type { TurnFigures } from './narrator-observer.ts';
import { createNarratorQueue } from './queue-policies.ts';
import { ScriptedModel, promptText } from './scripted-model.ts';
import type { Script, ScriptedModelOptions } from './scripted-model.ts';

class ManualClock implements Clock {
  #now = 0;
  #timers: { at: number; run: () => void }[] = [];
  now(): number {
    return this.#now;
  }
  after(delayMs: number, run: () => void): () => void {
    const timer = { at: this.#now + delayMs, run };
    this.#timers.push(timer);
    return () => (this.#timers = this.#timers.filter((other) => other !== timer));
  }
  pass(ms: number): void {
    this.#now += ms;
    const due = this.#timers.filter((timer) => timer.at <= this.#now);
    this.#timers = this.#timers.filter((timer) => timer.at > this.#now);
    for (const timer of due) timer.run();
  }
}

/** A session that keeps what it is told, one passage per turn. */
class Desk implements NarratorDesk {
  texts = new Map<string, string>();
  ended = new Map<string, NarratorOutcome | Refusal>();
  ends = 0;
  gone = new Set<string>();
  failWrites: AppError | null = null;
  cast: StoryContext['cast'] = [];
  speakAs: string | null = null;
  start(turnId: string): StoryContext | null {
    if (this.gone.has(turnId)) return null;
    const written = this.texts.get(turnId) ?? '';
    const passages = [{ id: 'p', text: 'Before.' }];
    const { cast, speakAs } = this;
    return {
      sessionId: 's',
      title: 'T',
      premise: 'P',
      rating: 'teen',
      cast,
      passages,
      direction: null,
      speakAs,
      written,
      lines: [],
      veils: [],
      guidance: null,
      isSafe: false,
      memory: { facts: [], summaries: [] },
    };
  }
  async write(turnId: string, text: string): Promise<void> {
    await Promise.resolve();
    if (this.failWrites !== null) throw this.failWrites;
    this.texts.set(turnId, (this.texts.get(turnId) ?? '') + text);
  }
  complete(turnId: string, outcome: NarratorOutcome): void {
    this.ends += 1;
    this.ended.set(turnId, outcome);
  }
  fail(turnId: string, refusal: Refusal): void {
    this.ends += 1;
    this.ended.set(turnId, refusal);
  }
}

function turn(turnId: string, sessionId = turnId): NarratorTurn {
  return {
    turnId,
    workClass: 'narrator',
    sessionId,
    tenantId: 't',
    playerId: 'p',
    maxTokens: null,
    fingerprint: turnId,
  };
}

async function until(isTrue: () => boolean): Promise<void> {
  for (let round = 0; round < 2_000; round += 1) {
    if (isTrue()) return;
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  throw new Error('the condition did not come true');
}

async function setup(options: ScriptedModelOptions) {
  const clock = new ManualClock();
  const model = new ScriptedModel(options);
  const desk = new Desk();
  const figures: TurnFigures[] = [];
  const counts = { retried: 0, truncated: 0, withheld: 0 };
  const narrator = new ModelNarrator({
    queue: createNarratorQueue('fair', {
      clock,
      permits: 2,
      chunk: 256,
      budgets: { playerPerHour: null, sessionPerHour: null },
    }),
    model,
    clock,
    random: { bytes: (count) => new Uint8Array(count).fill(7) },
    observer: {
      finished: (one) => figures.push(one),
      retried: () => (counts.retried += 1),
      withheld: (sentences) => (counts.withheld += sentences),
    },
  });
  onTestFinished(async () => {
    model.release();
    await narrator.close({ deadlineMs: 0 });
  });
  await narrator.reload();
  const ask = async (turnId: string) => {
    expect(narrator.ask(turn(turnId), desk)).toEqual({ ok: true });
    await until(() => desk.ended.has(turnId));
    return desk.ended.get(turnId);
  };
  return { clock, model, desk, narrator, figures, counts, ask };
}

describe('narrator', () => {
  it('writes sentence by sentence and completes', async () => {
    const { ask, desk, narrator, figures } = await setup({
      scripts: [{ pieces: [' One. T', 'wo.\n\n', '\nThree. '] }],
    });
    expect(await ask('a')).toMatchObject({ finish: 'end', model: 'scripted', withheldSentences: 0 });
    expect(desk.texts.get('a')).toBe('One. Two.\n\nThree.');
    expect(narrator.place('a')).toBeNull();
    expect(figures).toMatchObject([{ status: 'success' }]);
  });

  it('S3.F6: trims what the cap cut to whole sentences', async () => {
    const { ask, desk } = await setup({ scripts: [{ pieces: ['One. Two is', ' not'], finish: 'cap' }] });
    expect(await ask('a')).toMatchObject({ finish: 'cap' });
    expect(desk.texts.get('a')).toBe('One.');
  });

  it('fails with a reason when the cap came before the first sentence was whole', async () => {
    const { ask, desk } = await setup({ scripts: [{ pieces: ['One and two and'], finish: 'cap' }] });
    expect(await ask('a')).toMatchObject({
      code: 'NARRATOR_FAILED',
      detail: expect.stringContaining('length limit') as string,
    });
    expect(desk.texts.has('a')).toBe(false);
  });

  it('keeps whole sentences when stopped, and completes a stopped turn that waits', async () => {
    const { desk, narrator, model } = await setup({
      scripts: [{ pieces: ['One. ', 'Two. ', 'Thr', 'ee. '] }],
      isStepped: true,
      info: { parallel: 1 },
    });
    narrator.ask(turn('a'), desk);
    narrator.ask(turn('b'), desk);
    model.step(3);
    await until(() => desk.texts.get('a') === 'One. Two.');
    expect(narrator.place('b')).toMatchObject({ position: 1 });
    narrator.stop('b');
    expect(desk.ended.get('b')).toMatchObject({ finish: 'stopped' });
    narrator.stop('a');
    await until(() => desk.ended.has('a'));
    expect(desk.ended.get('a')).toMatchObject({ finish: 'stopped' });
    expect(desk.texts.get('a')).toBe('One. Two.');
  });

  it('withholds speech for protected characters and counts it', async () => {
    const { desk, narrator, counts } = await setup({
      scripts: [{ pieces: ['The door opened. "Hello!" ', 'said Mia. Tom ran.'] }],
    });
    desk.cast = [{ name: 'Mia', description: '', isProtected: true }];
    narrator.ask(turn('a'), desk);
    await until(() => desk.ended.has('a'));
    expect(desk.texts.get('a')).toBe('The door opened. Tom ran.');
    expect(desk.ended.get('a')).toMatchObject({ withheldSentences: 1 });
    expect(counts.withheld).toBe(1);
  });

  it('S3.F8: asks a broken engine again behind the text that stands: one passage, not two', async () => {
    const { ask, desk, model, counts } = await setup({
      scripts: [{ pieces: ['One. Two. Thr'], breaks: 'NARRATOR_FAILED' }, { pieces: [' Three. Four.'] }],
    });
    expect(await ask('a')).toMatchObject({ finish: 'end' });
    expect(desk.texts.get('a')).toBe('One. Two. Three. Four.');
    expect(promptText(model.requests[1]!.prompt).endsWith('assistant: One. Two.')).toBe(true);
    expect(desk.ends).toBe(1);
    expect(counts.retried).toBe(1);
  });

  it('fails after the second break, or keeps what stands as broken', async () => {
    const empty = await setup({ scripts: [{ pieces: ['On'], breaks: 'NARRATOR_FAILED' }] });
    expect(await empty.ask('a')).toMatchObject({ code: 'NARRATOR_FAILED' });
    expect(empty.model.requests.length).toBe(2);
    const half = await setup({ scripts: [{ pieces: ['One. Two. '], breaks: 'NARRATOR_FAILED' }] });
    expect(await half.ask('a')).toMatchObject({ finish: 'broken' });
    expect(half.figures).toMatchObject([{ status: 'error' }]);
  });

  it('S3.27: a turn that takes too long keeps its sentences as broken, or fails without any', async () => {
    const { clock, desk, narrator, model, figures } = await setup({
      scripts: [{ pieces: ['One. ', 'Two'] }],
      isStepped: true,
    });
    narrator.ask(turn('a'), desk);
    model.step(2);
    await until(() => desk.texts.get('a') === 'One.');
    clock.pass(60_000);
    await until(() => desk.ended.has('a'));
    expect(desk.ended.get('a')).toMatchObject({ finish: 'broken' });
    narrator.ask(turn('b'), desk);
    await until(() => model.running === 1);
    clock.pass(20_000);
    await until(() => desk.ended.has('b'));
    expect(desk.ended.get('b')).toMatchObject({ code: 'NARRATOR_FAILED' });
    expect(figures.map((one) => one.status)).toEqual(['timeout', 'timeout']);
  });

  it('fails a turn whose text cannot be stored, and stops generating', async () => {
    const { desk, narrator, model } = await setup({
      scripts: [{ pieces: ['One. ', 'Two. ', 'Three. '] }],
      isStepped: true,
    });
    desk.failWrites = new AppError('STORAGE_UNAVAILABLE');
    narrator.ask(turn('a'), desk);
    model.step(2);
    await until(() => desk.ended.has('a'));
    expect(desk.ended.get('a')).toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    expect(model.requests.length).toBe(1);
  });

  it('takes words that the session refuses for no failure of the model', async () => {
    const { ask, desk, narrator, counts, figures } = await setup({ scripts: [{ pieces: ['One. Two.'] }] });
    desk.failWrites = new AppError('NARRATOR_UNSAFE');
    for (let turns = 0; turns < 6; turns += 1)
      expect(await ask(`held${turns}`)).toMatchObject({ finish: 'held' });
    expect(narrator.status().status).toBe('ready');
    expect(counts.retried).toBe(0);
    expect(figures.every(({ status }) => status === 'success')).toBe(true);
    expect(narrator.stats()).toMatchObject({ waiting: 0, running: 0 });
  });

  it('opens with the words of the voiced character in the continuation shape', async () => {
    const { desk, narrator } = await setup({
      scripts: [{ pieces: ['Look!" He ran.'] }],
      info: { shape: 'continuation', contextTokens: 512 },
    });
    desk.speakAs = 'Tom';
    desk.cast = [{ name: 'Tom', description: '', isProtected: false }];
    narrator.ask(turn('a'), desk);
    await until(() => desk.ended.has('a'));
    expect(desk.texts.get('a')).toBe('Tom said, "Look!" He ran.');
  });

  it('drops a turn that its session no longer wants', async () => {
    const { desk, narrator, model } = await setup({ scripts: [{ pieces: ['One.'] }] });
    desk.gone.add('a');
    narrator.ask(turn('a'), desk);
    await until(() => narrator.stats().waiting + narrator.stats().running === 0);
    expect(desk.ends + model.requests.length).toBe(0);
  });

  it('runs as many turns at once as the model serves', async () => {
    const { desk, narrator, model } = await setup({ scripts: [{ pieces: ['One.'] }], isStepped: true });
    for (const id of ['a', 'b', 'c', 'd']) narrator.ask(turn(id), desk);
    await until(() => model.running === 2);
    model.release();
    await until(() => desk.ends === 4);
    expect(model.maxRunning).toBe(2);
  });
});

describe('narrator, availability', () => {
  it('is off with the reason, refuses, and comes back when reloaded or by itself', async () => {
    const { clock, desk, narrator, ask } = await setup({ scripts: [{ pieces: ['One.'] }], failingLoads: 2 });
    expect(narrator.status()).toMatchObject({
      status: 'off',
      reason: 'The script says that it cannot be loaded.',
    });
    expect(narrator.ask(turn('a'), desk)).toMatchObject({ code: 'NARRATOR_OFF' });
    await narrator.reload();
    expect(narrator.status().status).toBe('off');
    const seen: string[] = [];
    narrator.onChanged(() => seen.push(narrator.status().status));
    clock.pass(30_000);
    await until(() => narrator.status().status === 'ready');
    expect(seen).toEqual(['ready']);
    expect(await ask('b')).toMatchObject({ finish: 'end' });
  });

  it('Q10: goes off when the engine was given up, keeps what waits for its return, and tells its listeners', async () => {
    const { desk, narrator, clock } = await setup({
      scripts: [{ pieces: ['One. '], breaks: 'NARRATOR_OFF' }, { pieces: ['Two.'] }],
      info: { parallel: 1 },
    });
    const seen: string[] = [];
    narrator.onChanged(() => seen.push(narrator.status().status));
    narrator.ask(turn('a'), desk);
    narrator.ask(turn('b'), desk);
    await until(() => desk.ends === 1);
    expect(desk.ended.get('a')).toMatchObject({ finish: 'broken' });
    expect(seen).toContain('off');
    expect(narrator.ask(turn('c'), desk)).toMatchObject({ code: 'NARRATOR_OFF' });
    clock.pass(15_000);
    await until(() => narrator.status().status === 'ready');
    await until(() => desk.ended.has('b'));
    expect(desk.texts.get('b')).toBe('Two.');
  });

  it('Q10: five failures within 30 s switch it off; it comes back with one turn at a time', async () => {
    let pass = (): unknown => null;
    let open = (): void => {};
    const gate = new Promise<void>((resolve) => (open = resolve));
    const bad: Script = {
      pieces: [''],
      pause: () => Promise.resolve(void pass()),
      breaks: 'NARRATOR_FAILED',
    };
    const good: Script = { pieces: ['Good.'], pause: () => gate };
    const { desk, narrator, clock, model, ask } = await setup({
      scripts: (request) => (request.turnId.startsWith('bad') ? bad : good),
    });
    pass = () => clock.pass(300);
    // Each turn is tried twice.
    await ask('bad1');
    await ask('bad2');
    expect(narrator.status().status).toBe('ready');
    await ask('bad3');
    expect(narrator.status()).toMatchObject({
      status: 'off',
      reason: expect.stringContaining('several times') as string,
    });
    clock.pass(15_000);
    await until(() => narrator.status().status === 'ready');
    for (const id of ['good1', 'good2', 'good3']) narrator.ask(turn(id), desk);
    await until(() => model.running === 1);
    expect(narrator.stats()).toMatchObject({ running: 1, waiting: 2 });
    open();
    await until(() => desk.ended.has('good3'));
  });

  it('Q7: a turn that has not begun within two minutes fails with NARRATOR_LATE', async () => {
    const { desk, narrator, clock } = await setup({
      scripts: [{ pieces: ['One.'] }],
      isStepped: true,
      info: { parallel: 1 },
    });
    narrator.ask(turn('a'), desk);
    narrator.ask(turn('b'), desk);
    await until(() => narrator.place('a')?.position === 0);
    clock.pass(120_000);
    await until(() => desk.ended.has('b'));
    expect(desk.ended.get('b')).toMatchObject({ code: 'NARRATOR_LATE' });
    expect(narrator.place('b')).toBeNull();
  });

  it('closing lets running turns end, cuts them at the deadline and leaves waiting ones to their sessions', async () => {
    const { clock, desk, narrator, model } = await setup({
      scripts: [{ pieces: ['One. ', 'Two'] }],
      isStepped: true,
      info: { parallel: 1 },
    });
    narrator.ask(turn('a'), desk);
    narrator.ask(turn('b'), desk);
    model.step(2);
    await until(() => desk.texts.get('a') === 'One.');
    const closed = narrator.close({ deadlineMs: 5_000 });
    expect(narrator.close({ deadlineMs: 1 })).toBe(closed);
    expect(narrator.ask(turn('c'), desk)).toMatchObject({ code: 'SHUTTING_DOWN' });
    clock.pass(5_000);
    await closed;
    expect(desk.ended.get('a')).toMatchObject({ finish: 'broken' });
    expect(desk.ended.has('b')).toBe(false);
    expect(model.isClosed).toBe(true);
  });
});
