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
  TokenCost,
} from '../sessions/ports.ts';
import type { NarratorSight } from '../sessions/sight.ts';
import { withinGrace } from './grace.ts';
import { PieceWriter } from './piece-writer.ts';
import { countable, promptTexts } from './prompt-texts.ts';
import { packPrompt } from './prompt.ts';
import type { PackedPrompt } from './prompt.ts';
import { SAFE_RESPONDER, safePassage } from './safe-responder.ts';
import { SentenceSplitter } from './sentences.ts';
import type { FlushPolicy } from './sentences.ts';
import { promptHash, samplingOf, seedFrom, sightOf } from './turn-sight.ts';
import type { SamplingModel } from './turn-sight.ts';
import { VoiceGuard } from './voice-guard.ts';

/** A model that runs on after a stop, or a piece that is still screened, is left behind after this, milliseconds. */
const STOP_GRACE_MS = 3_000;
/** Text beyond this is cut as if the cap had come: some tokens are very long. UTF-16 units. */
const MAX_TEXT = 8_000;
const NOTHING = { inputTokens: 0, reusedTokens: 0, outputTokens: 0, firstTokenMs: null } as const;

/** Why a turn was cut short by us. */
export type Cut = 'stopped' | 'timeout' | 'shutdown';

/** How a turn ended; `void`: the desk wants nothing more to do with it. */
export type TurnEnd =
  | { kind: 'void' }
  | { kind: 'complete'; outcome: Omit<NarratorOutcome, 'timing'>; error: unknown; cut: Cut | null }
  | { kind: 'fail'; refusal: Refusal; error: unknown; cut: Cut | null };

/** What a turn runs on. */
export interface TurnParts {
  model: SamplingModel;
  info: ModelInfo;
  clock: Clock;
  random: Random;
  timeouts: { turnMs: number; firstTokenMs: number };
  /** How long the turn has been paused so far, ms: time limits leave that out. */
  pausedMs: () => number;
  /** Tokens to sample at most when the asker named no number; null: the usual ones. */
  usualTokens: number | null;
  hooks: {
    packed: (packed: PackedPrompt, context: StoryContext) => void;
    /** A piece of text came. */
    heard: () => void;
    /** It is tried once more after this error. */
    retried: (error: unknown) => void;
    cost: (cost: TokenCost) => void;
  };
}

interface Attempt {
  /** Ends this attempt only; `signal` also when the turn is cut. */
  abort: AbortController;
  signal: AbortSignal;
  writer: PieceWriter;
  splitter: SentenceSplitter;
  guard: VoiceGuard;
  length: number;
  told: Pick<NarratorOutcome, 'model' | 'droppedPassageIds' | 'clippedTo'>;
  /** What the model is given in it; null: it is not asked. */
  sight: NarratorSight | null;
  promptHash: string | null;
}

/**
 * One narrator turn from its place on the engine to its end: prompt, generation, sentences, voice guard, desk.
 * An engine that breaks is asked once more, behind the text that stands by then; so is one whose words the desk
 * has refused, told what to avoid. Never rejects.
 */
export class TurnRun {
  readonly #turn: NarratorTurn;
  readonly #desk: NarratorDesk;
  readonly #parts: TurnParts;
  readonly #abort = new AbortController();
  #cut: Cut | null = null;
  readonly #guards: VoiceGuard[] = [];
  /** Attempts that ended with a broken engine, and with words that nobody may see. */
  #breaks = 0;
  #refusals = 0;
  #tokens = { inputTokens: 0, reusedTokens: 0, outputTokens: 0 };

  constructor(turn: NarratorTurn, desk: NarratorDesk, parts: TurnParts) {
    this.#turn = turn;
    this.#desk = desk;
    this.#parts = parts;
  }

