import { z } from 'zod';
import { LIMITS } from './limits.ts';
import { cleanLine, cleanText } from './text.ts';

const line = (min: number, max: number) =>
  z
    .string()
    .max(max * 4)
    .transform(cleanLine)
    .pipe(z.string().min(min).max(max));
const block = (max: number) =>
  z
    .string()
    .max(max * 4)
    .transform((text) => cleanText(text).trim())
    .pipe(z.string().max(max));
const id = z.string().regex(/^[0-9a-z]{1,40}$/);

export const roleSchema = z.enum(['owner', 'gm', 'writer', 'spectator']);
export const invitedRoleSchema = z.enum(['gm', 'writer', 'spectator']);
export const ratingSchema = z.enum(['everyone', 'teen', 'mature']);
export const turnModeSchema = z.enum(['free', 'ordered', 'round', 'gm-calls']);
export const draftVisibilitySchema = z.enum(['live', 'private']);
export type Role = z.infer<typeof roleSchema>;
export type InvitedRole = z.infer<typeof invitedRoleSchema>;
export type Rating = z.infer<typeof ratingSchema>;
export type TurnMode = z.infer<typeof turnModeSchema>;
export type DraftVisibility = z.infer<typeof draftVisibilitySchema>;

export const nameSchema = line(1, LIMITS.nameLength);
const title = line(1, LIMITS.titleLength);
const premise = block(LIMITS.premiseLength);
const castDescription = line(0, LIMITS.castDescriptionLength);
const timerSeconds = z.number().int().min(10).max(86_400).nullable();
const autoCommitIdleMs = z.number().int().min(2_000).max(600_000).nullable();
const secret = z.string().regex(/^[0-9a-f]{32}$/);

/** Body of `POST /api/sessions`. */
export const createSessionSchema = z.object({
  title,
  premise: premise.default(''),
  cast: z
    .array(z.object({ name: nameSchema, description: castDescription.default('') }))
    .max(LIMITS.castLength)
    .default([]),
  rating: ratingSchema.default('teen'),
  turnMode: turnModeSchema.default('free'),
  timerSeconds: timerSeconds.default(null),
  draftVisibility: draftVisibilitySchema.default('live'),
  autoCommitIdleMs: autoCommitIdleMs.default(null),
  ownerName: nameSchema,
});
export type CreateSession = z.infer<typeof createSessionSchema>;

/** Body of `POST /api/sessions/:id/join`. A returning browser needs neither; a newcomer needs both. */
export const joinSchema = z.object({ name: nameSchema.nullish(), invite: secret.nullish() });
/** Body of `POST /api/sessions/:id/recover`. */
export const recoverSchema = z.object({ secret });
/** Body of `POST /api/sessions/:id/invites`. */
export const createInviteSchema = z.object({
  role: invitedRoleSchema,
  expiresInHours: z
    .number()
    .int()
    .min(1)
    .max(24 * 90)
    .default(24 * 7),
});

/** Answer of join and recover: who you are here, and the pass for both sockets. */
export interface JoinAnswer {
  playerId: string;
  role: Role;
  /** Opens `/socket.io` (auth.ticket) and `/collab` (query `ticket`). */
  ticket: string;
  /** Epoch ms; ask for a new one before that. Open sockets are not cut when it passes. */
  ticketExpiresAt: number;
}

/** Answer of create and import: the session, its invite links, and the recovery secret, shown this once. */
export interface CreateAnswer {
  sessionId: string;
  recoverySecret: string;
  invites: { role: InvitedRole; secret: string; expiresAt: number }[];
}

/** An invite as game masters see it; the secret is known only at its creation. */
export interface InviteView {
  id: string;
  role: InvitedRole;
  createdAt: number;
  expiresAt: number;
  isRevoked: boolean;
  uses: number;
}

/**
 * Every command of the Socket.IO channel: event name -> payload. Each is answered by an ack, either
 * `{ok: true, value}` or a `Refusal`.
 */
export const COMMANDS = {
  'draft:open': z.object({}),
  'draft:commit': z.object({ draftId: id }),
  'draft:discard': z.object({ draftId: id }),
  'passage:reopen': z.object({ passageId: id }),
  'passage:strike': z.object({ passageId: id }),
  'passage:restore': z.object({ passageId: id }),
  'passage:choose': z.object({ passageId: id, alternativeId: id }),
  'turn:submit': z.object({ draftId: id }),
  'turn:withdraw': z.object({ draftId: id }),
  'turn:resolve': z.object({}),
  'turn:pass': z.object({}),
  'turn:give': z.object({ playerId: id }),
  'turn:reorder': z.object({ order: z.array(id).max(LIMITS.players) }),
  'turn:mode': z.object({ mode: turnModeSchema, timerSeconds: timerSeconds.default(null) }),
  'narrator:ask': z.object({
    direction: block(LIMITS.directionLength).nullish(),
    castId: id.nullish(),
    /** Tokens to sample at most; the server clips it to its cap (S2.20). */
    maxTokens: z.number().int().min(16).max(4_096).nullish(),
  }),
  'narrator:retry': z.object({ passageId: id }),
  'narrator:stop': z.object({ turnId: id }),
  'talk:say': z.object({ text: line(1, LIMITS.talkLength) }),
  'session:settings': z.object({
    title: title.optional(),
    premise: premise.optional(),
    rating: ratingSchema.optional(),
    draftVisibility: draftVisibilitySchema.optional(),
    autoCommitIdleMs: autoCommitIdleMs.optional(),
  }),
  'cast:add': z.object({ name: nameSchema, description: castDescription }),
  'cast:change': z.object({ castId: id, name: nameSchema, description: castDescription }),
  'cast:remove': z.object({ castId: id }),
  /** Take a cast member as your own character, or give it back. */
  'cast:play': z.object({ castId: id, isMine: z.boolean() }),
  'cast:voice': z.object({ castId: id, mayBeVoiced: z.boolean() }),
  'player:rename': z.object({ name: nameSchema }),
  'player:role': z.object({ playerId: id, role: invitedRoleSchema }),
  'player:remove': z.object({ playerId: id }),
} as const;

export type CommandName = keyof typeof COMMANDS;
/** A command's payload after parsing. */
export type CommandPayload<N extends CommandName> = z.output<(typeof COMMANDS)[N]>;
/** A command's payload as a client may send it. */
export type CommandInput<N extends CommandName> = z.input<(typeof COMMANDS)[N]>;
/** A parsed command: its name and payload. */
export type Command = { [N in CommandName]: { name: N; payload: CommandPayload<N> } }[CommandName];

/** What a command answers on success, by name; the others answer `{}`. */
export interface CommandValues {
  'draft:open': { draftId: string };
  'draft:commit': { passageId: string };
  'passage:reopen': { draftId: string };
  'narrator:ask': { turnId: string };
  'narrator:retry': { turnId: string };
}
