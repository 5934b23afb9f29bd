import { editedSpans } from '../edited-spans.ts';
import { refuse, type Refusal } from '../errors.ts';
import type { SessionEvent } from '../events.ts';
import { LIMITS } from '../limits.ts';
import type { CommandPayload } from '../protocol.ts';
import { isWaiting } from '../safety-events.ts';
import type { Hold } from '../safety-state.ts';
import { activePlayer, entryOf, isWriterRole } from '../state.ts';
import { standingOf, withoutStrike } from '../standing.ts';
import {
  alternativeTexts,
  chosenText,
  NARRATOR,
  spansText,
  type Passage,
  type PassageMeta,
} from '../story-shape.ts';
import type { StoryChange } from '../story.ts';
import { cleanLine } from '../text.ts';
import { accept, type DecideContext, type Decision, type Handler } from './decision.ts';
import { newDraft, storySpans } from './drafts.ts';
import { askAgain } from './narrator-commands.ts';
import { restraintOn } from './restraints.ts';
import { withheld } from './safety.ts';

type Decided = CommandPayload<'hold:decide'>;
const STATE_AFTER = { approve: 'approved', reject: 'rejected', revise: 'revision' } as const;

function findHold(context: DecideContext, holdId: string): Hold | null {
  return context.state.safety.holds.find((hold) => hold.id === holdId) ?? null;
}

function textsOf(hold: Hold, decided: Decided, editor: string): Hold['texts'] {
  const { text } = decided;
  const [first, ...rest] = hold.texts;
  if (text == null || text === '') return hold.texts;
  if (first === undefined) return [{ alternativeId: 'only', spans: [{ author: editor, text }] }];
  return [{ ...first, spans: editedSpans(first.spans, text, editor) }, ...rest];
}

interface Put {
  passageId: string;
  changes: StoryChange[];
}

/** What was held goes where it belongs in a passage that is there. */
function intoPassage(
  context: DecideContext,
  passage: Passage,
  of: { hold: Hold; texts: Hold['texts'] },
): Put | Refusal {
  const { hold, texts } = of;
  const { id: passageId } = passage;
  const [held, base] = texts;
  if (hold.kind === 'narrator' && hold.isReplacement) {
    if (passage.state === 'held') return refuse('PASSAGE_BUSY', 'The passage is out of sight.');
    // The end of a passage whose beginning is shown.
    const { alternativeId = '', spans = [] } = held ?? {};
    if (!passage.alternatives.some(({ id }) => id === alternativeId)) {
      // Another alternative of it.
      if (passage.alternatives.length >= LIMITS.alternatives) return refuse('ALTERNATIVES_FULL');
      const { kind, by, turnId, castId, createdAt } = passage;
      const meta = { kind, by, turnId, castId, createdAt };
      return { passageId, changes: [{ op: 'add', passageId, alternativeId, meta, spans, at: context.now }] };
    }
    const begun = passage.alternatives.find(({ id }) => id === alternativeId)?.spans ?? [];
    const end = { author: spans[0]?.author ?? NARRATOR, text: ` ${spansText(spans)}` };
    const change = { op: 'fill' as const, passageId, alternativeId, spans: [...begun, end], at: context.now };
    return { passageId, changes: [change] };
  }
  const now = chosenText(passage);
  if (hold.kind === 'passage' && hold.isReplacement && now !== spansText(base?.spans ?? []))
    return refuse('PASSAGE_BUSY', 'The passage has been changed since. Ask its author to revise it.');
  // What stands behind an edit is what it replaces, else it is another alternative.
  const isEdit = hold.kind === 'passage' && hold.isReplacement;
  const filled = isEdit ? texts.slice(0, 1) : texts;
  const at = isEdit ? { at: context.now } : {};
  const changes: StoryChange[] = filled.map((one) => ({ op: 'fill', passageId, ...one, ...at }));
  const back = passage.alternatives.find(({ id }) => id === held?.alternativeId);
  if (hold.direction !== null && back !== undefined) {
    const info = { ...back.info, direction: hold.direction };
    changes.push({ op: 'end', passageId, alternativeId: back.id, info });
  }
  // What its author has struck meanwhile stays struck.
  if (passage.state === 'held') changes.push({ op: 'mark', passageId, state: 'shown' });
  return { passageId, changes };
}

