import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';
import { createModel, modelLabel } from './narrator-model.ts';

const hooks = { log: () => undefined, restarted: () => undefined };
const settings = (env: Record<string, string>) => readConfig(env).config.narrator;

describe('createModel', () => {
  it('says why there is no narrator when it is switched off', async () => {
    const model = await createModel(settings({ NARRATOR: 'off' }), hooks);
    await expect(model.load()).rejects.toMatchObject({
      code: 'NARRATOR_OFF',
      detail: 'The operator of this server has switched the narrator off.',
    });
  });

  it('tells how to get a model that was named by address and is not here', async () => {
    const model = await createModel(settings({ MODEL: 'hf:owner/repo:Q4_K_M' }), hooks);
    await expect(model.load()).rejects.toMatchObject({
      detail: 'The model is not here yet. Run: npm run model -- pull hf:owner/repo:Q4_K_M',
    });
  });

  it('labels metrics by the configured model, whatever engine serves it', () => {
    expect(modelLabel(settings({}))).toBe('storyteller-tiny-q8_0');
    expect(modelLabel(settings({ OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' }))).toBe('openai');
    expect(modelLabel(settings({ OPENAI_BASE_URL: 'http://127.0.0.1:1/v1', OPENAI_MODEL: 'm' }))).toBe('m');
  });
});
