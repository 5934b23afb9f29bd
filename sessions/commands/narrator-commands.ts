import { refuse, type Refusal } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { overTurnCap } from '../narrator-caps.ts';
import { isMaster } from '../roles.ts';
import { isWaiting } from '../safety-events.ts';
import type { NarratorTurnState, SessionState } from '../state.ts';
import { NARRATOR } from '../story-shape.ts';
import { mayAskNarrator } from '../turns.ts';
import { accept, type DecideContext, type Decision, type Handler } from './decision.ts';

/** When a turn that stands in the way may be over, ms. */
const BUSY_MS = 5_000;

/** N10: why the player may not have another turn now; null: they may. */
function overCap({ narratorTurns }: SessionState, playerId: string): Refusal | null {
  const ofPlayer = narratorTurns.filter((turn) => turn.askedBy === playerId).length;
  return overTurnCap({ ofPlayer, ofSession: narratorTurns.length }, BUSY_MS);
}

/** H10: in Assist and Copilot every answer waits. */
function hasNoRoom({ state: { safety } }: DecideContext): boolean {
  return safety.narratorMode !== 'ai' && safety.holds.filter(isWaiting).length >= LIMITS.openHolds;
}

function ask(context: DecideContext, of: Partial<NarratorTurnState>): Decision {
  const { state, player } = context;
  const allowed = mayAskNarrator(state.turn, player);
  if (!allowed.ok) return allowed;
  const busy = overCap(state, player.id);
  if (busy !== null) return busy;
  const member = state.cast.find((candidate) => candidate.id === of.castId);
  if (of.castId != null && member === undefined) return refuse('CAST_UNKNOWN');
  if (member?.playerId != null && !member.mayBeVoiced) return refuse('CAST_PLAYED');
  const turn: NarratorTurnState = {
    turnId: context.newId(),
    askedBy: player.id,
    askedAt: context.now,
    state: 'queued',
    passageId: null,
    alternativeId: null,
    direction: null,
    castId: null,
    maxTokens: null,
    isResumed: false,
    ...of,
  };
  return accept({ events: [{ type: 'narrator-asked', turn }], value: { turnId: turn.turnId } });
}

/** Asks for the next passage, freely, with a direction, or as a cast member (N1). */
export const askNarrator: Handler<'narrator:ask'> = (context, { direction, castId, maxTokens }) => {
  if (context.passageCount >= LIMITS.passages) return refuse('STORY_FULL');
  if (hasNoRoom(context)) return refuse('HOLDS_FULL');
  return ask(context, {
    direction: direction === undefined || direction === '' ? null : direction,
    castId: castId ?? null,
    maxTokens: maxTokens ?? null,
  });
};

/** The game masters' own request for a better passage, instead of one that was not taken. */
export function askAgain(
  context: DecideContext,
  of: Pick<NarratorTurnState, 'direction' | 'castId'>,
): Decision {
  return context.passageCount >= LIMITS.passages ? refuse('STORY_FULL') : ask(context, of);
}

/** Asks for another alternative of any narrator passage, with the direction it was first written under (N3). */
export const retryNarrator: Handler<'narrator:retry'> = (context, { passageId }) => {
  const passage = context.passage(passageId);
  // What a game master wrote as the narrator has no other alternatives.
  if (passage?.kind !== 'narrator' || passage.by !== NARRATOR) return refuse('PASSAGE_UNKNOWN');
  if (passage.state !== 'shown') return refuse('PASSAGE_UNKNOWN');
  if (passage.alternatives.length >= LIMITS.alternatives) return refuse('ALTERNATIVES_FULL');
  const isBusy =
    passage.alternatives.some((alternative) => alternative.state === 'streaming') ||
    context.state.narratorTurns.some((turn) => turn.passageId === passageId) ||
    Object.values(context.state.drafts).some((draft) => draft.replaces === passageId);
  if (isBusy) return refuse('PASSAGE_BUSY');
  if (hasNoRoom(context)) return refuse('HOLDS_FULL');
  const direction = passage.alternatives[passage.chosen]?.info.direction ?? null;
  const castId = context.state.cast.some((member) => member.id === passage.castId) ? passage.castId : null;
  return ask(context, { passageId, direction, castId });
};

/** Stops a running turn (whole sentences stay) or takes a waiting one back: its asker and game masters (N2). */
export const stopNarrator: Handler<'narrator:stop'> = ({ state, player }, { turnId }) => {
  const turn = state.narratorTurns.find((candidate) => candidate.turnId === turnId);
  if (turn === undefined) return refuse('TURN_UNKNOWN');
  if (turn.askedBy !== player.id && !isMaster(player.role)) return refuse('ROLE_FORBIDS');
  return accept({});
};
