import { newInvite, newPlayer } from './commands/membership.ts';
import { newId, newSecret, type Random } from './ids.ts';
import type { CreateAnswer, CreateSession, InvitedRole } from './protocol.ts';
import { hashSecret } from './secrets.ts';
import { newHistory } from './history-state.ts';
import { newMonitorState } from './monitor-state.ts';
import { newSafety } from './safety-state.ts';
import type { SessionState } from './state.ts';
import { startTurns } from './turns.ts';

/** How long the invite links of a new session work, ms. */
const FIRST_INVITES_MS = 7 * 24 * 3_600_000;
const INVITED_ROLES: readonly InvitedRole[] = ['gm', 'writer', 'spectator'];

/** The first state of a session (R1), and what its owner is told once: recovery secret and invite links. */
export function newSession(
  input: CreateSession,
  of: { sessionId: string; identityHash: string; now: number; random: Random },
): { state: SessionState; answer: CreateAnswer } {
  const { sessionId, identityHash, now, random } = of;
  const recoverySecret = newSecret(random);
  const owner = newPlayer(
    { players: {} },
    {
      id: newId(random),
      name: input.ownerName,
      role: 'owner',
      identityHash,
      recoveryHash: hashSecret(recoverySecret),
      joinedAt: now,
    },
  );
  const expiresAt = now + FIRST_INVITES_MS;
  const invites = INVITED_ROLES.map((role) => ({
    id: newId(random),
    role,
    secret: newSecret(random),
    expiresAt,
  }));
  const state: SessionState = {
    id: sessionId,
    createdAt: now,
    tenantId: identityHash,
    settings: {
      title: input.title,
      premise: input.premise,
      rating: input.rating,
      draftVisibility: input.draftVisibility,
      autoCommitIdleMs: input.autoCommitIdleMs,
    },
    players: { [owner.id]: owner },
    invites: Object.fromEntries(
      invites.map(({ id, role, secret }) => [
        id,
        newInvite({ id, role, secretHash: hashSecret(secret), createdAt: now, expiresAt }),
      ]),
    ),
    cast: input.cast.map((member) => ({ id: newId(random), ...member, playerId: null, mayBeVoiced: false })),
    turn: startTurns(input.turnMode, input.timerSeconds, [owner.id], now),
    drafts: {},
    narratorTurns: [],
    talk: [],
    safety: newSafety(),
    history: newHistory(),
    monitor: newMonitorState(),
  };
  const links = invites.map(({ role, secret }) => ({ role, secret, expiresAt }));
  return { state, answer: { sessionId, recoverySecret, invites: links } };
}
