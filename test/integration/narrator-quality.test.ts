import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LlamaModel } from '../../narrator/llama-model.ts';
import {
  JUDGE_GRAMMAR,
  judgedScores,
  judgedTexts,
  judgePrompt,
} from '../../narrator/quality/judge-request.ts';
import { DEMO_MODEL, watchedRequest } from '../support/engine-requests.ts';

const TEXTS = judgedTexts({
  text: 'Tom rowed to the island. Mia held the map.',
  previous: ['Mia found a map.', 'Tom had a boat.'],
});

describe('the judge on a real engine', () => {
  let model: LlamaModel;
  beforeAll(async () => {
    model = new LlamaModel({ modelPath: DEMO_MODEL, parallel: 2, gpu: 'off' });
    await model.load();
  });
  afterAll(() => model.close());

  it('J4: its grammar admits nothing but answers of the agreed form, and made-up quotes are thrown away', async () => {
    const requests = Array.from({ length: 8 }, (_, seed) =>
      watchedRequest({
        storyId: `judge${seed}`,
        seed,
        prompt: judgePrompt(TEXTS, []),
        maxTokens: 900,
        temperature: 1.2,
        topP: 1,
        minP: 0,
        grammar: JUDGE_GRAMMAR,
      }),
    );
    const results = await Promise.all(requests.map((request) => model.generate(request)));
    const whole = requests.filter((_, at) => results[at]!.finish === 'end').map((request) => request.text());
    expect(whole.length).toBeGreaterThan(0);
    for (const answer of whole) {
      const { contradictions, ...marks } = JSON.parse(answer) as {
        contradictions: { passage: number; quote: string }[];
      };
      expect(Object.keys(marks)).toEqual(['coherence', 'voice', 'engagement', 'why']);
      const isMadeUp = contradictions.some(
        ({ passage, quote }) => quote.trim() === '' || TEXTS[passage - 1]?.includes(quote.trim()) !== true,
      );
      // The model knows nothing of judging: what it quotes does not stand there, unless it quotes nothing.
      if (isMadeUp) expect(() => judgedScores(answer, TEXTS)).toThrow('quotes');
      else expect(judgedScores(answer, TEXTS).coherence).toBeLessThanOrEqual(1);
    }
  });
});
