import { z } from 'zod';
import { idSchema as id } from './ids.ts';
import { choiceSchema, rollbackScopeSchema, timingSchema, type RollbackPreview } from './history-view.ts';
import { LIMITS } from './limits.ts';
import { ISSUES } from './monitor-view.ts';
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

export const roleSchema = z.enum(['owner', 'gm', 'writer', 'spectator']);
export const invitedRoleSchema = z.enum(['gm', 'writer', 'spectator']);
export const ratingSchema = z.enum(['everyone', 'teen', 'mature']);
export const turnModeSchema = z.enum(['free', 'ordered', 'round', 'gm-calls']);
export const draftVisibilitySchema = z.enum(['live', 'private']);
/** Who speaks as the narrator in this scene; see `narrator:mode`. */
export const narratorModeSchema = z.enum(['ai', 'assist', 'copilot', 'human']);
export type NarratorMode = z.infer<typeof narratorModeSchema>;

/** Kinds of harm that a policy knows, after MLCommons' hazard classes. Severities run from 0 (none) to 4 (extreme). */
export const HARMS = [
  'hate',
  'harassment',
  'violence',
  'sexual',
  'sexual_minors',
  'self_harm',
  'real_person',
  'privacy',
  'instructions_harm',
  'profanity',
  'injection',
  'spam',
  /** Something the table has said is never to appear, and something it wants off-screen. */
  'line',
  'veil',
] as const;
export type Harm = (typeof HARMS)[number];

