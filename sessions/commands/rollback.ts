import { refuse, type Refusal } from '../errors.ts';
import type { SessionEvent } from '../events.ts';
import type { PendingRollback, Rollback } from '../history-state.ts';
import type { Choice, RollbackPreview, RollbackScope, RollbackTiming } from '../history-view.ts';

import type { CommandPayload } from '../protocol.ts';
import { isMaster } from '../roles.ts';
import { changesOf, type Target } from '../rollback-plan.ts';
import { affectedBy, affectedDrafts, askedAbout, planRollback, type Plan } from '../rollback-preview.ts';
import { summaryOf } from '../rollback-words.ts';
import { entryOf, type Draft } from '../state.ts';
import { spansText } from '../story-shape.ts';
import { accept, type Accepted, type DecideContext, type Decision, type Handler } from './decision.ts';
import { newBranch, newCheckpoint } from './history.ts';
import { newDraft, storySpans } from './drafts.ts';

/** How long a rollback waits for the end of a turn, and of a scene, ms (K10). */
const WAITS_MS = { turn: 5 * 60_000, scene: 15 * 60_000 } as const;

/** What a rollback would do; changes nothing (K1). */
export const previewRollback: Handler<'rollback:preview'> = (context, { scope }) => {
  const plan = planRollback(context, scope);
  return plan.ok ? accept({ value: { ...plan.preview } }) : plan;
};

interface Order {
  id: string;
  scope: RollbackScope;
  choices: Readonly<Record<string, Choice>>;
  reason: string;
  /** The game master. */
  by: string;
}

function choiceOf(order: Order, { passageId, preset }: RollbackPreview['dependents'][number]): Choice {
  return entryOf(order.choices, passageId) ?? preset;
}

/** The targets with those passages that are to go with them. */
function withChosen(plan: Plan, order: Order): Target[] {
  const more = plan.preview.dependents
    .filter((dependent) => choiceOf(order, dependent) === 'go')
    .map(({ passageId }): Target => ({ passageId, effect: 'strike', state: 'struck' }));
  return [...plan.targets.targets, ...more];
}

/** K11: who is asked about what; a passage whose author has left stays. */
function askedOf(context: DecideContext, plan: Plan, order: Order): Record<string, string> {
  const asked = plan.preview.dependents.flatMap((dependent) => {
    const playerId = askedAbout(context, dependent.passageId);
    return choiceOf(order, dependent) === 'ask' && playerId !== null
      ? [[dependent.passageId, playerId] as const]
      : [];
  });
  return Object.fromEntries(asked);
}

/** K7: everybody who has words in a draft of a passage that goes keeps them: its opener the draft, others a copy. */
function keptDrafts(
  context: DecideContext,
  draft: Draft,
  rollbackId: string,
): Pick<Accepted, 'events' | 'prefills'> {
  const events: SessionEvent[] = [{ type: 'draft-detached', draftId: draft.id, rollbackId }];
  const prefills: Accepted['prefills'] = [];
  const spans = context.draftSpans(draft.id);
  for (const player of Object.values(context.state.players)) {
    const own = storySpans(spans.filter(({ author }) => author === player.id));
    if (player.id === draft.openedBy || own.length === 0) continue;
    const { isCarded, replaces: keptOf } = draft;
    const isShielded = isCarded;
    const kept = newDraft({ ...context, player }, { replaces: null, openedAt: context.now });
    events.push({
      type: 'draft-opened',
      draft: { ...kept, visibility: 'private', isShielded, isCarded, keptFrom: rollbackId, keptOf },
    });
    prefills.push({ draftId: kept.id, spans: own });
  }
  return { events, prefills };
}

/** The turn goes back to who had it when the first passage that goes was written, where turns are in order. */
function turnBack(context: DecideContext, order: Order, struck: readonly string[]): SessionEvent[] {
  const { turn } = context.state;
  if (turn.mode !== 'ordered' || order.scope.kind !== 'point') return [];
  const first = struck.map((id) => context.passage(id)).find((passage) => passage?.kind === 'player');
  const by = first?.by;
  if (by === undefined || by === turn.current || !turn.order.includes(by) || !context.isPresent(by))
    return [];
  const deadline = turn.timerSeconds === null ? null : context.now + turn.timerSeconds * 1_000;
  return [{ type: 'turn-changed', turn: { ...turn, current: by, deadline } }];
}