/** Fills the place of a held passage; one that has none gets it at the end of the story. */
function intoStory(context: DecideContext, hold: Hold, texts: Hold['texts']): Put | Refusal {
  const passage = hold.passageId === null ? null : context.passage(hold.passageId);
  if (passage !== null) return intoPassage(context, passage, { hold, texts });
  if (context.passageCount >= LIMITS.passages) return refuse('STORY_FULL');
  const id = context.newId();
  const draft = entryOf(context.state.drafts, hold.draftId ?? '');
  const isNarrator = hold.by === NARRATOR || draft?.asNarrator === true;
  const meta: PassageMeta = {
    kind: isNarrator ? 'narrator' : 'player',
    by: hold.by,
    turnId: hold.turnId ?? context.newId(),
    castId: hold.castId,
    createdAt: context.now,
  };
  const spans = texts[0]?.spans ?? [];
  const change: StoryChange = {
    op: 'add',
    passageId: id,
    alternativeId: context.newId(),
    meta,
    spans,
    at: context.now,
  };
  return { passageId: id, changes: [change] };
}

/** Text that was masked is put back as it was, if nobody has changed the passage since. */
function unmask(context: DecideContext, hold: Hold): { changes: StoryChange[] } | Refusal {
  const [original, masked] = hold.texts;
  const passage = hold.passageId === null ? null : context.passage(hold.passageId);
  const chosen = passage?.alternatives[passage.chosen];
  if (passage === null || chosen === undefined || original === undefined || masked === undefined) {
    return refuse('HOLD_UNKNOWN', 'Its original words were not kept.');
  }
  if (spansText(chosen.spans) !== spansText(masked.spans))
    return refuse('HOLD_UNKNOWN', 'The passage has been changed since.');
  const { spans } = original;
  return {
    changes: [{ op: 'fill', passageId: passage.id, alternativeId: chosen.id, spans, at: context.now }],
  };
}

function decidedEvent(
  context: DecideContext,
  hold: Hold,
  of: { decided: Decided; passageId: string | null },
) {
  const { decision, note, text } = of.decided;
  const isEdited = decision === 'approve' && text != null && text !== '';
  return {
    type: 'hold-decided' as const,
    holdId: hold.id,
    state: STATE_AFTER[decision],
    passageId: of.passageId,
    by: context.player.id,
    at: context.now,
    note,
    isEdited,
    isOverturn: decision === 'approve' && hold.why !== null && !isEdited,
  };
}

/** An overturned strike no longer counts against its author. */
function cleared(context: DecideContext, hold: Hold): SessionEvent[] {
  if (hold.by === NARRATOR || hold.why === null || hold.kind === 'hidden') return [];
  const standing = withoutStrike(standingOf(context.state, hold.by));
  return [{ type: 'standing-changed', playerId: hold.by, standing }];
}

function approve(context: DecideContext, hold: Hold, decided: Decided): Decision {
  const texts = textsOf(hold, decided, context.player.id);
  if (spansText(texts[0]?.spans ?? []) === '' && hold.kind !== 'hidden')
    return refuse('HOLD_UNKNOWN', 'Its original words were not kept.');
  if (hold.kind === 'talk') {
    const text = cleanLine(spansText(texts[0]?.spans ?? []));
    if (text === '' || text.length > LIMITS.talkLength)
      return refuse('BAD_INPUT', `A line of talk has ${LIMITS.talkLength} characters at most.`);
    const line = { id: context.newId(), by: hold.by, at: context.now, text };
    const event = decidedEvent(context, hold, { decided, passageId: null });
    return accept({ events: [event, ...cleared(context, hold), { type: 'talk-said', line }] });
  }
  if (hold.state === 'masked') {
    const put = unmask(context, { ...hold, texts });
    if ('ok' in put) return put;
    const event = decidedEvent(context, hold, { decided, passageId: hold.passageId });
    return accept({ events: [event, ...cleared(context, hold)], changes: put.changes });
  }
  const put = intoStory(context, hold, texts);
  if ('ok' in put) return put;
  const events: SessionEvent[] = [
    decidedEvent(context, hold, { decided, passageId: put.passageId }),
    ...cleared(context, hold),
  ];
  // What was refused still lies in its author's draft: it is in the story now. More words since then stay there.
  const draft = hold.draftId === null ? undefined : entryOf(context.state.drafts, hold.draftId);
  const isSame =
    spansText(storySpans(context.draftSpans(draft?.id ?? ''))) === spansText(hold.texts[0]?.spans ?? []);
  const isInStory = context.passage(put.passageId)?.state !== 'struck';
  if (draft !== undefined && isSame && isInStory) events.push({ type: 'draft-discarded', draftId: draft.id });
  return accept({ events, changes: put.changes, value: { passageId: put.passageId } });
}

