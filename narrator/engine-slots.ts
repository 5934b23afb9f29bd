import type { ChatHistoryItem, LlamaContextSequence, Token } from 'node-llama-cpp';
import type { LoadedModel } from './engine-load.ts';
import type { EngineDone, EngineTick, EngineWork } from './engine-protocol.ts';
import { TokenTail } from './token-tail.ts';

/** Prompt tokens evaluated per step and turn: a stop waits for one chunk at most. */
const CHUNK = 96;
/** A continuation model that ends before this many tokens is asked for a new paragraph instead. */
const MIN_OUTPUT = 24;
const MAX_NUDGES = 2;

interface Slot {
  work: EngineWork;
  sequence: LlamaContextSequence;
  /** Prompt and everything sampled; what the sequence holds is always a prefix of it. */
  tokens: Token[];
  promptLength: number;
  generator: AsyncGenerator<Token, void> | null;
  tail: TokenTail<Token>;
  maxTokens: number;
  outputTokens: number;
  beganAt: number;
  firstTokenMs: number | null;
  isCancelled: boolean;
  hasFaulted: boolean;
  nudges: number;
}

interface Step {
  text: string;
  finish: EngineDone['finish'] | null;
}

function toHistory(messages: readonly { role: string; content: string }[]): ChatHistoryItem[] {
  const history = messages.map((message): ChatHistoryItem => {
    if (message.role === 'assistant') return { type: 'model', response: [message.content] };
    return { type: message.role === 'system' ? 'system' : 'user', text: message.content };
  });
  return history.at(-1)?.type === 'model' ? history : [...history, { type: 'model', response: [] }];
}

function samePrefix(held: readonly Token[], wanted: readonly Token[]): number {
  let at = 0;
  while (at < held.length && held[at] === wanted[at]) at += 1;
  return at;
}

/**
 * Steps all running turns together: one native batch a tick holds one token or one prompt chunk of each. One
 * turn owns a sequence alone; before it starts, everything that is not a prefix of its prompt is erased, so
 * no sequence ever holds two sessions' text (S3.F5).
 */
export class EngineSlots {
  readonly #loaded: LoadedModel;
  readonly #free: LlamaContextSequence[];
  readonly #waiting: EngineWork[] = [];
  readonly #running = new Map<string, Slot>();

