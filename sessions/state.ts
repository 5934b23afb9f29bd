import { z } from 'zod';
import {
  draftVisibilitySchema,
  invitedRoleSchema,
  ratingSchema,
  roleSchema,
  turnModeSchema,
  type Role,
} from './protocol.ts';
import { can } from './roles.ts';
import { historySchema, newHistory } from './history-state.ts';
import { monitorSchema, newMonitorState } from './monitor-state.ts';
import { newSafety, safetySchema } from './safety-state.ts';

// The persisted shapes. They are parsed with zod when a session is loaded, so that a damaged row is noticed
// at the door and not in the middle of a game.

export const playerSchema = z.object({
  id: z.string(),
  name: z.string(),
  role: roleSchema,
  colour: z.number().int(),
  /** SHA-256 of the browser identity; null: nobody can come back as this player without recovery. */
  identityHash: z.string().nullable(),
  recoveryHash: z.string().nullable(),
  joinedAt: z.number(),
  isGone: z.boolean(),
});
export type Player = z.infer<typeof playerSchema>;

export const inviteSchema = z.object({
  id: z.string(),
  role: invitedRoleSchema,
  secretHash: z.string(),
  createdAt: z.number(),
  expiresAt: z.number(),
  isRevoked: z.boolean(),
  uses: z.number().int(),
});
export type Invite = z.infer<typeof inviteSchema>;

export const castMemberSchema = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  playerId: z.string().nullable(),
  mayBeVoiced: z.boolean(),
});
export type CastMember = z.infer<typeof castMemberSchema>;

export const turnSchema = z.object({
  mode: turnModeSchema,
  order: z.array(z.string()),
  current: z.string().nullable(),
  timerSeconds: z.number().nullable(),
  deadline: z.number().nullable(),
  round: z.number().int(),
});
/** Whose turn it is; see turns.ts for the rules. */
export type Turn = z.infer<typeof turnSchema>;

export const draftSchema = z.object({
  id: z.string(),
  turnId: z.string(),
  openedBy: z.string(),
  openedAt: z.number(),
  replaces: z.string().nullable(),
  visibility: draftVisibilitySchema,
  submittedAt: z.number().nullable(),
  /** A game master writes it as the narrator. */
  asNarrator: z.boolean().default(false),
  /** Kept from other eyes by the screen, though drafts are live here. */
  isShielded: z.boolean().default(false),
  /** An X-card was played on it: it opens to nobody, and game masters see it before it goes into the story. */
  isCarded: z.boolean().default(false),
  /** The rollback that took its passage away; what was typed stays with its opener. */
  keptFrom: z.string().nullable().default(null),
  /** That passage: when it is purged, what was typed over it goes too. */
  keptOf: z.string().nullable().default(null),
  /** Yjs client id -> player id (or `narrator` for reopened narrator text): verified authorship. */
  clients: z.record(z.string(), z.string()),
});
export type Draft = z.infer<typeof draftSchema>;

export const narratorTurnSchema = z.object({
  turnId: z.string(),
  askedBy: z.string(),
  askedAt: z.number(),
  state: z.enum(['queued', 'generating']),
  /** Set for a retry from the start, else from the first sentence on. */
  passageId: z.string().nullable(),
  /** The alternative being written; null: nothing written yet. */
  alternativeId: z.string().nullable(),
  direction: z.string().nullable(),
  castId: z.string().nullable(),
  maxTokens: z.number().nullable(),
  /** It was queued again after a restart; that happens once (N13). Journals from before that do not say. */
  isResumed: z.boolean().default(false),
});
export type NarratorTurnState = z.infer<typeof narratorTurnSchema>;

export const talkLineSchema = z.object({ id: z.string(), by: z.string(), at: z.number(), text: z.string() });

export const settingsSchema = z.object({
  title: z.string(),
  premise: z.string(),
  rating: ratingSchema,
  draftVisibility: draftVisibilitySchema,
  autoCommitIdleMs: z.number().nullable(),
});

export const sessionStateSchema = z.object({
  id: z.string(),
  createdAt: z.number(),
  /** SHA-256 of the browser identity that created the session. */
  tenantId: z.string(),
  settings: settingsSchema,
  players: z.record(z.string(), playerSchema),
  invites: z.record(z.string(), inviteSchema),
  cast: z.array(castMemberSchema),
  turn: turnSchema,
  drafts: z.record(z.string(), draftSchema),
  narratorTurns: z.array(narratorTurnSchema),
  talk: z.array(talkLineSchema),
  /** Journals from before moderation have none. */
  safety: safetySchema.default(newSafety),
  /** Nor those from before rollbacks this. */
  history: historySchema.default(newHistory),
  /** Nor those from before monitors this. */
  monitor: monitorSchema.default(newMonitorState),
});
/** Everything about a session but its documents. A fold of its events (events.ts). */
export type SessionState = z.infer<typeof sessionStateSchema>;

/** What a record itself holds under an id from outside: never what every object inherits (`constructor`). */
export function entryOf<T>(record: Readonly<Record<string, T>>, id: string): T | undefined {
  return Object.hasOwn(record, id) ? record[id] : undefined;
}

/** A player who is still in the session; null: unknown or gone. */
export function activePlayer(state: SessionState, playerId: string): Player | null {
  const player = entryOf(state.players, playerId);
  return player === undefined || player.isGone ? null : player;
}

/** Who may type in a draft by the turn rules; 'all' = every active writer. A submitted draft is frozen. */
export function draftWriters(state: SessionState, draft: Draft): 'all' | string[] {
  if (draft.submittedAt !== null) return [];
  return state.turn.mode === 'free' && draft.visibility === 'live' && !draft.isShielded
    ? 'all'
    : [draft.openedBy];
}

/** Whether a player may type in a draft now. */
export function mayWrite(state: SessionState, draft: Draft, playerId: string): boolean {
  const player = activePlayer(state, playerId);
  if (player === null || !can(player.role, 'write')) return false;
  if (entryOf(state.safety.standings, playerId)?.isReadOnly === true) return false;
  const writers = draftWriters(state, draft);
  return writers === 'all' || writers.includes(playerId);
}

/**
 * Whether a player may read a draft: everybody a live one, its writers and game masters a private one; what is kept from
 * a passage that was taken back is its writer's alone (K7).
 */
export function mayRead(state: SessionState, draft: Draft, playerId: string): boolean {
  const player = activePlayer(state, playerId);
  if (player === null) return false;
  if (draft.keptFrom !== null) return draft.openedBy === playerId;
  const isOpen = draft.visibility === 'live' && !draft.isShielded;
  return isOpen || draft.openedBy === playerId || can(player.role, 'read-private-drafts');
}

/** Whether a player may delete words of others in a draft: its opener and game masters. */
export function mayDeleteForeign(state: SessionState, draft: Draft, playerId: string): boolean {
  const player = activePlayer(state, playerId);
  return player !== null && (draft.openedBy === playerId || can(player.role, 'edit-any-passage'));
}

/** The active player of a browser identity, or null. */
export function playerOfIdentity(state: SessionState, identityHash: string): Player | null {
  return Object.values(state.players).find((player) => player.identityHash === identityHash) ?? null;
}

/** Whether a role change of players matters to turn order: true for those who can write. */
export function isWriterRole(role: Role): boolean {
  return can(role, 'write');
}
