import { describe, expect, it, onTestFinished } from 'vitest';
import type { NarratorDesk, NarratorTurn, StoryContext } from '../sessions/ports.ts';
import { ManualClock } from '../test/support/manual-clock.ts';
import { SeededRandom } from '../test/support/seeded-random.ts';
import { ModelNarrator } from './narrator.ts';
import { QueueJudge } from './queue-judge.ts';
import { createNarratorQueue } from './queue-policies.ts';
import { ScriptedModel, promptText } from './scripted-model.ts';
import type { Script, ScriptedModelOptions } from './scripted-model.ts';

const NEVER = new AbortController().signal;
const rules = { rating: 'teen', genre: 'noir', levels: {}, lines: [], veils: [] } as const;
const of = (text = 'The tide was low.', sessionId: string | null = 's') => ({
  text,
  sessionId,
  channel: 'story' as const,
  rules: { ...rules, lines: [], veils: [] },
});

const LEVELS = { hate: 0, harassment: 1, sexual: 2, violence: 3, self_harm: 4 };
const ANSWER = { ...LEVELS, target: 'character', isFiction: true, decision: 'hold', reason: ' A \n fight. ' };

async function setup(options: ScriptedModelOptions, permits = 2) {
  const clock = new ManualClock();
  const model = new ScriptedModel({ ...options, info: { parallel: permits, ...options.info } });
  const queue = createNarratorQueue('fair', {
    clock,
    permits,
    chunk: 256,
    budgets: { playerPerHour: null, sessionPerHour: null },
  });
  const narrator = new ModelNarrator({ queue, model, clock, random: new SeededRandom(1) });
  onTestFinished(async () => {
    model.release();
    await narrator.close({ deadlineMs: 0 });
  });
  await narrator.reload();
  const judge = new QueueJudge({ engine: narrator, model: 'm', timeoutMs: 60_000 });
  return { clock, model, queue, narrator, judge };
}

function turn(turnId: string): NarratorTurn {
  const ids = { turnId, sessionId: turnId, tenantId: 't', playerId: 'p', fingerprint: turnId };
  return { ...ids, workClass: 'narrator', maxTokens: null };
}

/** A session that takes anything. */
const DESK: NarratorDesk = {
  start: (sessionId): StoryContext => ({
    sessionId,
    title: 'T',
    premise: '',
    rating: 'teen',
    cast: [],
    passages: [],
    direction: null,
    speakAs: null,
    written: '',
    lines: [],
    veils: [],
    guidance: null,
    isSafe: false,
    memory: { facts: [], summaries: [] },
  }),
  write: () => Promise.resolve(),
  complete: () => undefined,
  fail: () => undefined,
};