function rollbackOf(
  context: DecideContext,
  order: Order,
  of: { plan: Plan; targets: readonly Target[]; timing: RollbackTiming; branchId: string | null },
): Rollback {
  const { plan, targets, timing, branchId } = of;
  const ids = (effects: readonly Target['effect'][]) =>
    targets.filter(({ effect }) => effects.includes(effect)).map(({ passageId }) => passageId);
  const counts = {
    struck: ids(['strike']),
    restored: ids(['restore']),
    changed: ids(['revert', 'trim', 'choose']),
  };
  const isBranch = timing === 'branch';
  return {
    id: order.id,
    at: context.now,
    by: order.by,
    scope: order.scope,
    reason: order.reason,
    timing,
    summary: summaryOf(context, order, { ...counts, isBranch }),
    struck: isBranch ? [] : counts.struck,
    restored: isBranch ? [] : counts.restored,
    changed: isBranch ? [] : counts.changed,
    restruck: targets.filter(({ struckBy }) => struckBy !== undefined).map(({ passageId }) => passageId),
    branchId,
    undoneBy: null,
    playedOn: isBranch ? context.story.branchId() : (plan.targets.branchId ?? context.story.branchId()),
    beforeSeq: context.seq,
    disruption: plan.preview.disruption,
  };
}

/** K6: all of it in one step. */
function carriedOut(context: DecideContext, order: Order, plan: Plan): Decision {
  const targets = withChosen(plan, order);
  const affected = affectedBy(targets);
  const rollback = rollbackOf(context, order, { plan, targets, timing: 'now', branchId: null });
  const checkpoint = newCheckpoint(context, { kind: 'rollback', name: '', by: order.by });
  const kept = affectedDrafts(context, affected).map((draft) => keptDrafts(context, draft, order.id));
  const { branchId } = plan.targets;
  return accept({
    events: [
      { type: 'checkpoint-saved', checkpoint },
      { type: 'rolled-back', rollback, asked: askedOf(context, plan, order) },
      ...kept.flatMap(({ events }) => events),
      ...turnBack(context, order, rollback.struck),
    ],
    changes: [
      ...(branchId === null ? [] : [{ op: 'play' as const, branchId }]),
      ...changesOf(targets, { rollbackId: order.id, at: context.now }),
    ],
    prefills: kept.flatMap(({ prefills }) => prefills),
    value: { rollbackId: order.id, isPending: false, branchId: null },
  });
}

/** K10: the table goes on where it is; the story as it would be waits on a branch of its own. */
function onBranch(context: DecideContext, order: Order, plan: Plan): Decision {
  const going = affectedBy(withChosen(plan, order));
  const line = context.story.line(plan.targets.branchId ?? undefined);
  const first = line.findIndex((id) => going.has(id));
  if (first < 0) return refuse('ROLLBACK_EMPTY');
  const name = order.reason.slice(0, 60).trim();
  const branch = newBranch(context, {
    passageId: line[first - 1] ?? null,
    name: name === '' ? 'Without what was to be taken back' : name,
  });
  if ('ok' in branch) return branch;
  const rollback = rollbackOf(context, order, {
    plan,
    targets: withChosen(plan, order),
    timing: 'branch',
    branchId: branch.id,
  });
  return accept({
    events: [
      { type: 'branch-made', branchId: branch.id, by: order.by },
      { type: 'rolled-back', rollback, asked: {} },
    ],
    changes: [{ op: 'branch', branch }],
    value: { rollbackId: order.id, isPending: false, branchId: branch.id },
  });
}

/** Whether nothing is going on that a rollback would break into: no turn of the narrator, nobody's words under way. */
function isCalm(context: DecideContext): boolean {
  const { state } = context;
  if (state.narratorTurns.some((turn) => turn.state === 'generating')) return false;
  if (state.turn.mode === 'round')
    return !Object.values(state.drafts).some((draft) => draft.submittedAt !== null);
  return !Object.values(state.drafts).some(
    (draft) =>
      draft.replaces === null &&
      draft.keptFrom === null &&
      spansText(context.draftSpans(draft.id)).trim() !== '',
  );
}

