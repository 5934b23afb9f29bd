import { Router, type Request, type Response } from 'express';
import { refuse } from '../../sessions/errors.ts';
import { isMaster } from '../../sessions/roles.ts';
import type { Sessions } from '../../sessions/sessions.ts';
import { sendRefusal } from './app.ts';
import { rateLimit } from './identity-guard.ts';
import { memberOf } from './member.ts';

const REQUESTS_PER_MINUTE = 120;

/** `GET /api/sessions/:id/health`: what the game masters' console shows, for programs of theirs. ROLE_FORBIDS for others. */
export function healthRouter({ sessions }: { sessions: Pick<Sessions, 'open'> }): Router {
  const router = Router();
  router.get('/:id/health', rateLimit(REQUESTS_PER_MINUTE), async (request: Request, response: Response) => {
    const { session, player } = await memberOf(request, sessions);
    if (!isMaster(player.role)) return sendRefusal(response, refuse('ROLE_FORBIDS'));
    response.set('Cache-Control', 'no-store').json(session.monitorView());
  });
  return router;
}
