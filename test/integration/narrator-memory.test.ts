import { afterEach, describe, expect, it } from 'vitest';
import { ExtractiveSummariser } from '../../narrator/extractive-summariser.ts';
import { LlamaModel } from '../../narrator/llama-model.ts';
import { ModelNarrator } from '../../narrator/narrator.ts';
import { createNarratorQueue } from '../../narrator/queue-policies.ts';
import { promptText } from '../../narrator/scripted-model.ts';
import { summaryGrammar } from '../../narrator/summary-request.ts';
import type {
  GenerateRequest,
  NarratorDesk,
  NarratorOutcome,
  StoryContext,
  TextModel,
} from '../../sessions/ports.ts';
import { DEMO_MODEL, watchedRequest } from '../support/engine-requests.ts';
import { BASE } from '../support/prompt-packs.ts';
import { SeededRandom } from '../support/seeded-random.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function later(delayMs: number, run: () => void): () => void {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
}

/** The bundled model with a narrator; `requests` and `said` are what the engine was asked and answered. */
async function setup() {
  const clock = { now: () => performance.now(), after: later };
  const budgets = { playerPerHour: null, sessionPerHour: null };
  const queue = createNarratorQueue('fair', { clock, permits: 1, chunk: 256, budgets });
  const engine = new LlamaModel({ modelPath: DEMO_MODEL, parallel: 1, gpu: 'off' });
  const requests: GenerateRequest[] = [];
  const said: string[] = [];
  const model: TextModel = {
    load: () => engine.load(),
    generate: (request) => {
      requests.push(request);
      const onText = (piece: string) => {
        said.push(piece);
        request.onText(piece);
      };
      return engine.generate({ ...request, onText });
    },
    countTokens: (texts) => engine.countTokens(texts),
    close: () => engine.close(),
  };
  const narrator = new ModelNarrator({ queue, model, clock, random: new SeededRandom(7) });
  closers.push(() => narrator.close({ deadlineMs: 1_000 }));
  await narrator.reload();
  return { narrator, engine, requests, said };
}

function tell(
  narrator: ModelNarrator,
  context: StoryContext,
): Promise<{ text: string; outcome: NarratorOutcome }> {
  return new Promise((resolve, reject) => {
    let text = '';
    const desk: NarratorDesk = {
      start: () => context,
      write: (_, piece) => Promise.resolve(void (text += piece)),
      complete: (_, outcome) => resolve({ text, outcome }),
      fail: (_, refusal) => reject(new Error(refusal.code)),
    };
    const ids = { turnId: 'turn', sessionId: 's1', tenantId: 't', playerId: 'p', fingerprint: 'f' };
    expect(narrator.ask({ ...ids, workClass: 'narrator', maxTokens: 60 }, desk)).toEqual({ ok: true });
  });
}

const passages = Array.from({ length: 24 }, (_, at) => ({
  id: `p${at}`,
  text:
    `Mia and Tom came to house number ${at}. An old man named Sam lived in it. ` +
    'He gave them a red apple. "Thank you," said Tom. They walked on along the river.',
}));

describe('memory in the prompts of the bundled model', () => {
  it('E5, P7, P8: a long story is told with its memory, and the sight is what the engine was given', async () => {
    const { narrator, engine, requests, said } = await setup();
    const told = passages.slice(0, 8);
    const work = { sessionId: 's1', tenantId: 't', names: ['Mia', 'Tom'], passages: told, maxLength: 320 };
    const digest = await new ExtractiveSummariser().summarise(work, new AbortController().signal);
    const context: StoryContext = {
      ...BASE,
      passages,
      memory: {
        facts: [{ id: 'fact', text: 'The boat is blue.', isPinned: true }],
        summaries: [{ id: 'summary', text: digest!.summary, passageIds: told.map(({ id }) => id) }],
      },
    };
    const { text, outcome } = await tell(narrator, context);
    const { sight } = outcome;
    const [request] = requests;
    expect(text.length).toBeGreaterThan(20);
    const prompt = promptText(request!.prompt);
    let at = 0;
    for (const part of sight!.parts) {
      const found = prompt.indexOf(part.text, at);
      expect(found).toBeGreaterThanOrEqual(at);
      at = found + part.text.length;
    }
    expect(at).toBe(prompt.length);
    expect(sight!.parts.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['title', 'cast', 'premise', 'fact', 'summary', 'passage']),
    );
    expect(prompt).toContain('The boat is blue.');
    expect([
      ...sight!.droppedPassageIds,
      ...sight!.parts.filter(({ kind }) => kind === 'passage').map(({ id }) => id),
    ]).toEqual(passages.map(({ id }) => id));
    expect(sight).toMatchObject({
      seed: request!.seed,
      maxTokens: 60,
      contextTokens: 512,
      outputTokens: outcome.outputTokens,
      promptTokens: outcome.inputTokens,
    });
    expect(sight!.promptTokens).toBeLessThanOrEqual(409);

    // The seed and the prompt that are told give the same text again.
    const { seed, sampling, maxTokens } = sight!;
    const again = watchedRequest({ prompt: request!.prompt, seed, ...sampling, maxTokens, storyId: 'again' });
    await engine.generate(again);
    expect(again.text()).toBe(said.join(''));
  });

  it('E3: the engine answers in the form that summaries have', async () => {
    const { engine } = await setup();
    const grammar = summaryGrammar(8);
    const answers = await Promise.all(
      Array.from({ length: 6 }, async (_, seed) => {
        const request = watchedRequest({
          storyId: `m${seed}`,
          seed,
          temperature: 1,
          maxTokens: 250,
          grammar,
        });
        const { finish } = await engine.generate(request);
        return { finish, text: request.text() };
      }),
    );
    for (const { finish, text } of answers) {
      expect(text.replaceAll(/\s/g, '')).toMatch(/^\{"summary":"/);
      if (finish !== 'end') continue;
      const { facts } = JSON.parse(text) as { facts: { text: string; passage: number }[] };
      expect(facts.length).toBeLessThanOrEqual(3);
      for (const { passage } of facts) expect([1, 2, 3, 4, 5, 6, 7, 8]).toContain(passage);
    }
    expect(answers.some(({ finish }) => finish === 'end')).toBe(true);
  });
});
