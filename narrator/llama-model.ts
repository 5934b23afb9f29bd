import { open } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { AppError } from '../sessions/errors.ts';
import type { GenerateRequest, GenerateResult, ModelInfo, TextModel } from '../sessions/ports.ts';
import { EngineProcess } from './engine-process.ts';
import type { EngineProcessOptions } from './engine-process.ts';
import type { EngineInfo } from './engine-protocol.ts';
import { CHUNK } from './step-budget.ts';
import type { ChunkBounds } from './step-budget.ts';

/** Nobody gets a larger context than this by default; memory grows with context times turns. */
const DEFAULT_CONTEXT = 8_192;
const MAX_CONTEXT = 131_072;
const DEFAULT_PARALLEL = 4;
const MAX_PARALLEL = 32;
/** Stories kept in memory for each turn that is told, and at most. */
const RESIDENT_PER_TURN = 4;
const MAX_RESIDENT = 64;

/** How a GGUF file is served. */
export interface LlamaModelOptions extends Omit<EngineProcessOptions, 'load'> {
  /** Path of the .gguf file. */
  modelPath: string;
  /** Tokens of prompt and output of one turn; the model's own limit lowers it. Default 8,192. */
  contextTokens?: number;
  /** Turns served at the same time. Default 4. */
  parallel?: number;
  /**
   * Stories whose beginnings the engine keeps in memory, at least one more than `parallel`, at most 64. Default
   * four for each turn; fewer when memory is short.
   */
  resident?: number;
  /** Prompt tokens that one step may hold. Default 128 at the start, between 32 and 512. */
  chunk?: ChunkBounds;
  /** 'auto' takes a graphics card when there is one. Default 'auto'. */
  gpu?: 'auto' | 'off';
}

async function checkFile(path: string): Promise<void> {
  const off = (detail: string, cause?: unknown) => new AppError('NARRATOR_OFF', { detail, cause });
  const name = basename(path);
  const file = await open(path, 'r').catch((error: unknown) => {
    throw off(`The model file ${name} could not be opened. Is the path in MODEL right?`, error);
  });
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
    if (bytesRead < 4 || buffer.toString('latin1') !== 'GGUF') {
      throw off(`The file ${name} is not a GGUF model.`);
    }
  } catch (error) {
    throw error instanceof AppError ? error : off(`The model file ${name} could not be read.`, error);
  } finally {
    await file.close();
  }
}

/**
 * A model file served by llama.cpp in a process of its own. A lost process is replaced by itself; see
 * `EngineProcess`. Names the demo model by its file name.
 */
export class LlamaModel implements TextModel {
  readonly #path: string;
  readonly #options: LlamaModelOptions;
  #engine: EngineProcess | null = null;
  #facts: EngineInfo | null = null;

  constructor(options: LlamaModelOptions) {
    this.#path = resolve(options.modelPath);
    this.#options = options;
  }

  /** What the engine found out at load (threads, graphics, times); null before. */
  get facts(): EngineInfo | null {
    return this.#facts;
  }

  /** Process id of the engine, for tests and diagnosis; null when none runs. */
  get pid(): number | null {
    return this.#engine?.pid ?? null;
  }

  /** Loads, or loads again after a failure. Throws NARRATOR_OFF with a sentence for people. */
  async load(): Promise<ModelInfo> {
    await this.#engine?.close();
    await checkFile(this.#path);
    const { contextTokens = DEFAULT_CONTEXT, gpu = 'auto', chunk = CHUNK } = this.#options;
    const parallel = Math.min(MAX_PARALLEL, Math.max(1, this.#options.parallel ?? DEFAULT_PARALLEL));
    const resident = this.#options.resident ?? parallel * RESIDENT_PER_TURN;
    const engine = new EngineProcess({
      ...this.#options,
      load: {
        modelPath: this.#path,
        contextTokens: Math.min(MAX_CONTEXT, Math.max(1, contextTokens)),
        parallel,
        sequences: Math.min(MAX_RESIDENT, Math.max(parallel + 1, resident)),
        chunk,
        gpu,
      },
    });
    this.#engine = engine;
    const name = basename(this.#path).replace(/\.gguf$/i, '');
    const facts = await engine.load().catch((error: unknown) => {
      const reason = error instanceof AppError ? (error.detail ?? error.message) : String(error);
      throw new AppError('NARRATOR_OFF', {
        detail: `The model ${name} could not be loaded: ${reason}.`,
        cause: error,
      });
    });
    this.#facts = facts;
    return {
      name,
      device: facts.devices.length === 0 ? 'cpu' : facts.devices.join(', '),
      contextTokens: facts.contextTokens,
      shape: facts.shape,
      isDemo: name.toLowerCase().startsWith('storyteller-tiny'),
      parallel,
      resident: facts.sequences,
    };
  }

  /** See `TextModel`. NARRATOR_FAILED: ask again; NARRATOR_OFF: the engine was given up, `load` starts it anew. */
  generate(request: GenerateRequest): Promise<GenerateResult> {
    return this.#running().generate(request);
  }

  /** Exact counts by the model's tokenizer; marks that look like control tokens count as plain text. */
  async countTokens(texts: readonly string[]): Promise<number[]> {
    return texts.length === 0 ? [] : this.#running().countTokens(texts);
  }

  /** Ends the engine process. Idempotent. */
  async close(): Promise<void> {
    await this.#engine?.close();
    this.#engine = null;
  }

  #running(): EngineProcess {
    if (this.#engine === null) throw new AppError('NARRATOR_OFF', { detail: 'The model is not loaded.' });
    return this.#engine;
  }
}
