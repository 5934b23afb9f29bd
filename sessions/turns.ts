import type { TurnMode } from './protocol.ts';
import { refuse, type Refusal } from './errors.ts';
import { isMaster } from './roles.ts';
import type { Player, SessionState, Turn } from './state.ts';

// The rules of turns as pure functions: turn in, turn out. Presence and time come in as arguments.

/** Who is connected right now. */
export type Presence = (playerId: string) => boolean;

/** How long the player whose turn it is may be away (a reload, a lost line) before the turn passes on, ms. */
export const ABSENCE_GRACE_MS = 20_000;

function withCurrent(turn: Turn, current: string | null, now: number): Turn {
  const isTimed = turn.timerSeconds !== null && current !== null && turn.mode === 'ordered';
  return { ...turn, current, deadline: isTimed ? now + (turn.timerSeconds ?? 0) * 1_000 : null };
}

/** A fresh turn state for a mode. Ordered play starts with the first of `order`. */
export function startTurns(mode: TurnMode, timerSeconds: number | null, order: string[], now: number): Turn {
  const turn: Turn = { mode, order, current: null, timerSeconds, deadline: null, round: 1 };
  return mode === 'ordered' ? withCurrent(turn, order[0] ?? null, now) : turn;
}

/** The present player after `current` in playing order, wrapping around; null when nobody else is present. */
export function nextPlayer(turn: Turn, isPresent: Presence): string | null {
  const from = turn.current === null ? -1 : turn.order.indexOf(turn.current);
  for (let step = 1; step <= turn.order.length; step += 1) {
    const candidate = turn.order[(from + step + turn.order.length) % turn.order.length];
    if (candidate !== undefined && candidate !== turn.current && isPresent(candidate)) return candidate;
  }
  return null;
}

/** T2, T3: the turn after the current player is done: the next present one; alone, the same player again. */
export function advance(turn: Turn, isPresent: Presence, now: number): Turn {
  switch (turn.mode) {
    case 'ordered':
      return withCurrent(turn, nextPlayer(turn, isPresent) ?? turn.current, now);
    case 'gm-calls':
      return withCurrent(turn, null, now);
    case 'round':
      return { ...turn, round: turn.round + 1 };
    case 'free':
      return turn;
  }
}

/** Hands the turn to a player (ordered, gm-calls); null when the mode has no such thing. */
export function give(turn: Turn, playerId: string, now: number): Turn | null {
  return turn.mode === 'ordered' || turn.mode === 'gm-calls' ? withCurrent(turn, playerId, now) : null;
}

/** Replaces the playing order: unknown ids are dropped, forgotten players keep their place at the end. */
export function reorder(turn: Turn, order: readonly string[]): Turn {
  const known = new Set(turn.order);
  const wanted = [...new Set(order)].filter((id) => known.has(id));
  return { ...turn, order: [...wanted, ...turn.order.filter((id) => !wanted.includes(id))] };
}

/** A player who may write has come: last in the order, first to play when nobody has the turn. */
export function addPlayer(turn: Turn, playerId: string, now: number): Turn {
  if (turn.order.includes(playerId)) return turn;
  const next = { ...turn, order: [...turn.order, playerId] };
  return turn.mode === 'ordered' && turn.current === null ? withCurrent(next, playerId, now) : next;
}

/** A player is gone or may no longer write; their turn passes on. */
export function dropPlayer(turn: Turn, playerId: string, isPresent: Presence, now: number): Turn {
  if (!turn.order.includes(playerId)) return turn;
  const others: Presence = (id) => id !== playerId && isPresent(id);
  const passed = turn.current === playerId ? advance(turn, others, now) : turn;
  const order = passed.order.filter((id) => id !== playerId);
  if (passed.current !== playerId) return { ...passed, order };
  return withCurrent({ ...passed, order }, turn.mode === 'ordered' ? (order[0] ?? null) : null, now);
}

/** T1: whether a player may open a new passage now. */
export function mayOpen(turn: Turn, player: Player): { ok: true } | Refusal {
  switch (turn.mode) {
    case 'free':
    case 'round':
      return { ok: true };
    case 'ordered':
      return turn.current === player.id ? { ok: true } : refuse('NOT_YOUR_TURN');
    case 'gm-calls':
      return turn.current === player.id || isMaster(player.role) ? { ok: true } : refuse('NOT_YOUR_TURN');
  }
}

/** T5: whether a player may ask the narrator now: anyone in free play, else who has the turn and game masters. */
export function mayAskNarrator(turn: Turn, player: Player): { ok: true } | Refusal {
  if (turn.mode === 'free' || isMaster(player.role) || turn.current === player.id) return { ok: true };
  return refuse('NOT_YOUR_TURN');
}

/**
 * T4: round mode: who has submitted, and which present writers the round still waits for. Game masters count
 * only once they have a draft of their own open: many lead without writing.
 */
export function roundStatus(
  state: SessionState,
  isPresent: Presence,
): { submitted: string[]; waitingFor: string[] } {
  if (state.turn.mode !== 'round') return { submitted: [], waitingFor: [] };
  const drafts = Object.values(state.drafts).filter((draft) => draft.replaces === null);
  const open = drafts.filter((draft) => draft.keptFrom === null && draft.submittedAt === null);
  const isWriting = new Set(open.map((draft) => draft.openedBy));
  const submitted = new Set(
    drafts
      .filter((draft) => draft.submittedAt !== null && !isWriting.has(draft.openedBy))
      .map((draft) => draft.openedBy),
  );
  const takesPart = (id: string) =>
    !isMaster(state.players[id]?.role ?? 'spectator') ||
    drafts.some((draft) => draft.openedBy === id && draft.keptFrom === null);
  const waitingFor = state.turn.order.filter((id) => !submitted.has(id) && isPresent(id) && takesPart(id));
  return { submitted: state.turn.order.filter((id) => submitted.has(id)), waitingFor };
}
