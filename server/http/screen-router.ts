import { raw, Router, type Request, type RequestHandler, type Response } from 'express';
import { z } from 'zod';
import { refuse } from '../../sessions/errors.ts';
import {
  CHANNELS,
  HARMS,
  type Channel,
  type Moderator,
  type ScreenRequest,
} from '../../sessions/moderator.ts';
import { genreSchema, ratingSchema } from '../../sessions/protocol.ts';
import { sendRefusal } from './app.ts';
import { parseBoundedJson } from './bounded-json.ts';
import { operatorTokenOnly } from './operator-guard.ts';
import { parseBody } from './parse-body.ts';
import { Turnstile } from './turnstile.ts';

/** Texts of one request. */
const MOST_ITEMS = 64;
const TEXT_LENGTH = 20_000;
const NAME_LENGTH = 200;
const TOPIC_LENGTH = 200;
const BODY_BYTES = 4 * 1024 * 1024;
const BOUNDS = { values: 2_000, depth: 8, code: 'BAD_INPUT' } as const;
/** Requests that are worked on at a time, and those that may wait for it. */
const GATE = { most: 8, mostWaiting: 256 };
const RETRY_MS = 1_000;

/** Other words for channels. */
const ALIASES: Readonly<Record<string, Channel>> = {
  chat: 'talk',
  table_talk: 'talk',
  ooc: 'talk',
  display_name: 'name',
  passage: 'story',
};

const names = z.array(z.string().max(NAME_LENGTH)).max(200).default([]);
const topics = z.array(z.string().max(TOPIC_LENGTH)).max(200).default([]);
const contextSchema = z
  .object({
    genre: genreSchema.default('general'),
    cast: names,
    players: names,
    speaker: z.string().max(NAME_LENGTH).nullable().default(null),
    lines: topics,
    veils: topics,
    levels: z.partialRecord(z.enum(HARMS), z.number().int().min(0).max(4)).default({}),
    recent: z.array(z.string().max(TEXT_LENGTH)).max(20).default([]),
    history: z.number().min(0).max(1).default(1),
    playersPresent: z.number().int().min(0).max(200).optional(),
  })
  .prefault({});
const itemSchema = z.object({
  text: z.string().max(TEXT_LENGTH),
  channel: z.preprocess(
    (name) => (typeof name === 'string' && Object.hasOwn(ALIASES, name) ? ALIASES[name] : name),
    z.enum(CHANNELS),
  ),
  rating: ratingSchema,
  context: contextSchema,
});
const batchSchema = z.object({ items: z.array(itemSchema).min(1).max(MOST_ITEMS) });
type Item = z.output<typeof itemSchema>;

function requestOf({ text, channel, rating, context }: Item): ScreenRequest {
  const { genre, levels, lines, veils, cast, players, speaker, recent, history } = context;
  return {
    text,
    sessionId: null,
    channel,
    rules: { rating, genre, levels, lines, veils },
    cast,
    players,
    speaker,
    recent,
    history,
    playersPresent: context.playersPresent ?? players.length,
  };
}

async function screen(moderator: Moderator, item: Item) {
  const verdict = await moderator.screen(requestOf(item));
  const { action, outcome, harm, scores, severities, spans, rules, reason, needsHelp } = verdict;
  const { policyHash, modelVersion, failedTiers, ms } = verdict;
  return {
    decision: action,
    outcome,
    harm,
    scores,
    severities,
    spans,
    rules,
    reason,
    /** The text as others may see it, where that differs. */
    ...(action === 'redact' || verdict.masks.length > 0 ? { text: verdict.text } : {}),
    needsHelp,
    policyHash,
    modelVersion,
    failedTiers,
    ms: Math.round(ms * 1e3) / 1e3,
  };
}

const turnOfTheLoop = () => new Promise<void>((resolve) => setImmediate(resolve));

/** One text after the other; between two of them everybody else on the event loop gets a turn. */
async function screenAll(moderator: Moderator, items: readonly Item[]) {
  const results: Awaited<ReturnType<typeof screen>>[] = [];
  for (const item of items) {
    if (results.length > 0) await turnOfTheLoop();
    results.push(await screen(moderator, item));
  }
  return results;
}

/** Some requests at a time: their bodies, too, are only read when it is their turn. */
function someAtATime(): RequestHandler {
  const turnstile = new Turnstile(GATE);
  return async (_request, response, next) => {
    const leave = await turnstile.enter();
    if (leave === null) return sendRefusal(response, refuse('RATE_LIMITED', null, RETRY_MS));
    response.once('close', leave);
    // Gone while it waited: its close has been told already.
    if (response.destroyed || response.closed) return leave();
    next();
  };
}

/**
 * `POST /api/moderation/screen`: judges a text, or a batch of them, as sessions do; nothing of it is stored or logged.
 * Needs the operator's token.
 */
export function screenRouter({ moderator, token }: { moderator: Moderator; token: string | null }): Router {
  const router = Router();
  const body = raw({ type: 'application/json', limit: BODY_BYTES });
  const guard = [operatorTokenOnly(token), someAtATime(), body];
  router.post('/screen', guard, async (request: Request, response: Response) => {
    const given: unknown = Buffer.isBuffer(request.body) ? parseBoundedJson(request.body, BOUNDS) : {};
    const isBatch = typeof given === 'object' && given !== null && 'items' in given;
    response.set('Cache-Control', 'no-store');
    if (!isBatch) return void response.json(await screen(moderator, parseBody(itemSchema, given)));
    response.json({ results: await screenAll(moderator, parseBody(batchSchema, given).items) });
  });
  return router;
}
