import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';
import { createModel, modelLabel } from './narrator-model.ts';

const hooks = {
  steps: { plan: () => ({ run: [], paused: [] }), lost: () => undefined, onChanged: () => () => undefined },
  stepped: () => undefined,
  log: () => undefined,
  restarted: () => undefined,
};
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

  it('recites a script word by word when it says how long to wait', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'taleloom-script-'));
    const script = join(folder, 'script.json');
    await writeFile(script, JSON.stringify([{ text: 'One two three.', pieceMs: 600_000 }, 'At once.']));
    const model = await createModel(settings({ SCRIPTED_NARRATOR: script }), hooks);
    await rm(folder, { recursive: true });
    const said: string[] = [];
    const request = {
      turnId: 't1',
      prompt: { shape: 'continuation', text: '' } as const,
      ...{ maxTokens: 10, temperature: 0, topP: 1, minP: 0, seed: null },
      onText: (text: string) => void said.push(text),
      storyId: 's1',
      onCost: () => undefined,
    };
    const stop = new AbortController();
    const stopped = model.generate({ ...request, signal: stop.signal });
    stop.abort();
    expect(await stopped).toMatchObject({ finish: 'stopped' });
    expect(said).toEqual([]);
    await model.generate({ ...request, signal: new AbortController().signal });
    expect(said).toEqual(['At ', 'once.']);
  });

  it('labels metrics by the configured model, whatever engine serves it', () => {
    expect(modelLabel(settings({}))).toBe('storyteller-tiny-q8_0');
    expect(modelLabel(settings({ OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' }))).toBe('openai');
    expect(modelLabel(settings({ OPENAI_BASE_URL: 'http://127.0.0.1:1/v1', OPENAI_MODEL: 'm' }))).toBe('m');
  });
});
