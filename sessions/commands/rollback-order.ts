import { refuse } from '../errors.ts';
import type { SessionEvent } from '../events.ts';
import type { Rollback } from '../history-state.ts';
import type { Choice, RollbackPreview, RollbackScope } from '../history-view.ts';
import { changesOf, type Target } from '../rollback-plan.ts';
import { affectedBy, affectedDrafts, askedAbout, type Plan } from '../rollback-preview.ts';
import { summaryOf } from '../rollback-words.ts';
import { entryOf, type Draft } from '../state.ts';
import { accept, type Accepted, type DecideContext, type Decision } from './decision.ts';
import { newDraft, storySpans } from './drafts.ts';
import { newBranch, newCheckpoint } from './history.ts';

// What follows from a rollback that is carried out (K6, K7, K10). Pure.

/** A rollback as a game master has ordered it. */
export interface Order {
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
export function keptDrafts(
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
  of: { plan: Plan; targets: readonly Target[]; timing: Rollback['timing']; branchId: string | null },
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
export function carriedOut(
  context: DecideContext,
  order: Order,
  of: { plan: Plan; timing: Rollback['timing'] },
): Decision {
  const { plan, timing } = of;
  const targets = withChosen(plan, order);
  const affected = affectedBy(targets);
  const rollback = rollbackOf(context, order, { plan, targets, timing, branchId: null });
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
export function onBranch(context: DecideContext, order: Order, plan: Plan): Decision {
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

/** Whether a plan does nothing at all. */
export function isNothing({ targets }: Plan): boolean {
  return targets.targets.length === 0 && targets.branchId === null;
}