  /** Tokens used so far, over all attempts; of one that broke what it was known to cost (S1.3). */
  get tokens(): { inputTokens: number; reusedTokens: number; outputTokens: number } {
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
      for (;;) {
        const end = await this.#tryOnce();
        if (end !== 'again') return end;
      }
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

  async #tryOnce(): Promise<TurnEnd | 'again'> {
    let attempt: Attempt | null = null;
    try {
      const context = this.#desk.start(this.#turn.turnId);
      if (context === null) return { kind: 'void' };
      if (context.isSafe) {
        attempt = this.#answerSafely(context);
        return await this.#finish(attempt, { ...NOTHING, finish: 'end' });
      }
      const packed = await this.#pack(context);
      attempt = this.#begin(context, {
        model: this.#parts.info.name,
        droppedPassageIds: packed.droppedPassageIds,
        clippedTo: packed.clipped.output ? packed.maxTokens : null,
      });
      this.#take(attempt, packed.opening);
      const { model, info, random } = this.#parts;
      const sight = sightOf(packed, info, { sampling: samplingOf(model), seed: seedFrom(random) });
      attempt.sight = sight;
      attempt.promptHash = promptHash(packed.prompt);
      const result = await this.#generate(attempt, packed, sight);
      return await this.#finish(attempt, result);
    } catch (error) {
      return this.#broke(attempt, error);
    }
  }

  #begin(context: StoryContext, told: Attempt['told']): Attempt {
    const names = (isProtected: boolean) =>
      context.cast.filter((member) => member.isProtected === isProtected).map((member) => member.name);
    const abort = new AbortController();
    const guard = new VoiceGuard(names(true), names(false));
    this.#guards.push(guard);
    return {
      abort,
      signal: AbortSignal.any([this.#abort.signal, abort.signal]),
      writer: new PieceWriter(this.#desk, this.#turn.turnId, context.written, () => abort.abort()),
      splitter: new SentenceSplitter(),
      guard,
      length: 0,
      told,
      sight: null,
      promptHash: null,
    };
  }

  #answerSafely(context: StoryContext): Attempt {
    const attempt = this.#begin(context, { model: SAFE_RESPONDER, droppedPassageIds: [], clippedTo: null });
    const text = safePassage(context, this.#parts.random);
    attempt.length = text.length;
    this.#take(attempt, text);
    return attempt;
  }

  async #pack(context: StoryContext): Promise<PackedPrompt> {
    const { model, info, hooks } = this.#parts;
    const counted = countable(promptTexts(context, info));
    const numbers = await this.#orCut(model.countTokens(counted), this.#abort.signal);
    const counts = new Map(counted.map((text, at) => [text, numbers?.[at] ?? Buffer.byteLength(text)]));
    const packed = packPrompt(context, info, counts, this.#turn.maxTokens ?? this.#parts.usualTokens);
    hooks.packed(packed, context);
    return packed;
  }

  async #generate(attempt: Attempt, packed: PackedPrompt, sight: NarratorSight): Promise<GenerateResult> {
    const { model, timeouts, hooks } = this.#parts;
    const cancelFirst = this.#limit(timeouts.firstTokenMs);
    let counted = { inputTokens: 0, reusedTokens: 0, outputTokens: 0 };
    try {
      const result = await this.#orCut(
        model.generate({
          turnId: this.#turn.turnId,
          storyId: this.#turn.sessionId,
          prompt: packed.prompt,
          maxTokens: packed.maxTokens,
          ...sight.sampling,
          seed: sight.seed,
          signal: attempt.signal,
          onText: (text) => {
            cancelFirst();
            this.#heard(attempt, text);
          },
          onCost: (cost) => {
            sight.outputTokens += cost.outputTokens;
            counted.inputTokens += cost.inputTokens;
            counted.outputTokens += cost.outputTokens;
            hooks.cost(cost);
          },
        }),
        attempt.signal,
      );
      if (result !== null && result.inputTokens > 0) sight.promptTokens = result.inputTokens;
      if (result !== null) counted = { ...result };
      return result ?? { ...NOTHING, finish: 'stopped' };
    } finally {
      cancelFirst();
      this.#count(counted);
    }
  }

  #count({ inputTokens, reusedTokens, outputTokens }: TurnRun['tokens']): void {
    this.#tokens.inputTokens += inputTokens;
    this.#tokens.reusedTokens += reusedTokens;
    this.#tokens.outputTokens += outputTokens;
  }

  /** The result of `work`; null when `signal` was aborted and `work` did not end within the grace. */
  #orCut<T>(work: Promise<T>, signal: AbortSignal): Promise<T | null> {
    return withinGrace(work, signal, { clock: this.#parts.clock, graceMs: STOP_GRACE_MS });
  }

  #heard(attempt: Attempt, text: string): void {
    if (text === '') return;
    this.#parts.hooks.heard();
    attempt.length += text.length;
    if (attempt.length > MAX_TEXT) attempt.abort.abort();
    else this.#take(attempt, text);
  }

  #take(attempt: Attempt, text: string): void {
    for (const sentence of attempt.splitter.push(text)) this.#judge(attempt, sentence);
  }

  #judge(attempt: Attempt, sentence: string): void {
    for (const piece of attempt.guard.push(sentence)) attempt.writer.add(piece);
  }

  get #withheld(): number {
    return this.#guards.reduce((sum, guard) => sum + guard.withheld, 0);
  }

  #finishOf(attempt: Attempt, result: GenerateResult): NarratorOutcome['finish'] {
    if (result.finish !== 'stopped' && attempt.writer.isWhole) return result.finish;
    if (this.#cut === null && attempt.length > MAX_TEXT) return 'cap';
    return this.#cut === 'stopped' ? 'stopped' : 'broken';
  }

  async #finish(attempt: Attempt, result: GenerateResult): Promise<TurnEnd> {
    this.#drain(attempt, result.finish === 'end' ? 'all' : 'whole');
    await this.#settle(attempt.writer);
    return this.#ended(attempt, this.#finishOf(attempt, result));
  }

  #ended(attempt: Attempt, finish: NarratorOutcome['finish']): TurnEnd {
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
    const { told, sight } = attempt;
    const outcome = {
      finish,
      ...told,
      ...this.#tokens,
      withheldSentences: this.#withheld,
      // A copy: a model that is left behind may still report.
      sight: sight === null ? null : { ...sight },
      promptHash: attempt.promptHash,
    };
    return { kind: 'complete', outcome, error, cut: this.#cut };
  }

  /**
   * Writing must not hang the queue either: it has the rest of the turn's time, and the grace after a cut. Pieces
   * that wait behind a slow screening are left out then; the one that has begun gets the grace once more.
   */
  async #settle(writer: PieceWriter): Promise<void> {
    const isDone = () =>
      this.#orCut(
        writer.idle().then(() => true),
        this.#abort.signal,
      );
    if ((await isDone()) !== null) return;
    writer.cut();
    if ((await isDone()) === null) throw new AppError('STORAGE_UNAVAILABLE');
  }

  async #broke(attempt: Attempt | null, error: unknown): Promise<TurnEnd | 'again'> {
    const refusal = toRefusal(error);
    if (attempt !== null && refusal.code === 'NARRATOR_UNSAFE') return this.#refused(attempt);
    const fail = { kind: 'fail', refusal, error, cut: this.#cut } as const;
    const isOfEngine = refusal.code === 'NARRATOR_FAILED';
    const mayRetry = () => isOfEngine && this.#cut === null && this.#breaks === 0;
    if (attempt !== null && refusal.code !== 'STORAGE_UNAVAILABLE') {
      const isLast = !mayRetry();
      if (isLast) this.#drain(attempt, 'whole');
      try {
        await this.#settle(attempt.writer);
      } catch (writeError) {
        const code = toRefusal(writeError);
        if (code.code === 'NARRATOR_UNSAFE') return this.#refused(attempt);
        return { ...fail, refusal: code, error: writeError };
      }
      if (this.#cut === 'stopped') return this.#complete(attempt, 'stopped', error);
      if (isLast && attempt.writer.hasWritten) return this.#complete(attempt, 'broken', error);
    }
    if (!mayRetry()) return fail;
    this.#breaks += 1;
    this.#parts.hooks.retried(error);
    return 'again';
  }

  /** The desk has refused a sentence: nobody's fault but the words'. */
  #refused(attempt: Attempt): TurnEnd | 'again' {
    this.#refusals += 1;
    if (this.#refusals > 1) return this.#complete(attempt, 'held', null);
    if (this.#cut === null) return 'again';
    return this.#ended(attempt, this.#cut === 'stopped' ? 'stopped' : 'broken');
  }
}
