import { json, Router, type Request, type Response, type RequestHandler } from 'express';
import { z } from 'zod';
import { feedbackSchema, type FeedbackStore } from '../../sessions/feedback.ts';
import type { Clock } from '../../sessions/ports.ts';
import type { Sessions } from '../../sessions/sessions.ts';
import { feedbackStats, type FeedbackSum } from '../feedback-stats.ts';
import { sendRefusal } from './app.ts';
import { ownOriginOnly, rateLimit } from './identity-guard.ts';
import { memberOf } from './member.ts';
import { parseBody } from './parse-body.ts';

/** From one address: a table behind one router has many readers. */
const OPINIONS_PER_MINUTE = 120;
const LOOKS_PER_MINUTE = 600;
const BODY_BYTES = 16 * 1024;
const DAY_MS = 86_400_000;
const MOST_DAYS = 365;

export interface FeedbackRouterParts {
  sessions: Pick<Sessions, 'open'>;
  store: Pick<FeedbackStore, 'ofPlayer'>;
  /** For requests of foreign pages, see `ownOriginOnly`. */
  publicUrl: string | null;
}

/**
 * `/api/sessions/:id/feedback`: what a member thinks of a passage of the narrator (F1). POST says it, and replaces what
 * the same member said about it before; GET tells all that this member has said.
 */
export function feedbackRouter({ sessions, store, publicUrl }: FeedbackRouterParts): Router {
  const router = Router();
  const guard = [ownOriginOnly(publicUrl), rateLimit(OPINIONS_PER_MINUTE), json({ limit: BODY_BYTES })];

  router.post('/:id/feedback', guard, async (request: Request, response: Response) => {
    const input = parseBody(feedbackSchema, request.body);
    const { session, player } = await memberOf(request, sessions);
    const answer = await session.giveFeedback(player.id, input);
    if (!answer.ok) return sendRefusal(response, answer);
    response.json(answer.value);
  });

  router.get('/:id/feedback', rateLimit(LOOKS_PER_MINUTE), async (request: Request, response: Response) => {
    const { session, player } = await memberOf(request, sessions);
    const own = await store.ofPlayer(session.id, player.id);
    const feedback = own.map(({ passageId, alternativeId, at, type, rating, comment }) => ({
      passageId,
      alternativeId,
      at,
      type,
      rating,
      comment,
    }));
    response.set('Cache-Control', 'no-store').json({ feedback });
  });
  return router;
}

const statsSchema = z.object({
  window: z
    .string()
    .regex(/^\d{1,3}d$/, `Name days, as 7d; ${MOST_DAYS}d at most.`)
    .transform((text) => Number.parseInt(text, 10))
    .pipe(z.number().min(1).max(MOST_DAYS))
    .default(7),
  by: z.enum(['version']).optional(),
});

export interface FeedbackStatsParts {
  store: { sums(since: number): Promise<FeedbackSum[]> };
  clock: Pick<Clock, 'now'>;
  /** Lets only operators through. */
  guard: RequestHandler;
}

/** `GET /api/ops/feedback/stats?window=7d&by=version` (S1.14): figures without words, for the operator. */
export function feedbackStatsRouter({ store, clock, guard: operators }: FeedbackStatsParts): Router {
  const router = Router();
  const guard = [operators, rateLimit(LOOKS_PER_MINUTE)];
  router.get('/feedback/stats', guard, async (request: Request, response: Response) => {
    const { window: windowDays, by } = parseBody(statsSchema, request.query);
    const to = clock.now();
    const since = to - windowDays * DAY_MS;
    const { all, versions } = feedbackStats(await store.sums(since));
    const answer = { windowDays, since, to, ...all, ...(by === 'version' ? { versions } : {}) };
    response.set('Cache-Control', 'no-store').json(answer);
  });
  return router;
}
