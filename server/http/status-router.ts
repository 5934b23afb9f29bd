import { Router, type RequestHandler } from 'express';
import type { Narrator } from '../../sessions/ports.ts';
import type { Sessions } from '../../sessions/sessions.ts';
import type { Scrape } from '../metrics.ts';
import type { StatusBoard } from '../status-levels.ts';
import type { ModerationPanel } from '../moderation-reporter.ts';
import { rateLimit } from './identity-guard.ts';
import { sameAs, type OperatorDoor } from './operator-guard.ts';

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
  /** Answers a scrape for the formats that `Accept` names. */
  metrics: (accept: string) => Promise<Scrape>;
  /** The levels of `/status` and the checks of `/ready`. */
  board: StatusBoard;
  /** Who is told the reasons of `/status` too. */
  door: OperatorDoor;
}

/** Whoever sends one of these speaks for somebody else. */
const FORWARDING = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
];
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
  const isExpected = token === null ? null : sameAs(`Bearer ${token}`);
  return (request, response, next) => {
    const isFromHere =
      LOOPBACK.has(request.socket.remoteAddress ?? '') &&
      FORWARDING.every((name) => request.headers[name] === undefined);
    if (isExpected === null ? isFromHere : isExpected(request.headers.authorization ?? '')) return next();
    response
      .status(403)
      .type('text')
      .send('This is for operators: set METRICS_TOKEN and send it as a bearer.\n');
  };
}

const STATUS_PER_MINUTE = 120;

/** Everybody may see the colours; what is behind them is for operators. */
function addLevels(router: Router, board: StatusBoard, door: OperatorDoor): void {
  router.get('/status', rateLimit(STATUS_PER_MINUTE), async (request, response) => {
    const answer = await board.status();
    const isOperator = (await door.who(request)) !== null;
    const { basic, cognitive, integration } = answer.levels;
    const colours = {
      basic: { state: basic.state },
      cognitive: { state: cognitive.state },
      integration: { state: integration.state },
    };
    response.set('Cache-Control', 'no-store').json(isOperator ? answer : { at: answer.at, levels: colours });
  });
}

/**
 * `/health` (alive), `/ready` (may take players), `/status` (three levels), `/api/status` for the start page; for operators `/metrics` and
 * `/api/ops/status` with the queue and moderation.
 */
export function statusRouter(parts: StatusParts): Router {
  const router = Router();
  const { sessions, narrator } = parts;
  router.get('/health', (_request, response) => {
    response.json({ status: 'ok' });
  });
  router.get('/ready', async (_request, response) => {
    const answer = await parts.board.ready();
    response
      .status(answer.ready ? 200 : 503)
      .set('Cache-Control', 'no-store')
      .json(answer);
  });
  addLevels(router, parts.board, parts.door);
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
  router.get('/metrics', operatorsOnly(parts.metricsToken), async (request, response) => {
    const { contentType, text } = await parts.metrics(request.headers.accept ?? '');
    response.type(contentType).send(text);
  });
  return router;
}
