import { AppError } from '../sessions/errors.ts';
import type { GenerateRequest, GenerateResult, ModelInfo, Prompt, TextModel } from '../sessions/ports.ts';

/** What one generation does: text pieces in order, and how it ends. */
export interface Script {
  pieces: string[];
  /** Default 'end'. */
  finish?: 'end' | 'cap';
  /** The engine breaks after the pieces. */
  breaks?: 'NARRATOR_FAILED' | 'NARRATOR_OFF';
  /** Waited for before each piece, so that somebody can watch; resolves at once when the signal is aborted. */
  pause?: (signal: AbortSignal) => Promise<void>;
}

/** How the scripted model behaves. */
export interface ScriptedModelOptions {
  /** One script per generation, the last one again and again; or made from the request. */
  scripts: readonly Script[] | ((request: GenerateRequest, call: number) => Script);
  info?: Partial<ModelInfo>;
  /** With it, each piece (and the end) waits for one `step()`; without, everything comes at once. */
  isStepped?: boolean;
  /** Makes `load` reject so many times with NARRATOR_OFF. */
  failingLoads?: number;
}

/** Text of a prompt, for tests that look into it. */
export function promptText(prompt: Prompt): string {
  if (prompt.shape === 'continuation') return prompt.text;
  return prompt.messages.map((message) => `${message.role}: ${message.content}`).join('\n\n');
}

/**
 * A model for tests that says what it was told to say, deterministic and without any time of its own. Counts
 * four characters as a token: the prompt is charged with the first piece, then each piece. It steps alone, without
 * a step source.
 */
export class ScriptedModel implements TextModel {
  readonly #options: ScriptedModelOptions;
  #failingLoads: number;
  #steps = 0;
  #wakers: (() => void)[] = [];
  /** Requests so far, in order. */
  readonly requests: GenerateRequest[] = [];
  /** Generations running now. */
  running = 0;
  /** Most generations that ever ran together. */
  maxRunning = 0;
  isClosed = false;

  constructor(options: ScriptedModelOptions) {
    this.#options = options;
    this.#failingLoads = options.failingLoads ?? 0;
  }

  /** Lets `count` more pieces through, over all generations. */
  step(count = 1): void {
    this.#steps += count;
    for (const wake of this.#wakers.splice(0)) wake();
  }

  /** Lets everything through from now on. */
  release(): void {
    this.step(Number.MAX_SAFE_INTEGER / 2);
  }

  load(): Promise<ModelInfo> {
    if (this.#failingLoads > 0) {
      this.#failingLoads -= 1;
      return Promise.reject(
        new AppError('NARRATOR_OFF', { detail: 'The script says that it cannot be loaded.' }),
      );
    }
    const info = {
      name: 'scripted',
      contextTokens: 2_048,
      shape: 'chat',
      isDemo: false,
      parallel: 2,
      resident: null,
    } as const;
    return Promise.resolve({ ...info, ...this.#options.info });
  }

  async generate(request: GenerateRequest): Promise<GenerateResult> {
    const call = this.requests.push(request) - 1;
    this.running += 1;
    this.maxRunning = Math.max(this.maxRunning, this.running);
    try {
      return await this.#perform(request, this.#scriptFor(request, call));
    } finally {
      this.running -= 1;
    }
  }

  countTokens(texts: readonly string[]): Promise<number[]> {
    return Promise.resolve(texts.map((text) => Math.ceil(text.length / 4)));
  }

  close(): Promise<void> {
    this.isClosed = true;
    return Promise.resolve();
  }

  #scriptFor(request: GenerateRequest, call: number): Script {
    const { scripts } = this.#options;
    if (typeof scripts === 'function') return scripts(request, call);
    return scripts[Math.min(call, scripts.length - 1)] ?? { pieces: [] };
  }

  async #perform(request: GenerateRequest, script: Script): Promise<GenerateResult> {
    const inputTokens = Math.ceil(promptText(request.prompt).length / 4);
    const result = { inputTokens, reusedTokens: 0, outputTokens: 0, firstTokenMs: 0 };
    for (const piece of script.pieces) {
      await script.pause?.(request.signal);
      await this.#gate(request.signal);
      if (request.signal.aborted) return { ...result, finish: 'stopped' };
      if (result.outputTokens === 0) request.onCost({ inputTokens, outputTokens: 0 });
      const outputTokens = Math.max(1, Math.ceil(piece.length / 4));
      result.outputTokens += outputTokens;
      request.onCost({ inputTokens: 0, outputTokens });
      request.onText(piece);
    }
    await this.#gate(request.signal);
    if (script.breaks !== undefined) throw new AppError(script.breaks, { detail: 'The script says so.' });
    return { ...result, finish: request.signal.aborted ? 'stopped' : (script.finish ?? 'end') };
  }

  async #gate(signal: AbortSignal): Promise<void> {
    await Promise.resolve();
    if (this.#options.isStepped !== true) return;
    while (this.#steps < 1 && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#wakers.push(resolve);
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
    this.#steps -= signal.aborted ? 0 : 1;
  }
}
