import { z } from 'zod';
import { event } from './event-schema.ts';
import { countPassage, EVOLVE_HISTORY, HISTORY_EVENTS } from './history-events.ts';
import { LIMITS } from './limits.ts';
import { roleSchema } from './protocol.ts';
import { EVOLVE_MONITOR, MONITOR_EVENTS } from './monitor-state.ts';
import { EVOLVE_SAFETY, SAFETY_EVENTS } from './safety-events.ts';
import {
  castMemberSchema,
  draftSchema,
  entryOf,
  inviteSchema,
  narratorTurnSchema,
  playerSchema,
  sessionStateSchema,
  settingsSchema,
  talkLineSchema,
  turnSchema,
  type SessionState,
} from './state.ts';

const text = z.string();

/** Everything that can happen to a session's state, in the past tense. Story text is never in an event. */
export const sessionEventSchema = z.discriminatedUnion('type', [
  event('session-created', { state: sessionStateSchema }),
  event('player-joined', { player: playerSchema, inviteId: text.nullable() }),
  event('player-renamed', { playerId: text, name: text }),
  event('player-role-changed', { playerId: text, role: roleSchema }),
  event('player-removed', { playerId: text }),
  event('player-recovered', { playerId: text, identityHash: text, recoveryHash: text }),
  event('invite-created', { invite: inviteSchema }),
  event('invite-revoked', { inviteId: text }),
  event('settings-changed', { settings: settingsSchema }),
  event('cast-changed', { cast: z.array(castMemberSchema) }),
  event('turn-changed', { turn: turnSchema }),
  event('draft-opened', { draft: draftSchema }),
  event('draft-client-bound', { draftId: text, clientId: z.number(), playerId: text }),
  event('draft-submitted', { draftId: text, at: z.number() }),
  event('draft-withdrawn', { draftId: text }),
  event('draft-discarded', { draftId: text }),
  event('passage-committed', {
    passageId: text,
    draftId: text,
    by: text,
    isReplacement: z.boolean(),
    isHeld: z.boolean().default(false),
  }),
  event('passage-struck', { passageId: text, by: text }),
  event('passage-restored', { passageId: text, by: text }),
  event('alternative-chosen', { passageId: text, alternativeId: text, by: text }),
  event('narrator-asked', { turn: narratorTurnSchema }),
  event('narrator-resumed', { turnId: text }),
  event('narrator-started', { turnId: text }),
  event('narrator-began-passage', { turnId: text, passageId: text, alternativeId: text }),
  event('narrator-ended', {
    turnId: text,
    outcome: z.enum(['committed', 'empty', 'failed', 'cancelled']),
    /** S3.18: passages that did not fit into the prompt, always the oldest: how many, and the newest of them. */
    droppedCount: z.number().int().default(0),
    droppedPassageIds: z.array(text).default([]),
  }),
  event('talk-said', { line: talkLineSchema }),
  ...SAFETY_EVENTS,
  ...HISTORY_EVENTS,
  ...MONITOR_EVENTS,
]);
export type SessionEvent = z.infer<typeof sessionEventSchema>;

function withPlayer(
  state: SessionState,
  playerId: string,
  change: Partial<SessionState['players'][string]>,
): SessionState {
  const player = entryOf(state.players, playerId);
  return player === undefined
    ? state
    : { ...state, players: { ...state.players, [playerId]: { ...player, ...change } } };
}

function withDraft(
  state: SessionState,
  draftId: string,
  change: Partial<SessionState['drafts'][string]>,
): SessionState {
  const draft = entryOf(state.drafts, draftId);
  return draft === undefined
    ? state
    : { ...state, drafts: { ...state.drafts, [draftId]: { ...draft, ...change } } };
}

function withoutDraft(state: SessionState, draftId: string): SessionState {
  const { [draftId]: _closed, ...drafts } = state.drafts;
  return { ...state, drafts };
}

function withInvite(
  state: SessionState,
  inviteId: string,
  change: Partial<SessionState['invites'][string]>,
): SessionState {
  const invite = entryOf(state.invites, inviteId);
  return invite === undefined
    ? state
    : { ...state, invites: { ...state.invites, [inviteId]: { ...invite, ...change } } };
}