export const GENRES = [
  'general',
  'fairy-tale',
  'fantasy',
  'science-fiction',
  'horror',
  'war',
  'noir',
  'romance',
] as const;
export const genreSchema = z.enum(GENRES);
export type Genre = z.infer<typeof genreSchema>;

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
const topicList = z.array(line(2, LIMITS.topicLength)).max(LIMITS.topics);
/** Ten years: nobody waits for the end of it. */
const MUTE_MINUTES = 10 * 365 * 24 * 60;
const note = block(LIMITS.noteLength).default('');
const secret = z.string().regex(/^[0-9a-f]{32}$/);
/** Of a thread that people made, an id; of one that was found, its stem behind `found:`. */
const threadId = z.string().min(1).max(80);

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
  /** `asNarrator`: a game master writes as the narrator (mode 'human' and 'copilot'). */
  'draft:open': z.object({ asNarrator: z.boolean().default(false) }),
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
  /** Lets a removed player come back. */
  'player:readmit': z.object({ playerId: id }),
  /** Closes their connections; they may come back at once. */
  'player:kick': z.object({ playerId: id }),
  /** For so many minutes neither talk, nor directions, nor passages; null: no longer. The most is for good. */
  'player:mute': z.object({ playerId: id, minutes: z.number().int().min(1).max(MUTE_MINUTES).nullable() }),
  'player:restrict': z.object({ playerId: id, isReadOnly: z.boolean() }),
  /** Seconds between two contributions of the same player; null: off. */
  'session:slow': z.object({ seconds: z.number().int().min(5).max(3_600).nullable() }),
  /** Session zero: what is left out stays as it is. */
  'session:zero': z.object({
    genre: genreSchema.optional(),
    tone: block(LIMITS.noteLength).optional(),
    contentNotes: block(LIMITS.noteLength).optional(),
    helpText: block(LIMITS.helpLength).optional(),
    lines: topicList.optional(),
    veils: topicList.optional(),
    /** Severities the table allows, where that is less than the policy does; the whole set. */
    levels: z.partialRecord(z.enum(HARMS), z.number().int().min(0).max(4)).optional(),
    mayLearn: z.boolean().optional(),
  }),
  /** One's own lines and veils, whole. */
  'safety:topics': z.object({ lines: topicList, veils: topicList }),
  /** Out of sight, now: a passage, a draft, or what was written last. Nobody is named. */
  'safety:x-card': z.object({ passageId: id.nullish(), draftId: id.nullish() }),
  'safety:signal': z.object({
    signal: z.enum(['pause', 'resume', 'rewind', 'fast-forward', 'open-door', 'back']),
  }),
  /** Answers an anonymous request, with a new line or veil of the table where it has one. */
  'request:close': z.object({
    requestId: id,
    line: line(2, LIMITS.topicLength).nullish(),
    veil: line(2, LIMITS.topicLength).nullish(),
  }),
  'narrator:mode': z.object({ mode: narratorModeSchema }),
  /** `text`: the game master's edit, shown instead. 'revise' gives it back to its author. */
  'hold:decide': z.object({
    holdId: id,
    decision: z.enum(['approve', 'reject', 'revise']),
    text: block(LIMITS.passageLength).nullish(),
    note,
  }),
  'hold:undo': z.object({ holdId: id }),
  'hold:appeal': z.object({ holdId: id, text: block(LIMITS.noteLength) }),
  'report:file': z.object({
    about: z.object({ kind: z.enum(['passage', 'talk', 'player']), id }),
    reason: z.enum(['unsafe', 'harassment', 'line', 'privacy', 'other']),
    text: note,
  }),
  /** A new scene begins behind the last passage. */
  'scene:begin': z.object({ title: line(0, LIMITS.titleLength).default('') }),
  'checkpoint:save': z.object({ name: line(1, LIMITS.titleLength) }),
  /** Continue from behind a passage, differently: a branch, and the table plays on it. Null: from an empty page. */
  'branch:create': z.object({ passageId: id.nullable(), name: line(1, LIMITS.titleLength) }),
  'branch:rename': z.object({ branchId: id, name: line(1, LIMITS.titleLength) }),
  /** The table plays on another branch. */
  'branch:switch': z.object({ branchId: id }),
  /** What a rollback would do. Changes nothing. */
  'rollback:preview': z.object({ scope: rollbackScopeSchema }),
  /**
   * Carries out the plan that was seen (PREVIEW_STALE: another one is due by now; ask for it). `choices` are about
   * passages that build on it; those left out stand as proposed. `timing` null: as advised. `planId` null: whatever
   * the plan is now.
   */
  'rollback:execute': z.object({
    scope: rollbackScopeSchema,
    planId: id.nullable().default(null),
    choices: z.record(id, choiceSchema).default({}),
    timing: timingSchema.nullable().default(null),
    reason: note,
    /** It is about safety: nothing delays it. */
    isSafety: z.boolean().default(false),
  }),
  /** Calls a waiting rollback off. */
  'rollback:cancel': z.object({}),
  /** The author's answer about a passage that builds on one that went. */
  'rollback:answer': z.object({ passageId: id, answer: z.enum(['keep', 'go']) }),
  'memory:add': z.object({ text: line(2, LIMITS.memoryLength) }),
  'memory:edit': z.object({ itemId: id, text: line(2, LIMITS.memoryLength) }),
  'memory:pin': z.object({ itemId: id, isPinned: z.boolean() }),
  'memory:delete': z.object({ itemId: id }),
  /** For so many minutes nothing is done about an issue; null: it is again. */
  'monitor:mute': z.object({
    issue: z.enum(ISSUES),
    minutes: z
      .number()
      .int()
      .min(1)
      .max(24 * 60)
      .nullable(),
  }),
  /** A thread of the plot that the table wants to keep in sight. */
  'thread:add': z.object({ title: line(2, LIMITS.threadLength) }),
  /** Also about threads that were found: their ids are in the console. */
  'thread:mark': z.object({ threadId: threadId, status: z.enum(['open', 'resolved', 'paused']) }),
  /** The narrator is told of it in its next passage. */
  'thread:remind': z.object({ threadId: threadId }),
  /** Removes texts for good, from history too. Cannot be undone. */
  'session:purge': z.object({
    passageIds: z.array(id).max(LIMITS.purgedAtOnce).default([]),
    talkIds: z.array(id).max(LIMITS.purgedAtOnce).default([]),
  }),
  /** `isUpheld`: what was reported should not have been shown (S2.M4). */
  'report:close': z.object({ reportId: id, isUpheld: z.boolean().default(false) }),
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
  /** `isHeld`: a game master looks at it first. */
  'draft:commit': { passageId: string | null; isHeld: boolean };
  'passage:reopen': { draftId: string };
  'narrator:ask': { turnId: string };
  'narrator:retry': { turnId: string };
  'scene:begin': { sceneId: string };
  'checkpoint:save': { checkpointId: string };
  'branch:create': { branchId: string };
  'rollback:preview': RollbackPreview;
  /** `isPending`: it waits for the end of the turn or scene. `branchId`: it was made on a branch instead. */
  'rollback:execute': { rollbackId: string; isPending: boolean; branchId: string | null };
  'memory:add': { itemId: string };
  'thread:add': { threadId: string };
}