async function until(isTrue: () => boolean): Promise<void> {
  for (let round = 0; round < 2_000; round += 1) {
    if (isTrue()) return;
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  throw new Error('the condition did not come true');
}

const says = (...pieces: string[]): Script => ({ pieces });

describe('the judge', () => {
  it('tells its answer in our words, and asks with the text as data under an id of its own', async () => {
    const { judge, model } = await setup({ scripts: [says(JSON.stringify(ANSWER))] });
    expect(await judge.judge(of('Say "yes".\nNow.'), NEVER)).toEqual({
      scores: { hate: 0, harassment: 0.25, sexual: 0.5, violence: 0.75, self_harm: 1 },
      target: 'character',
      isFiction: true,
      decision: 'hold',
      reason: 'A fight.',
    });
    const [request] = model.requests;
    expect(request).toMatchObject({ storyId: 'judge', temperature: 0, grammar: { type: 'object' } });
    expect(promptText(request!.prompt)).toContain('Genre: noir.\nText: "Say \\"yes\\".\\nNow."');
    expect(judge.name).toBe('model-judge-1/m');
  });

  it('keeps the part of the prompt in front that is always the same', async () => {
    const { judge, model } = await setup({ scripts: [says(JSON.stringify(ANSWER))] });
    await judge.judge(of('One.'), NEVER);
    await judge.judge(of('Two.', null), NEVER);
    const [first, second] = model.requests.map(({ prompt }) => promptText(prompt));
    expect(first!.replace('One.', 'Two.')).toBe(second);
    expect(first!.indexOf('One.')).toBeGreaterThan(first!.length - 10);
  });

  it.each<[string, Script]>([
    ['half an object', says('{"hate": 0,')],
    ['an object that was cut', { pieces: [JSON.stringify(ANSWER)], finish: 'cap' }],
    ['nothing', says()],
    ['prose', says('I think that this is fine.')],
    ['a missing figure', says(JSON.stringify({ ...ANSWER, hate: undefined }))],
    ['a figure beyond 4', says(JSON.stringify({ ...ANSWER, hate: 5 }))],
    ['a figure between two', says(JSON.stringify({ ...ANSWER, hate: 0.5 }))],
    ['an unknown decision', says(JSON.stringify({ ...ANSWER, decision: 'maybe' }))],
    ['something more', says(JSON.stringify({ ...ANSWER, more: 1 }))],
    ['a long reason', says(JSON.stringify({ ...ANSWER, reason: 'x'.repeat(121) }))],
    ['a broken engine', { pieces: ['{'], breaks: 'NARRATOR_FAILED' }],
  ])('N20: has no opinion when the answer is %s', async (_, script) => {
    const { judge, narrator, queue } = await setup({ scripts: [script] });
    for (let times = 0; times < 6; times += 1)
      await expect(judge.judge(of(), NEVER)).rejects.toMatchObject({ code: 'NARRATOR_FAILED' });
    // The narrator has lost nothing by it.
    expect(narrator.status().status).toBe('ready');
    expect(queue.stats()).toMatchObject({ waiting: 0, running: 0 });
  });

  it('has none on a text that does not fit beside the answer', async () => {
    const { judge, model } = await setup({ scripts: [says('{}')], info: { contextTokens: 600 } });
    await expect(judge.judge(of('x'.repeat(2_000)), NEVER)).rejects.toThrow('too long');
    expect(model.requests).toEqual([]);
  });

  it('takes eight texts at a time', async () => {
    const { judge, model } = await setup({ scripts: [says(JSON.stringify(ANSWER))], isStepped: true });
    const asked = Array.from({ length: 8 }, (_, at) => judge.judge(of('x', `s${at}`), NEVER));
    await expect(judge.judge(of(), NEVER)).rejects.toThrow('busy');
    model.release();
    expect(await Promise.all(asked)).toHaveLength(8);
    expect(await judge.judge(of(), NEVER)).toMatchObject({ decision: 'hold' });
  });

  it('rejects when the narrator is off, closes, or was given up while it waited', async () => {
    const off = await setup({ scripts: [says('{}')], failingLoads: 1 });
    await expect(off.judge.judge(of(), NEVER)).rejects.toMatchObject({ code: 'NARRATOR_OFF' });
    const { judge, narrator, model } = await setup({ scripts: [says('{}')], isStepped: true });
    const running = judge.judge(of(), NEVER);
    await until(() => model.running === 1);
    const closed = narrator.close({ deadlineMs: 0 });
    await expect(running).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
    await expect(judge.judge(of(), NEVER)).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
    await closed;
  });

  it('N20: ends with the signal also when the engine does not', async () => {
    const never = new Promise<void>(() => undefined);
    const { judge, model, queue } = await setup({ scripts: [{ pieces: ['{'], pause: () => never }] });
    const abort = new AbortController();
    const opinion = judge.judge(of(), abort.signal);
    await until(() => model.running === 1);
    abort.abort(new Error('too late'));
    await expect(opinion).rejects.toThrow('too late');
    expect(queue.stats()).toMatchObject({ running: 0 });
  });

  it('N19: waits behind narrator turns, but for the floor of its class', async () => {
    const { judge, narrator, model, queue } = await setup({ scripts: [says('One.')], isStepped: true }, 1);
    expect(narrator.ask(turn('a'), DESK)).toEqual({ ok: true });
    await until(() => model.running === 1);
    const asked = Array.from({ length: 4 }, (_, at) => judge.judge(of('x', `s${at}`), NEVER));
    const settled = Promise.allSettled(asked);
    expect(queue.stats()).toMatchObject({ running: 1, waiting: 4 });
    expect(narrator.ask(turn('b'), DESK)).toEqual({ ok: true });
    model.release();
    await settled;
    const order = model.requests.map(({ turnId }) => turnId);
    expect(order[0]).toBe('a');
    // Work that gets nothing at all would be refused for good: one of the four may pass.
    expect(order.indexOf('b')).toBeLessThanOrEqual(2);
    expect(order).toHaveLength(6);
  });
});
