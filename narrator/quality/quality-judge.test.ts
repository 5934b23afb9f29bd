import { describe, expect, it, onTestFinished } from 'vitest';
import type { PassageToAssess } from '../../sessions/quality.ts';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { SeededRandom } from '../../test/support/seeded-random.ts';
import { personasFrom } from '../../sessions/personas.ts';
import { ModelNarrator } from '../narrator.ts';
import { createNarratorQueue } from '../queue-policies.ts';
import { ScriptedModel, promptText } from '../scripted-model.ts';
import type { Script, ScriptedModelOptions } from '../scripted-model.ts';
import { createAssessor, isSampled } from './assessor.ts';
import { loadBaseline } from './baseline.ts';
import { QualityJudge } from './quality-judge.ts';

const NEVER = new AbortController().signal;
const BASELINE = await loadBaseline(`${import.meta.dirname}/../baselines/quality-en-1.json`);
const SAMPLED = Array.from({ length: 100 }, (_, at) => `passage${at}`).find(isSampled)!;
const ANSWER = { coherence: 4, voice: 2, engagement: 5, contradictions: [], why: 'Fine.' };
const says = (answer: unknown): Script => ({
  pieces: [typeof answer === 'string' ? answer : JSON.stringify(answer)],
});

function passage(of: Partial<PassageToAssess> = {}): PassageToAssess {
  return {
    sessionId: 's1',
    passageId: SAMPLED,
    alternativeId: 'a1',
    authorKind: 'narrator',
    text: 'The lamp  went out.\nMara was gone.',
    previous: ['Mara lit the lamp.', 'Nobody spoke.'],
    cast: personasFrom([{ id: 'c1', name: 'Mara', description: 'Never says: okay.' }]),
    speaksAs: null,
    version: 'v',
    engagement: null,
    narratorWaiting: 0,
    ...of,
  };
}

async function setup(options: ScriptedModelOptions, permits = 1) {
  const clock = new ManualClock();
  const info = { parallel: permits, shape: 'chat' as const, isDemo: false, ...options.info };
  const model = new ScriptedModel({ ...options, info });
  const budgets = { playerPerHour: null, sessionPerHour: null };
  const queue = createNarratorQueue('fair', { clock, permits, chunk: 256, budgets });
  const narrator = new ModelNarrator({ queue, model, clock, random: new SeededRandom(1) });
  onTestFinished(async () => {
    model.release();
    await narrator.close({ deadlineMs: 0 });
  });
  await narrator.reload();
  return { model, queue, narrator, judge: new QualityJudge(narrator) };
}

