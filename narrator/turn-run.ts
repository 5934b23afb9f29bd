import { AppError, refuse, toRefusal } from '../sessions/errors.ts';
import type { Refusal } from '../sessions/errors.ts';
import type { Random } from '../sessions/ids.ts';
import type {
  Clock,
  GenerateResult,
  ModelInfo,
  NarratorDesk,
  NarratorOutcome,
  NarratorTurn,
  StoryContext,
  TextModel,
  TokenCost,
} from '../sessions/ports.ts';
import { PieceWriter } from './piece-writer.ts';
import { countable, promptTexts } from './prompt-texts.ts';
import { packPrompt } from './prompt.ts';
import type { PackedPrompt } from './prompt.ts';
import { SentenceSplitter } from './sentences.ts';
import type { FlushPolicy } from './sentences.ts';
import { VoiceGuard } from './voice-guard.ts';

const SAMPLING = { temperature: 0.7, topP: 0.95, minP: 0.05 } as const;
/** A model that runs on after a stop is left behind after this, milliseconds. */
const STOP_GRACE_MS = 3_000;
/** Text beyond this is cut as if the cap had come: some tokens are very long. UTF-16 units. */
const MAX_TEXT = 8_000;

/** Why a turn was cut short by us. */
export type Cut = 'stopped' | 'timeout' | 'shutdown' | 'long';

/** How a turn ended; `void`: the desk wants nothing more to do with it. */
export type TurnEnd =
  | { kind: 'void' }
  | { kind: 'complete'; outcome: NarratorOutcome; error: unknown; cut: Cut | null }
  | { kind: 'fail'; refusal: Refusal; error: unknown; cut: Cut | null };

/** What a turn runs on. */
export interface TurnParts {
  model: TextModel;
  info: ModelInfo;
  clock: Clock;
  random: Random;
  timeouts: { turnMs: number; firstTokenMs: number };
  /** How long the turn has been paused so far, ms: time limits leave that out. */
  pausedMs: () => number;
  /** Tokens to sample at most when the asker named no number; null: the usual ones. */
  usualTokens: number | null;
  hooks: {
    packed: (packed: PackedPrompt) => void;
    /** A piece of text came; the first one of the turn, or not. */
    heard: (isFirst: boolean) => void;
    /** It is tried once more after this error. */
    retried: (error: unknown) => void;
    cost: (cost: TokenCost) => void;
  };
}

interface Attempt {
  packed: PackedPrompt;
  writer: PieceWriter;
  splitter: SentenceSplitter;
  guard: VoiceGuard;
  length: number;
}

/**
 * One narrator turn from its place on the engine to its end: prompt, generation, sentences, voice guard, desk.
 * An engine that breaks is asked once more, behind the text that stands by then. Never rejects.
 */
export class TurnRun {
  readonly #turn: NarratorTurn;
  readonly #desk: NarratorDesk;
  readonly #parts: TurnParts;
  readonly #abort = new AbortController();
  #cut: Cut | null = null;
  #hasText = false;
  #withheld = 0;
  #attempts = 0;
  #tokens = { inputTokens: 0, outputTokens: 0 };

  constructor(turn: NarratorTurn, desk: NarratorDesk, parts: TurnParts) {
    this.#turn = turn;
    this.#desk = desk;
    this.#parts = parts;
  }

  /** Tokens used so far, over all attempts. */
  get tokens(): { inputTokens: number; outputTokens: number } {
    return this.#tokens;
  }

  /** Ends generation; `run` resolves soon after with the whole sentences kept. The first reason counts. */
  cut(reason: Cut): void {
    this.#cut ??= reason;
    this.#abort.abort();
  }

