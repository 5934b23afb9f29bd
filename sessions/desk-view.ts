import { mayAppeal, mayUndo } from './commands/review.ts';
import { LIMITS } from './limits.ts';
import { isMaster } from './roles.ts';
import { isWaiting } from './safety-events.ts';
import type { Hold } from './safety-state.ts';
import type { DeskView, HoldView, NoteView, ReviewView } from './safety-view.ts';
import { standingOf } from './standing.ts';
import type { Player, SessionState } from './state.ts';
import { spansText } from './story-shape.ts';

/** Notes of one's own that are shown. */
const NOTES = 20;

function noteView(hold: Hold, helpText: string): NoteView {
  return {
    holdId: hold.id,
    at: hold.at,
    kind: hold.kind,
    state: hold.state,
    passageId: hold.passageId,
    reason: hold.why?.reason ?? '',
    rule: hold.why?.rules[0] ?? '',
    helpText: hold.needsHelp ? helpText : null,
    mayAppeal: mayAppeal(hold),
    appeal: hold.appeal,
    note: hold.note,
  };
}

function holdView(hold: Hold): HoldView {
  const { id, kind, state, at, channel, passageId, why, needsHelp, appeal, decidedBy, decidedAt, note } =
    hold;
  return {
    ...{ id, kind, state, at, channel, passageId, why, needsHelp, appeal, decidedBy, decidedAt, note },
    by: kind === 'hidden' ? null : hold.by,
    text: spansText(hold.texts[0]?.spans ?? []),
    mayUndo: mayUndo(hold),
  };
}

/** A quiet flag: what needs help is on the desk of game masters also when nothing waits for a decision. */
function isForReview(hold: Hold): boolean {
  return (
    isWaiting(hold) || hold.decidedBy !== null || hold.needsHelp || hold.why?.outcome === 'block_escalate'
  );
}

function reviewView({ safety }: SessionState): ReviewView {
  const holds = safety.holds.filter(isForReview);
  const waiting = holds.filter(isWaiting);
  const others = holds.filter((hold) => !isWaiting(hold)).reverse();
  // X-cards are never refused: beyond what one desk can hold, the next come up as the oldest are decided.
  return {
    holds: [...waiting.slice(0, LIMITS.openHolds), ...others].map(holdView),
    requests: safety.requests,
    reports: safety.reports,
    tableLines: safety.agreement.lines,
    tableVeils: safety.agreement.veils,
    oldestAt: waiting[0]?.at ?? null,
    waiting: waiting.length,
    decided: safety.decided,
    overturned: safety.overturned,
  };
}

/** What only this player sees. */
export function deskView(state: SessionState, player: Player): DeskView {
  const { safety } = state;
  const own = safety.holds.filter((hold) => hold.by === player.id && hold.kind !== 'hidden');
  const { mutedUntil, isReadOnly, isAway } = standingOf(state, player.id);
  const topics = safety.topics[player.id];
  const { helpText } = safety.agreement;
  return {
    notes: own
      .slice(-NOTES)
      .reverse()
      .map((hold) => noteView(hold, helpText)),
    lines: topics?.lines ?? [],
    veils: topics?.veils ?? [],
    mutedUntil,
    isReadOnly,
    isAway,
    helpText,
    review: isMaster(player.role) ? reviewView(state) : null,
  };
}
