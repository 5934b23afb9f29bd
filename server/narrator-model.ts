import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { LlamaModel } from '../narrator/llama-model.ts';
import { CHUNK } from '../narrator/step-budget.ts';
import { pulledFile } from '../narrator/model-sources.ts';
import { OpenAiModel } from '../narrator/openai-model.ts';
import { ScriptedModel, type Script } from '../narrator/scripted-model.ts';
import { AppError } from '../sessions/errors.ts';
import type { StepFacts } from '../narrator/engine-facts.ts';
import type { ModelInfo, StepSource, TextModel } from '../sessions/ports.ts';
import type { Config } from './config.ts';
import { PACKAGE_ROOT } from './package-root.ts';
import { CHUNK_TOKENS } from './queue.ts';

const textSchema = z.string().min(1).max(20_000);
/** A text is said at once; with `pieceMs`, each of its words waits so long before it comes. */
const pacedSchema = z.object({ text: textSchema, pieceMs: z.int().min(1).max(600_000) });
const scriptSchema = z
  .array(z.union([textSchema, pacedSchema]))
  .min(1)
  .max(1_000);
const ADDRESS = /^[a-z]{2,}:/i;

/** A model that is not to be had, and why: the narrator is off and says so. */
class UnavailableModel implements TextModel {
  private readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }

  load(): Promise<ModelInfo> {
    return Promise.reject(new AppError('NARRATOR_OFF', { detail: this.reason }));
  }

  generate(): Promise<never> {
    return Promise.reject(new AppError('NARRATOR_OFF', { detail: this.reason }));
  }

  countTokens(): Promise<never> {
    return this.generate();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

async function scriptedModel(path: string, parallel: number): Promise<TextModel> {
  const said = scriptSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  return new ScriptedModel({ scripts: said.map(scriptOf), info: { parallel } });
}

function scriptOf(said: z.infer<typeof scriptSchema>[number]): Script {
  const text = typeof said === 'string' ? said : said.text;
  const pieces = text.match(/\S+\s*/g) ?? [text];
  if (typeof said === 'string') return { pieces };
  // An aborted pause is over; the model sees the signal itself.
  const wait = (signal: AbortSignal) => pause(said.pieceMs, undefined, { signal }).catch(() => undefined);
  return { pieces, pause: wait };
}

async function llamaModel(config: Config['narrator'], hooks: ModelHooks): Promise<TextModel> {
  const isAddress = ADDRESS.test(config.model);
  const pulled = isAddress
    ? await pulledFile(join(PACKAGE_ROOT, 'narrator/models'), config.model)
    : config.model;
  if (pulled === null) {
    return new UnavailableModel(`The model is not here yet. Run: npm run model -- pull ${config.model}`);
  }
  const context = config.modelContext === null ? {} : { contextTokens: config.modelContext };
  const resident = config.modelResident === null ? {} : { resident: config.modelResident };
  const { modelParallel: parallel } = config;
  return new LlamaModel({
    modelPath: pulled,
    parallel,
    chunk: { ...CHUNK, max: CHUNK_TOKENS },
    ...resident,
    ...context,
    ...hooks,
  });
}

/** The label of the configured model in metrics: known before anything is loaded, and never changing. */
export function modelLabel(config: Config['narrator']): string {
  if (!config.isOn) return 'none';
  if (config.scriptPath !== null) return 'scripted';
  if (config.openai !== null) return config.openai.model ?? 'openai';
  return basename(config.model, '.gguf').slice(0, 80);
}

/** What the engine reports while it works. */
export interface ModelHooks {
  /** Decides before each step of an engine of ours who is in it. */
  steps: StepSource;
  stepped: (facts: StepFacts) => void;
  log: (level: string, line: string) => void;
  restarted: (reason: string) => void;
}

/** The model that the settings ask for; nothing is loaded yet. Throws when the script of a scripted one is bad. */
export async function createModel(config: Config['narrator'], hooks: ModelHooks): Promise<TextModel> {
  if (!config.isOn) return new UnavailableModel('The operator of this server has switched the narrator off.');
  if (config.scriptPath !== null) return scriptedModel(config.scriptPath, config.modelParallel);
  if (config.openai === null) return llamaModel(config, hooks);
  const { baseUrl, apiKey, model } = config.openai;
  return new OpenAiModel({
    baseUrl,
    ...(model === null ? {} : { model }),
    parallel: config.modelParallel,
    ...(apiKey === null ? {} : { apiKey }),
    ...(config.modelContext === null ? {} : { contextTokens: config.modelContext }),
  });
}
