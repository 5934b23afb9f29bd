import { refuse } from '../errors.ts';
import { accept, type DecideContext, type Decision, type Handler } from './decision.ts';

/** Removes passages and lines of talk for good (G1). */
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
