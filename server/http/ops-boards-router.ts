import { Router, type Request, type RequestHandler, type Response } from 'express';
import { z } from 'zod';
import { AppError } from '../../sessions/errors.ts';
import { BOARDS, type BoardData, type BoardId, type SloReport } from '../../sessions/ops-view.ts';
import { rateLimit } from './identity-guard.ts';
import { countSchema, parseBody } from './parse-body.ts';

interface BoardParts {
  /** Lets operators through. */
  guard: RequestHandler;
  board: (id: BoardId, minutes: number) => BoardData;
  objectives: () => SloReport[];
  agreements: () => SloReport[];
}

/** A board takes tens of milliseconds to make. */
const REQUESTS_PER_MINUTE = 240;
/** What the history holds, and less than which no rate can be told from. */
const MINUTES = { least: 5, usual: 60, most: 48 * 60 } as const;

const boardSchema = z.object({
  minutes: countSchema.pipe(z.number().min(MINUTES.least).max(MINUTES.most)).default(MINUTES.usual),
});

function boardOf(request: Request): BoardId {
  const id = BOARDS.find((each) => each === request.params.id);
  if (id === undefined) throw new AppError('NOT_FOUND', { detail: `There are: ${BOARDS.join(', ')}.` });
  return id;
}

/**
 * `/api/ops`: `GET /boards/:id?minutes=60`, `GET /slo` for the objectives and `GET /sla` for what is agreed. Refuses with
 * what the guard says, RATE_LIMITED, NOT_FOUND for a board that does not exist and BAD_INPUT for minutes out of bounds.
 */
export function opsBoardsRouter({ guard, board, objectives, agreements }: BoardParts): Router {
  const router = Router();
  const guards = [guard, rateLimit(REQUESTS_PER_MINUTE)];
  router.get('/boards/:id', guards, (request: Request, response: Response) => {
    const id = boardOf(request);
    const { minutes } = parseBody(boardSchema, request.query);
    response.set('Cache-Control', 'no-store').json(board(id, minutes));
  });
  router.get('/slo', guards, (_request: Request, response: Response) => {
    response.set('Cache-Control', 'no-store').json(objectives());
  });
  router.get('/sla', guards, (_request: Request, response: Response) => {
    response.set('Cache-Control', 'no-store').json(agreements());
  });
  return router;
}
