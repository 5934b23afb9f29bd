import { z } from 'zod';
import { AppError } from '../sessions/errors.ts';
import type { Judge, Judgement, ScreenRequest, Scores } from '../sessions/moderator.ts';

/** Nobody waits longer for an opinion, milliseconds. */
const TIMEOUT_MS = 5_000;
/** An answer has a dozen figures; more than this is none, bytes. */
const MAX_BODY = 64 * 1024;

/** Where the server's categories are in our words; the higher of two counts. Others are not asked about. */
const CATEGORIES = {
  'hate': 'hate',
  'hate/threatening': 'hate',
  'harassment': 'harassment',
  'harassment/threatening': 'harassment',
  'sexual': 'sexual',
  'sexual/minors': 'sexual_minors',
  'violence': 'violence',
  'violence/graphic': 'violence',
  'self-harm': 'self_harm',
  'self-harm/intent': 'self_harm',
  'self-harm/instructions': 'self_harm',
} as const satisfies Record<string, keyof Scores>;

const answerSchema = z.object({
  results: z
    .array(
      z.object({
        categories: z.record(z.string(), z.boolean().nullish()),
        category_scores: z.record(z.string(), z.number().min(0).max(1).nullish()),
      }),
    )
    .length(1),
});
type Result = z.infer<typeof answerSchema>['results'][number];

/** Where the server is. */
export interface EndpointJudgeOptions {
  /** Base address, with or without the `/v1` at its end, e.g. `http://127.0.0.1:8080`. */
  baseUrl: string;
  apiKey?: string;
  /** Name of the model; without it the server's own choice. */
  model?: string;
  /** Longest time for one opinion, milliseconds. Default 5,000; the caller's signal may be shorter. */
  timeoutMs?: number;
}

/**
 * The score of a category in our words, where 0.5 is where a text counts as such: servers have a threshold of
 * their own for each category and tell with a flag which side of it a text is on.
 */
function calibrated(score: number, isFlagged: boolean): number {
  return isFlagged ? Math.max(0.5, score) : Math.min(0.49, score);
}

/** Throws when the server told of none of the categories that we know. */
function judgementOf({ categories, category_scores: given }: Result): Judgement {
  const scores: Partial<Scores> = {};
  for (const [category, score] of Object.entries(CATEGORIES)) {
    const value = given[category];
    const isFlagged = categories[category] ?? false;
    if (value === undefined || value === null) continue;
    scores[score] = Math.max(scores[score] ?? 0, calibrated(value, isFlagged));
  }
  if (Object.keys(scores).length === 0) throw new Error('no category that is known');
  const isFlagged = Object.values(scores).some((score) => score >= 0.5);
  const isBlocked = (scores.sexual_minors ?? 0) >= 0.5;
  return {
    scores,
    // Such servers look at words alone and know nothing of a table: neither whom a text is aimed at nor a story.
    target: 'none',
    isFiction: false,
    decision: isBlocked ? 'block' : isFlagged ? 'hold' : 'allow',
    reason: '',
  };
}

async function readBounded(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let length = 0;
  for await (const bytes of response.body ?? []) {
    length += bytes.length;
    if (length > MAX_BODY) throw new Error('the answer is too long');
    text += decoder.decode(bytes, { stream: true });
  }
  return text + decoder.decode();
}

/** Asks a server that speaks the OpenAI moderation API for a second opinion. Only the text leaves this server. */
export class EndpointJudge implements Judge {
  readonly name: string;
  readonly #options: EndpointJudgeOptions;
  readonly #url: string;

  constructor(options: EndpointJudgeOptions) {
    this.#options = options;
    this.#url = `${options.baseUrl.replace(/\/+$/, '').replace(/\/v1$/, '')}/v1/moderations`;
    this.name = `endpoint-judge-1/${options.model ?? 'default'}`;
  }

  /** Rejects with NARRATOR_FAILED when the answer is anything but an opinion, or with the signal's reason. */
  async judge({ text }: Pick<ScreenRequest, 'text'>, signal: AbortSignal): Promise<Judgement> {
    const { timeoutMs = TIMEOUT_MS } = this.#options;
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    try {
      return await this.#ask(text, limit);
    } catch (cause) {
      limit.throwIfAborted();
      throw new AppError('NARRATOR_FAILED', { detail: 'The moderation server was not understood.', cause });
    }
  }

  async #ask(input: string, signal: AbortSignal): Promise<Judgement> {
    const { apiKey, model } = this.#options;
    const response = await fetch(this.#url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
      },
      redirect: 'error',
      signal,
      body: JSON.stringify({ input, ...(model === undefined ? {} : { model }) }),
    });
    if (!response.ok) {
      await response.body?.cancel();
      throw new Error(`the server answered with status ${response.status}`);
    }
    const [result] = answerSchema.parse(JSON.parse(await readBounded(response))).results;
    if (result === undefined) throw new Error('no result');
    return judgementOf(result);
  }
}
