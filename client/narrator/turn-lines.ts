import { LIMITS } from '../../sessions/limits.ts';
import type { NarratorTurnView } from '../../sessions/view.ts';
import { TEXT } from '../strings.ts';

/** Where a narrator turn stands, in a few words. */
export function describeNarratorTurn(turn: NarratorTurnView): string {
  const { narrator } = TEXT;
  if (turn.isPaused) return narrator.paused(turn.expectedWaitMs);
  if (turn.state === 'queued') return narrator.queued(turn.position, turn.expectedWaitMs);
  return turn.passageId === null ? narrator.beginning : narrator.writing;
}

/** The turns as they are listed: what has begun, then one's own, then the others as they come. */
export function orderTurns(turns: readonly NarratorTurnView[], playerId: string): NarratorTurnView[] {
  const rank = (turn: NarratorTurnView): number => {
    if (turn.state === 'generating') return 0;
    return turn.askedBy === playerId ? 1 : 2;
  };
  return turns.toSorted((a, b) => rank(a) - rank(b) || a.position - b.position);
}

/** Why a player cannot ask once more just now; null: they can. The server decides; this keeps the page honest. */
export function whyFull(turns: readonly NarratorTurnView[], playerId: string): string | null {
  const own = turns.filter((turn) => turn.askedBy === playerId).length;
  if (own >= LIMITS.narratorTurnsPerPlayer) return TEXT.narrator.ownFull(own);
  if (turns.length >= LIMITS.narratorTurnsPerSession) return TEXT.narrator.sessionFull(turns.length);
  return null;
}

/** What has happened since `before`, for who cannot see the page: asked, begun, done; never that a place moved. */
export function narratorNews(
  before: readonly NarratorTurnView[],
  now: readonly NarratorTurnView[],
  of: { playerId: string; nameOf: (playerId: string) => string },
): string {
  const isWriting = (turn: NarratorTurnView) => turn.state === 'generating' && turn.passageId !== null;
  const known = new Set(before.map((turn) => turn.turnId));
  const was = new Set(before.filter(isWriting).map((turn) => turn.turnId));
  const is = new Set(now.filter(isWriting).map((turn) => turn.turnId));
  const asked = now.filter((turn) => !known.has(turn.turnId));
  return [
    ...([...was].some((id) => !is.has(id)) ? [TEXT.story.ended] : []),
    ...asked.map(({ askedBy }) =>
      askedBy === of.playerId ? TEXT.narrator.youAsked : TEXT.narrator.asked(of.nameOf(askedBy)),
    ),
    ...([...is].some((id) => !was.has(id)) ? [TEXT.story.began] : []),
  ].join(' ');
}
