import type { Request } from 'express';
import { AppError } from '../../sessions/errors.ts';
import type { Session } from '../../sessions/session.ts';
import type { Sessions } from '../../sessions/sessions.ts';
import { playerOfIdentity, type Player } from '../../sessions/state.ts';
import { identityOf } from './identity-guard.ts';

type OpenSessions = Pick<Sessions, 'open'>;

/** The session of `/:id`. Throws AppError SESSION_UNKNOWN. */
export function sessionOf(request: Request, sessions: OpenSessions): Promise<Session> {
  const id = request.params.id;
  if (typeof id !== 'string' || !/^[0-9a-z]{1,40}$/.test(id)) throw new AppError('SESSION_UNKNOWN');
  return sessions.open(id);
}

/** The session of `/:id` and who asks. Throws AppError INVITE_NEEDED or PLAYER_REMOVED unless that is a player of it. */
export async function memberOf(
  request: Request,
  sessions: OpenSessions,
): Promise<{ session: Session; player: Player }> {
  const session = await sessionOf(request, sessions);
  const identityHash = identityOf(request);
  const player = identityHash === null ? null : playerOfIdentity(session.kernel.state, identityHash);
  if (player === null) throw new AppError('INVITE_NEEDED');
  if (player.isGone) throw new AppError('PLAYER_REMOVED');
  return { session, player };
}
