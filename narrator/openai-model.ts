import { BrokenCircuitError, circuitBreaker, ConsecutiveBreaker, handleAll } from 'cockatiel';
import { z } from 'zod';
import { AppError } from '../sessions/errors.ts';
import type { GenerateRequest, GenerateResult, ModelInfo, Prompt, TextModel } from '../sessions/ports.ts';
import { readEvents } from './event-stream.ts';

const DEFAULT_CONTEXT = 8_192;
const DEFAULT_PARALLEL = 4;
const CONNECT_TIMEOUT_MS = 10_000;
const MAX_BODY = 1024 * 1024;
const FAILURES = 5;
const HALF_OPEN_AFTER_MS = 15_000;

const tokens = z.int().min(0).max(10_000_000);
const chunkSchema = z.object({
  choices: z
    .array(
      z.object({
        delta: z.object({ content: z.string().nullish() }).nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .max(16)
    .default([]),
  // A figure that makes no sense is none; the text is what matters.
  usage: z.object({ prompt_tokens: tokens, completion_tokens: tokens }).partial().nullish().catch(null),
  error: z.unknown().optional(),
});
const modelsSchema = z.object({
  data: z
    .array(z.object({ id: z.string().max(300), max_model_len: z.number().int().positive().nullish() }))
    .max(10_000),
});

type Usage = NonNullable<z.infer<typeof chunkSchema>['usage']>;

/** Where the server is and how it is used. */
export interface OpenAiModelOptions {
  /** Base address up to and including the version, e.g. `http://127.0.0.1:8080/v1`. */
  baseUrl: string;
  apiKey?: string;
  /** Name of the model; without it the server's first one is taken. */
  model?: string;
  /** Tokens of prompt and output; without it the server's own figure, else 8,192. */
  contextTokens?: number;
  /** Turns at the same time. Default 4. */
  parallel?: number;
  /** First token 20,000, silence between tokens 20,000, whole answer 60,000 milliseconds. */
  timeouts?: { firstTokenMs?: number; totalMs?: number };
  /** Told when the circuit breaker opens and closes. */
  circuit?: (state: 'open' | 'half-open' | 'closed') => void;
}

/** Upper estimate for usual text: three ASCII characters or half of another character a token. */
function estimateTokens(text: string): number {
  let ascii = 0;
  let other = 0;
  for (const char of text) {
    if (char < '\u0080') ascii += 1;
    else other += 1;
  }
  return Math.ceil(ascii / 3) + other * 2 + 1;
}

/** Servers differ in how they treat a trailing answer; a plain request to go on works with all of them. */
function toMessages(prompt: Prompt): { role: string; content: string }[] {
  if (prompt.shape === 'continuation')
    return [{ role: 'user', content: `Continue this text:\n\n${prompt.text}` }];
  if (prompt.messages.at(-1)?.role !== 'assistant') return prompt.messages;
  return [
    ...prompt.messages,
    { role: 'user', content: 'You were interrupted. Go on right behind your last word, repeat nothing.' },
  ];
}

function promptTokens(prompt: Prompt): number {
  return toMessages(prompt).reduce((sum, { content }) => sum + estimateTokens(content), 0);
}

function responseFormat({ grammar }: GenerateRequest): object {
  if (grammar === undefined) return {};
  return { response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: grammar } } };
}

/**
 * Charges what the server has used beside the tokens that were seen, or what it must have used when it does not
 * say. Each piece of text was charged as one token, so there are never fewer than pieces.
 */
function settle(request: GenerateRequest, answer: Answer): void {
  const { usage, outputTokens: told } = answer;
  answer.inputTokens = usage?.prompt_tokens ?? promptTokens(request.prompt);
  answer.outputTokens = Math.max(told, usage?.completion_tokens ?? 0);
  const { inputTokens, outputTokens } = answer;
  request.onCost({ inputTokens, outputTokens: outputTokens - told });
}

interface Answer extends GenerateResult {
  hasEnded: boolean;
  /** What the server says that it has used; it is told at the end, if at all. */
  usage: Usage | null;
}

/**
 * A model behind any server that speaks the OpenAI chat API with streaming. After five failures in a row the
 * circuit opens: turns are refused with NARRATOR_OFF at once, and after 15 s one is let through on trial.
 */
export class OpenAiModel implements TextModel {
  /** The API knows no such figure. */
  readonly ignoresMinP = true;
  readonly #options: OpenAiModelOptions;
  readonly #base: string;
  readonly #closed = new AbortController();
  readonly #breaker = circuitBreaker(handleAll, {
    halfOpenAfter: HALF_OPEN_AFTER_MS,
    breaker: new ConsecutiveBreaker(FAILURES),
  });
  #model: string | null;

  constructor(options: OpenAiModelOptions) {
    this.#options = options;
    this.#base = options.baseUrl.replace(/\/+$/, '');
    this.#model = options.model ?? null;
    this.#breaker.onBreak(() => options.circuit?.('open'));
    this.#breaker.onHalfOpen(() => options.circuit?.('half-open'));
    this.#breaker.onReset(() => options.circuit?.('closed'));
  }

  /** Asks the server for its models. Throws NARRATOR_OFF when it does not answer or has none. */
  async load(): Promise<ModelInfo> {
    const host = URL.canParse(this.#base) ? new URL(this.#base).host : this.#base;
    const off = (detail: string, cause?: unknown) => new AppError('NARRATOR_OFF', { detail, cause });
    const models = await this.#models().catch((error: unknown) => {
      throw off(`The model server at ${host} does not answer.`, error);
    });
    const wanted = this.#options.model;
    const found = wanted === undefined ? models[0] : models.find((model) => model.id === wanted);
    const name = wanted ?? found?.id;
    if (name === undefined) throw off(`The model server at ${host} has no models.`);
    this.#model = name;
    return {
      name,
      contextTokens: this.#options.contextTokens ?? found?.max_model_len ?? DEFAULT_CONTEXT,
      shape: 'chat',
      isDemo: false,
      parallel: this.#options.parallel ?? DEFAULT_PARALLEL,
      resident: null,
    };
  }

  /** See `TextModel`. NARRATOR_FAILED: the server failed; NARRATOR_OFF: it failed five times in a row. */
  async generate(request: GenerateRequest): Promise<GenerateResult> {
    try {
      // A server that knows nothing of schemas is still good for stories: such failures leave the circuit alone.
      const isPlain = request.grammar === undefined;
      const answer = await (isPlain ? this.#breaker.execute(() => this.#ask(request)) : this.#ask(request));
      const { finish, inputTokens, reusedTokens, outputTokens, firstTokenMs } = answer;
      return { finish, inputTokens, reusedTokens, outputTokens, firstTokenMs };
    } catch (error) {
      if (error instanceof AppError) throw error;
      if (!(error instanceof BrokenCircuitError)) throw new AppError('NARRATOR_FAILED', { cause: error });
      const detail = 'The model server failed several times in a row. It is tried again soon.';
      throw new AppError('NARRATOR_OFF', { detail, cause: error });
    }
  }

  /** Upper estimates: there is no tokenizer for a model behind a server. */
  countTokens(texts: readonly string[]): Promise<number[]> {
    return Promise.resolve(texts.map(estimateTokens));
  }

  /** Ends all requests. Idempotent. */
  close(): Promise<void> {
    this.#closed.abort();
    return Promise.resolve();
  }

  #headers(): Record<string, string> {
    const { apiKey } = this.#options;
    return {
      'content-type': 'application/json',
      ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
    };
  }

  async #models(): Promise<z.infer<typeof modelsSchema>['data']> {
    const signal = AbortSignal.any([this.#closed.signal, AbortSignal.timeout(CONNECT_TIMEOUT_MS)]);
    const response = await fetch(`${this.#base}/models`, {
      headers: this.#headers(),
      signal,
      redirect: 'error',
    });
    if (!response.ok) {
      await response.body?.cancel();
      throw new Error(`status ${response.status}`);
    }
    let text = '';
    const decoder = new TextDecoder();
    for await (const bytes of response.body ?? []) {
      text += decoder.decode(bytes, { stream: true });
      if (text.length > MAX_BODY) throw new Error('the list of models is too long');
    }
    return modelsSchema.parse(JSON.parse(text)).data;
  }

  /** One request. A stop by the caller is a result, every other early end an error. */
  async #ask(request: GenerateRequest): Promise<Answer> {
    const { firstTokenMs = 20_000, totalMs = 60_000 } = this.#options.timeouts ?? {};
    const silence = new AbortController();
    let timer = setTimeout(() => silence.abort(new Error('no token in time')), firstTokenMs);
    const heard = () => {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(new Error('no token in time')), firstTokenMs);
    };
    const limits = [silence.signal, AbortSignal.timeout(totalMs), this.#closed.signal];
    const answer: Answer = {
      finish: 'stopped',
      inputTokens: 0,
      reusedTokens: 0,
      outputTokens: 0,
      firstTokenMs: null,
      hasEnded: false,
      usage: null,
    };
    try {
      const response = await this.#post(request, AbortSignal.any([request.signal, ...limits]));
      try {
        await this.#read(request, response, answer, heard);
      } finally {
        settle(request, answer);
      }
      if (!answer.hasEnded) throw new Error('the server ended the answer early');
      return answer;
    } catch (error) {
      if (!request.signal.aborted) throw error;
      return { ...answer, finish: 'stopped' };
    } finally {
      clearTimeout(timer);
    }
  }

  async #post(request: GenerateRequest, signal: AbortSignal): Promise<Response> {
    const response = await fetch(`${this.#base}/chat/completions`, {
      method: 'POST',
      headers: this.#headers(),
      signal,
      redirect: 'error',
      body: JSON.stringify({
        model: this.#model,
        messages: toMessages(request.prompt),
        max_tokens: request.maxTokens,
        temperature: request.temperature,
        top_p: request.topP,
        ...(request.seed === null ? {} : { seed: request.seed }),
        ...responseFormat(request),
        stream: true,
        stream_options: { include_usage: true },
      }),
    });
    if (response.ok) return response;
    await response.body?.cancel();
    throw new Error(`the server answered with status ${response.status}`);
  }

  async #read(
    request: GenerateRequest,
    response: Response,
    answer: Answer,
    heard: () => void,
  ): Promise<void> {
    const began = performance.now();
    if (response.body === null) return;
    for await (const data of readEvents(response.body)) {
      if (data === '[DONE]') {
        if (!answer.hasEnded) answer.finish = 'end';
        answer.hasEnded = true;
        return;
      }
      const chunk = chunkSchema.parse(JSON.parse(data));
      if (chunk.error !== undefined && chunk.error !== null) throw new Error('the server reported an error');
      const [choice] = chunk.choices;
      const text = choice?.delta?.content ?? '';
      if (text !== '') {
        heard();
        answer.firstTokenMs ??= Math.round(performance.now() - began);
        answer.outputTokens += 1;
        request.onCost({ inputTokens: 0, outputTokens: 1 });
        request.onText(text);
      }
      if (choice?.finish_reason !== undefined && choice.finish_reason !== null) {
        answer.hasEnded = true;
        answer.finish = choice.finish_reason === 'length' ? 'cap' : 'end';
      }
      answer.usage = chunk.usage ?? answer.usage;
    }
  }
}
