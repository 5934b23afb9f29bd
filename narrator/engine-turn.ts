import { randomInt } from 'node:crypto';
import type { ChatHistoryItem, LlamaContextSequence, Token } from 'node-llama-cpp';
import type { AnswerGrammar } from './engine-grammars.ts';
import type { LoadedModel } from './engine-load.ts';
import type { EngineDone, EngineWork } from './engine-protocol.ts';
import { TokenTail } from './token-tail.ts';

/** A continuation model that ends before this many tokens is asked for a new paragraph instead. */
const MIN_OUTPUT = 24;
const MAX_NUDGES = 2;
/** Seeds are below this; the engine reads its largest number as "any". */
const SEEDS = 2 ** 31;

/** What one step gave a turn. */
export interface TurnStep {
  text: string;
  /** Null: the turn goes on. */
  finish: EngineDone['finish'] | null;
}

function toHistory(messages: readonly { role: string; content: string }[]): ChatHistoryItem[] {
  const history = messages.map((message): ChatHistoryItem => {
    if (message.role === 'assistant') return { type: 'model', response: [message.content] };
    return { type: message.role === 'system' ? 'system' : 'user', text: message.content };
  });
  return history.at(-1)?.type === 'model' ? history : [...history, { type: 'model', response: [] }];
}

function tokensOf(prompt: EngineWork['prompt'], { model, chat }: LoadedModel): Token[] {
  if (prompt.shape === 'chat' && chat !== null) {
    const state = chat.generateContextState({ chatHistory: toHistory(prompt.messages) });
    return state.contextText.tokenize(model.tokenizer);
  }
  const text =
    prompt.shape === 'continuation'
      ? prompt.text
      : prompt.messages.map((message) => message.content).join('\n\n');
  const tokens = model.tokenize(text, false);
  const { bos, shouldPrependBosToken } = model.tokens;
  return shouldPrependBosToken && bos !== null ? [bos, ...tokens] : tokens;
}

/** A number below 2^31 that looks random but is the same for the same seed and place. */
function seedAt(seed: number, at: number): number {
  let mixed = (seed + Math.imul(at + 1, 0x9e3779b9)) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return ((mixed ^ (mixed >>> 16)) >>> 0) % SEEDS;
}

/**
 * One turn in the child. It owns no memory: any sequence that holds a beginning of its tokens can step it. Each
 * token is drawn with a seed of its own, so that a turn goes on in the same way after it has lost its place.
 */
export class EngineTurn {
  readonly work: EngineWork;
  /** Tokens of the prompt. */
  readonly promptTokens: number;
  /** Set with the first place. */
  reusedTokens: number | null = null;
  isClosed = false;
  /** A step with it broke; it steps alone until one succeeds. */
  isSuspect = false;
  /** Steps of it that broke. */
  faults = 0;
  readonly #loaded: LoadedModel;
  readonly #tokens: Token[];
  readonly #tail: TokenTail<Token>;
  readonly #maxTokens: number;
  readonly #seed: number;
  /** Null: free text. */
  readonly #grammar: AnswerGrammar | null;
  readonly #beganAt = performance.now();
  #firstTokenMs: number | null = null;
  #nudges = 0;

  /** Throws when the prompt is empty or leaves no room for an answer. */
  constructor(work: EngineWork, loaded: LoadedModel) {
    const { model, info } = loaded;
    this.work = work;
    this.#loaded = loaded;
    this.#tokens = tokensOf(work.prompt, loaded);
    this.promptTokens = this.#tokens.length;
    this.#maxTokens = Math.min(work.maxTokens, info.contextTokens - this.promptTokens);
    if (this.promptTokens === 0 || this.#maxTokens < 1)
      throw new Error('the prompt does not fit the context');
    this.#tail = new TokenTail<Token>((part, before) => model.detokenize(part, false, before), this.#tokens);
    this.#seed = work.seed ?? randomInt(SEEDS);
    this.#grammar = work.grammar === undefined ? null : loaded.grammars.begin(work.grammar);
  }

  /** Its prompt and everything it has so far. */
  get tokens(): readonly Token[] {
    return this.#tokens;
  }

  /** Tokens that a sequence has still to evaluate; 1: it samples. */
  leftIn(sequence: LlamaContextSequence): number {
    return this.#tokens.length - sequence.nextTokenIndex;
  }

  /**
   * Evaluates `budget` tokens of what is left; when only the last one is left then, that one too, and samples:
   * the step that ends a prompt gives the first token. Rejects when the engine breaks.
   */
  async step(sequence: LlamaContextSequence, budget: number): Promise<TurnStep> {
    const left = this.#tokens.slice(sequence.nextTokenIndex);
    const last = left.pop();
    if (last === undefined) throw new Error('nothing to sample from');
    if (left.length > budget) {
      await sequence.evaluateWithoutGeneratingNewTokens(left.slice(0, budget));
      return { text: '', finish: null };
    }
    const token = await this.#sample(sequence, left, last);
    if (token === null) throw new Error('no token was sampled');
    return this.#loaded.model.isEogToken(token) ? this.#ended() : this.#sampled(token);
  }

  /** Text that was held back because its last character is not whole. */
  flush(): string {
    return this.#tail.flush();
  }

  /** How it ended. */
  done(finish: EngineDone['finish']): EngineDone {
    return {
      finish,
      inputTokens: this.promptTokens,
      reusedTokens: this.reusedTokens ?? 0,
      outputTokens: this.#outputTokens,
      firstTokenMs: this.#firstTokenMs,
    };
  }

  get #outputTokens(): number {
    return this.#tokens.length - this.promptTokens;
  }

  async #sample(sequence: LlamaContextSequence, left: Token[], last: Token): Promise<Token | null> {
    const { temperature, topP, minP } = this.work;
    const options = { temperature, topP, minP, seed: seedAt(this.#seed, this.#outputTokens) };
    if (this.#grammar !== null) return this.#grammar.sample(sequence, [...left, last], options);
    const outputs = await sequence.controlledEvaluate([
      ...left,
      [last, { generateNext: { token: true, options } }],
    ]);
    return outputs[left.length]?.next.token ?? null;
  }

  #sampled(token: Token): TurnStep {
    this.#firstTokenMs ??= Math.round(performance.now() - this.#beganAt);
    this.#tokens.push(token);
    const pushed = this.#tail.push(token);
    const { text, isWhole } = this.#grammar?.cut(pushed) ?? { text: pushed, isWhole: false };
    if (isWhole) return { text, finish: 'end' };
    if (this.#outputTokens < this.#maxTokens) return { text, finish: null };
    return { text: text + this.#tail.flush(), finish: 'cap' };
  }

  /** The model's own end; a continuation model that ends at once gets a paragraph break and goes on. */
  #ended(): TurnStep {
    const flushed = this.#tail.flush();
    const { model, chat } = this.#loaded;
    const breaks = model.tokenize('\n\n', false);
    const isEarly = this.#outputTokens < Math.min(MIN_OUTPUT, this.#maxTokens - breaks.length);
    if (chat !== null || this.#grammar !== null || !isEarly || this.#nudges >= MAX_NUDGES)
      return { text: flushed, finish: 'end' };
    this.#nudges += 1;
    this.#tokens.push(...breaks);
    return { text: `${flushed}\n\n`, finish: null };
  }
}
