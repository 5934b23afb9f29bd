import { refuse } from '../errors.ts';
import type { SessionEvent } from '../events.ts';
import { LIMITS } from '../limits.ts';
import { HARMS } from '../protocol.ts';
import { isMaster } from '../roles.ts';
import type { Hold, TableRequest } from '../safety-state.ts';
import { standingOf } from '../standing.ts';
import { entryOf, type SessionState } from '../state.ts';
import { alternativeTexts, type Passage } from '../story-shape.ts';
import type { StoryChange } from '../story.ts';
import { advance } from '../turns.ts';
import { accept, type DecideContext, type Decision, type Handler } from './decision.ts';

const SKIP_AHEAD =
  'Somebody at the table wants to skip ahead: end this scene in one short sentence and begin the next one.';

/** A hold with nothing in it yet. */
export function newHold(of: Pick<Hold, 'id' | 'kind' | 'by' | 'at' | 'channel'> & Partial<Hold>): Hold {
  return {
    state: 'open',
    before: null,
    passageId: null,
    isReplacement: false,
    draftId: null,
    turnId: null,
    castId: null,
    direction: null,
    texts: [],
    why: null,
    needsHelp: false,
    appeal: null,
    decidedBy: null,
    decidedAt: null,
    note: '',
    ...of,
  };
}

/** Whatever the passage holds, out of the story and onto the desk of the game masters. */
function hiding(
  context: DecideContext,
  passage: Passage,
): { events: SessionEvent[]; changes: StoryChange[] } {
  const hold = newHold({
    id: context.newId(),
    kind: 'hidden',
    by: passage.by,
    at: context.now,
    channel: passage.kind === 'narrator' ? 'narrator' : 'story',
    passageId: passage.id,
    isReplacement: true,
    direction: passage.alternatives[passage.chosen]?.info.direction ?? null,
    texts: alternativeTexts(passage),
  });
  // A draft that was opened to edit it holds the same text, also one that a rollback has cut off since.
  const copies = Object.values(context.state.drafts).filter(
    ({ replaces, keptOf }) => (replaces ?? keptOf) === passage.id,
  );
  const carded = copies.map(({ id }) => ({ type: 'draft-carded' as const, draftId: id }));
  return {
    events: [{ type: 'text-held', hold }, ...carded],
    changes: withheld(passage),
  };
}

/** Takes the text of a passage out; what was struck stays struck, by whom it was. */
export function withheld({ id: passageId, state, rollbackId }: Passage): StoryChange[] {
  const taken: StoryChange = { op: 'withhold', passageId };
  if (state !== 'struck') return [taken];
  return [taken, { op: 'mark', passageId, state, ...(rollbackId === null ? {} : { rollbackId }) }];
}

/** Whether there is a text to take out of sight: also one that is struck, since that may come back. */
function mayHide({ state, alternatives }: Passage): boolean {
  return state === 'shown' || (state === 'struck' && alternatives.some(({ spans }) => spans.length > 0));
}

function request(context: DecideContext, kind: TableRequest['kind'], passageId: string | null): SessionEvent {
  return { type: 'table-requested', request: { id: context.newId(), kind, at: context.now, passageId } };
}

/** S1: takes a passage or a draft out of everybody's sight. What asks for it is in no event. */
export const playXCard: Handler<'safety:x-card'> = (context, { passageId, draftId }) => {
  if (draftId != null) {
    if (entryOf(context.state.drafts, draftId) === undefined) return refuse('DRAFT_UNKNOWN');
    return accept({
      events: [{ type: 'draft-carded', draftId }, request(context, 'x-card', null)],
    });
  }
  const passage = passageId == null ? context.lastShown() : context.passage(passageId);
  if (passageId != null && passage === null) return refuse('PASSAGE_UNKNOWN');
  const hidden =
    passage === null || !mayHide(passage) ? { events: [], changes: [] } : hiding(context, passage);
  return accept({
    events: [...hidden.events, request(context, 'x-card', passage?.id ?? null)],
    changes: hidden.changes,
  });
};