function reject(context: DecideContext, hold: Hold, decided: Decided): Decision {
  const { passageId } = hold;
  const decision = accept({ events: [decidedEvent(context, hold, { decided, passageId })] });
  const isPlaceholder = passageId !== null && (hold.kind === 'hidden' || !hold.isReplacement);
  // A place whose text its author has in a draft still waits for that.
  if (isPlaceholder && context.passage(passageId)?.state === 'held' && !isReopened(context, passageId)) {
    decision.changes.push({ op: 'mark', passageId, state: 'struck' });
  }
  // S8: in Assist a note makes a better try.
  const isOurs = hold.kind === 'narrator' || hold.kind === 'whisper';
  if (!isOurs || decided.note === '' || restraintOn(context, 'narrator:ask') !== null) return decision;
  const again = askAgain(context, { direction: hold.direction, castId: hold.castId });
  if (!again.ok) return decision;
  const guidance = `The game master did not take your last passage: ${decided.note}`;
  decision.events.push({ type: 'guidance-given', guidance }, ...again.events);
  return decision;
}

function isReopened({ state }: DecideContext, passageId: string): boolean {
  return Object.values(state.drafts).some(({ replaces }) => replaces === passageId);
}

/** Gives a held passage back to its author as a draft that nobody else reads. */
function revise(context: DecideContext, hold: Hold, decided: Decided): Decision {
  const author = activePlayer(context.state, hold.by);
  const event = decidedEvent(context, hold, { decided, passageId: hold.passageId });
  const { passageId } = hold;
  const isOpen = passageId !== null && isReopened(context, passageId);
  // What was refused lies in its author's draft, but for what was let through and taken back.
  const isGiven = hold.state === 'open' || (!isOpen && context.passage(passageId ?? '')?.state === 'held');
  const isDraft = hold.kind === 'passage' && isGiven && passageId !== null;
  if (!isDraft) return reject(context, hold, { ...decided, decision: 'revise' });
  // Nobody is there to revise it: that can be taken back, unlike a draft that is out.
  if (author === null || !isWriterRole(author.role))
    return reject(context, hold, { ...decided, decision: 'reject' });
  if (isOpen) return refuse('PASSAGE_BUSY', 'Somebody is editing it.');
  const rollbackId = context.passage(passageId)?.rollbackId ?? null;
  const replaces = rollbackId === null ? passageId : null;
  const draft = {
    ...newDraft({ ...context, player: author }, { replaces, openedAt: context.now }),
    visibility: 'private' as const,
    // What a rollback took is written anew, in a passage of its own.
    ...(rollbackId === null ? {} : { keptFrom: rollbackId, keptOf: passageId }),
  };
  return accept({
    events: [event, { type: 'draft-opened', draft }],
    prefills: [{ draftId: draft.id, spans: hold.texts[0]?.spans ?? [] }],
    value: { draftId: draft.id },
  });
}

/** H4: a game master decides about a text that waits. */
export const decideHold: Handler<'hold:decide'> = (context, decided) => {
  const hold = findHold(context, decided.holdId);
  if (hold === null || !isWaiting(hold)) return refuse('HOLD_UNKNOWN');
  return { approve, reject, revise }[decided.decision](context, hold, decided);
};

