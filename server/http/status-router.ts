import { Router, type RequestHandler } from 'express';
import type { Narrator } from '../../sessions/ports.ts';
import type { Sessions } from '../../sessions/sessions.ts';
import type { ModerationPanel } from '../moderation-reporter.ts';

export interface StatusParts {
  sessions: Sessions;
  narrator: Narrator;
  version: string;
  /** False from the moment shutdown begins. */
  isServing: () => boolean;
  queue: () => QueuePanel;
  moderation: () => ModerationPanel;
  /** Bearer token for /metrics and /api/ops; null: loopback addresses only. */
  metricsToken: string | null;
  metrics: { contentType: string; metrics: () => Promise<string> };
}

const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/** What operators see of the queue beside its metrics; ids are shortened hashes. */
export interface QueuePanel {
  policy: string;
  waiting: number;
  running: number;
  oldestWaitMs: number;
  isShort: boolean;
  unitsPerSecond: number | null;
  spread: number;
  bound: number | null;
  jain: number;
  sessions: { tenant: string; session: string; weight: number; received: number; share: number }[];
}

/** Lets only those through who hold the token, or, without one, who ask from this very machine. */
function operatorsOnly(token: string | null): RequestHandler {
  return (request, response, next) => {
    const isAllowed =
      token === null
        ? LOOPBACK.has(request.socket.remoteAddress ?? '') && request.headers['x-forwarded-for'] === undefined
        : request.headers.authorization === `Bearer ${token}`;
    if (isAllowed) return next();
    response
      .status(403)
      .type('text')
      .send('This is for operators: set METRICS_TOKEN and send it as a bearer.\n');
  };
}

/**
 * `/health` (alive), `/ready` (may take players), `/api/status` for the start page; for operators `/metrics` and
 * `/api/ops/status` with the queue and moderation.
 */
export function statusRouter(parts: StatusParts): Router {
  const router = Router();
  const { sessions, narrator } = parts;
  router.get('/health', (_request, response) => {
    response.json({ status: 'ok' });
  });
  router.get('/ready', (_request, response) => {
    const isReady = parts.isServing() && sessions.storeWorks;
    response.status(isReady ? 200 : 503).json({
      ready: isReady,
      checks: { serving: parts.isServing(), store: sessions.storeWorks, narrator: narrator.status().status },
    });
  });
  router.get('/api/status', (_request, response) => {
    response.json({ version: parts.version, narrator: narrator.status() });
  });
  router.get('/api/ops/status', operatorsOnly(parts.metricsToken), (_request, response) => {
    const { version, queue, moderation } = parts;
    response.json({
      version,
      narrator: narrator.status(),
      sessions: sessions.counts(),
      queue: queue(),
      moderation: moderation(),
    });
  });
  router.get('/metrics', operatorsOnly(parts.metricsToken), async (_request, response) => {
    response.type(parts.metrics.contentType).send(await parts.metrics.metrics());
  });
  return router;
}