  constructor(loaded: LoadedModel) {
    this.#loaded = loaded;
    this.#free = Array.from({ length: loaded.info.sequences }, () =>
      loaded.context.getSequence({ contextShift: { size: 1 } }),
    );
  }

  /** True while there is anything to step. */
  get isBusy(): boolean {
    return this.#running.size > 0 || this.#waiting.length > 0;
  }

  /** Takes a turn in; it starts with the next tick that has a free sequence. */
  add(work: EngineWork): void {
    this.#waiting.push(work);
  }

  /** Ends a turn with the next tick. */
  cancel(id: string): void {
    const slot = this.#running.get(id);
    if (slot !== undefined) slot.isCancelled = true;
    const index = this.#waiting.findIndex((work) => work.id === id);
    const [work] = index < 0 ? [] : this.#waiting.splice(index, 1);
    if (work !== undefined) this.#cancelled.push(work.id);
  }

  readonly #cancelled: string[] = [];

  /** Tokens of each text as it would stand in a prompt: user text is never read as control tokens. */
  count(texts: readonly string[]): number[] {
    return texts.map((text) => this.#loaded.model.tokenize(text, false).length);
  }

  /** One step of everything that runs. Faults of one turn end that turn only. */
  async tick(): Promise<EngineTick> {
    const tick: EngineTick = { type: 'tick', width: 0, texts: [], done: [], failed: [] };
    for (const id of this.#cancelled.splice(0)) {
      tick.done.push({ id, finish: 'stopped', inputTokens: 0, outputTokens: 0, firstTokenMs: null });
    }
    await this.#start(tick);
    const slots = [...this.#running.values()];
    tick.width = slots.length;
    // A turn that broke a batch runs by itself afterwards, so that it cannot break the others' twice.
    const suspects = slots.filter((slot) => slot.hasFaulted && slot.generator === null);
    const healthy = slots.filter((slot) => !suspects.includes(slot));
    await Promise.all(healthy.map((slot) => this.#stepInto(tick, slot)));
    for (const slot of suspects) await this.#stepInto(tick, slot);
    return tick;
  }

  async #start(tick: EngineTick): Promise<void> {
    while (this.#waiting.length > 0 && this.#free.length > 0) {
      const work = this.#waiting.shift();
      if (work === undefined) return;
      try {
        this.#running.set(work.id, await this.#open(work));
      } catch (error) {
        tick.failed.push({ id: work.id, reason: String(error) });
      }
    }
  }

  #tokensOf(work: EngineWork): Token[] {
    const { model, chat } = this.#loaded;
    if (work.prompt.shape === 'chat' && chat !== null) {
      const state = chat.generateContextState({ chatHistory: toHistory(work.prompt.messages) });
      return state.contextText.tokenize(model.tokenizer);
    }
    const text =
      work.prompt.shape === 'continuation'
        ? work.prompt.text
        : work.prompt.messages.map((message) => message.content).join('\n\n');
    const tokens = model.tokenize(text, false);
    const { bos, shouldPrependBosToken } = model.tokens;
    return shouldPrependBosToken && bos !== null ? [bos, ...tokens] : tokens;
  }

  async #open(work: EngineWork): Promise<Slot> {
    const { model, info } = this.#loaded;
    const tokens = this.#tokensOf(work);
    const maxTokens = Math.min(work.maxTokens, info.contextTokens - tokens.length);
    if (tokens.length === 0 || maxTokens < 1) throw new Error('the prompt does not fit the context');
    // All but the last token may be reused; that one has to be evaluated to sample from it.
    const reusable = tokens.slice(0, -1);
    const shared = (sequence: LlamaContextSequence) => samePrefix(sequence.contextTokens, reusable);
    this.#free.sort((a, b) => shared(a) - shared(b));
    const sequence = this.#free.pop();
    if (sequence === undefined) throw new Error('no free sequence');
    try {
      await sequence.adaptStateToTokens(reusable, false);
      const held = sequence.contextTokens;
      if (samePrefix(held, reusable) !== held.length) await sequence.clearHistory();
    } catch (error) {
      this.#free.push(sequence);
      throw error;
    }
    return {
      work,
      sequence,
      tokens,
      promptLength: tokens.length,
      generator: null,
      tail: new TokenTail<Token>((part, before) => model.detokenize(part, false, before), tokens),
      maxTokens,
      outputTokens: 0,
      beganAt: performance.now(),
      firstTokenMs: null,
      isCancelled: false,
      hasFaulted: false,
      nudges: 0,
    };
  }

  async #stepInto(tick: EngineTick, slot: Slot): Promise<void> {
    const { id } = slot.work;
    try {
      const step = await this.#step(slot);
      if (step.text !== '') tick.texts.push({ id, text: step.text });
      if (step.finish === null) return;
      await this.#release(slot);
      tick.done.push({
        id,
        finish: step.finish,
        inputTokens: slot.promptLength,
        outputTokens: slot.outputTokens,
        firstTokenMs: slot.firstTokenMs,
      });
    } catch (error) {
      slot.generator = null;
      if (!slot.hasFaulted) {
        slot.hasFaulted = true;
        return;
      }
      await this.#release(slot).catch(() => undefined);
      tick.failed.push({ id, reason: String(error) });
    }
  }

  async #release(slot: Slot): Promise<void> {
    this.#running.delete(slot.work.id);
    this.#free.push(slot.sequence);
    await slot.generator?.return();
  }

  async #step(slot: Slot): Promise<Step> {
    if (slot.isCancelled) return { text: slot.tail.flush(), finish: 'stopped' };
    if (slot.generator === null) {
      const left = slot.tokens.slice(slot.sequence.nextTokenIndex);
      if (left.length > 1) {
        const chunk = left.slice(0, Math.min(CHUNK, left.length - 1));
        await slot.sequence.evaluateWithoutGeneratingNewTokens(chunk);
        return { text: '', finish: null };
      }
      const { temperature, topP, minP, seed } = slot.work;
      // Each part of a turn draws differently, else a continued one would repeat itself.
      const seeding = seed === null ? {} : { seed: (seed + slot.outputTokens) >>> 0 };
      slot.generator = slot.sequence.evaluate(left, { temperature, topP, minP, ...seeding });
    }
    const next = await slot.generator.next();
    if (next.done === true || this.#loaded.model.isEogToken(next.value)) return this.#ended(slot);
    return this.#sampled(slot, next.value);
  }

  #sampled(slot: Slot, token: Token): Step {
    slot.firstTokenMs ??= Math.round(performance.now() - slot.beganAt);
    slot.tokens.push(token);
    slot.outputTokens += 1;
    const text = slot.tail.push(token);
    if (slot.outputTokens < slot.maxTokens) return { text, finish: null };
    return { text: text + slot.tail.flush(), finish: 'cap' };
  }

  /** The model's own end; a continuation model that ends at once gets a paragraph break and goes on. */
  #ended(slot: Slot): Step {
    const flushed = slot.tail.flush();
    const breaks = this.#loaded.model.tokenize('\n\n', false);
    const isEarly = slot.outputTokens < Math.min(MIN_OUTPUT, slot.maxTokens - breaks.length);
    if (this.#loaded.chat !== null || !isEarly || slot.nudges >= MAX_NUDGES) {
      return { text: flushed, finish: 'end' };
    }
    slot.nudges += 1;
    slot.generator = null;
    slot.tokens.push(...breaks);
    slot.outputTokens += breaks.length;
    return { text: `${flushed}\n\n`, finish: null };
  }
}
