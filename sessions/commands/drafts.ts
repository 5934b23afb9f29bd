import { refuse } from '../errors.ts';
import type { SessionEvent } from '../events.ts';
import { LIMITS } from '../limits.ts';
import { isMaster } from '../roles.ts';
import type { Draft } from '../state.ts';
import type { Span } from '../story-shape.ts';
import { isWaiting } from '../safety-events.ts';
import { cleanText } from '../text.ts';
import { spansText } from '../story-shape.ts';
import type { StoryChange } from '../story.ts';
import { advance, mayOpen } from '../turns.ts';
import { accept, findDraft, type Decision, type DecideContext, type Handler } from './decision.ts';

/** A new passage that a player writes; not words kept from a passage that was taken back (K7). */
function isOwnPassage(draft: Draft, playerId: string): boolean {
  return draft.openedBy === playerId && draft.replaces === null && draft.keptFrom === null;
}

/** Opens a passage of one's own, when the turn rules allow it. One open passage a player. */
export const openDraft: Handler<'draft:open'> = (context, { asNarrator }) => {
  const { state, player, now } = context;
  if (asNarrator && !isMaster(player.role)) return refuse('ROLE_FORBIDS');
  const allowed = asNarrator ? { ok: true as const } : mayOpen(state.turn, player);
  if (!allowed.ok) return allowed;
  const drafts = Object.values(state.drafts);
  if (drafts.some((draft) => isOwnPassage(draft, player.id))) {
    return refuse('DRAFT_ALREADY_OPEN');
  }
  if (drafts.length >= LIMITS.openDrafts) return refuse('DRAFTS_FULL');
  if (context.passageCount >= LIMITS.passages) return refuse('STORY_FULL');
  const draft = { ...newDraft(context, { replaces: null, openedAt: now }), asNarrator };
  return accept({ events: [{ type: 'draft-opened', draft }], value: { draftId: draft.id } });
};

/** A draft by the acting player under today's visibility; rounds are always written in private (T4). */
export function newDraft(context: DecideContext, of: { replaces: string | null; openedAt: number }): Draft {
  const { state, player } = context;
  const isPrivate = state.turn.mode === 'round' && of.replaces === null;
  return {
    id: context.newId(),
    turnId: context.newId(),
    openedBy: player.id,
    openedAt: of.openedAt,
    replaces: of.replaces,
    visibility: isPrivate ? 'private' : state.settings.draftVisibility,
    submittedAt: null,
    asNarrator: false,
    isShielded: false,
    isCarded: false,
    keptFrom: null,
    keptOf: null,
    clients: {},
  };
}

/** Text as it enters the story: every run cleaned, white space at both ends trimmed, empty runs gone. */
export function storySpans(spans: readonly Span[]): Span[] {
  const cleaned = spans.map((span) => ({ ...span, text: cleanText(span.text) }));
  while (cleaned[0] !== undefined && cleaned[0].text.trimStart() === '') cleaned.shift();
  while (cleaned.at(-1)?.text.trimEnd() === '') cleaned.pop();
  const first = cleaned[0];
  if (first !== undefined) first.text = first.text.trimStart();
  const last = cleaned.at(-1);
  if (last !== undefined) last.text = last.text.trimEnd();
  return cleaned.filter((span) => span.text !== '');
}

/** Events and changes that put one draft into the story. */
export function commitOf(
  context: DecideContext,
  draft: Draft,
):
  | { ok: true; passageId: string; events: SessionEvent[]; changes: StoryChange[] }
  | ReturnType<typeof refuse> {
  const spans = storySpans(context.draftSpans(draft.id));
  if (spans.length === 0) return refuse('PASSAGE_EMPTY');
  if (spansText(spans).length > LIMITS.passageLength) return refuse('PASSAGE_TOO_LONG');
  const passageId = draft.replaces ?? context.newId();
  const isReplacement = draft.replaces !== null && context.passage(draft.replaces) !== null;
  const change: StoryChange = isReplacement
    ? { op: 'replace', passageId, spans, at: context.now }
    : {
        op: 'add',
        passageId,
        alternativeId: context.newId(),
        meta: {
          kind: draft.asNarrator ? 'narrator' : 'player',
          by: draft.openedBy,
          turnId: draft.turnId,
          castId: null,
          createdAt: context.now,
        },
        spans,
        at: context.now,
      };
  // A place that was kept for the passage while it was being revised.
  const isPlaceholder = isReplacement && context.passage(passageId)?.state === 'held';
  const changes: StoryChange[] = isPlaceholder
    ? [change, { op: 'mark', passageId, state: 'shown' }]
    : [change];
  const by = draft.openedBy;
  const events: SessionEvent[] = [
    { type: 'passage-committed', passageId, draftId: draft.id, by, isReplacement, isHeld: false },
  ];
  return { ok: true, passageId, events, changes };
}

