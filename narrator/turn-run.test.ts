import { describe, expect, it } from 'vitest';
import { AppError } from '../sessions/errors.ts';
import type { ModelInfo, NarratorDesk, StoryContext } from '../sessions/ports.ts';
import { ManualClock } from '../test/support/manual-clock.ts';
import { SeededRandom } from '../test/support/seeded-random.ts';
import { SAFE_RESPONDER } from './safe-responder.ts';
import { ScriptedModel, promptText } from './scripted-model.ts';
import type { Script } from './scripted-model.ts';
import { TurnRun } from './turn-run.ts';
import type { TurnEnd } from './turn-run.ts';

const UNSAFE = 'forbidden';

/** A session that refuses sentences with a word, and tells on the next start what to avoid. */
class Desk implements NarratorDesk {
  readonly calls: string[] = [];
  readonly starts: string[] = [];
  written = '';
  refusals = 0;
  context: Partial<StoryContext> = {};
  /** Waited for in each write. */
  screening: () => Promise<void> = () => Promise.resolve();

  start(): StoryContext {
    this.starts.push(this.written);
    return {
      sessionId: 's',
      title: 'T',
      premise: 'P',
      rating: 'teen',
      cast: [],
      passages: [{ id: 'p', text: 'Before.' }],
      direction: null,
      speakAs: null,
      written: this.written,
      lines: [],
      veils: [],
      guidance: this.refusals === 0 ? null : 'Leave the forbidden thing out.',
      isSafe: false,
      memory: { facts: [], summaries: [] },
      ...this.context,
    };
  }

  async write(_turnId: string, text: string): Promise<void> {
    this.calls.push(text);
    await this.screening();
    if (text.includes(UNSAFE)) {
      this.refusals += 1;
      throw new AppError('NARRATOR_UNSAFE');
    }
    this.written += text;
  }

  complete(): void {}
  fail(): void {}
}

async function setup(
  scripts: readonly Script[],
  options: { isStepped?: boolean; context?: Partial<StoryContext> } = {},
) {
  const model = new ScriptedModel({ scripts, isStepped: options.isStepped ?? false });
  const info: ModelInfo = await model.load();
  const desk = new Desk();
  desk.context = options.context ?? {};
  const clock = new ManualClock();
  const errors: unknown[] = [];
  const turn = {
    turnId: 'turn',
    workClass: 'narrator',
    sessionId: 's',
    tenantId: 't',
    playerId: 'p',
    maxTokens: null,
    fingerprint: 'f',
  } as const;
  const run = new TurnRun(turn, desk, {
    model,
    info,
    clock,
    random: new SeededRandom(1),
    timeouts: { turnMs: 60_000, firstTokenMs: 20_000 },
    pausedMs: () => 0,
    usualTokens: null,
    hooks: {
      packed: () => undefined,
      heard: () => undefined,
      retried: (error) => errors.push(error),
      cost: () => undefined,
    },
  });
  return { model, desk, clock, run, errors };
}