async function until(isTrue: () => boolean): Promise<void> {
  for (let round = 0; round < 2_000; round += 1) {
    if (isTrue()) return;
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  throw new Error('the condition did not come true');
}

describe('the judge of passages', () => {
  it('J4: marks become scores; it is asked in the background, at temperature 0, with a grammar', async () => {
    const { judge, model } = await setup({ scripts: [says(ANSWER)] });
    expect(await judge.judge(passage(), NEVER)).toEqual({ coherence: 0.75, voice: 0.25, engagement: 1 });
    const [request] = model.requests;
    expect(request).toMatchObject({ storyId: 'quality', temperature: 0, grammar: { type: 'object' } });
    const prompt = promptText(request!.prompt);
    expect(prompt).toContain('{"passage":3,"text":"The lamp  went out.\\nMara was gone."}');
    expect(prompt).toContain('"neverSays":["okay"]');
  });

  it('J4: quotes that stand in the passage they name are taken', async () => {
    const contradictions = [
      { passage: 3, quote: 'The lamp went out. Mara' },
      { passage: 1, quote: 'lit the lamp' },
    ];
    const { judge } = await setup({ scripts: [says({ ...ANSWER, contradictions })] });
    expect(await judge.judge(passage(), NEVER)).toMatchObject({ coherence: 0.75 });
  });

  it.each<[string, unknown]>([
    ['quotes what nobody wrote', { ...ANSWER, contradictions: [{ passage: 3, quote: 'The sun went out.' }] }],
    ['quotes the wrong passage', { ...ANSWER, contradictions: [{ passage: 2, quote: 'lit the lamp' }] }],
    ['quotes a passage that is not there', { ...ANSWER, contradictions: [{ passage: 4, quote: 'lamp' }] }],
    ['quotes nothing', { ...ANSWER, contradictions: [{ passage: 1, quote: ' ' }] }],
    ['gives a 6', { ...ANSWER, voice: 6 }],
    ['gives half a mark', { ...ANSWER, voice: 2.5 }],
    ['says more than was asked', { ...ANSWER, more: 1 }],
    ['stops halfway', '{"coherence": 4,'],
    ['writes prose', 'I like it.'],
  ])('J4: a verdict that %s is thrown away', async (_what, answer) => {
    const { judge, narrator, queue } = await setup({ scripts: [says(answer)] });
    for (let times = 0; times < 6; times += 1) expect(await judge.judge(passage(), NEVER)).toBeNull();
    // The narrator has lost nothing by it.
    expect(narrator.status().status).toBe('ready');
    expect(queue.stats()).toMatchObject({ waiting: 0, running: 0 });
  });

  it.each([
    ['the demo model', { isDemo: true }],
    ['a model that only continues texts', { shape: 'continuation' as const }],
    ['a model that is too small for the texts', { contextTokens: 500 }],
  ])('J4: %s does not judge', async (_what, info) => {
    const { judge, model } = await setup({ scripts: [says(ANSWER)], info });
    expect(await judge.judge(passage(), NEVER)).toBeNull();
    expect(model.requests).toEqual([]);
  });

  it('J4: takes four passages at a time, and is given up with its session', async () => {
    const { judge, model, queue } = await setup({ scripts: [says(ANSWER)], isStepped: true }, 4);
    const ending = new AbortController();
    const asked = Array.from({ length: 4 }, () => judge.judge(passage(), ending.signal));
    expect(await judge.judge(passage(), NEVER)).toBeNull();
    await until(() => model.running > 0);
    ending.abort();
    expect(await Promise.all(asked)).toEqual([null, null, null, null]);
    expect(queue.stats()).toMatchObject({ waiting: 0, running: 0 });
  });

  it('J4: its scores are metrics of their own, beside the fast ones', async () => {
    const { narrator } = await setup({ scripts: [says(ANSWER)] });
    const assessor = createAssessor({ baseline: BASELINE, engine: narrator });
    const of = passage({ engagement: 0.9 });
    const fast = assessor.assess(of, 7);
    const { name } = narrator.info()!;
    expect(await assessor.deepen(of, fast, NEVER)).toEqual({
      ...fast,
      scores: { ...fast.scores, judge_coherence: 0.75, judge_voice: 0.25, judge_engagement: 1 },
      methods: {
        ...fast.methods,
        judge_coherence: `D2-judge-1/${name}`,
        judge_voice: `D2-judge-1/${name}`,
        judge_engagement: `D2-judge-1/${name}`,
      },
    });
    const alone = passage({ previous: [], cast: [] });
    const first = await assessor.deepen(alone, assessor.assess(alone, 7), NEVER);
    expect(first!.scores).toMatchObject({ judge_coherence: null, judge_voice: null, judge_engagement: 1 });
  });

  it('J4: nobody is judged while more than three narrator turns wait', async () => {
    const { narrator, model } = await setup({ scripts: [says(ANSWER)] });
    const assessor = createAssessor({ baseline: BASELINE, engine: narrator });
    const look = (narratorWaiting: number) => {
      const of = passage({ narratorWaiting });
      return assessor.deepen(of, assessor.assess(of, 1), NEVER);
    };
    expect(await look(4)).toBeNull();
    expect(model.requests).toEqual([]);
    expect(await look(3)).not.toBeNull();
  });
});
