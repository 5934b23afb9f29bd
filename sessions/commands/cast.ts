import { refuse } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { isMaster } from '../roles.ts';
import type { CastMember } from '../state.ts';
import { accept, type DecideContext, type Decision, type Handler } from './decision.ts';

function changeMember(
  { state }: DecideContext,
  castId: string,
  change: (member: CastMember) => CastMember,
): Decision {
  if (!state.cast.some((member) => member.id === castId)) return refuse('CAST_UNKNOWN');
  const cast = state.cast.map((member) => (member.id === castId ? change(member) : member));
  return accept({ events: [{ type: 'cast-changed', cast }] });
}

/** Adds a member to the cast. */
export const addCast: Handler<'cast:add'> = ({ state, newId }, { name, description }) => {
  if (state.cast.length >= LIMITS.castLength) return refuse('CAST_FULL');
  const member: CastMember = { id: newId(), name, description, playerId: null, mayBeVoiced: false };
  return accept({
    events: [{ type: 'cast-changed', cast: [...state.cast, member] }],
    value: { castId: member.id },
  });
};

/** Changes a member's name and description. */
export const changeCast: Handler<'cast:change'> = (context, { castId, name, description }) =>
  changeMember(context, castId, (member) => ({ ...member, name, description }));

/** Takes a member out of the cast. */
export const removeCast: Handler<'cast:remove'> = ({ state }, { castId }) => {
  if (!state.cast.some((member) => member.id === castId)) return refuse('CAST_UNKNOWN');
  return accept({
    events: [{ type: 'cast-changed', cast: state.cast.filter((member) => member.id !== castId) }],
  });
};

/** Takes a free cast member as one's own character, or gives one's own back; game masters may free any. */
export const playCast: Handler<'cast:play'> = (context, { castId, isMine }) => {
  const { player } = context;
  const member = context.state.cast.find((candidate) => candidate.id === castId);
  const isOthers = member?.playerId != null && member.playerId !== player.id;
  if (isOthers && (isMine || !isMaster(player.role))) {
    return refuse('ROLE_FORBIDS', 'Somebody else plays that character.');
  }
  // N4: a character is protected from the moment somebody plays it.
  return changeMember(context, castId, (old) => ({
    ...old,
    playerId: isMine ? player.id : null,
    mayBeVoiced: false,
  }));
};

/** Lets the narrator voice one's own character, or stops that. Only its player decides. */
export const voiceCast: Handler<'cast:voice'> = (context, { castId, mayBeVoiced }) => {
  const member = context.state.cast.find((candidate) => candidate.id === castId);
  if (member !== undefined && member.playerId !== context.player.id) {
    return refuse('ROLE_FORBIDS', 'Only the player of a character decides that.');
  }
  return changeMember(context, castId, (old) => ({ ...old, mayBeVoiced }));
};
