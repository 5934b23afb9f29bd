import { refuse, type Refusal } from '../errors.ts';
import type { SessionEvent } from '../events.ts';
import { LIMITS } from '../limits.ts';
import type { InvitedRole, Role } from '../protocol.ts';
import { isWriterRole, playerOfIdentity, type Invite, type Player, type SessionState } from '../state.ts';
import { addPlayer } from '../turns.ts';
import { isNameTaken } from './people.ts';

/** Author colours there are; players share them in turn beyond that. */
const COLOURS = 12;

/** Who asks to come in. Hashes are SHA-256, see secrets.ts. */
export interface JoinRequest {
  identityHash: string;
  name: string | null;
  inviteHash: string | null;
}

export type JoinDecision = { ok: true; playerId: string; role: Role; events: SessionEvent[] } | Refusal;

/** The invite behind a secret's hash, if it still lets people in. */
export function usableInvite(state: SessionState, inviteHash: string, now: number): Invite | Refusal {
  const invite = Object.values(state.invites).find((candidate) => candidate.secretHash === inviteHash);
  if (invite === undefined) return refuse('INVITE_INVALID');
  if (invite.isRevoked) return refuse('INVITE_REVOKED');
  return invite.expiresAt <= now ? refuse('INVITE_EXPIRED') : invite;
}

/** A new player with the least used colour. */
export function newPlayer(
  state: Pick<SessionState, 'players'>,
  of: Pick<Player, 'id' | 'name' | 'role' | 'identityHash' | 'recoveryHash' | 'joinedAt'>,
): Player {
  const used = new Array<number>(COLOURS).fill(0);
  for (const player of Object.values(state.players))
    used[player.colour % COLOURS] = (used[player.colour % COLOURS] ?? 0) + 1;
  return { ...of, colour: used.indexOf(Math.min(...used)), isGone: false };
}

/** R2: a known browser comes back as the same player; a new one needs an invite and a free name. */
export function decideJoin(
  state: SessionState,
  request: JoinRequest,
  of: { now: number; playerId: string },
): JoinDecision {
  const known = playerOfIdentity(state, request.identityHash);
  if (known?.isGone === true) return refuse('PLAYER_REMOVED');
  if (known !== null) return { ok: true, playerId: known.id, role: known.role, events: [] };
  if (request.inviteHash === null) return refuse('INVITE_NEEDED');
  const invite = usableInvite(state, request.inviteHash, of.now);
  if ('ok' in invite) return invite;
  const { name } = request;
  if (name === null) return refuse('NAME_NEEDED');
  if (Object.values(state.players).filter((player) => !player.isGone).length >= LIMITS.players)
    return refuse('SESSION_FULL');
  if (isNameTaken({ state }, name, null)) return refuse('NAME_TAKEN');
  const player = newPlayer(state, {
    id: of.playerId,
    name,
    role: invite.role,
    identityHash: request.identityHash,
    recoveryHash: null,
    joinedAt: of.now,
  });
  const events: SessionEvent[] = [{ type: 'player-joined', player, inviteId: invite.id }];
  if (isWriterRole(invite.role)) {
    events.push({ type: 'turn-changed', turn: addPlayer(state.turn, player.id, of.now) });
  }
  return { ok: true, playerId: player.id, role: player.role, events };
}

/** R4: the recovery link moves a player to this browser; it works once and is replaced by a new one. */
export function decideRecovery(
  state: SessionState,
  request: { identityHash: string; recoveryHash: string; nextRecoveryHash: string },
): JoinDecision {
  const player = Object.values(state.players).find(
    (candidate) => !candidate.isGone && candidate.recoveryHash === request.recoveryHash,
  );
  if (player === undefined) return refuse('RECOVERY_INVALID');
  const { identityHash, nextRecoveryHash: recoveryHash } = request;
  const other = playerOfIdentity(state, identityHash);
  if (other !== null && other.id !== player.id) {
    return refuse(
      'RECOVERY_INVALID',
      'This browser is already another player of the session. Use a fresh one.',
    );
  }
  return {
    ok: true,
    playerId: player.id,
    role: player.role,
    events: [{ type: 'player-recovered', playerId: player.id, identityHash, recoveryHash }],
  };
}

/** An invite for a role, from now until `expiresAt`. */
export function newInvite(of: {
  id: string;
  role: InvitedRole;
  secretHash: string;
  createdAt: number;
  expiresAt: number;
}): Invite {
  return { ...of, isRevoked: false, uses: 0 };
}
