import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { json, Router, type Request, type RequestHandler, type Response } from 'express';
import { z } from 'zod';
import { idSchema as id } from '../../sessions/ids.ts';
import { AppError } from '../../sessions/errors.ts';
import { HARMS, OUTCOMES } from '../../sessions/moderator.ts';
import { LIMITS } from '../../sessions/limits.ts';
import { FLAGS, type Flag } from '../../sessions/ports.ts';
import type { Sessions } from '../../sessions/sessions.ts';
import type { StoredFlags } from '../flags.ts';
import type { DecisionQuery } from '../store/sql-moderation-log.ts';
import type { DecisionView, LabelView } from '../store/moderation-rows.ts';
import { sendRefusal } from './app.ts';
import { rateLimit } from './identity-guard.ts';
import { operatorTokenOnly } from './operator-guard.ts';
import { parseBody } from './parse-body.ts';

export interface OperatorParts {
  flags: StoredFlags;
  log: {
    decisions(of: DecisionQuery): Promise<DecisionView[]>;
    labels(): AsyncGenerator<LabelView[]>;
  };
  sessions: Pick<Sessions, 'purge'>;
  /** Null: everything is refused. */
  token: string | null;
  /** Lets operators through; default: only the token does. */
  only?: RequestHandler;
}

const REQUESTS_PER_MINUTE = 600;
const DECISIONS_PER_PAGE = 100;
const MOST_DECISIONS = 500;

const scopeSchema = z.object({ sessionId: id.nullish() });
const settingSchema = scopeSchema.extend({ reason: z.string().trim().max(500).nullish() });
const count = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);
const ids = z.array(id).max(LIMITS.purgedAtOnce).default([]);
const purgeSchema = z
  .object({ passageIds: ids, talkIds: ids })
  .refine((of) => of.passageIds.length + of.talkIds.length > 0, 'Name passages or lines of table talk.');
const decisionsSchema = z.object({
  session: id.optional(),
  harm: z.enum(HARMS).optional(),
  outcome: z.enum(OUTCOMES).optional(),
  before: count.optional(),
  limit: count.pipe(z.number().min(1).max(MOST_DECISIONS)).optional(),
});

function flagOf(request: Request): Flag {
  const flag = FLAGS.find((each) => each === request.params.flag);
  if (flag === undefined) throw new AppError('FLAG_UNKNOWN', { detail: `There are: ${FLAGS.join(', ')}.` });
  return flag;
}

/** `/api/ops`: flags, the moderation log and its labels, purges; every request needs the operator's token, or what `only` asks for. */
export function operatorRouter({ flags, log, sessions, token, only }: OperatorParts): Router {
  const router = Router();
  const guard = [only ?? operatorTokenOnly(token), rateLimit(REQUESTS_PER_MINUTE)];
  const small = json({ limit: 16 * 1024 });

  router.get('/flags', guard, (_request: Request, response: Response) => {
    response.set('Cache-Control', 'no-store').json({ flags: flags.list() });
  });
  router.put('/flags/:flag', guard, small, async (request: Request, response: Response) => {
    const flag = flagOf(request);
    const { sessionId: scope, reason } = parseBody(settingSchema, request.body);
    response.json(await flags.turnOn(flag, scope ?? null, reason ?? ''));
  });
  router.delete('/flags/:flag', guard, small, async (request: Request, response: Response) => {
    const flag = flagOf(request);
    // Some proxies drop the body of a DELETE: the address may name the session too.
    const named = parseBody(scopeSchema, request.query).sessionId;
    const scope = named ?? parseBody(scopeSchema, request.body).sessionId ?? null;
    response.json({ flag, sessionId: scope, wasOn: await flags.turnOff(flag, scope) });
  });
  router.get('/moderation/decisions', guard, async (request: Request, response: Response) => {
    const {
      session,
      harm,
      outcome,
      before,
      limit = DECISIONS_PER_PAGE,
    } = parseBody(decisionsSchema, request.query);
    const decisions = await log.decisions({
      sessionId: session ?? null,
      harm: harm ?? null,
      outcome: outcome ?? null,
      before: before ?? null,
      limit,
    });
    const next = decisions.length < limit ? null : (decisions.at(-1)?.id ?? null);
    response.set('Cache-Control', 'no-store').json({ decisions, next });
  });
  router.get('/moderation/labels', guard, async (_request: Request, response: Response) => {
    response.set('Cache-Control', 'no-store').type('application/x-ndjson');
    await sendLines(response, log.labels());
  });
  router.post(
    '/sessions/:id/purge',
    guard,
    json({ limit: 64 * 1024 }),
    async (request: Request, response: Response) => {
      const sessionId = id.safeParse(request.params.id);
      if (!sessionId.success) throw new AppError('SESSION_UNKNOWN');
      const answer = await sessions.purge(sessionId.data, {
        by: null,
        ...parseBody(purgeSchema, request.body),
      });
      if (!answer.ok) return sendRefusal(response, answer);
      response.json(answer.value);
    },
  );
  return router;
}

/** One JSON value a line, page by page, as fast as they are read. */
async function sendLines(response: Response, pages: AsyncGenerator<unknown[]>): Promise<void> {
  async function* lines(): AsyncGenerator<string> {
    for await (const page of pages) yield page.map((row) => `${JSON.stringify(row)}\n`).join('');
  }
  try {
    await pipeline(Readable.from(lines()), response);
  } catch (error) {
    // Who asked has gone: nobody is left to be told.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}
