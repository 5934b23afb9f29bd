import { z } from 'zod';
import { event } from './event-schema.ts';
import {
  checkpointSchema,
  pendingRollbackSchema,
  purgeSchema,
  rollbackSchema,
  type Checkpoint,
  type History,
} from './history-state.ts';
import { LIMITS } from './limits.ts';
import { entryOf, type SessionState } from './state.ts';

const text = z.string();

/** What can happen to the history of a session. What changed in the story is in the story's own updates. */
export const HISTORY_EVENTS = [
  event('checkpoint-saved', { checkpoint: checkpointSchema }),
  event('scene-begun', { sceneId: text, title: text, by: text }),
  event('branch-made', { branchId: text, by: text }),
  event('branch-renamed', { branchId: text, by: text }),
  event('branch-switched', { branchId: text, by: text }),
  event('rollback-planned', { pending: pendingRollbackSchema }),
  event('rollback-called-off', { rollbackId: text }),
  /** `asked`: passage id -> the author who is asked about it. */
  event('rolled-back', { rollback: rollbackSchema, asked: z.record(text, text) }),
  event('rollback-answered', {
    passageId: text,
    rollbackId: text,
    answer: z.enum(['keep', 'go']),
    by: text,
  }),
  /** It belongs to no passage any more: its opener keeps the words in private. */
  event('draft-detached', { draftId: text, rollbackId: text }),
  event('memory-changed', { itemId: text, by: text }),
  event('player-left', { playerId: text, at: z.number() }),
  event('purge-begun', { purge: purgeSchema }),
  /** More that holds what is purged, as the journal tells. */
  event('purge-widened', { purgeId: text, holdIds: z.array(text) }),
  event('purge-finished', { purgeId: text }),
] as const;

export type HistoryEvent = z.infer<(typeof HISTORY_EVENTS)[number]>;
type EventOf<T extends HistoryEvent['type']> = Extract<HistoryEvent, { type: T }>;

/** The state with other history. */
function withHistory(state: SessionState, change: Partial<History>): SessionState {
  return { ...state, history: { ...state.history, ...change } };
}

/** Of the automatic ones the newest are kept; the named ones all. */
function keptCheckpoints(all: readonly Checkpoint[]): Checkpoint[] {
  const automatic = all.filter(({ kind }) => kind !== 'named');
  const dropped = new Set(automatic.slice(0, Math.max(0, automatic.length - LIMITS.checkpoints)));
  return all.filter((checkpoint) => !dropped.has(checkpoint));
}

function saved(state: SessionState, { checkpoint }: EventOf<'checkpoint-saved'>): SessionState {
  const { checkpoints, sinceCheckpoint } = state.history;
  return withHistory(state, {
    checkpoints: keptCheckpoints([...checkpoints, checkpoint]),
    sinceCheckpoint: checkpoint.kind === 'named' ? sinceCheckpoint : 0,
  });
}

function rolledBack(state: SessionState, { rollback, asked }: EventOf<'rolled-back'>): SessionState {
  const { scope, id: rollbackId } = rollback;
  // On a branch nothing is taken back yet.
  const undone = scope.kind === 'undo' && rollback.timing !== 'branch' ? scope.rollbackId : null;
  const before = state.history.rollbacks.map((earlier) =>
    earlier.id === undone ? { ...earlier, undoneBy: rollbackId } : earlier,
  );
  const isGone = new Set(rollback.struck);
  const still = Object.entries(state.history.asked).filter(
    ([passageId, question]) => !isGone.has(passageId) && question.rollbackId !== undone,
  );
  const more = Object.entries(asked).map(([id, playerId]) => [id, { playerId, rollbackId }] as const);
  return withHistory(state, {
    rollbacks: [...before, rollback].slice(-LIMITS.rollbacks),
    asked: Object.fromEntries([...still, ...more]),
    pending: state.history.pending?.id === rollbackId ? null : state.history.pending,
  });
}