function waiting(context: DecideContext, order: Order, timing: 'turn' | 'scene'): Decision {
  const pending: PendingRollback = {
    ...order,
    at: context.now,
    timing,
    deadline: context.now + WAITS_MS[timing],
    choices: { ...order.choices },
    branchId: context.story.branchId(),
  };
  return accept({
    events: [{ type: 'rollback-planned', pending }],
    value: { rollbackId: order.id, isPending: true, branchId: null },
  });
}

function timed(context: DecideContext, order: Order, of: { plan: Plan; timing: RollbackTiming }): Decision {
  const { plan, timing } = of;
  if (timing === 'branch') return onBranch(context, order, plan);
  if (timing === 'now' || (timing === 'turn' && isCalm(context))) return carriedOut(context, order, plan);
  return context.state.history.pending === null ? waiting(context, order, timing) : refuse('ROLLBACK_WAITS');
}

/** Which of the choices are about passages of this plan: of others nothing is known. */
function knownChoices(plan: Plan, choices: CommandPayload<'rollback:execute'>['choices']): Order['choices'] {
  const known = plan.preview.dependents.filter(({ passageId }) => entryOf(choices, passageId) !== undefined);
  return Object.fromEntries(
    known.map(({ passageId, preset }) => [passageId, entryOf(choices, passageId) ?? preset]),
  );
}

function isNothing({ targets }: Plan): boolean {
  return targets.targets.length === 0 && targets.branchId === null;
}

/** Carries out the plan that was seen, when it is to be carried out (K5, K6, K10). */
export const executeRollback: Handler<'rollback:execute'> = (context, payload) => {
  const plan = planRollback(context, payload.scope);
  if (!plan.ok) return plan;
  if (isNothing(plan)) return refuse('ROLLBACK_EMPTY');
  if (payload.planId !== null && payload.planId !== plan.preview.planId) return refuse('PREVIEW_STALE');
  const waits = context.state.history.pending;
  // "Do it now": the one that waits, with what was chosen for it.
  const same = JSON.stringify(waits?.scope) === JSON.stringify(payload.scope) ? waits : null;
  const order: Order = {
    id: same?.id ?? context.newId(),
    scope: payload.scope,
    choices: { ...same?.choices, ...knownChoices(plan, payload.choices) },
    reason: payload.reason === '' ? (same?.reason ?? '') : payload.reason,
    by: context.player.id,
  };
  const timing = payload.isSafety ? 'now' : (payload.timing ?? plan.preview.advised);
  return timed(context, order, { plan, timing });
};

export const cancelRollback: Handler<'rollback:cancel'> = ({ state }) => {
  const { pending } = state.history;
  if (pending === null) return refuse('ROLLBACK_UNKNOWN');
  return accept({ events: [{ type: 'rollback-called-off', rollbackId: pending.id }] });
};

/** Passages that came since a waiting rollback was ordered. */
function passagesSince(context: DecideContext, at: number): number {
  return context.story.line().filter((id) => (context.passage(id)?.createdAt ?? 0) > at).length;
}

/** Passages after which a scene counts as over for a rollback that waits for its end. */
const SCENE_PASSAGES = 10;

/** Scopes that mean the same whichever branch is in play. */
const ANYWHERE: ReadonlySet<RollbackScope['kind']> = new Set(['passage', 'undo']);

/** A waiting rollback that nobody who leads stands for any more, or that was ordered on another branch; null: it stands. */
export function voidRollback({ state, story, player }: DecideContext): Decision | null {
  const { pending } = state.history;
  if (pending === null) return null;
  const isElsewhere =
    pending.branchId !== null && pending.branchId !== story.branchId() && !ANYWHERE.has(pending.scope.kind);
  if (!isElsewhere && !player.isGone && isMaster(player.role)) return null;
  return accept({ events: [{ type: 'rollback-called-off', rollbackId: pending.id }] });
}

