import type { Narrator } from './ports.ts';
import type { SessionKernel } from './kernel.ts';
import { checkpointView, rollbackView, type PendingRollback } from './history-state.ts';
import type { HistoryView, PendingRollbackView } from './history-view.ts';
import { draftWriters } from './state.ts';
import { nextPlayer, roundStatus, type Presence } from './turns.ts';
import type { Flag } from './ports.ts';
import type { SafetyView } from './safety-view.ts';
import { isMuted, standingOf } from './standing.ts';
import type { Player, SessionState } from './state.ts';
import { tableTopics } from './table.ts';
import type { TextScreen } from './text-screen.ts';
import type { NarratorView, PlayerView, SessionView, TurnView } from './view.ts';

/** What the view needs beside the kernel. */
export interface ViewSources {
  kernel: SessionKernel;
  narrator: Narrator;
  isPresent: Presence;
  /** Player id -> draft id of who typed in the last seconds. */
  typing: ReadonlyMap<string, string>;
  isReadOnly: () => boolean;
  screen: Pick<TextScreen, 'floor' | 'findsParaphrases'>;
  /** Switches of the operator that are on here. */
  flags: () => ReadonlySet<Flag>;
}

function turnView({ kernel, isPresent }: ViewSources): TurnView {
  const { turn } = kernel.state;
  return {
    ...turn,
    next: turn.mode === 'ordered' ? nextPlayer(turn, isPresent) : null,
    ...roundStatus(kernel.state, isPresent),
  };
}

/** Whole seconds, and steps of five beyond a minute: a forecast that wavers is not told over and over. */
function roundedWait(ms: number): number {
  const stepMs = ms < 60_000 ? 1_000 : 5_000;
  return Math.round(ms / stepMs) * stepMs;
}

function narratorView({ kernel, narrator }: ViewSources): NarratorView {
  const turns = kernel.state.narratorTurns.map((turn) => {
    const place = narrator.place(turn.turnId);
    return {
      turnId: turn.turnId,
      askedBy: turn.askedBy,
      state: turn.state,
      position: place?.position ?? (turn.state === 'generating' ? 0 : 1),
      expectedWaitMs: place?.expectedWaitMs == null ? null : roundedWait(place.expectedWaitMs),
      isPaused: place?.isPaused ?? false,
      passageId: turn.passageId,
      direction: turn.direction,
      castId: turn.castId,
    };
  });
  return { ...narrator.status(), turns };
}

function playerView(
  { id, name, role, colour, isGone }: Player,
  { state, now, isPresent }: { state: SessionState; now: number; isPresent: Presence },
): PlayerView {
  const standing = standingOf(state, id);
  return {
    ...{ id, name, role, colour, isGone },
    isOnline: !isGone && isPresent(id),
    isAway: standing.isAway,
    isMuted: isMuted(standing, now),
    isReadOnly: standing.isReadOnly,
  };
}

function safetyView({ kernel: { state }, screen, flags }: ViewSources): SafetyView {
  const { narratorMode, isPaused, slowSeconds, agreement } = state.safety;
  const { genre, tone, contentNotes, levels, mayLearn } = agreement;
  return {
    ...{ narratorMode, isPaused, slowSeconds, genre, tone, contentNotes, levels, mayLearn },
    ...tableTopics(state),
    hiddenPassages: state.safety.holds.flatMap(({ kind, state: of, passageId }) =>
      kind === 'hidden' && of === 'open' && passageId !== null ? [passageId] : [],
    ),
    floor: screen.floor,
    findsParaphrases: screen.findsParaphrases,
    flags: [...flags()],
  };
}

function historyView({ checkpoints, rollbacks, pending, asked }: SessionState['history']): HistoryView {
  return {
    checkpoints: checkpoints.map(checkpointView),
    rollbacks: rollbacks.map(rollbackView),
    pending: pending === null ? null : pendingView(pending),
    asked: Object.fromEntries(Object.entries(asked).map(([id, { playerId }]) => [id, playerId])),
  };
}

function pendingView({
  choices: _choices,
  branchId: _branch,
  ...pending
}: PendingRollback): PendingRollbackView {
  return pending;
}

const SLICE: { [S in keyof SessionView]: (sources: ViewSources) => SessionView[S] } = {
  about: ({ kernel: { state }, isReadOnly }) => ({
    id: state.id,
    createdAt: state.createdAt,
    ...state.settings,
    storage: isReadOnly() ? 'read-only' : 'ok',
  }),
  players: ({ kernel: { state, clock }, isPresent }) =>
    Object.values(state.players).map((player) => playerView(player, { state, now: clock.now(), isPresent })),
  cast: ({ kernel: { state } }) => state.cast,
  turn: turnView,
  drafts: ({ kernel }) =>
    Object.values(kernel.state.drafts).map((draft) => ({
      id: draft.id,
      openedBy: draft.openedBy,
      openedAt: draft.openedAt,
      replaces: draft.replaces,
      writers: draftWriters(kernel.state, draft),
      visibility: draft.visibility,
      isSubmitted: draft.submittedAt !== null,
      asNarrator: draft.asNarrator,
      isShielded: draft.isShielded,
      keptFrom: draft.keptFrom,
      clients: draft.clients,
      length: kernel.draftLength(draft.id),
    })),
  typing: ({ typing }) => Object.fromEntries(typing),
  narrator: narratorView,
  safety: safetyView,
  history: ({ kernel: { state } }) => historyView(state.history),
};

/** The named slices of the view as the session stands. */
export function viewSlices(sources: ViewSources, slices: Iterable<keyof SessionView>): Partial<SessionView> {
  return Object.fromEntries([...slices].map((slice) => [slice, SLICE[slice](sources)]));
}

/** The whole view. */
export function fullView(sources: ViewSources): SessionView {
  return viewSlices(sources, Object.keys(SLICE) as (keyof SessionView)[]) as SessionView;
}
