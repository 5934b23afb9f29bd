import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { SummaryWork } from '../sessions/history-ports.ts';
import type { ModelInfo, NarratorDesk, NarratorTurn } from '../sessions/ports.ts';
import { ManualClock } from '../test/support/manual-clock.ts';
import { BASE } from '../test/support/prompt-packs.ts';
import { SeededRandom } from '../test/support/seeded-random.ts';
import { ExtractiveSummariser } from './extractive-summariser.ts';
import { ModelNarrator } from './narrator.ts';
import { createNarratorQueue } from './queue-policies.ts';
import { ScriptedModel, promptText } from './scripted-model.ts';
import type { Script, ScriptedModelOptions } from './scripted-model.ts';
import { QueueSummariser, createSummariser } from './summariser.ts';
import type { SummariserOptions } from './summariser.ts';
import { digestOf } from './summary-request.ts';

const NEVER = new AbortController().signal;
const TEXTS = ['Mara was a sailor. She left.', 'The ship sank near Ostra.', 'Mara swam to Ostra and slept.'];

function work(of: Partial<SummaryWork> = {}): SummaryWork {
  const passages = TEXTS.map((text, at) => ({ id: `p${at}`, text }));
  return { sessionId: 's', tenantId: 't', names: ['Mara'], passages, maxLength: 320, ...of };
}

const DIGEST = {
  summary: 'Mara\nleft. Her ship   sank.',
  facts: [{ text: 'Mara is a \u0007sailor.', passage: 1 }],
};
const says = (answer: unknown): Script => ({
  pieces: [typeof answer === 'string' ? answer : JSON.stringify(answer)],
});

async function setup(options: ScriptedModelOptions, of: SummariserOptions = {}, permits = 1) {
  const clock = new ManualClock();
  const model = new ScriptedModel({ ...options, info: { parallel: permits, ...options.info } });
  const budgets = { playerPerHour: null, sessionPerHour: null };
  const queue = createNarratorQueue('fair', { clock, permits, chunk: 256, budgets });
  const narrator = new ModelNarrator({ queue, model, clock, random: new SeededRandom(1) });
  onTestFinished(async () => {
    model.release();
    await narrator.close({ deadlineMs: 0 });
  });
  await narrator.reload();
  return { model, queue, narrator, summariser: createSummariser(narrator, of) };
}