/**
 * A waiting rollback whose moment has come, planned anew with the choices made; called off when nothing is left of it.
 * `isSceneOver`: a game master has just begun a new scene. Null: it goes on waiting.
 */
export function dueRollback(context: DecideContext, isSceneOver: boolean): Decision | null {
  const { pending } = context.state.history;
  if (pending === null) return null;
  const isLate = context.now >= pending.deadline;
  const isEnd =
    pending.timing === 'turn' ||
    isSceneOver ||
    isLate ||
    passagesSince(context, pending.at) >= SCENE_PASSAGES;
  if (!isEnd || (!isCalm(context) && !isLate)) return null;
  const plan = planRollback(context, pending.scope);
  if (!plan.ok || isNothing(plan))
    return accept({ events: [{ type: 'rollback-called-off', rollbackId: pending.id }] });
  return carriedOut(context, pending, plan);
}

/** K11: 'go' joins the passage to the rollback it was asked about. */
export const answerRollback: Handler<'rollback:answer'> = (
  context,
  { passageId, answer },
): Decision | Refusal => {
  const { state, player, passage } = context;
  const asked = entryOf(state.history.asked, passageId);
  if (asked === undefined) return refuse('PASSAGE_UNKNOWN', 'Nobody is asked about it.');
  if (asked.playerId !== player.id && !isMaster(player.role)) return refuse('ROLE_FORBIDS');
  const { rollbackId } = asked;
  const now = passage(passageId)?.state;
  if (answer === 'go' && now === 'held') return refuse('PASSAGE_BUSY', 'It waits for a game master.');
  const isGoing = answer === 'go' && now === 'shown';
  const answered = {
    type: 'rollback-answered' as const,
    passageId,
    rollbackId,
    answer: isGoing ? answer : ('keep' as const),
    by: player.id,
  };
  if (!isGoing) return accept({ events: [answered] });
  const drafts = affectedDrafts(context, new Set([passageId]));
  const kept = drafts.map((draft) => keptDrafts(context, draft, rollbackId));
  return accept({
    events: [answered, ...kept.flatMap(({ events }) => events)],
    changes: [{ op: 'mark', passageId, state: 'struck', rollbackId }],
    prefills: kept.flatMap(({ prefills }) => prefills),
  });
};

/** L: how many passages and lines of talk one purge may name is bounded by the protocol. */
export const purge: Handler<'session:purge'> = (context, { passageIds, talkIds }) =>
  purgeOf(context, { passageIds, talkIds, by: context.player.id });

/** G1: the texts go from the live story now; what is stored follows. `by` null: the operator. */
export function purgeOf(
  context: Pick<DecideContext, 'state' | 'passage' | 'newId' | 'now' | 'story'>,
  of: { passageIds: readonly string[]; talkIds: readonly string[]; by: string | null },
): Decision {
  const { state, story } = context;
  const passageIds = [...new Set(of.passageIds)].filter((id) => context.passage(id) !== null);
  const talkIds = [...new Set(of.talkIds)];
  if (passageIds.length < new Set(of.passageIds).size) return refuse('PASSAGE_UNKNOWN');
  if (passageIds.length + talkIds.length === 0) return refuse('BAD_INPUT', 'Name what is to be removed.');
  const isGone = new Set(passageIds);
  const drafts = Object.values(state.drafts).filter(({ replaces, keptOf }) =>
    isGone.has(replaces ?? keptOf ?? ''),
  );
  const items = story
    .memory()
    .filter(({ sources }) => sources.some(({ passageId }) => isGone.has(passageId)));
  const purged = { id: context.newId(), at: context.now, by: of.by, passageIds, talkIds };
  return accept({
    events: [
      ...drafts.map(({ id: draftId }) => ({ type: 'draft-discarded' as const, draftId })),
      { type: 'purge-begun', purge: purged },
    ],
    changes: [
      ...passageIds.map((passageId) => ({ op: 'purge' as const, passageId })),
      ...items.map(({ id: itemId }) => ({ op: 'forget' as const, itemId })),
    ],
    value: { purgeId: purged.id },
  });
}
