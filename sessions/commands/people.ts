import { refuse } from '../errors.ts';
import type { SessionEvent } from '../events.ts';
import { activePlayer, entryOf, isWriterRole, type CastMember } from '../state.ts';
import { addPlayer, dropPlayer } from '../turns.ts';
import { accept, type DecideContext, type Handler } from './decision.ts';

/** Whether an active player, other than `exceptId`, has this name; case and accents as written by NFC do not tell names apart. */
export function isNameTaken(
  context: Pick<DecideContext, 'state'>,
  name: string,
  exceptId: string | null,
): boolean {
  const wanted = name.toLocaleLowerCase();
  return Object.values(context.state.players).some(
    (player) => !player.isGone && player.id !== exceptId && player.name.toLocaleLowerCase() === wanted,
  );
}

/** Changes one's own display name. */
export const renamePlayer: Handler<'player:rename'> = (context, { name }) => {
  const { player } = context;
  if (isNameTaken(context, name, player.id)) return refuse('NAME_TAKEN');
  return accept({ events: [{ type: 'player-renamed', playerId: player.id, name }] });
};

/** Gives a player another role; the owner's stays. Their sockets are closed by the session, to join anew. */
export const changeRole: Handler<'player:role'> = ({ state, isPresent, now }, { playerId, role }) => {
  const player = activePlayer(state, playerId);
  if (player === null) return refuse('PLAYER_UNKNOWN');
  if (player.role === 'owner') return refuse('OWNER_STAYS');
  const events: SessionEvent[] = [{ type: 'player-role-changed', playerId, role }];
  const turn = isWriterRole(role)
    ? addPlayer(state.turn, playerId, now)
    : dropPlayer(state.turn, playerId, isPresent, now);
  if (turn !== state.turn) events.push({ type: 'turn-changed', turn });
  return accept({ events });
};

/** Removes a player from the session. Their words stay theirs; their open drafts are closed by a game master. */
export const removePlayer: Handler<'player:remove'> = ({ state, player, isPresent, now }, { playerId }) => {
  const removed = activePlayer(state, playerId);
  if (removed === null) return refuse('PLAYER_UNKNOWN');
  if (removed.role === 'owner') return refuse('OWNER_STAYS');
  if (removed.role === 'gm' && player.role !== 'owner') return refuse('ROLE_FORBIDS');
  const events: SessionEvent[] = [{ type: 'player-removed', playerId }];
  const turn = dropPlayer(state.turn, playerId, isPresent, now);
  if (turn !== state.turn) events.push({ type: 'turn-changed', turn });
  const cast = state.cast.map((member) => (member.playerId === playerId ? freed(member) : member));
  if (state.cast.some((member) => member.playerId === playerId)) events.push({ type: 'cast-changed', cast });
  return accept({ events });
};

/** Lets a removed player back in, under their name if nobody has taken it. */
export const readmitPlayer: Handler<'player:readmit'> = (context, { playerId }) => {
  const { state, now } = context;
  const player = entryOf(state.players, playerId);
  // Authors known only from an imported archive never were here.
  if (player === undefined || !player.isGone || player.identityHash === null) return refuse('PLAYER_UNKNOWN');
  if (isNameTaken(context, player.name, null)) return refuse('NAME_TAKEN');
  const events: SessionEvent[] = [{ type: 'player-readmitted', playerId }];
  if (isWriterRole(player.role))
    events.push({ type: 'turn-changed', turn: addPlayer(state.turn, playerId, now) });
  return accept({ events });
};

function freed(member: CastMember): CastMember {
  return { ...member, playerId: null, mayBeVoiced: false };
}
