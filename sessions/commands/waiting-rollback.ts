import type { PendingRollback } from '../history-state.ts';
import type { RollbackScope } from '../history-view.ts';
import { isMaster } from '../roles.ts';
import { planRollback } from '../rollback-preview.ts';
import { spansText } from '../story-shape.ts';
import { accept, type DecideContext, type Decision } from './decision.ts';
import { carriedOut, isNothing, type Order } from './rollback-order.ts';

// Rollbacks that wait for the end of a turn or scene (K10). Pure.

/** How long a rollback waits for the end of a turn, and of a scene, ms (K10). */
const WAITS_MS = { turn: 5 * 60_000, scene: 15 * 60_000 } as const;

/** Whether nothing is going on that a rollback would break into: no turn of the narrator, nobody's words under way. */
export function isCalm(context: DecideContext): boolean {
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

/** The order is kept until its moment comes. */
export function waiting(context: DecideContext, order: Order, timing: 'turn' | 'scene'): Decision {
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
  return carriedOut(context, pending, { plan, timing: pending.timing });
}
