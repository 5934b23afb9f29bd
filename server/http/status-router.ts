import { Router, type RequestHandler } from 'express';
import type { Narrator } from '../../sessions/ports.ts';
import type { Sessions } from '../../sessions/sessions.ts';

export interface StatusParts {
  sessions: Sessions;
  narrator: Narrator;
  version: string;
  /** False from the moment shutdown begins. */
  isServing: () => boolean;
  /** Bearer token for /metrics; null: loopback addresses only. */
  metricsToken: string | null;
  metrics: { contentType: string; metrics: () => Promise<string> };
}

const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/** Lets only those read metrics who hold the token, or, without one, who ask from this very machine. */
function metricsGuard(token: string | null): RequestHandler {
  return (request, response, next) => {
    const isAllowed =
      token === null
        ? LOOPBACK.has(request.socket.remoteAddress ?? '') && request.headers['x-forwarded-for'] === undefined
        : request.headers.authorization === `Bearer ${token}`;
    if (isAllowed) return next();
    response
      .status(403)
      .type('text')
      .send('Metrics are for operators: set METRICS_TOKEN and send it as a bearer.\n');
  };
}

/** `/health` (alive), `/ready` (may take players), `/metrics`, and `/api/status` for the start page. */
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
  router.get('/metrics', metricsGuard(parts.metricsToken), async (_request, response) => {
    response.type(parts.metrics.contentType).send(await parts.metrics.metrics());
  });
  return router;
}