function answered(state: SessionState, e: EventOf<'rollback-answered'>): SessionState {
  const { [e.passageId]: _answered, ...asked } = state.history.asked;
  const rollbacks = state.history.rollbacks.map((rollback) =>
    e.answer === 'go' && rollback.id === e.rollbackId
      ? { ...rollback, struck: [...rollback.struck, e.passageId] }
      : rollback,
  );
  return withHistory(state, { asked, rollbacks });
}

function detached(state: SessionState, e: EventOf<'draft-detached'>): SessionState {
  const draft = entryOf(state.drafts, e.draftId);
  if (draft === undefined) return state;
  const kept = {
    ...draft,
    replaces: null,
    submittedAt: null,
    visibility: 'private' as const,
    keptFrom: e.rollbackId,
    keptOf: draft.replaces,
  };
  return { ...state, drafts: { ...state.drafts, [draft.id]: kept } };
}

/** The state without purged talk, and without holds, reports and directions about what was purged. */
export function purgedState(
  state: SessionState,
  of: { passages: ReadonlySet<string>; talk: ReadonlySet<string>; holds: ReadonlySet<string> },
): SessionState {
  const { passages, talk } = of;
  const { holds, reports } = state.safety;
  return {
    ...state,
    talk: state.talk.filter(({ id }) => !talk.has(id)),
    narratorTurns: state.narratorTurns.map((turn) =>
      passages.has(turn.passageId ?? '') ? { ...turn, direction: null } : turn,
    ),
    safety: {
      ...state.safety,
      holds: holds.filter(({ id, passageId }) => !of.holds.has(id) && !passages.has(passageId ?? '')),
      reports: reports.filter(({ about }) => !passages.has(about.id) && !talk.has(about.id)),
    },
  };
}

function purged(state: SessionState, { purge }: EventOf<'purge-begun'>): SessionState {
  const of = { passages: new Set(purge.passageIds), talk: new Set(purge.talkIds), holds: new Set<string>() };
  const purges = [...state.history.purges, purge];
  const asked = Object.entries(state.history.asked).filter(([id]) => !of.passages.has(id));
  return purgedState(withHistory(state, { purges, asked: Object.fromEntries(asked) }), of);
}

function widened(state: SessionState, { holdIds }: EventOf<'purge-widened'>): SessionState {
  return purgedState(state, { passages: new Set(), talk: new Set(), holds: new Set(holdIds) });
}

/** One table row per event, as in events.ts. */
export const EVOLVE_HISTORY: {
  [T in HistoryEvent['type']]: (state: SessionState, event: EventOf<T>) => SessionState;
} = {
  'checkpoint-saved': saved,
  'scene-begun': (state) => state,
  'branch-made': (state) => state,
  'branch-renamed': (state) => state,
  'branch-switched': (state) => state,
  'rollback-planned': (state, e) => withHistory(state, { pending: e.pending }),
  'rollback-called-off': (state) => withHistory(state, { pending: null }),
  'rolled-back': rolledBack,
  'rollback-answered': answered,
  'draft-detached': detached,
  'memory-changed': (state) => state,
  'player-left': (state, e) =>
    withHistory(state, { lastSeen: { ...state.history.lastSeen, [e.playerId]: e.at } }),
  'purge-begun': purged,
  'purge-widened': widened,
  'purge-finished': (state, e) =>
    withHistory(state, { purges: state.history.purges.filter(({ id }) => id !== e.purgeId) }),
};

/** The past of a passage before now is nobody's to see any more. */
export function seal(state: SessionState, passageId: string | null, at: number): SessionState {
  if (passageId === null) return state;
  return withHistory(state, { sealed: { ...state.history.sealed, [passageId]: at } });
}

/** Counts a passage that came into the story. */
export function countPassage(state: SessionState): SessionState {
  return withHistory(state, { sinceCheckpoint: state.history.sinceCheckpoint + 1 });
}