/** Whether a decision can be taken back: talk that was said stays said, and a draft that was given back is out. */
export function mayUndo(hold: Hold): boolean {
  if (hold.before === null || hold.state === 'revision') return false;
  const isOut =
    hold.kind === 'talk' || hold.kind === 'whisper' || (hold.kind === 'narrator' && hold.isReplacement);
  return hold.state === 'rejected' || !isOut;
}

/** H5: takes a decision back. What stands in the story by then goes back into the hold, so that no word is lost. */
export const undoHold: Handler<'hold:undo'> = (context, { holdId }) => {
  const hold = findHold(context, holdId);
  if (hold === null || !mayUndo(hold)) return refuse('HOLD_UNKNOWN');
  const event = { type: 'hold-undone' as const, holdId, by: context.player.id, at: context.now };
  const passage = hold.passageId === null ? null : context.passage(hold.passageId);
  if (passage === null || hold.kind === 'talk') return accept({ events: [{ ...event, texts: hold.texts }] });
  const { id: passageId } = passage;
  const isPlace = hold.kind === 'hidden' || !hold.isReplacement;
  if (hold.state === 'rejected' && !isPlace) return accept({ events: [{ ...event, texts: hold.texts }] });
  const busy = inTheWay(context, passage, isPlace);
  if (busy !== null) return busy;
  if (hold.state === 'rejected') {
    if (passage.alternatives.some(({ spans }) => spans.length > 0))
      return refuse('PASSAGE_BUSY', 'It has been written anew since.');
    const changes: StoryChange[] = [{ op: 'mark', passageId, state: 'held' }];
    return accept({ events: [{ ...event, texts: hold.texts }], changes });
  }
  if (!isPlace) return undoEdit(passage, hold, event);
  const texts = alternativeTexts(passage);
  // What a rollback has taken since stays taken.
  const changes = passage.rollbackId === null ? [{ op: 'withhold' as const, passageId }] : withheld(passage);
  return accept({ events: [{ ...event, texts }], changes });
};

/** Why what stands in a passage cannot be changed now; `isTakenOut`: its place is to be empty. */
function inTheWay(context: DecideContext, passage: Passage, isTakenOut: boolean): Refusal | null {
  if (passage.state === 'held') return refuse('PASSAGE_BUSY', 'The passage is out of sight.');
  const isAsked = context.state.narratorTurns.some(({ passageId }) => passageId === passage.id);
  if (isAsked) return refuse('PASSAGE_BUSY', 'The narrator is asked to write it anew.');
  return isTakenOut && isReopened(context, passage.id)
    ? refuse('PASSAGE_BUSY', 'Somebody is editing it.')
    : null;
}

/** An edit, or an original, that was let through gives way to what stood there before it. */
function undoEdit(
  passage: Passage,
  hold: Hold,
  event: { type: 'hold-undone'; holdId: string; by: string; at: number },
): Decision {
  const [held, base] = hold.texts;
  if (held === undefined || base === undefined) return refuse('HOLD_UNKNOWN');
  const now = passage.alternatives.find(({ id }) => id === base.alternativeId)?.spans ?? [];
  const texts = [{ ...held, spans: now }, base];
  return accept({
    events: [{ ...event, texts }],
    changes: [{ op: 'fill', passageId: passage.id, ...base, at: event.at }],
  });
}

/** H3: the author says something against what the screen decided. Once; not where no table could allow it. */
export const appealHold: Handler<'hold:appeal'> = (context, { holdId, text }) => {
  const hold = findHold(context, holdId);
  if (hold?.by !== context.player.id || !mayAppeal(hold)) return refuse('HOLD_UNKNOWN');
  return accept({ events: [{ type: 'hold-appealed', holdId, text }] });
};

/** Whether its author may still appeal against a hold. */
export function mayAppeal(hold: Hold): boolean {
  if (hold.kind === 'note') return false;
  const isUndecided = hold.state === 'open' || hold.state === 'masked' || hold.state === 'refused';
  return isUndecided && hold.appeal === null && hold.why !== null && hold.why.outcome !== 'block_escalate';
}