function withNarratorTurn(
  state: SessionState,
  turnId: string,
  change: Partial<SessionState['narratorTurns'][number]>,
): SessionState {
  return {
    ...state,
    narratorTurns: state.narratorTurns.map((turn) =>
      turn.turnId === turnId ? { ...turn, ...change } : turn,
    ),
  };
}

type EventOf<T extends SessionEvent['type']> = Extract<SessionEvent, { type: T }>;

function join(state: SessionState, joined: EventOf<'player-joined'>): SessionState {
  const next = { ...state, players: { ...state.players, [joined.player.id]: joined.player } };
  const invite = joined.inviteId === null ? undefined : entryOf(state.invites, joined.inviteId);
  return invite === undefined ? next : withInvite(next, invite.id, { uses: invite.uses + 1 });
}

function bindClient(state: SessionState, bound: EventOf<'draft-client-bound'>): SessionState {
  const draft = entryOf(state.drafts, bound.draftId);
  if (draft === undefined) return state;
  return withDraft(state, draft.id, { clients: { ...draft.clients, [bound.clientId]: bound.playerId } });
}

function endNarratorTurn(state: SessionState, { turnId, outcome }: EventOf<'narrator-ended'>): SessionState {
  const ended = { ...state, narratorTurns: state.narratorTurns.filter((turn) => turn.turnId !== turnId) };
  return outcome === 'committed' ? countPassage(ended) : ended;
}

/** One table row per event: how the state follows from it. */
const EVOLVE: { [T in SessionEvent['type']]: (state: SessionState, event: EventOf<T>) => SessionState } = {
  'session-created': (_state, e) => e.state,
  'player-joined': join,
  'player-renamed': (state, e) => withPlayer(state, e.playerId, { name: e.name }),
  'player-role-changed': (state, e) => withPlayer(state, e.playerId, { role: e.role }),
  'player-removed': (state, e) => withPlayer(state, e.playerId, { isGone: true }),
  'player-recovered': (state, e) =>
    withPlayer(state, e.playerId, { identityHash: e.identityHash, recoveryHash: e.recoveryHash }),
  'invite-created': (state, e) => ({ ...state, invites: { ...state.invites, [e.invite.id]: e.invite } }),
  'invite-revoked': (state, e) => withInvite(state, e.inviteId, { isRevoked: true }),
  'settings-changed': (state, e) => ({ ...state, settings: e.settings }),
  'cast-changed': (state, e) => ({ ...state, cast: e.cast }),
  'turn-changed': (state, e) => ({ ...state, turn: e.turn }),
  'draft-opened': (state, e) => ({ ...state, drafts: { ...state.drafts, [e.draft.id]: e.draft } }),
  'draft-client-bound': bindClient,
  'draft-submitted': (state, e) => withDraft(state, e.draftId, { submittedAt: e.at }),
  'draft-withdrawn': (state, e) => withDraft(state, e.draftId, { submittedAt: null }),
  'draft-discarded': (state, e) => withoutDraft(state, e.draftId),
  'passage-committed': (state, e) => countPassage(withoutDraft(state, e.draftId)),
  'passage-struck': (state) => state,
  'passage-restored': (state) => state,
  'alternative-chosen': (state) => state,
  'narrator-asked': (state, e) => ({ ...state, narratorTurns: [...state.narratorTurns, e.turn] }),
  'narrator-resumed': (state, e) => withNarratorTurn(state, e.turnId, { state: 'queued', isResumed: true }),
  'narrator-started': (state, e) => withNarratorTurn(state, e.turnId, { state: 'generating' }),
  'narrator-began-passage': (state, e) =>
    withNarratorTurn(state, e.turnId, { passageId: e.passageId, alternativeId: e.alternativeId }),
  'narrator-ended': endNarratorTurn,
  'talk-said': (state, e) => ({ ...state, talk: [...state.talk, e.line].slice(-LIMITS.talkKept) }),
  ...EVOLVE_SAFETY,
  ...EVOLVE_HISTORY,
  ...EVOLVE_MONITOR,
};

/** The state after an event. Total and pure: an event about something unknown changes nothing. */
export function evolve(state: SessionState, happened: SessionEvent): SessionState {
  const row = EVOLVE[happened.type] as (state: SessionState, event: SessionEvent) => SessionState;
  return row(state, happened);
}
