import { AppError } from '../sessions/errors.ts';
import type { Digest, Summariser, SummaryWork } from '../sessions/history-ports.ts';
import type { ModelInfo, TextModel } from '../sessions/ports.ts';
import { formedAnswer } from './formed-answer.ts';
import { ExtractiveSummariser } from './extractive-summariser.ts';
import type { SideEngine, SideRunner, SideTurn } from './side-line.ts';
import { MAX_PASSAGES, digestOf, firstSentences, summaryGrammar, summaryPrompt } from './summary-request.ts';

/** Works given to the model at the same time; further ones are told by extraction. */
const MAX_ASKED = 4;
/** From the request to the answer, with the wait behind everything more urgent, milliseconds. */
const TIMEOUT_MS = 60_000;
/** Tokens for the answer, with small vocabularies too. */
const ANSWER_TOKENS = 500;
/** Tokens a chat template adds, at most. */
const TEMPLATE_TOKENS = 64;
/** All this work shares what the engine keeps of the rules, and never what it keeps of a story. */
const STORY_ID = 'memory';

/** The narrator as far as memory is concerned. */
interface SummaryEngine extends SideRunner {
  /** What is known of its model; null until it was loaded once. */
  info(): ModelInfo | null;
}

/** How the summariser is made. */
export interface SummariserOptions {
  /** Longest time for one digest by the model, milliseconds. Default 60,000. */
  timeoutMs?: number;
}

/**
 * Tells passages by way of the narrator's own model, behind all turns and opinions: its work class yields to every
 * other. Where the model cannot (none, the demo model, one that only continues texts), is busy, late or not
 * understood, passages are told by extraction.
 */
export class QueueSummariser implements Summariser {
  readonly #engine: SummaryEngine;
  readonly #options: SummariserOptions;
  readonly #extraction = new ExtractiveSummariser();
  #asked = 0;
  #running = 0;

  constructor(engine: SummaryEngine, options: SummariserOptions = {}) {
    this.#engine = engine;
    this.#options = options;
  }

  /** See `Summariser.summarise`; null only when `signal` has aborted. */
  async summarise(work: SummaryWork, signal: AbortSignal): Promise<Digest | null> {
    const told = this.#mayAsk(work) ? await this.#byModel(work, signal) : null;
    return told ?? (await this.#extraction.summarise(work, signal));
  }

  #mayAsk({ passages }: SummaryWork): boolean {
    const info = this.#engine.info();
    const isAble = info?.shape === 'chat' && !info.isDemo;
    return isAble && this.#running < MAX_ASKED && passages.length > 0 && passages.length <= MAX_PASSAGES;
  }

  /** Null: it did not work out. */
  async #byModel(work: SummaryWork, signal: AbortSignal): Promise<Digest | null> {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(this.#options.timeoutMs ?? TIMEOUT_MS)]);
    const turn = this.#turn(work);
    this.#running += 1;
    try {
      return await this.#engine.side(turn, (place, stop) => this.#ask(work, turn.turnId, place, stop), limit);
    } catch {
      // Whatever it was, extraction does instead; a broken engine is noticed by narrator turns.
      return null;
    } finally {
      this.#running -= 1;
    }
  }

  /** A line of its own beside the session's, so that it holds up none of its turns. */
  #turn({ sessionId, tenantId }: SummaryWork): SideTurn {
    this.#asked += 1;
    const id = `memory-${this.#asked}`;
    return {
      turnId: id,
      workClass: 'background',
      endpoint: 'summary',
      sessionId: `memory-of-${sessionId}`,
      tenantId,
      playerId: id,
      maxTokens: ANSWER_TOKENS,
      fingerprint: id,
    };
  }

  async #ask(work: SummaryWork, turnId: string, engine: SideEngine, signal: AbortSignal): Promise<Digest> {
    const { model, info } = engine;
    const answer = await formedAnswer(engine, {
      turnId,
      storyId: STORY_ID,
      prompt: await promptWithin(info.contextTokens - ANSWER_TOKENS, work, model),
      maxTokens: ANSWER_TOKENS,
      grammar: summaryGrammar(work.passages.length),
      signal,
      who: 'The summary',
    });
    return digestOf(answer, work);
  }
}

/** A prompt of at most so many tokens; passages that are too long are told by their beginnings. Throws when that does not do. */
async function promptWithin(room: number, work: SummaryWork, model: TextModel) {
  const texts = work.passages.map(({ text }) => text);
  const tokensOf = async (of: readonly string[]) => {
    const { messages } = summaryPrompt(work, of);
    const counts = await model.countTokens(messages.map(({ content }) => content));
    return counts.reduce((sum, count) => sum + count, TEMPLATE_TOKENS);
  };
  const frame = await tokensOf([]);
  const whole = await tokensOf(texts);
  if (whole <= room) return summaryPrompt(work, texts);
  // What has to go, and a tenth more.
  const share = ((room - frame) / (whole - frame)) * 0.9;
  const cut = texts.map((text) => firstSentences(text, Math.floor(text.length * share)));
  if (share > 0 && (await tokensOf(cut)) <= room) return summaryPrompt(work, cut);
  throw new AppError('NARRATOR_FAILED', { detail: 'The passages are too long for the model.' });
}

/** The summariser of a server: the narrator's own model where it can, else extraction. */
export function createSummariser(narrator: SummaryEngine, options: SummariserOptions = {}): Summariser {
  return new QueueSummariser(narrator, options);
}
