import { availableParallelism, freemem } from 'node:os';
import { getLlama, LlamaLogLevel, resolveChatWrapper } from 'node-llama-cpp';
import type { ChatWrapper, Llama, LlamaContext, LlamaModel } from 'node-llama-cpp';
import { EngineGrammars } from './engine-grammars.ts';
import type { EngineInfo, EngineLoad } from './engine-protocol.ts';

/** Smallest contexts that hold a useful prompt, tokens. */
const MIN_CONTEXT = { continuation: 256, chat: 1_024 } as const;
/** Share by which more threads must be faster to be worth having. */
const WORTH = 1.15;
const PROBE_TOKENS = 12;
const PROBE_MS = 400;
const PROBE_TEXT = 'Once upon a time there was a small boat on a wide sea.';

/** A model ready to generate; lives in the child only. */
export interface LoadedModel {
  model: LlamaModel;
  context: LlamaContext;
  /** Null: a continuation model. */
  chat: ChatWrapper | null;
  grammars: EngineGrammars;
  info: EngineInfo;
}

interface ContextSize {
  contextSize: number;
  batchSize: number;
}

/** What the loader tells while it works. */
export interface LoadHooks {
  log: (level: string, line: string) => void;
  progress: (ratio: number) => void;
}

/** Tokens a second of one sequence with this many threads, by a run of half a second or of two tokens, whichever is longer. */
async function measure(model: LlamaModel, threads: number): Promise<number> {
  const context = await model.createContext({ sequences: 1, contextSize: 256, threads });
  try {
    const generator = context.getSequence().evaluate(model.tokenize(PROBE_TEXT), { temperature: 1, seed: 1 });
    // The first token carries the prompt and warm-up; the rest is the steady pace.
    let began = 0;
    let count = -1;
    for await (const token of generator) {
      void token;
      count += 1;
      if (count === 0) began = performance.now();
      else if (count >= PROBE_TOKENS || performance.now() - began > PROBE_MS) break;
    }
    return count < 1 ? 0 : (count * 1_000) / Math.max(0.01, performance.now() - began);
  } finally {
    await context.dispose();
  }
}

/** Threads by trial: small models are many times slower with more of them, large ones need them. */
async function chooseThreads(model: LlamaModel, hooks: LoadHooks): Promise<number> {
  const cores = availableParallelism();
  const choices = [...new Set([1, Math.max(1, Math.floor(cores / 2)), cores])];
  let best = { threads: 1, speed: 0 };
  for (const threads of choices) {
    const speed = choices.length === 1 ? 1 : await measure(model, threads);
    hooks.log('info', `probe: ${threads} threads give ${speed.toFixed(1)} tokens a second`);
    if (speed > best.speed * WORTH) best = { threads, speed };
  }
  return best.threads;
}

function chatWrapperOf(model: LlamaModel): ChatWrapper | null {
  const template: unknown = model.fileInfo.metadata.tokenizer?.chat_template;
  if (typeof template !== 'string' || template.trim() === '') return null;
  // Reasoning is turned off where the template allows it: the story waits for the text.
  return resolveChatWrapper(model, {
    warningLogs: false,
    customWrapperSettings: { qwen: { thoughts: 'discourage' }, jinjaTemplate: { reasoning: false } },
  });
}

/**
 * Stories that may be kept in memory beside the ones that are told: as many as half of the free memory holds.
 * The system gives memory away that it does not have, so it cannot be left to fail.
 */
async function affordable(model: LlamaModel, order: EngineLoad, size: ContextSize): Promise<number> {
  let { sequences } = order;
  const free = Math.min(freemem(), process.availableMemory());
  while (sequences > order.parallel) {
    const wanted = { ...size, sequences, modelGpuLayers: model.gpuLayers };
    const needs = await model.fileInsights.estimateContextResourceRequirementsV2(wanted);
    if (needs.cpuRam <= free / 2) break;
    sequences = Math.max(order.parallel, Math.floor(sequences / 2));
  }
  return sequences;
}

/** The context with as many sequences as memory allows, at least one for each turn of a step. */
async function openContext(
  model: LlamaModel,
  order: EngineLoad,
  threads: number,
  hooks: LoadHooks,
): Promise<LlamaContext> {
  const contextSize = Math.min(order.contextTokens, model.trainContextSize);
  // A step fits into one batch.
  const size = { contextSize, batchSize: Math.min(order.chunk.max, contextSize) + order.parallel };
  let sequences = await affordable(model, order, size);
  for (;;) {
    try {
      const context = await model.createContext({ ...size, sequences, threads });
      const missing = sequences < order.sequences ? `, memory is too short for ${order.sequences}` : '';
      hooks.log('info', `the engine keeps ${sequences} stories of ${contextSize} tokens${missing}`);
      return context;
    } catch (error) {
      if (sequences <= order.parallel) throw error;
      hooks.log('warn', `no memory for ${sequences} stories: ${String(error)}`);
      sequences = Math.max(order.parallel, Math.floor(sequences / 2));
    }
  }
}

async function openModel(llama: Llama, order: EngineLoad, hooks: LoadHooks): Promise<LlamaModel> {
  let told = 0;
  return llama.loadModel({
    modelPath: order.modelPath,
    onLoadProgress: (ratio) => {
      if (ratio - told < 0.02 && ratio < 1) return;
      told = ratio;
      hooks.progress(ratio);
    },
  });
}

/** Opens the model file. Throws plain errors; their text is for people who run the server. */
export async function loadEngine(order: EngineLoad, hooks: LoadHooks): Promise<LoadedModel> {
  const began = performance.now();
  const llama = await getLlama({
    gpu: order.gpu === 'auto' ? 'auto' : false,
    build: 'never',
    logLevel: LlamaLogLevel.warn,
    logger: (level, line) => hooks.log(level, line.trim()),
    maxThreads: 0,
  });
  const model = await openModel(llama, order, hooks);
  const chat = chatWrapperOf(model);
  const shape = chat === null ? 'continuation' : 'chat';
  const usable = Math.min(order.contextTokens, model.trainContextSize);
  if (usable < MIN_CONTEXT[shape]) {
    throw new Error(`its context of ${usable} tokens is too small, the narrator needs ${MIN_CONTEXT[shape]}`);
  }
  const isOnGpu = llama.gpu !== false && model.gpuLayers > 0;
  const threads =
    order.threads ?? (isOnGpu ? Math.min(4, availableParallelism()) : await chooseThreads(model, hooks));
  const context = await openContext(model, order, threads, hooks);
  return {
    model,
    context,
    chat,
    grammars: new EngineGrammars(llama, model),
    info: {
      contextTokens: Math.min(usable, context.contextSize),
      shape,
      sequences: context.totalSequences,
      threads,
      gpu: llama.gpu === false ? null : llama.gpu,
      devices: llama.gpu === false ? [] : await llama.getGpuDeviceNames(),
      loadMs: Math.round(performance.now() - began),
    },
  };
}