async function until(isTrue: () => boolean): Promise<void> {
  for (let round = 0; round < 2_000; round += 1) {
    if (isTrue()) return;
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  throw new Error('the condition did not come true');
}

describe('a sentence that the desk refuses', () => {
  it('N17: ends the try at once, which is made again behind the text that stands, told what to avoid', async () => {
    const { run, desk, model, errors } = await setup([
      { pieces: ['One. ', 'The forbidden thing. ', 'Two. ', 'Three. ', 'Four. '] },
      { pieces: ['Better.'] },
    ]);
    expect(await run.run()).toMatchObject({ kind: 'complete', error: null, outcome: { finish: 'end' } });
    expect(desk.written).toBe('One. Better.');
    expect(desk.calls).toEqual(['One.', ' The forbidden thing.', ' Better.']);
    expect(desk.starts).toEqual(['', 'One.']);
    const second = promptText(model.requests[1]!.prompt);
    expect(second).toContain('Leave the forbidden thing out.');
    expect(second.endsWith('assistant: One.')).toBe(true);
    // The engine has done nothing wrong.
    expect(errors).toEqual([]);
  });

  it('aborts the generation, not the turn', async () => {
    const { run, desk, model } = await setup(
      [{ pieces: ['The forbidden thing. ', 'Two. ', 'Three. '] }, { pieces: ['Better.'] }],
      { isStepped: true },
    );
    const end = run.run();
    model.step(2);
    // The first generation ends by the abort alone: nobody lets its next piece through.
    await until(() => model.requests.length === 2);
    expect(model.requests.map(({ signal }) => signal.aborted)).toEqual([true, false]);
    expect(model.requests.map(({ turnId }) => turnId)).toEqual(['turn', 'turn']);
    model.release();
    expect(await end).toMatchObject({ kind: 'complete', outcome: { finish: 'end' } });
    expect(desk.written).toBe('Better.');
  });

  it('N17: ends the turn as held the second time, with what stood before', async () => {
    const { run, desk, model } = await setup([
      { pieces: ['One. ', 'A forbidden thing. ', 'Two. '] },
      { pieces: ['Three. ', 'Another forbidden thing. ', 'Four. '] },
    ]);
    expect(await run.run()).toMatchObject({ kind: 'complete', error: null, outcome: { finish: 'held' } });
    expect(desk.written).toBe('One. Three.');
    expect(desk.calls.at(-1)).toContain('Another');
    expect(model.requests.length).toBe(2);
  });

  it('ends as held also when nothing stands', async () => {
    const { run, desk } = await setup([{ pieces: ['A forbidden thing.'] }]);
    expect(await run.run()).toMatchObject({ kind: 'complete', outcome: { finish: 'held' } });
    expect(desk.written).toBe('');
  });

  it.each([
    [['NARRATOR_FAILED', 'unsafe', 'good'], { finish: 'end' }],
    [['unsafe', 'NARRATOR_FAILED', 'good'], { finish: 'end' }],
    [['NARRATOR_FAILED', 'unsafe', 'unsafe'], { finish: 'held' }],
    [['unsafe', 'NARRATOR_FAILED', 'unsafe'], { finish: 'held' }],
  ] as const)('has its own try beside that of a broken engine: %j', async (tries, outcome) => {
    const scripts = tries.map((kind): Script => {
      if (kind === 'NARRATOR_FAILED') return { pieces: [], breaks: kind };
      return { pieces: [kind === 'unsafe' ? 'A forbidden thing.' : 'Good.'] };
    });
    const { run, model, errors } = await setup(scripts);
    expect(await run.run()).toMatchObject({ kind: 'complete', outcome });
    expect(model.requests.length).toBe(3);
    expect(errors.length).toBe(1);
  });

  it('gives an engine that breaks twice no third try', async () => {
    const { run, model } = await setup([
      { pieces: [], breaks: 'NARRATOR_FAILED' },
      { pieces: ['A forbidden thing.'] },
      { pieces: [], breaks: 'NARRATOR_FAILED' },
      { pieces: ['Good.'] },
    ]);
    expect(await run.run()).toMatchObject({ kind: 'fail', refusal: { code: 'NARRATOR_FAILED' } });
    expect(model.requests.length).toBe(3);
  });

  it.each([
    ['stopped', { kind: 'complete', outcome: { finish: 'stopped' } }],
    ['timeout', { kind: 'fail', refusal: { code: 'NARRATOR_FAILED' }, error: null }],
    ['shutdown', { kind: 'void' }],
  ] as const)('is not tried again when the turn is %s while it is screened', async (reason, end) => {
    const { run, desk, model } = await setup([{ pieces: ['A forbidden thing. ', 'Two. '] }]);
    let finish = (): void => {};
    desk.screening = () => new Promise((resolve) => (finish = resolve));
    const ended = run.run();
    await until(() => desk.calls.length === 1);
    run.cut(reason);
    finish();
    expect(await ended).toMatchObject(end);
    expect(desk.calls.length).toBe(1);
    expect(model.requests.length).toBe(1);
  });
});

describe('a slow screening', () => {
  const sentences = { pieces: ['One. ', 'Two. ', 'Three. ', 'Four.'] };
  const gated = (desk: Desk) => {
    const gates: (() => void)[] = [];
    desk.screening = () => new Promise((resolve) => gates.push(resolve));
    return gates;
  };

  it('does not hold up the generation', async () => {
    const { run, desk, model } = await setup([sentences]);
    const gates = gated(desk);
    const end = run.run();
    await until(() => model.requests.length === 1 && model.running === 0);
    expect(desk.calls).toEqual(['One.']);
    for (let at = 0; at < 4; at += 1) {
      await until(() => gates.length === at + 1);
      gates[at]!();
    }
    expect(await end).toMatchObject({ kind: 'complete', outcome: { finish: 'end' } });
    expect(desk.written).toBe('One. Two. Three. Four.');
  });

  it.each([
    ['stopped', 'stopped'],
    ['timeout', 'broken'],
  ] as const)(
    'leaves out what has not begun when the turn is %s and the grace is over',
    async (reason, finish) => {
      const { run, desk, clock } = await setup([sentences]);
      const gates = gated(desk);
      const end = run.run();
      await until(() => gates.length === 1);
      gates[0]!();
      await until(() => gates.length === 2);
      run.cut(reason);
      await until(() => clock.pending > 1);
      clock.advance(3_000);
      await new Promise((resolve) => setImmediate(resolve));
      gates[1]!();
      expect(await end).toMatchObject({ kind: 'complete', outcome: { finish } });
      expect(desk.written).toBe('One. Two.');
      expect(desk.calls.length).toBe(2);
    },
  );

  it('fails as storage does when the piece that has begun never ends', async () => {
    const { run, desk, clock } = await setup([sentences]);
    const gates = gated(desk);
    const end = run.run();
    await until(() => gates.length === 1);
    run.cut('stopped');
    for (let round = 0; round < 2; round += 1) {
      await until(() => clock.pending > 1);
      clock.advance(3_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await end).toMatchObject({ kind: 'fail', refusal: { code: 'STORAGE_UNAVAILABLE' } });
  });
});

describe('the safe responder', () => {
  it('N18: writes a prepared passage and does not ask the model', async () => {
    const { run, desk, model } = await setup([{ pieces: ['Never said.'] }], { context: { isSafe: true } });
    expect(await run.run()).toMatchObject({
      kind: 'complete',
      outcome: { finish: 'end', model: SAFE_RESPONDER, inputTokens: 0, outputTokens: 0 },
    });
    expect(model.requests).toEqual([]);
    expect(desk.written).toMatch(/^\p{Lu}.*\.$/u);
  });

  it('stands for the model from the try on in which it is switched on', async () => {
    const { run, desk } = await setup([{ pieces: ['One. ', 'A forbidden thing.'] }]);
    desk.screening = () => {
      desk.context = { isSafe: true };
      return Promise.resolve();
    };
    expect(await run.run()).toMatchObject({ outcome: { finish: 'end', model: SAFE_RESPONDER } });
    expect(desk.written).toMatch(/^One\. \p{Lu}.*\.$/u);
  });
});

describe('what the narrator saw', () => {
  const sightOf = (end: TurnEnd) => {
    if (end.kind !== 'complete') throw new Error(`ended with ${end.kind}`);
    return end.outcome.sight;
  };

  it('E5, P8: is told with the outcome: the parts of the prompt, version, sampling, seed and figures', async () => {
    const { run, model } = await setup([{ pieces: ['One. ', 'Two.'] }]);
    const sight = sightOf(await run.run());
    const [request] = model.requests;
    expect(sight).toMatchObject({
      model: 'scripted',
      version: expect.stringMatching(/^scripted@[0-9a-f]{8}$/) as string,
      sampling: { temperature: request!.temperature, topP: request!.topP, minP: request!.minP },
      seed: request!.seed,
      droppedPassageIds: [],
      droppedMemoryIds: [],
      contextTokens: 2_048,
      maxTokens: request!.maxTokens,
      promptTokens: Math.ceil(promptText(request!.prompt).length / 4),
      outputTokens: 3,
    });
    expect(request!.seed).toBeGreaterThan(0);
    expect(sight!.parts.map(({ kind }) => kind)).toEqual(['rules', 'title', 'premise', 'passage', 'request']);
    for (const { text } of sight!.parts) expect(promptText(request!.prompt)).toContain(text);
    expect(sight!.parts.find(({ kind }) => kind === 'passage')).toMatchObject({ id: 'p', text: 'Before.' });
  });

  it('E5: what had no room is told too', async () => {
    const passages = Array.from({ length: 60 }, (_, at) => ({
      id: `p${at}`,
      text: 'They went on. '.repeat(20),
    }));
    const summaries = Array.from({ length: 40 }, (_, at) => ({
      id: `s${at}`,
      text: `Part ${at}. ${'They went. '.repeat(20)}`,
      passageIds: [`p${at}`],
    }));
    const context = { passages, memory: { facts: [], summaries } };
    const { run } = await setup([{ pieces: ['One.'] }], { context });
    const end = await run.run();
    const sight = sightOf(end);
    expect(sight).toMatchObject({ droppedPassageIds: expect.arrayContaining(['p0']) as string[] });
    expect(sight!.droppedMemoryIds.length).toBeGreaterThan(0);
    expect(end).toMatchObject({ outcome: { droppedPassageIds: sight!.droppedPassageIds } });
    expect(sight!.parts.map(({ id }) => id)).toContain('p59');
  });

  it('E5: is told of turns that are stopped or break too', async () => {
    const stopped = await setup([{ pieces: ['One. ', 'Two. ', 'Three.'] }], { isStepped: true });
    const end = stopped.run.run();
    stopped.model.step(2);
    await until(() => stopped.desk.written !== '');
    stopped.run.cut('stopped');
    expect(sightOf(await end)).toMatchObject({ seed: stopped.model.requests[0]!.seed, outputTokens: 4 });
    const broken = await setup([
      { pieces: ['One. ', 'Tw'], breaks: 'NARRATOR_FAILED' },
      { pieces: ['Two. '], breaks: 'NARRATOR_FAILED' },
    ]);
    const sight = sightOf(await broken.run.run());
    // It is that of the last try, which went on behind what stood.
    expect(sight).toMatchObject({ seed: broken.model.requests[1]!.seed, outputTokens: 2 });
    expect(sight!.parts.at(-1)).toMatchObject({ kind: 'written', text: 'One.' });
    expect(broken.model.requests[0]!.seed).not.toBe(sight!.seed);
  });

  it('E5: tells the sampling as the model takes it, under a version of its own', async () => {
    const usual = await setup([{ pieces: ['One.'] }]);
    const partly = await setup([{ pieces: ['One.'] }]);
    Object.assign(partly.model, { ignoresMinP: true });
    const [one, other] = [sightOf(await usual.run.run()), sightOf(await partly.run.run())];
    expect(one!.sampling).toEqual({ temperature: 0.7, topP: 0.95, minP: 0.05 });
    expect(other!.sampling).toEqual({ temperature: 0.7, topP: 0.95, minP: 0 });
    expect(partly.model.requests[0]).toMatchObject({ minP: 0 });
    expect(one!.version).not.toBe(other!.version);
  });

  it('E5: there is none where no model is asked', async () => {
    const { run } = await setup([{ pieces: ['Never said.'] }], { context: { isSafe: true } });
    expect(sightOf(await run.run())).toBeNull();
  });
});