function away(context: DecideContext, isAway: boolean): Decision {
  const { state, player, now } = context;
  const standing = { ...standingOf(state, player.id), isAway };
  const events: SessionEvent[] = [{ type: 'standing-changed', playerId: player.id, standing }];
  if (isAway && state.turn.current === player.id) {
    const isThere = (id: string) => id !== player.id && context.isPresent(id);
    events.push({ type: 'turn-changed', turn: advance(state.turn, isThere, now) });
  }
  return accept({ events });
}

/** S2: pause, rewind, fast-forward, open door, as in Script Change. */
export const giveSignal: Handler<'safety:signal'> = (context, { signal }) => {
  const { state, player } = context;
  switch (signal) {
    case 'pause':
      if (state.safety.isPaused) return accept({});
      return accept({ events: [{ type: 'game-paused' }, request(context, 'pause', null)] });
    case 'resume':
      if (!isMaster(player.role)) return refuse('ROLE_FORBIDS', 'A game master goes on.');
      return accept({ events: state.safety.isPaused ? [{ type: 'game-resumed' }] : [] });
    case 'rewind':
      return accept({ events: [request(context, 'rewind', context.lastShown()?.id ?? null)] });
    case 'fast-forward':
      return accept({
        events: [{ type: 'guidance-given', guidance: SKIP_AHEAD }, request(context, 'fast-forward', null)],
      });
    case 'open-door':
      return away(context, true);
    case 'back':
      return away(context, false);
  }
};

/** S5: one's own lines and veils. */
export const setTopics: Handler<'safety:topics'> = ({ player }, topics) =>
  accept({ events: [{ type: 'topics-changed', playerId: player.id, topics }] });

/** S7: what the table agrees on. A table may be stricter than the policy, never looser. */
export const setAgreement: Handler<'session:zero'> = ({ state, floor }, change) => {
  const isLooser = HARMS.some((harm) => (change.levels?.[harm] ?? 0) > floor[harm]);
  if (isLooser) return refuse('POLICY_LOOSENS');
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  return accept({
    events: [{ type: 'agreement-changed', agreement: { ...state.safety.agreement, ...given } }],
  });
};

function withTopic(state: SessionState, kind: 'lines' | 'veils', topic: string | null | undefined) {
  const { agreement } = state.safety;
  if (topic == null || agreement[kind].includes(topic)) return agreement;
  return { ...agreement, [kind]: [...agreement[kind], topic].slice(-LIMITS.topics) };
}

/** S1: answers an anonymous request; what it was about may become a line or a veil of the table. */
export const closeRequest: Handler<'request:close'> = ({ state }, { requestId, line, veil }) => {
  if (!state.safety.requests.some(({ id }) => id === requestId)) return refuse('HOLD_UNKNOWN');
  const events: SessionEvent[] = [{ type: 'request-closed', requestId }];
  const withLine = withTopic(state, 'lines', line);
  const agreement = withTopic({ ...state, safety: { ...state.safety, agreement: withLine } }, 'veils', veil);
  if (agreement !== state.safety.agreement) events.push({ type: 'agreement-changed', agreement });
  return accept({ events });
};

/** S8: who speaks as the narrator in this scene. */
export const setNarratorMode: Handler<'narrator:mode'> = ({ state }, { mode }) =>
  accept({ events: state.safety.narratorMode === mode ? [] : [{ type: 'narrator-mode-changed', mode }] });

/** S11: tells game masters of a passage, a line of talk or a player. */
export const fileReport: Handler<'report:file'> = (context, { about, reason, text }) => {
  const { state, player, now } = context;
  const isKnown = {
    passage: () => context.passage(about.id) !== null,
    talk: () => state.talk.some(({ id }) => id === about.id),
    player: () => entryOf(state.players, about.id) !== undefined,
  }[about.kind]();
  if (!isKnown) return refuse('HOLD_UNKNOWN', 'What you report is not there.');
  if (state.safety.reports.length >= LIMITS.openReports) return refuse('REPORTS_FULL');
  const report = { id: context.newId(), by: player.id, at: now, about, reason, text };
  return accept({ events: [{ type: 'report-filed', report }] });
};

/** A report has been dealt with. */
export const closeReport: Handler<'report:close'> = ({ state, player, now }, { reportId, isUpheld }) => {
  if (!state.safety.reports.some(({ id }) => id === reportId)) return refuse('HOLD_UNKNOWN');
  return accept({ events: [{ type: 'report-closed', reportId, by: player.id, at: now, isUpheld }] });
};
