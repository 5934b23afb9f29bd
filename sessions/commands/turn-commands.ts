import { refuse } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { isMaster } from '../roles.ts';
import { activePlayer, type Draft } from '../state.ts';
import { can } from '../roles.ts';
import { advance, give, nextPlayer, reorder, startTurns } from '../turns.ts';
import { accept, type DecideContext, type Decision, type Handler } from './decision.ts';
import { commitOf } from './drafts.ts';

function submittedInOrder(context: DecideContext): Draft[] {
  const { drafts, turn } = context.state;
  return Object.values(drafts)
    .filter((draft) => draft.submittedAt !== null)
    .sort((a, b) => turn.order.indexOf(a.openedBy) - turn.order.indexOf(b.openedBy));
}

/** T4: commits every submitted draft of the round in playing order and starts the next round. */
export function resolve(context: DecideContext): Decision {
  const drafts = submittedInOrder(context);
  if (drafts.length === 0) return refuse('NOTHING_TO_RESOLVE');
  if (context.passageCount >= LIMITS.passages) return refuse('STORY_FULL');
  const decision = accept({});
  for (const draft of drafts) {
    // What no longer fits stays submitted.
    if (context.passageCount + decision.changes.length >= LIMITS.passages) break;
    const commit = commitOf(context, draft);
    if (!commit.ok) continue;
    decision.events.push(...commit.events);
    decision.changes.push(...commit.changes);
  }
  const turn = advance(context.state.turn, context.isPresent, context.now);
  decision.events.push({ type: 'turn-changed', turn });
  return decision;
}

/** Ends the round now with what has been submitted. */
export const resolveRound: Handler<'turn:resolve'> = (context) =>
  context.state.turn.mode === 'round' ? resolve(context) : refuse('TURN_MODE_FORBIDS');

/** Gives one's turn up; game masters may pass for whoever has it. */
export const passTurn: Handler<'turn:pass'> = ({ state, player, isPresent, now }) => {
  const { turn } = state;
  if (turn.mode !== 'ordered' && turn.mode !== 'gm-calls') return refuse('TURN_MODE_FORBIDS');
  if (turn.current !== player.id && !isMaster(player.role)) return refuse('NOT_YOUR_TURN');
  const next = turn.mode === 'ordered' ? (nextPlayer(turn, isPresent) ?? nextPlayer(turn, () => true)) : null;
  const passed = next === null ? advance(turn, isPresent, now) : (give(turn, next, now) ?? turn);
  return accept({ events: [{ type: 'turn-changed', turn: passed }] });
};

/** Hands the turn to a player. */
export const giveTurn: Handler<'turn:give'> = ({ state, now }, { playerId }) => {
  const player = activePlayer(state, playerId);
  if (player === null) return refuse('PLAYER_UNKNOWN');
  if (!can(player.role, 'write')) return refuse('ROLE_FORBIDS', 'Spectators do not take turns.');
  const turn = give(state.turn, playerId, now);
  return turn === null ? refuse('TURN_MODE_FORBIDS') : accept({ events: [{ type: 'turn-changed', turn }] });
};

/** Sets the playing order. */
export const reorderTurns: Handler<'turn:reorder'> = ({ state }, { order }) =>
  accept({ events: [{ type: 'turn-changed', turn: reorder(state.turn, order) }] });

/** T6: changes the turn mode; open drafts stay open, submitted ones are given back to their authors. */
export const changeTurnMode: Handler<'turn:mode'> = ({ state, now }, { mode, timerSeconds }) => {
  const turn = { ...startTurns(mode, timerSeconds, state.turn.order, now), round: state.turn.round };
  const withdrawn = Object.values(state.drafts)
    .filter((draft) => draft.submittedAt !== null)
    .map((draft) => ({ type: 'draft-withdrawn' as const, draftId: draft.id }));
  return accept({ events: [...withdrawn, { type: 'turn-changed', turn }] });
};