async function until(isTrue: () => boolean): Promise<void> {
  for (let round = 0; round < 2_000; round += 1) {
    if (isTrue()) return;
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  throw new Error('the condition did not come true');
}

/** A summariser beside a session whose turns can be asked for. */
async function atTheTable(resident: number | null, permits = 1) {
  const scripts = ({ turnId }: { turnId: string }) => says(turnId.startsWith('memory') ? DIGEST : 'One.');
  const all = await setup({ scripts, isStepped: true, info: { resident } }, {}, permits);
  const ended: string[] = [];
  const desk: NarratorDesk = {
    start: () => BASE,
    write: () => Promise.resolve(),
    complete: (turnId) => ended.push(turnId),
    fail: () => undefined,
  };
  const asks = (turnId: string) => {
    const ids = { turnId, sessionId: 's', tenantId: 't', playerId: turnId, fingerprint: turnId };
    const turn: NarratorTurn = { ...ids, workClass: 'narrator', maxTokens: null };
    expect(all.narrator.ask(turn, desk)).toEqual({ ok: true });
  };
  return { ...all, asks, ended };
}

const extracted = (of: SummaryWork) => new ExtractiveSummariser().summarise(of, NEVER);

describe('passages told in short by the model', () => {
  it('E3: are told in its words, cleaned, with the passages of facts', async () => {
    const { summariser, model } = await setup({ scripts: [says(DIGEST)] });
    expect(summariser).toBeInstanceOf(QueueSummariser);
    expect(await summariser.summarise(work(), NEVER)).toEqual({
      summary: 'Mara left. Her ship sank.',
      facts: [{ text: 'Mara is a sailor.', passageId: 'p0' }],
    });
    const [request] = model.requests;
    expect(request).toMatchObject({ storyId: 'memory', temperature: 0, grammar: { type: 'object' } });
    const text = promptText(request!.prompt);
    expect(text).toContain('at most 320 characters');
    expect(text).toContain('"Mara"');
    expect(text).toContain('{"passage":2,"text":"The ship sank near Ostra."}');
  });

  it.each<[string, Script]>([
    ['half an object', says('{"summary": "Mara')],
    ['an object that was cut', { ...says(DIGEST), finish: 'cap' }],
    ['nothing', { pieces: [] }],
    ['prose', says('Mara left.')],
    ['no summary', says({ facts: [] })],
    ['an empty summary', says({ summary: ' \n ', facts: [] })],
    ['one sentence that is too long', says({ summary: `It was ${'so '.repeat(200)}.`, facts: [] })],
    ['something more', says({ ...DIGEST, more: 1 })],
    ['an engine that breaks', { pieces: ['{'], breaks: 'NARRATOR_FAILED' }],
    ['a model that goes away', { pieces: [], breaks: 'NARRATOR_OFF' }],
  ])('E3: are told by extraction when the answer is %s', async (_what, script) => {
    const { summariser, model } = await setup({ scripts: [script] });
    expect(await summariser.summarise(work(), NEVER)).toEqual(await extracted(work()));
    expect(model.requests.length).toBe(1);
  });

  it.each<[string, Partial<ModelInfo>]>([
    ['the demo model', { isDemo: true }],
    ['a model that only continues', { shape: 'continuation' }],
  ])('E3: are told by extraction for %s, which is not asked', async (_what, info) => {
    const { summariser, model } = await setup({ scripts: [says(DIGEST)], info });
    expect(await summariser.summarise(work(), NEVER)).toEqual(await extracted(work()));
    expect(model.requests).toEqual([]);
  });

  it('E3: are told by extraction without a model, and after the narrator has closed', async () => {
    const gone = await setup({ scripts: [says(DIGEST)], failingLoads: 9 });
    expect(await gone.summariser.summarise(work(), NEVER)).toEqual(await extracted(work()));
    const closed = await setup({ scripts: [says(DIGEST)] });
    await closed.narrator.close({ deadlineMs: 0 });
    expect(await closed.summariser.summarise(work(), NEVER)).toEqual(await extracted(work()));
    expect(closed.model.requests).toEqual([]);
  });

  it('E3: are told by extraction when the model is late', async () => {
    const never = new Promise<void>(() => undefined);
    const scripts = [{ pieces: ['{'], pause: () => never }];
    const { summariser, queue } = await setup({ scripts }, { timeoutMs: 20 });
    expect(await summariser.summarise(work(), NEVER)).toEqual(await extracted(work()));
    expect(queue.stats()).toMatchObject({ running: 0, waiting: 0 });
  });

  it('are not told when nobody wants them any more', async () => {
    const never = new Promise<void>(() => undefined);
    const { summariser, model, queue } = await setup({ scripts: [{ pieces: ['{'], pause: () => never }] });
    const abort = new AbortController();
    const told = summariser.summarise(work(), abort.signal);
    await until(() => model.running === 1);
    abort.abort();
    expect(await told).toBeNull();
    expect(queue.stats()).toMatchObject({ running: 0 });
  });

  it('are cut to whole sentences when they are too long for the model, and what is told stays within bounds', async () => {
    const long = { id: 'p', text: 'They walked on and on. '.repeat(400) };
    const answer = {
      summary: 'It went on. '.repeat(60),
      facts: [
        ...Array.from({ length: 5 }, (_, at) => ({ text: `Fact ${at}.`, passage: 1 })),
        { text: 'Not there.', passage: 9 },
      ],
    };
    const { summariser, model } = await setup({ scripts: [says(answer)] });
    const digest = await summariser.summarise(work({ passages: [long, long] }), NEVER);
    expect(digest?.summary).toMatch(/^(It went on\. )+It went on\.$/);
    expect(digest?.summary.length).toBeLessThanOrEqual(320);
    expect(digest?.facts.map(({ text }) => text)).toEqual(['Fact 0.', 'Fact 1.', 'Fact 2.']);
    const [request] = model.requests;
    expect(promptText(request!.prompt).length / 4 + request!.maxTokens).toBeLessThan(2_048);
    expect(promptText(request!.prompt)).toMatch(/on and on\."\}\]$/);
  });

  it('E3: yield to every turn of the narrator: on an engine that cannot pause them they end at once', async () => {
    const { summariser, model, asks, ended } = await atTheTable(null);
    const told = summariser.summarise(work(), NEVER);
    await until(() => model.running === 1);
    asks('a');
    await until(() => model.requests.length === 2);
    expect(model.requests.map(({ turnId, signal }) => [turnId, signal.aborted])).toEqual([
      ['memory-1', true],
      ['a', false],
    ]);
    expect(await told).toEqual(await extracted(work()));
    model.release();
    await until(() => ended.length === 1);
  });

  it('E3: are not in front of turns that wait', async () => {
    const { summariser, model, asks, ended } = await atTheTable(null);
    asks('a');
    await until(() => model.running === 1);
    const told = summariser.summarise(work(), NEVER);
    for (const id of ['b', 'c']) asks(id);
    model.release();
    await until(() => ended.length === 3);
    await told;
    // What the floor of its class lets begin ends again at once.
    const lived = model.requests.filter(({ signal }) => !signal.aborted).map(({ turnId }) => turnId);
    expect(lived.slice(0, 3)).toEqual(['a', 'b', 'c']);
  });

  it('stay where the engine steps and pauses them, and where a place is free', async () => {
    for (const [resident, permits] of [
      [2, 1],
      [null, 2],
    ] as const) {
      const { summariser, model, asks, ended } = await atTheTable(resident, permits);
      const told = summariser.summarise(work(), NEVER);
      await until(() => model.running === 1);
      asks('a');
      model.release();
      expect((await told)?.summary).toBe('Mara left. Her ship sank.');
      await until(() => ended.length === 1);
    }
  });

  it('asks the model for four works at a time at most', async () => {
    const { summariser, model, queue } = await setup({ scripts: [says(DIGEST)], isStepped: true }, {}, 2);
    const asked = Array.from({ length: 6 }, (_, at) =>
      summariser.summarise(work({ sessionId: `s${at}` }), NEVER),
    );
    await until(() => model.running === 2);
    expect(queue.stats()).toMatchObject({ running: 2, waiting: 2 });
    model.release();
    const digests = await Promise.all(asked);
    expect(digests.filter((digest) => digest?.summary === 'Mara left. Her ship sank.')).toHaveLength(4);
  });
});

describe('any answer', () => {
  const facts = fc.array(
    fc.record({ text: fc.string({ unit: 'binary', maxLength: 400 }), passage: fc.integer() }),
  );
  const answers = fc.oneof(
    fc.string(),
    fc.json(),
    fc
      .record({ summary: fc.string({ unit: 'binary', maxLength: 900 }), facts })
      .map((one) => JSON.stringify(one)),
  );

  it('is refused or within bounds, with passages that were given', () => {
    fc.assert(
      fc.property(answers, fc.integer({ min: 1, max: 600 }), (answer, maxLength) => {
        const of = work({ maxLength });
        let digest;
        try {
          digest = digestOf(answer, of);
        } catch {
          return;
        }
        expect(digest.summary.length).toBeGreaterThan(0);
        expect(digest.summary.length).toBeLessThanOrEqual(maxLength);
        expect(digest.facts.length).toBeLessThanOrEqual(3);
        for (const { text, passageId } of digest.facts) {
          expect(text.length).toBeLessThanOrEqual(300);
          expect(of.passages.map(({ id }) => id)).toContain(passageId);
        }
      }),
      { numRuns: 300 },
    );
  });
});
