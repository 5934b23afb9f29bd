import { AppError } from '../../sessions/errors.ts';
import type { ModelInfo, NarratorTurn } from '../../sessions/ports.ts';
import type { PassageToAssess } from '../../sessions/quality.ts';
import { formedAnswer } from '../formed-answer.ts';
import type { SideEngine, SideRunner } from '../side-line.ts';
import { JUDGE_GRAMMAR, judgedScores, judgedTexts, judgePrompt, type JudgeScores } from './judge-request.ts';

/** Passages that are judged or wait for it at the same time; further ones are not judged. */
const MAX_ASKED = 4;
/** From the request to the verdict, with the wait behind everything more urgent, milliseconds. */
const TIMEOUT_MS = 60_000;
/** Tokens for the answer, with small vocabularies too. */
const ANSWER_TOKENS = 400;
/** Tokens a chat template adds, at most. */
const TEMPLATE_TOKENS = 64;
/** All judging shares what the engine keeps of the rules, and never what it keeps of a story. */
const STORY_ID = 'quality';

/** The narrator as far as the judge is concerned. */
export interface JudgingEngine extends SideRunner {
  /** What is known of its model; null until it was loaded once. */
  info(): ModelInfo | null;
}

/**
 * Asks the narrator's own model what it thinks of a passage (requirement D2), in the background behind everything else,
 * with a grammar that admits nothing but an answer of the agreed form. Models rank versions well and single passages
 * poorly (Chhun et al., TACL 2024): its scores count as means only.
 */
export class QualityJudge {
  readonly #engine: JudgingEngine;
  readonly #timeoutMs: number;
  #asked = 0;
  #running = 0;

  constructor(engine: JudgingEngine, timeoutMs: number = TIMEOUT_MS) {
    this.#engine = engine;
    this.#timeoutMs = timeoutMs;
  }

  /** How its verdicts are named; null: there is no model that can judge (none, the demo model, one without chat). */
  get method(): string | null {
    const info = this.#engine.info();
    return info?.shape === 'chat' && !info.isDemo ? `D2-judge-1/${info.name}` : null;
  }

  /** Null: no model for it, too many ask, too late, not understood, or made-up quotes. Never throws. */
  async judge(of: PassageToAssess, signal: AbortSignal): Promise<JudgeScores | null> {
    if (this.method === null || this.#running >= MAX_ASKED) return null;
    const limit = AbortSignal.any([signal, AbortSignal.timeout(this.#timeoutMs)]);
    const turn = this.#turn(of);
    this.#running += 1;
    try {
      return await this.#engine.side(turn, (place, stop) => this.#ask(of, turn.turnId, place, stop), limit);
    } catch {
      // A verdict that is not to be had is missed by nobody; a broken engine is noticed by narrator turns.
      return null;
    } finally {
      this.#running -= 1;
    }
  }

  /** A line of its own beside the session's, so that it holds up none of its turns. */
  #turn({ sessionId }: PassageToAssess): NarratorTurn {
    this.#asked += 1;
    const id = `quality-${this.#asked}`;
    return {
      turnId: id,
      workClass: 'background',
      sessionId: `quality-of-${sessionId}`,
      tenantId: 'quality',
      playerId: id,
      maxTokens: ANSWER_TOKENS,
      fingerprint: id,
    };
  }

  async #ask(
    of: PassageToAssess,
    turnId: string,
    engine: SideEngine,
    signal: AbortSignal,
  ): Promise<JudgeScores> {
    const { model, info } = engine;
    const texts = judgedTexts(of);
    const prompt = judgePrompt(texts, of.cast);
    const counts = await model.countTokens(prompt.messages.map(({ content }) => content));
    const tokens = counts.reduce((sum, count) => sum + count, TEMPLATE_TOKENS);
    if (tokens + ANSWER_TOKENS > info.contextTokens)
      throw new AppError('NARRATOR_FAILED', { detail: 'The passage is too long for the judge.' });
    const answer = await formedAnswer(engine, {
      turnId,
      storyId: STORY_ID,
      prompt,
      maxTokens: ANSWER_TOKENS,
      grammar: JUDGE_GRAMMAR,
      signal,
      who: 'The judge',
    });
    return judgedScores(answer, texts);
  }
}
