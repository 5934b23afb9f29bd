import { refuse, type Refusal } from '../errors.ts';
import type { RollbackTiming } from '../history-view.ts';
import type { CommandPayload } from '../protocol.ts';
import { isMaster } from '../roles.ts';
import { affectedDrafts, planRollback, type Plan } from '../rollback-preview.ts';
import { entryOf } from '../state.ts';
import { accept, type DecideContext, type Decision, type Handler } from './decision.ts';
import { carriedOut, isNothing, keptDrafts, onBranch, type Order } from './rollback-order.ts';
import { isCalm, waiting } from './waiting-rollback.ts';

/** What a rollback would do; changes nothing (K1). */
export const previewRollback: Handler<'rollback:preview'> = (context, { scope }) => {
  const plan = planRollback(context, scope);
  return plan.ok ? accept({ value: { ...plan.preview } }) : plan;
};

function timed(context: DecideContext, order: Order, of: { plan: Plan; timing: RollbackTiming }): Decision {
  const { plan, timing } = of;
  if (timing === 'branch') return onBranch(context, order, plan);
  if (timing === 'now' || (timing === 'turn' && isCalm(context)))
    return carriedOut(context, order, { plan, timing: 'now' });
  return context.state.history.pending === null ? waiting(context, order, timing) : refuse('ROLLBACK_WAITS');
}

/** Which of the choices are about passages of this plan: of others nothing is known. */
function knownChoices(plan: Plan, choices: CommandPayload<'rollback:execute'>['choices']): Order['choices'] {
  const known = plan.preview.dependents.filter(({ passageId }) => entryOf(choices, passageId) !== undefined);
  return Object.fromEntries(
    known.map(({ passageId, preset }) => [passageId, entryOf(choices, passageId) ?? preset]),
  );
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
