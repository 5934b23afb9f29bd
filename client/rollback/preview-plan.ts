import type {
  Choice,
  PreviewDependent,
  PreviewDraft,
  RollbackPreview,
  RollbackTiming,
} from '../../sessions/history-view.ts';
import type { DraftView } from '../../sessions/view.ts';
import { listed } from '../string-parts.ts';
import { ROLLBACK } from './rollback-strings.ts';

const { execute, stale } = ROLLBACK;

/** What a game master has chosen for passages that build on what goes, where that is not the proposal. */
export type Choices = Readonly<Record<string, Choice>>;

/** What becomes of a passage that builds on what goes. */
export function choiceOf({ passageId, preset }: PreviewDependent, choices: Choices): Choice {
  return choices[passageId] ?? preset;
}

/** The same choice for all of them. */
export function choiceForAll({ dependents }: RollbackPreview, choice: Choice): Choices {
  return Object.fromEntries(dependents.map(({ passageId }) => [passageId, choice]));
}

/** Open drafts of passages that were chosen to go with the others. */
export function chosenDrafts(
  { dependents, drafts }: Pick<RollbackPreview, 'dependents' | 'drafts'>,
  choices: Choices,
  views: readonly DraftView[],
): PreviewDraft[] {
  const going = dependents.filter((dependent) => choiceOf(dependent, choices) === 'go');
  const ids = new Set<string | null>(going.map(({ passageId }) => passageId));
  const known = new Set(drafts.map(({ draftId }) => draftId));
  return views
    .filter(({ id, replaces }) => ids.has(replaces) && !known.has(id))
    .map(({ id, openedBy, clients }) => ({
      draftId: id,
      openedBy,
      writers: [...new Set([openedBy, ...Object.values(clients)])],
      typing: [],
    }));
}

/** How many passages go, come back, and change, with those that were chosen to go. */
export function effectCounts(
  { passages, dependents }: Pick<RollbackPreview, 'passages' | 'dependents'>,
  choices: Choices,
): { strike: number; restore: number; change: number } {
  const counts = { strike: 0, restore: 0, change: 0 };
  for (const { effect } of passages)
    counts[effect === 'strike' || effect === 'restore' ? effect : 'change'] += 1;
  counts.strike += dependents.filter((dependent) => choiceOf(dependent, choices) === 'go').length;
  return counts;
}

/** What the button does, in its own words: `Take back 5 passages, bring back 2`. */
export function executeLabel(
  counts: { strike: number; restore: number; change: number },
  timing: RollbackTiming,
): string {
  const kinds = (['strike', 'restore', 'change'] as const).filter((kind) => counts[kind] > 0);
  const [first, ...others] = kinds;
  if (first === undefined) return execute.nothing;
  const parts = [execute[first](counts[first]), ...others.map((kind) => execute.and[kind](counts[kind]))];
  return `${listed(parts)}${execute.when[timing]}`;
}

/** Choices that still apply to a newer preview, and how many do not. */
export function keepChoices(
  choices: Choices,
  { dependents }: RollbackPreview,
): { kept: Choices; dropped: number } {
  const known = new Set(dependents.map(({ passageId }) => passageId));
  const kept = Object.fromEntries(Object.entries(choices).filter(([id]) => known.has(id)));
  return { kept, dropped: Object.keys(choices).length - Object.keys(kept).length };
}

const missing = (from: readonly { passageId: string }[], of: readonly { passageId: string }[]): number => {
  const known = new Set(from.map(({ passageId }) => passageId));
  return of.filter(({ passageId }) => !known.has(passageId)).length;
};

/** What is otherwise in a newer preview, in sentences. */
export function staleNews(before: RollbackPreview, after: RollbackPreview, dropped: number): string[] {
  const more = missing(before.passages, after.passages);
  const fewer = missing(after.passages, before.passages);
  const moreDependents = missing(before.dependents, after.dependents);
  const news = [
    more > 0 ? stale.more(more) : null,
    fewer > 0 ? stale.fewer(fewer) : null,
    moreDependents > 0 ? stale.moreDependents(moreDependents) : null,
  ].filter((line) => line !== null);
  return [...(news.length === 0 ? [stale.same] : news), dropped > 0 ? stale.dropped(dropped) : stale.kept];
}
