import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LlamaModel } from '../../narrator/llama-model.ts';
import type { GenerateRequest } from '../../sessions/ports.ts';
import { DEMO_MODEL, watchedRequest } from '../support/engine-requests.ts';

const OBJECT = {
  type: 'object',
  properties: {
    level: { enum: [0, 1, 2, 3, 4] },
    isFiction: { type: 'boolean' },
    word: { type: 'string', maxLength: 12 },
  },
} satisfies GenerateRequest['grammar'];

describe('a request with a schema', () => {
  let model: LlamaModel;
  let restarts = 0;
  beforeAll(async () => {
    model = new LlamaModel({
      modelPath: DEMO_MODEL,
      parallel: 3,
      gpu: 'off',
      restarted: () => (restarts += 1),
    });
    await model.load();
  });
  afterAll(() => model.close());

  it('is answered with one whole object of it and nothing more, whatever is sampled', async () => {
    const requests = Array.from({ length: 24 }, (_, seed) =>
      watchedRequest({ storyId: `o${seed}`, seed, temperature: 1.5, topP: 1, minP: 0, grammar: OBJECT }),
    );
    const results = await Promise.all(requests.map((request) => model.generate(request)));
    const answers = requests.map((request) => JSON.parse(request.text()) as Record<string, unknown>);
    expect(results.every(({ finish }) => finish === 'end')).toBe(true);
    for (const answer of answers) {
      expect(Object.keys(answer)).toEqual(['level', 'isFiction', 'word']);
      expect(OBJECT.properties.level.enum).toContain(answer.level);
      expect(typeof answer.isFiction).toBe('boolean');
      expect((answer.word as string).length).toBeLessThanOrEqual(12);
    }
    // It is the model that chooses within the schema.
    expect(new Set(requests.map((request) => request.text())).size).toBeGreaterThan(12);
    requests.forEach((request, at) => expect(request.cost().outputTokens).toBe(results[at]!.outputTokens));
  });

  it('leaves the turns that step beside it alone', async () => {
    const free = watchedRequest({ storyId: 'free', seed: 5, maxTokens: 40 });
    const bound = watchedRequest({ storyId: 'bound', seed: 5, grammar: OBJECT });
    await Promise.all([model.generate(free), model.generate(bound)]);
    expect(Object.keys(JSON.parse(bound.text()) as object)).toEqual(['level', 'isFiction', 'word']);
    expect(free.text()).toMatch(/\p{L}+ \p{L}+ /u);
    expect(free.text()).not.toContain('{');
  });

  it('ends with the cap and half an object when the tokens do not suffice', async () => {
    const request = watchedRequest({ storyId: 'cap', maxTokens: 6, grammar: OBJECT });
    expect(await model.generate(request)).toMatchObject({ finish: 'cap', outputTokens: 6 });
    expect(() => JSON.parse(request.text()) as unknown).toThrow();
  });

  it('fails alone when its schema makes no grammar', async () => {
    const properties = { a: { oneOf: 5 } };
    const bad = model.generate(watchedRequest({ storyId: 'bad', grammar: { type: 'object', properties } }));
    const good = watchedRequest({ storyId: 'good', maxTokens: 30 });
    const [failed, fine] = await Promise.allSettled([bad, model.generate(good)]);
    expect(failed).toMatchObject({ status: 'rejected', reason: { code: 'NARRATOR_FAILED' } });
    expect(fine).toMatchObject({ status: 'fulfilled', value: { outputTokens: 30 } });
    expect(restarts).toBe(0);
  });
});
