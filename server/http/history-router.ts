import { setImmediate } from 'node:timers/promises';
import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { idSchema as id } from '../../sessions/ids.ts';
import { AppError } from '../../sessions/errors.ts';
import type { GenerationLog, Past } from '../../sessions/history-ports.ts';
import { memoryMap } from '../../sessions/memory-shape.ts';
import { pastView } from '../../sessions/past-view.ts';
import { isMaster } from '../../sessions/roles.ts';
import type { Session } from '../../sessions/session.ts';
import type { Sessions } from '../../sessions/sessions.ts';
import { passageMap, readPassage, type Passage } from '../../sessions/story-shape.ts';
import { sightView, type PassageSight } from '../history-sight.ts';
import { rateLimit } from './identity-guard.ts';
import { memberOf } from './member.ts';
import { countSchema, parseBody } from './parse-body.ts';

export interface HistoryRouterParts {
  sessions: Pick<Sessions, 'open'>;
  past: Past;
  generations: Pick<GenerationLog, 'find'>;
}

/** From one address: somebody who draws along the timeline asks a few times a second. */
const LOOKS_PER_MINUTE = 300;
/** Passages read of the live story before others get their turn. */
const PASSAGES_AT_ONCE = 200;

const momentSchema = z.union([z.strictObject({ time: countSchema }), z.strictObject({ seq: countSchema })], {
  error: 'Ask for one moment: time (epoch ms) or seq.',
});
const sightSchema = z.object({ alternative: id.optional() });

/** `/api/sessions/:id`: the story as it stood (B2), and what the narrator saw for a passage (E5). */
export function historyRouter({ sessions, past, generations }: HistoryRouterParts): Router {
  const router = Router();
  const limit = rateLimit(LOOKS_PER_MINUTE);

  router.get('/:id/history/at', limit, async (request: Request, response: Response) => {
    const { session } = await memberOf(request, sessions);
    const moment = parseBody(momentSchema, request.query);
    // Only what is stored can be looked at; what was just written is part of it.
    await session.kernel.journal.flush();
    if ('seq' in moment && moment.seq > session.kernel.journal.seq)
      throw new AppError('BAD_INPUT', { detail: 'seq: there is no such position yet' });
    const then = await past.storyAt(session.id, moment);
    if (then === null) throw new AppError('PAST_UNKNOWN');
    // Looking back may take seconds: what counts as out of sight is what is so by now.
    const live = await sessions.open(session.id);
    const passages = await livePassages(live, then.passages);
    const { sealed } = live.kernel.state.history;
    response.set('Cache-Control', 'no-store').json(pastView(then, { passages, sealed }));
  });

  router.get('/:id/passages/:passageId/saw', limit, async (request: Request, response: Response) => {
    const { session, player } = await memberOf(request, sessions);
    const passage = session.kernel.story.passage(String(request.params.passageId));
    const isForPlayer =
      passage !== null && !passage.isPurged && (passage.state === 'shown' || isMaster(player.role));
    if (!isForPlayer) throw new AppError('NOT_FOUND');
    const { alternative = passage.alternatives[passage.chosen]?.id ?? '' } = parseBody(
      sightSchema,
      request.query,
    );
    const record = await generations.find(session.id, passage.id, alternative);
    if (record === null) throw new AppError('NOT_FOUND');
    const { doc } = session.kernel.story;
    const viewer = {
      isMaster: isMaster(player.role),
      passage: (of: string) => sightOf(session, of),
      remembers: (itemId: string) => memoryMap(doc).has(itemId),
    };
    response.set('Cache-Control', 'no-store').json(sightView(record, viewer));
  });
  return router;
}

/** The live ones of some passages. Reading all texts of a long story takes a while: others get their turn between. */
async function livePassages(session: Session, of: readonly Pick<Passage, 'id'>[]): Promise<Passage[]> {
  const live: Passage[] = [];
  for (const [index, { id: passageId }] of of.entries()) {
    if (index % PASSAGES_AT_ONCE === PASSAGES_AT_ONCE - 1) await setImmediate();
    const map = passageMap(session.kernel.story.doc).get(passageId);
    if (map !== undefined) live.push(readPassage(passageId, map));
  }
  return live;
}

function sightOf({ kernel }: Session, passageId: string): PassageSight | null {
  const passage = passageMap(kernel.story.doc).get(passageId);
  if (passage === undefined) return null;
  return {
    isShown: passage.get('state') === 'shown',
    isPurged: passage.get('isPurged') === true,
    sealedUntil: kernel.state.history.sealed[passageId] ?? null,
  };
}
