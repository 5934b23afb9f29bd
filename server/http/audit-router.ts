import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { json, Router, type Request, type RequestHandler, type Response } from 'express';
import { z } from 'zod';
import { AppError } from '../../sessions/errors.ts';
import { idSchema } from '../../sessions/ids.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import { ERASE_REASONS } from '../audit/group-builder.ts';
import { rateLimit } from './identity-guard.ts';
import { countSchema, parseBody } from './parse-body.ts';

export interface AuditRouterParts {
  audit: Pick<AuditLog, 'checkpoint' | 'proof' | 'consistency' | 'export' | 'verify' | 'erase'>;
  /** Lets only operators through. */
  guard: RequestHandler;
}

const REQUESTS_PER_MINUTE = 600;

const exportSchema = z.union([
  z.strictObject({ session: idSchema, text: z.literal('1').optional() }),
  z.strictObject({ from: countSchema, to: countSchema, text: z.literal('1').optional() }),
]);
const rangeSchema = z.object({ from: countSchema, to: countSchema });
const eraseSchema = z.strictObject({
  sessionId: idSchema,
  /** Null: what the narrator wrote there. */
  playerId: idSchema.nullable(),
  reason: z.enum(ERASE_REASONS),
});

/** `/api/ops/audit`: checkpoints, proofs, exports, verification and erasure, for operators only. */
export function auditRouter({ audit, guard: operators }: AuditRouterParts): Router {
  const router = Router();
  const guard = [operators, rateLimit(REQUESTS_PER_MINUTE)];
  const small = json({ limit: 16 * 1024 });

  router.get('/checkpoint', guard, async (_request: Request, response: Response) => {
    const { vkey, checkpoint } = await audit.checkpoint();
    response.set('Cache-Control', 'no-store').json({ vkey, ...(checkpoint ?? { size: 0, note: null }) });
  });
  router.get('/proof/:index', guard, async (request: Request, response: Response) => {
    const index = countSchema.safeParse(request.params.index);
    const proof = index.success ? await audit.proof(index.data) : null;
    if (proof === null) throw new AppError('NOT_FOUND', { detail: 'There is no such record.' });
    response.json(proof);
  });
  router.get('/consistency', guard, async (request: Request, response: Response) => {
    const { from, to } = parseBody(rangeSchema, request.query);
    const proof = await audit.consistency(from, to);
    if (proof === null) throw new AppError('BAD_INPUT', { detail: 'to: the log is not so long.' });
    response.json(proof);
  });
  router.get('/export', guard, async (request: Request, response: Response) => {
    const { text, ...of } = parseBody(exportSchema, request.query);
    await sendBundle(response, audit.export(of, text === '1'));
  });
  router.post('/verify', guard, async (_request: Request, response: Response) => {
    response.json(await audit.verify());
  });
  router.post('/erase', guard, small, async (request: Request, response: Response) => {
    const receipt = await audit.erase(parseBody(eraseSchema, request.body));
    if (receipt === null)
      throw new AppError('PLAYER_UNKNOWN', { detail: 'There is no text of theirs that can still be read.' });
    response.json(receipt);
  });
  return router;
}

/** As fast as it is read. A fault before the first line is answered as one. */
async function sendBundle(response: Response, lines: AsyncGenerator<string>): Promise<void> {
  const first = await lines.next();
  async function* all(): AsyncGenerator<string> {
    if (first.done !== true) yield first.value;
    yield* lines;
  }
  response.set('Content-Disposition', 'attachment; filename=audit.jsonl').set('Cache-Control', 'no-store');
  response.type('application/x-ndjson');
  try {
    await pipeline(Readable.from(all()), response);
  } catch (error) {
    // Who asked has gone: nobody is left to be told.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}
