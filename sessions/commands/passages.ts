import { refuse, type Refusal } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { can, isMaster } from '../roles.ts';
import { chosenSpans, type Passage } from '../story-shape.ts';
import { accept, type DecideContext, type Handler } from './decision.ts';
import { newDraft } from './drafts.ts';

function isStreaming(passage: Passage): boolean {
  return passage.alternatives.some((alternative) => alternative.state === 'streaming');
}

/** S12: under an X-card, also where it was struck already. */
function isHidden({ state }: DecideContext, passageId: string): boolean {
  return state.safety.holds.some(
    (hold) => hold.kind === 'hidden' && hold.state === 'open' && hold.passageId === passageId,
  );
}

/** The passage if the player may change it: its author, or a game master; nobody while it is being written. */
function ownPassage(context: DecideContext, passageId: string): Passage | Refusal {
  const passage = context.passage(passageId);
  if (passage === null) return refuse('PASSAGE_UNKNOWN');
  const { player } = context;
  if (passage.by !== player.id && !can(player.role, 'edit-any-passage')) return refuse('ROLE_FORBIDS');
  if (passage.isPurged) return refuse('PASSAGE_UNKNOWN', 'It was removed for good.');
  if (passage.rollbackId !== null && !isMaster(player.role))
    return refuse('ROLE_FORBIDS', 'A rollback took it back: only a game master brings it back.');
  if (passage.state === 'held' || isHidden(context, passageId))
    return refuse('PASSAGE_BUSY', 'It waits for a game master.');
  return isStreaming(passage) ? refuse('PASSAGE_BUSY') : passage;
}

/** Turns a committed passage back into a draft that carries its text and authors; the story keeps it meanwhile. */
export const reopenPassage: Handler<'passage:reopen'> = (context, { passageId }) => {
  const passage = ownPassage(context, passageId);
  if ('ok' in passage) return passage;
  const drafts = Object.values(context.state.drafts);
  if (drafts.some((draft) => draft.replaces === passageId))
    return refuse('PASSAGE_BUSY', 'Somebody is editing it.');
  // The commit would replace the alternative that the narrator adds meanwhile.
  if (context.state.narratorTurns.some((turn) => turn.passageId === passageId)) {
    return refuse('PASSAGE_BUSY', 'The narrator is asked to write it anew.');
  }
  if (drafts.length >= LIMITS.openDrafts) return refuse('DRAFTS_FULL');
  const draft = newDraft(context, { replaces: passageId, openedAt: context.now });
  return accept({
    events: [{ type: 'draft-opened', draft }],
    prefills: [{ draftId: draft.id, spans: chosenSpans(passage) }],
    value: { draftId: draft.id },
  });
};

/** Takes a passage out of the story; `passage:restore` brings it back. */
export const strikePassage: Handler<'passage:strike'> = (context, { passageId }) => {
  const passage = ownPassage(context, passageId);
  if ('ok' in passage) return passage;
  // Under the mark of who struck it first.
  if (passage.state === 'struck') return accept({});
  return accept({
    events: [{ type: 'passage-struck', passageId, by: context.player.id }],
    changes: [{ op: 'mark', passageId, state: 'struck' }],
  });
};

/** Brings a struck passage back. */
export const restorePassage: Handler<'passage:restore'> = (context, { passageId }) => {
  const passage = ownPassage(context, passageId);
  if ('ok' in passage) return passage;
  return accept({
    events: [{ type: 'passage-restored', passageId, by: context.player.id }],
    changes: [{ op: 'mark', passageId, state: 'shown' }],
  });
};

/** Makes another alternative of a narrator passage part of the story. */
export const chooseAlternative: Handler<'passage:choose'> = (context, { passageId, alternativeId }) => {
  const passage = context.passage(passageId);
  if (passage === null) return refuse('PASSAGE_UNKNOWN');
  if (passage.state === 'held') return refuse('PASSAGE_BUSY', 'It waits for a game master.');
  if (isStreaming(passage)) return refuse('PASSAGE_BUSY');
  if (!passage.alternatives.some((alternative) => alternative.id === alternativeId)) {
    return refuse('PASSAGE_UNKNOWN', 'There is no such alternative.');
  }
  if (Object.values(context.state.drafts).some((draft) => draft.replaces === passageId)) {
    return refuse('PASSAGE_BUSY', 'Somebody is editing it.');
  }
  return accept({
    events: [{ type: 'alternative-chosen', passageId, alternativeId, by: context.player.id }],
    changes: [{ op: 'choose', passageId, alternativeId }],
  });
};
