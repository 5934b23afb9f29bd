import { json, Router, type Request, type RequestHandler, type Response } from 'express';
import { z } from 'zod';
import { AppError } from '../../sessions/errors.ts';
import { idSchema } from '../../sessions/ids.ts';
import {
  INCIDENT_KINDS,
  INCIDENT_STEPS,
  type LogLine,
  type OpsOverview,
  type OpsSession,
  type OpsTurn,
  type OpsVersion,
} from '../../sessions/ops-view.ts';
import type { Incidents } from '../incidents.ts';
import { LOG_LEVELS, type LogQuery } from '../log-ring.ts';
import { rateLimit } from './identity-guard.ts';
import { countSchema, parseBody } from './parse-body.ts';

const REQUESTS_PER_MINUTE = 600;
const INCIDENTS_PER_MINUTE = 10;
const MOST_LINES = 2_000;
const MOST_TURNS = 500;
const MOST_SESSIONS = 1_000;
const DEFAULT_LINES = 500;
const PINO_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

export interface OpsParts {
  /** Lets operators through, see `OperatorDoor.only`. */
  only: RequestHandler;
  overview: () => Promise<OpsOverview>;
  /** The first `most`, unhealthy ones first. */
  sessions: (most: number) => OpsSession[];
  versions: () => OpsVersion[] | Promise<OpsVersion[]>;
  turns: (of: { session: string | null; limit: number }) => OpsTurn[];
  lines: (of: LogQuery) => LogLine[];
  logLevel: { get: () => string; set: (level: (typeof PINO_LEVELS)[number]) => void };
  incidents: Incidents;
}

const limitOf = (most: number, otherwise: number) =>
  countSchema.pipe(z.number().min(1).max(most)).default(otherwise);

const turnsSchema = z.object({ session: idSchema.optional(), limit: limitOf(MOST_TURNS, MOST_TURNS) });
const linesSchema = z.object({
  session: idSchema.optional(),
  turn: idSchema.optional(),
  request: z
    .string()
    .regex(/^[\w-]{1,64}$/)
    .optional(),
  event: z
    .string()
    .regex(/^[\w-]{1,64}$/)
    .optional(),
  level: z
    .string()
    .transform((level) => level.toUpperCase())
    .pipe(z.enum(LOG_LEVELS))
    .optional(),
  limit: limitOf(MOST_LINES, DEFAULT_LINES),
});
const levelSchema = z.object({ level: z.enum(PINO_LEVELS) });
const incidentSchema = z.object({
  title: z.string().trim().min(1).max(200),
  kind: z.enum(INCIDENT_KINDS),
});
const noteSchema = z.object({ note: z.string().trim().max(10_000) });

/** Answers JSON that nobody keeps. */
function answer(response: Response, body: unknown): void {
  response.set('Cache-Control', 'no-store').json(body);
}

/** Under `/api/ops`, for operators: the server, its sessions, turns and log at a glance, and incidents. */
export function opsRouter(parts: OpsParts): Router {
  const router = Router();
  const guard = [parts.only, rateLimit(REQUESTS_PER_MINUTE)];

  router.get('/overview', guard, async (_request: Request, response: Response) => {
    answer(response, await parts.overview());
  });
  router.get('/sessions', guard, (_request: Request, response: Response) => {
    answer(response, { sessions: parts.sessions(MOST_SESSIONS) });
  });
  router.get('/versions', guard, async (_request: Request, response: Response) => {
    answer(response, { versions: await parts.versions() });
  });
  router.get('/turns', guard, (request: Request, response: Response) => {
    const { session = null, limit } = parseBody(turnsSchema, request.query);
    answer(response, { turns: parts.turns({ session, limit }) });
  });
  router.get('/logs', guard, (request: Request, response: Response) => {
    const { session, turn, request: asked, event, level, limit } = parseBody(linesSchema, request.query);
    const query = { session, turn, request: asked, event, level };
    const nulled = Object.fromEntries(Object.entries(query).map(([name, value]) => [name, value ?? null]));
    // Every field of the query is there, given or null.
    answer(response, { lines: parts.lines({ ...(nulled as Omit<LogQuery, 'limit'>), limit }) });
  });
  router.get('/log-level', guard, (_request: Request, response: Response) => {
    answer(response, { level: parts.logLevel.get() });
  });
  router.put('/log-level', guard, json({ limit: 1_024 }), (request: Request, response: Response) => {
    const { level } = parseBody(levelSchema, request.body);
    parts.logLevel.set(level);
    answer(response, { level });
  });
  addIncidents(router, guard, parts.incidents);
  return router;
}

function addIncidents(router: Router, guard: RequestHandler[], incidents: Incidents): void {
  const body = json({ limit: 64 * 1024 });
  router.get('/incidents', guard, async (_request: Request, response: Response) => {
    answer(response, { incidents: await incidents.list() });
  });
  const opening = [...guard, rateLimit(INCIDENTS_PER_MINUTE), body];
  router.post('/incidents', opening, async (request: Request, response: Response) => {
    response.status(201);
    answer(response, await incidents.open(parseBody(incidentSchema, request.body)));
  });
  router.get('/incidents/:id', guard, async (request: Request, response: Response) => {
    const id = incidentId(request);
    const bundle = await incidents.bundle(id);
    response.set('Content-Disposition', `attachment; filename="incident-${id}.json"`);
    answer(response, bundle);
  });
  router.patch(
    '/incidents/:id/steps/:step',
    [...guard, body],
    async (request: Request, response: Response) => {
      const step = INCIDENT_STEPS.find((each) => each === request.params.step);
      if (step === undefined)
        throw new AppError('NOT_FOUND', { detail: `There are: ${INCIDENT_STEPS.join(', ')}.` });
      const { note } = parseBody(noteSchema, request.body);
      answer(response, await incidents.doStep(incidentId(request), step, note));
    },
  );
  router.post('/incidents/:id/close', guard, async (request: Request, response: Response) => {
    answer(response, await incidents.end(incidentId(request)));
  });
}

function incidentId(request: Request): string {
  const id = idSchema.safeParse(request.params.id);
  if (!id.success) throw new AppError('NOT_FOUND', { detail: 'There is no such incident.' });
  return id.data;
}
