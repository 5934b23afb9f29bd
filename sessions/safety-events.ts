import { z } from 'zod';
import { event } from './event-schema.ts';
import { seal } from './history-events.ts';
import { LIMITS } from './limits.ts';
import { withMonitor } from './monitor-state.ts';
import { narratorModeSchema } from './protocol.ts';
import {
  agreementSchema,
  holdSchema,
  NEW_STANDING,
  reportSchema,
  requestSchema,
  standingSchema,
  topicsSchema,
  type Hold,
  type Safety,
} from './safety-state.ts';
import { entryOf, type Draft, type SessionState } from './state.ts';

const text = z.string();

/** What can happen to the safety part of a session. Held text is in these events, since nobody else may see it. */
export const SAFETY_EVENTS = [
  event('text-held', { hold: holdSchema }),
  event('hold-appealed', { holdId: text, text }),
  event('hold-decided', {
    holdId: text,
    state: z.enum(['approved', 'rejected', 'revision']),
    /** The passage it went to; null: none. */
    passageId: text.nullable(),
    by: text,
    at: z.number(),
    note: text,
    isEdited: z.boolean(),
    isOverturn: z.boolean(),
  }),
  /** `texts`: what stood in the story by then. */
  event('hold-undone', { holdId: text, by: text, at: z.number(), texts: holdSchema.shape.texts }),
  event('table-requested', { request: requestSchema }),
  event('request-closed', { requestId: text }),
  event('report-filed', { report: reportSchema }),
  event('report-closed', { reportId: text, by: text, at: z.number(), isUpheld: z.boolean() }),
  event('topics-changed', { playerId: text, topics: topicsSchema }),
  event('standing-changed', { playerId: text, standing: standingSchema }),
  event('agreement-changed', { agreement: agreementSchema }),
  event('game-paused', {}),
  event('game-resumed', {}),
  event('slow-mode-changed', { seconds: z.number().nullable() }),
  event('narrator-mode-changed', { mode: narratorModeSchema }),
  event('guidance-given', { guidance: text.nullable() }),
  event('player-kicked', { playerId: text }),
  event('player-readmitted', { playerId: text }),
  event('draft-shielded', { draftId: text, isShielded: z.boolean() }),
  event('draft-carded', { draftId: text }),
] as const;

export type SafetyEvent = z.infer<(typeof SAFETY_EVENTS)[number]>;
type EventOf<T extends SafetyEvent['type']> = Extract<SafetyEvent, { type: T }>;

/** Whether a hold waits for a game master. */
export function isWaiting(hold: Hold): boolean {
  return (
    hold.state === 'open' || ((hold.state === 'masked' || hold.state === 'refused') && hold.appeal !== null)
  );
}

/** All that wait, and as many of the others as are kept: the newest. */
function keptHolds(holds: readonly Hold[]): Hold[] {
  const others = holds.filter((hold) => !isWaiting(hold));
  const dropped = new Set(others.slice(0, Math.max(0, others.length - LIMITS.decidedHolds)));
  return holds.filter((hold) => !dropped.has(hold));
}

function withSafety(state: SessionState, change: Partial<Safety>): SessionState {
  return { ...state, safety: { ...state.safety, ...change } };
}

function withHold(state: SessionState, holdId: string, change: (hold: Hold) => Partial<Hold>): SessionState {
  const holds = state.safety.holds.map((hold) => (hold.id === holdId ? { ...hold, ...change(hold) } : hold));
  return withSafety(state, { holds: keptHolds(holds) });
}

function decided(state: SessionState, e: EventOf<'hold-decided'>): SessionState {
  const next = withHold(state, e.holdId, (hold) => ({
    state: e.state,
    before:
      hold.state === 'open' || hold.state === 'masked' || hold.state === 'refused' ? hold.state : hold.before,
    passageId: e.passageId,
    decidedBy: e.by,
    decidedAt: e.at,
    note: e.note,
  }));
  const { decided: count, overturned } = state.safety;
  return withSafety(next, { decided: count + 1, overturned: overturned + (e.isOverturn ? 1 : 0) });
}

function undone(state: SessionState, e: EventOf<'hold-undone'>): SessionState {
  const undo = (hold: Hold): Partial<Hold> => ({
    state: hold.before ?? hold.state,
    before: null,
    texts: e.texts,
    decidedBy: null,
    decidedAt: null,
    note: '',
  });
  const passageId = state.safety.holds.find(({ id }) => id === e.holdId)?.passageId ?? null;
  return seal(withHold(state, e.holdId, undo), passageId, e.at);
}

/** What an X-card took away is out of sight in the past too. */
function held(state: SessionState, { hold }: EventOf<'text-held'>): SessionState {
  const next = withSafety(state, { holds: keptHolds([...state.safety.holds, hold]) });
  return hold.kind === 'hidden' ? seal(next, hold.passageId, hold.at) : next;
}

function withPlayerBack(state: SessionState, playerId: string): SessionState {
  const player = entryOf(state.players, playerId);
  if (player === undefined) return state;
  return { ...state, players: { ...state.players, [playerId]: { ...player, isGone: false } } };
}

function withDraft(state: SessionState, draftId: string, change: Partial<Draft>): SessionState {
  const draft = entryOf(state.drafts, draftId);
  return draft === undefined
    ? state
    : { ...state, drafts: { ...state.drafts, [draftId]: { ...draft, ...change } } };
}

/** One table row per event, as in events.ts. */
export const EVOLVE_SAFETY: {
  [T in SafetyEvent['type']]: (state: SessionState, event: EventOf<T>) => SessionState;
} = {
  'text-held': held,
  'hold-appealed': (state, e) => withHold(state, e.holdId, () => ({ appeal: e.text })),
  'hold-decided': decided,
  'hold-undone': undone,
  'table-requested': (state, e) =>
    withSafety(state, { requests: [...state.safety.requests, e.request].slice(-LIMITS.openRequests) }),
  'request-closed': (state, e) =>
    withSafety(state, { requests: state.safety.requests.filter(({ id }) => id !== e.requestId) }),
  'report-filed': (state, e) => withSafety(state, { reports: [...state.safety.reports, e.report] }),
  'report-closed': (state, e) =>
    withSafety(state, { reports: state.safety.reports.filter(({ id }) => id !== e.reportId) }),
  'topics-changed': (state, e) =>
    withSafety(state, { topics: { ...state.safety.topics, [e.playerId]: e.topics } }),
  'standing-changed': (state, e) =>
    withSafety(state, {
      standings: { ...state.safety.standings, [e.playerId]: { ...NEW_STANDING, ...e.standing } },
    }),
  'agreement-changed': (state, e) => withSafety(state, { agreement: e.agreement }),
  'game-paused': (state) => withSafety(state, { isPaused: true }),
  'game-resumed': (state) => withSafety(state, { isPaused: false }),
  'slow-mode-changed': (state, e) =>
    withSafety(withMonitor(state, { slowedAt: null }), { slowSeconds: e.seconds }),
  'narrator-mode-changed': (state, e) => withSafety(state, { narratorMode: e.mode }),
  // What the narrator has been told is told.
  'guidance-given': (state, e) =>
    withSafety(e.guidance === null ? withMonitor(state, { reminded: [] }) : state, { guidance: e.guidance }),
  'player-kicked': (state) => state,
  'player-readmitted': (state, e) => withPlayerBack(state, e.playerId),
  'draft-shielded': (state, e) => withDraft(state, e.draftId, { isShielded: e.isShielded }),
  'draft-carded': (state, e) => withDraft(state, e.draftId, { isShielded: true, isCarded: true }),
};