  /** Runs the turn, once per object. */
  async run(): Promise<TurnEnd> {
    const cancelTimeout = this.#limit(this.#parts.timeouts.turnMs);
    try {
      const first = await this.#tryOnce();
      if (first.kind !== 'fail' || !this.#mayRetry(first)) return first;
      this.#parts.hooks.retried(first.error);
      return await this.#tryOnce();
    } finally {
      cancelTimeout();
    }
  }

  /** Cuts the turn after so many milliseconds in which it was not paused; returns the way to cancel that. */
  #limit(ms: number): () => void {
    const { clock, pausedMs } = this.#parts;
    let counted = pausedMs();
    let cancel = () => {};
    const check = () => {
      const pausedSince = pausedMs() - counted;
      counted += pausedSince;
      if (pausedSince > 0) cancel = clock.after(pausedSince, check);
      else this.cut('timeout');
    };
    cancel = clock.after(ms, check);
    return () => cancel();
  }

  #mayRetry(end: Extract<TurnEnd, { kind: 'fail' }>): boolean {
    return end.refusal.code === 'NARRATOR_FAILED' && end.error !== null && this.#cut === null;
  }

  async #tryOnce(): Promise<TurnEnd> {
    let attempt: Attempt | null = null;
    this.#attempts += 1;
    try {
      const context = this.#desk.start(this.#turn.turnId);
      if (context === null) return { kind: 'void' };
      attempt = await this.#prepare(context);
      const result = await this.#generate(attempt);
      this.#tokens.inputTokens += result.inputTokens;
      this.#tokens.outputTokens += result.outputTokens;
      return await this.#finish(attempt, result);
    } catch (error) {
      return this.#broke(attempt, error);
    }
  }

  async #prepare(context: StoryContext): Promise<Attempt> {
    const { model, info, hooks } = this.#parts;
    const counted = countable(promptTexts(context, info));
    const numbers = await this.#orCut(model.countTokens(counted));
    const counts = new Map(counted.map((text, at) => [text, numbers?.[at] ?? Buffer.byteLength(text)]));
    const packed = packPrompt(context, info, counts, this.#turn.maxTokens ?? this.#parts.usualTokens);
    hooks.packed(packed);
    const names = (isProtected: boolean) =>
      context.cast.filter((member) => member.isProtected === isProtected).map((member) => member.name);
    const attempt = {
      packed,
      writer: new PieceWriter(this.#desk, this.#turn.turnId, context.written, () => this.#abort.abort()),
      splitter: new SentenceSplitter(),
      guard: new VoiceGuard(names(true), names(false)),
      length: 0,
    };
    this.#take(attempt, packed.opening);
    return attempt;
  }

  async #generate(attempt: Attempt): Promise<GenerateResult> {
    const { model, random, timeouts, hooks } = this.#parts;
    const cancelFirst = this.#limit(timeouts.firstTokenMs);
    const [a = 0, b = 0, c = 0, d = 0] = random.bytes(4);
    try {
      const result = await this.#orCut(
        model.generate({
          turnId: this.#turn.turnId,
          storyId: this.#turn.sessionId,
          prompt: attempt.packed.prompt,
          maxTokens: attempt.packed.maxTokens,
          ...SAMPLING,
          seed: ((a & 127) << 24) | (b << 16) | (c << 8) | d,
          signal: this.#abort.signal,
          onText: (text) => {
            cancelFirst();
            this.#heard(attempt, text);
          },
          onCost: hooks.cost,
        }),
      );
      return (
        result ?? { finish: 'stopped', inputTokens: 0, reusedTokens: 0, outputTokens: 0, firstTokenMs: null }
      );
    } finally {
      cancelFirst();
    }
  }

  /** The result of `work`; null when the turn was cut and `work` did not end within the grace. */
  async #orCut<T>(work: Promise<T>): Promise<T | null> {
    const { signal } = this.#abort;
    let cancelGrace = () => {};
    let listener = () => {};
    const cut = new Promise<null>((resolve) => {
      listener = () => {
        cancelGrace = this.#parts.clock.after(STOP_GRACE_MS, () => resolve(null));
      };
      if (signal.aborted) listener();
      else signal.addEventListener('abort', listener, { once: true });
    });
    try {
      return await Promise.race([work, cut]);
    } finally {
      signal.removeEventListener('abort', listener);
      cancelGrace();
    }
  }

  #heard(attempt: Attempt, text: string): void {
    if (text === '') return;
    this.#parts.hooks.heard(!this.#hasText);
    this.#hasText = true;
    attempt.length += text.length;
    if (attempt.length > MAX_TEXT) return this.cut('long');
    this.#take(attempt, text);
  }

  #take(attempt: Attempt, text: string): void {
    for (const sentence of attempt.splitter.push(text)) this.#judge(attempt, sentence);
  }

  #judge(attempt: Attempt, sentence: string): void {
    for (const piece of attempt.guard.push(sentence)) attempt.writer.add(piece);
  }

  #finishOf(result: GenerateResult): NarratorOutcome['finish'] {
    if (result.finish !== 'stopped') return result.finish;
    if (this.#cut === 'long') return 'cap';
    return this.#cut === 'stopped' ? 'stopped' : 'broken';
  }

  async #finish(attempt: Attempt, result: GenerateResult): Promise<TurnEnd> {
    const finish = this.#finishOf(result);
    this.#drain(attempt, finish === 'end' ? 'all' : 'whole');
    this.#withheld += attempt.guard.withheld;
    await this.#settle(attempt.writer);
    const mayBeEmpty = finish === 'stopped' || (finish === 'end' && this.#withheld === 0);
    if (attempt.writer.hasWritten || mayBeEmpty) return this.#complete(attempt, finish, null);
    if (this.#cut === 'shutdown') return { kind: 'void' };
    const refusal = refuse('NARRATOR_FAILED', this.#emptyReason(finish));
    return { kind: 'fail', refusal, error: null, cut: this.#cut };
  }

  /** Passes on what the splitter and the guard still hold. */
  #drain(attempt: Attempt, policy: FlushPolicy): void {
    const rest = attempt.splitter.flush(policy).pieces;
    // Without any text the opening words stand alone and are nobody's passage.
    if (attempt.length > 0) for (const sentence of rest) this.#judge(attempt, sentence);
    for (const piece of attempt.guard.flush()) attempt.writer.add(piece);
  }

  #emptyReason(finish: NarratorOutcome['finish']): string {
    if (this.#withheld > 0) {
      return 'All that the narrator wrote spoke for a character whose player has not allowed it. Ask again.';
    }
    return finish === 'cap'
      ? 'The narrator reached its length limit before the end of its first sentence. Ask again, or allow more.'
      : 'The narrator took too long. Ask again.';
  }

  #complete(attempt: Attempt, finish: NarratorOutcome['finish'], error: unknown): TurnEnd {
    const outcome = {
      finish,
      model: this.#parts.info.name,
      ...this.#tokens,
      droppedPassageIds: attempt.packed.droppedPassageIds,
      clippedTo: attempt.packed.clipped.output ? attempt.packed.maxTokens : null,
      withheldSentences: this.#withheld,
    };
    return { kind: 'complete', outcome, error, cut: this.#cut };
  }

  /** Writing must not hang the queue either: it has the rest of the turn's time, and the grace after a cut. */
  async #settle(writer: PieceWriter): Promise<void> {
    const isDone = await this.#orCut(writer.idle().then(() => true));
    if (isDone === null) throw new AppError('STORAGE_UNAVAILABLE');
  }

  async #broke(attempt: Attempt | null, error: unknown): Promise<TurnEnd> {
    const refusal = toRefusal(error);
    const fail = { kind: 'fail', refusal, error, cut: this.#cut } as const;
    if (attempt === null || refusal.code === 'STORAGE_UNAVAILABLE') return fail;
    const isLast = !this.#mayRetry(fail) || this.#attempts > 1;
    if (isLast) this.#drain(attempt, 'whole');
    this.#withheld += attempt.guard.withheld;
    try {
      await this.#settle(attempt.writer);
    } catch (writeError) {
      return { ...fail, refusal: toRefusal(writeError), error: writeError };
    }
    if (this.#cut === 'stopped') return this.#complete(attempt, 'stopped', error);
    return isLast && attempt.writer.hasWritten ? this.#complete(attempt, 'broken', error) : fail;
  }
}
