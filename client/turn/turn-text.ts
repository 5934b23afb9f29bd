import { isMaster } from '../../sessions/roles.ts';
import type { SessionView, TurnView } from '../../sessions/view.ts';
import type { SessionState } from '../link/session-state.ts';
import { TEXT } from '../strings.ts';

type You = NonNullable<SessionState['you']>;
type NameOf = (playerId: string) => string;

/** Whose turn it is and what happens next, in two short sentences. */
export interface TurnText {
  whose: string;
  next: string;
}

/** Says in words how turns stand, from this player's point of view. */
export function describeTurn(turn: TurnView, you: You, nameOf: NameOf): TurnText {
  switch (turn.mode) {
    case 'free':
      return { whose: TEXT.turn.free, next: '' };
    case 'ordered':
      return { whose: whoseTurn(turn, you, nameOf), next: whoIsNext(turn, you, nameOf) };
    case 'gm-calls': {
      const next = isMaster(you.role) && turn.current === null ? TEXT.turn.giveOne : TEXT.turn.masterGives;
      return { whose: whoseTurn(turn, you, nameOf), next };
    }
    case 'round':
      return describeRound(turn, you, nameOf);
  }
}

/** Who else is typing, by name. */
export function describeTyping(view: Pick<SessionView, 'typing'>, you: You, nameOf: NameOf): string {
  const names = Object.keys(view.typing)
    .filter((playerId) => playerId !== you.playerId)
    .map(nameOf);
  return names.length === 0 ? '' : TEXT.turn.typing(names);
}

function whoseTurn(turn: TurnView, you: You, nameOf: NameOf): string {
  if (turn.current === null) return TEXT.turn.nobody;
  return turn.current === you.playerId ? TEXT.turn.yours : TEXT.turn.theirs(nameOf(turn.current));
}

function whoIsNext(turn: TurnView, you: You, nameOf: NameOf): string {
  if (turn.next === null || turn.next === turn.current) return '';
  return turn.next === you.playerId ? TEXT.turn.nextYou : TEXT.turn.next(nameOf(turn.next));
}

function describeRound(turn: TurnView, you: You, nameOf: NameOf): TurnText {
  const whose = TEXT.turn.round(turn.round);
  const others = turn.waitingFor.filter((playerId) => playerId !== you.playerId).map(nameOf);
  if (turn.waitingFor.includes(you.playerId)) {
    const waiting = others.length === 0 ? '' : ` ${TEXT.turn.roundWaiting(others)}`;
    return { whose, next: `${TEXT.turn.roundWrite}${waiting}` };
  }
  const yours = turn.submitted.includes(you.playerId) ? `${TEXT.turn.roundYouDone} ` : '';
  const rest = others.length === 0 ? TEXT.turn.roundFull : TEXT.turn.roundWaiting(others);
  return { whose, next: `${yours}${rest}` };
}