/** S12: a game master has yet to decide about the text of a passage that is out of sight; not what this draft held. */
function isUndecided({ state, passage }: DecideContext, passageId: string, draftId?: string): boolean {
  if (passage(passageId)?.state !== 'held') return false;
  return state.safety.holds.some(
    (hold) => hold.passageId === passageId && isWaiting(hold) && (hold.draftId ?? '') !== draftId,
  );
}

function mayCommit(context: DecideContext, draft: Draft): ReturnType<typeof refuse> | null {
  const { state, player } = context;
  // Kept words are their writer's alone (K7).
  if (draft.keptFrom !== null && draft.openedBy !== player.id) return refuse('DRAFT_FORBIDDEN');
  const wroteInIt = Object.values(draft.clients).includes(player.id);
  if (draft.openedBy !== player.id && !isMaster(player.role) && !(state.turn.mode === 'free' && wroteInIt)) {
    return refuse('DRAFT_FORBIDDEN');
  }
  if (draft.replaces !== null)
    return isUndecided(context, draft.replaces, draft.id)
      ? refuse('PASSAGE_BUSY', 'It waits for a game master.')
      : null;
  if (state.turn.mode === 'round' && !draft.asNarrator)
    return refuse('TURN_MODE_FORBIDS', 'In a round, submit your passage instead.');
  const opener = state.players[draft.openedBy];
  const allowed =
    opener === undefined || draft.asNarrator || isMaster(player.role)
      ? { ok: true as const }
      : mayOpen(state.turn, opener);
  return allowed.ok ? null : allowed;
}

/** Puts a draft into the story with its author spans; in turn-based modes the turn passes on (T2). */
export const commitDraft: Handler<'draft:commit'> = (context, { draftId }) => {
  const { state, now } = context;
  const draft = findDraft(state, draftId);
  if (draft === null) return refuse('DRAFT_UNKNOWN');
  const forbidden = mayCommit(context, draft);
  if (forbidden !== null) return forbidden;
  if (draft.replaces === null && context.passageCount >= LIMITS.passages) return refuse('STORY_FULL');
  const commit = commitOf(context, draft);
  if (!commit.ok) return commit;
  const endsTurn = draft.replaces === null && state.turn.current === draft.openedBy;
  if (endsTurn)
    commit.events.push({ type: 'turn-changed', turn: advance(state.turn, context.isPresent, now) });
  return accept({
    events: commit.events,
    changes: commit.changes,
    value: { passageId: commit.passageId, isHeld: false },
  });
};

/** Throws a draft away: its opener, or a game master. */
export const discardDraft: Handler<'draft:discard'> = (context, { draftId }) => {
  const { state, player } = context;
  const draft = findDraft(state, draftId);
  if (draft === null) return refuse('DRAFT_UNKNOWN');
  if (draft.openedBy !== player.id && !isMaster(player.role)) return refuse('DRAFT_FORBIDDEN');
  const { replaces: passageId } = draft;
  // The place that was kept for it while it was being revised waits for nothing any more.
  const isPlace = passageId !== null && context.passage(passageId)?.state === 'held';
  const isEmpty = isPlace && !isUndecided(context, passageId);
  return accept({
    events: [{ type: 'draft-discarded', draftId }],
    changes: isEmpty ? [{ op: 'mark', passageId, state: 'struck' }] : [],
  });
};

/** Freezes a draft as its author's part of the round; the last one of those present resolves it (T4). */
export const submitDraft: Handler<'turn:submit'> = (context, { draftId }) => {
  const { state, player, now } = context;
  const draft = findDraft(state, draftId);
  if (draft === null) return refuse('DRAFT_UNKNOWN');
  if (state.turn.mode !== 'round' || draft.replaces !== null) return refuse('TURN_MODE_FORBIDS');
  if (draft.openedBy !== player.id) return refuse('DRAFT_FORBIDDEN');
  if (draft.submittedAt !== null) return accept({});
  const spans = storySpans(context.draftSpans(draft.id));
  if (spans.length === 0) return refuse('PASSAGE_EMPTY');
  return accept({ events: [{ type: 'draft-submitted', draftId, at: now }] });
};

/** Takes a submitted draft back for more writing. */
export const withdrawDraft: Handler<'turn:withdraw'> = ({ state, player }, { draftId }): Decision => {
  const draft = findDraft(state, draftId);
  if (draft === null) return refuse('DRAFT_UNKNOWN');
  if (draft.openedBy !== player.id) return refuse('DRAFT_FORBIDDEN');
  return accept({ events: draft.submittedAt === null ? [] : [{ type: 'draft-withdrawn', draftId }] });
};
