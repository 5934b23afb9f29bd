import { randomUUID } from 'node:crypto';
import { Router, type Request, type Response } from 'express';
import type { Logger } from 'pino';
import { idScope, type LineIds } from './log-ids.ts';
import { parseTraceparent, type TurnTraces } from './tracing-context.ts';

/** Ids that a proxy in front may give a request; words are not taken, they could be somebody's. */
const REQUEST_ID = /^[0-9a-f][0-9a-f-]{7,63}$/i;
const API = /^\/api\/(sessions|ops|moderation)(?=\/|$)/;
const SESSION_PATH = /^\/api\/sessions\/([0-9a-z]{1,40})(?:\/|$)/;

function idsOf(request: Request): LineIds {
  const given = request.get('x-request-id') ?? '';
  const session = SESSION_PATH.exec(request.path)?.[1];
  const trace = parseTraceparent(request.get('traceparent'))?.traceId;
  return {
    request: REQUEST_ID.test(given) ? given : randomUUID(),
    ...(session === undefined ? {} : { session }),
    ...(trace === undefined ? {} : { trace }),
  };
}

/** The pattern that a request was for, never its address: that may hold secrets. */
function routeOf(request: Request): string {
  const { path } = (request.route ?? {}) as { path?: unknown };
  if (typeof path !== 'string') return 'none';
  // A router that has passed a fault on no longer says where it is.
  const base = request.baseUrl || (API.exec(request.originalUrl)?.[0] ?? '');
  return path.startsWith(base) ? path : `${base}${path}`;
}

/**
 * First of all routers: gives each request an id (that of `X-Request-Id`, where it is one), sends it back, takes its
 * `traceparent`, and has all lines carry both. Requests are told at level debug, those that failed at warn.
 */
export function requestLog(log: Logger): Router {
  const router = Router();
  router.use((request: Request, response: Response, next) => {
    const ids = idsOf(request);
    const startedAt = performance.now();
    response.set('X-Request-Id', ids.request);
    const scope = idScope(ids);
    response.once('close', () => {
      scope.end();
      const { statusCode: status } = response;
      const ms = Math.round(performance.now() - startedAt);
      const fields = { ...ids, method: request.method, route: routeOf(request), status, ms };
      log[status >= 500 ? 'warn' : 'debug'](fields, 'request-answered');
    });
    scope.run(next);
  });
  return router;
}

/** A command of a player on the command channel. */
interface CommandCall {
  /** Its name, or 'other'. */
  command: string;
  sessionId: string;
  playerId: string;
  /** As the client sent it with its ticket. */
  traceparent: string | undefined;
}

/** What a command came to, as far as the log is concerned. */
interface CommandEnd {
  ok: boolean;
  code?: string;
  value?: unknown;
}

/** Runs commands so that all lines written meanwhile carry their ids, and tells of each. */
export type AroundCommands = <T extends CommandEnd>(call: CommandCall, run: () => Promise<T>) => Promise<T>;

function turnOf({ value }: CommandEnd): string | null {
  if (typeof value !== 'object' || value === null || !('turnId' in value)) return null;
  return typeof value.turnId === 'string' ? value.turnId : null;
}

/** Whoever plays an X-card or gives a signal is named nowhere, not even by a hash. */
const NAMELESS = /^safety:/;

/** Commands are told at level debug, those that began a turn at info: from then on its id finds it. */
export function aroundCommands(of: {
  log: Logger;
  pseudonym: (playerId: string) => string;
  traces: TurnTraces;
}): AroundCommands {
  const { log, pseudonym, traces } = of;
  return async (call, run) => {
    const context = parseTraceparent(call.traceparent);
    const ids: LineIds = {
      request: randomUUID(),
      session: call.sessionId,
      ...(NAMELESS.test(call.command) ? {} : { player: pseudonym(call.playerId) }),
      ...(context === null ? {} : { trace: context.traceId }),
    };
    const scope = idScope(ids);
    const startedAt = performance.now();
    const answer = await scope.run(run).finally(scope.end);
    const turn = turnOf(answer);
    if (turn !== null && context !== null) traces.remember(turn, context);
    const ms = Math.round(performance.now() - startedAt);
    const fields = { ...ids, command: call.command, ok: answer.ok, code: answer.code, ms };
    if (turn === null) log.debug(fields, 'command-answered');
    else log.info({ ...fields, turn, trace: traces.of(turn).traceId }, 'command-answered');
    return answer;
  };
}
