import type { PastPassage } from '../../sessions/history-view.ts';
import { spansText } from '../../sessions/story-shape.ts';
import { isReadable, type PastStory } from './past-story.ts';

/**
 * What became of one passage since a moment. 'added': it came. 'back': it had been struck, or stood on another branch.
 * 'struck': it went. 'left': it stands on a branch that is not in play now. 'hidden': it is out of sight.
 */
export type Change =
  | { kind: 'same' | 'added' | 'back' | 'struck' | 'left' | 'hidden'; passage: PastPassage }
  | { kind: 'edited'; passage: PastPassage; before: PastPassage };

/** The kinds that are a change. */
export type ChangeKind = Exclude<Change['kind'], 'same'>;

/** The story of now. */
export interface PresentStory {
  /** The passages of the branch in play. */
  passages: readonly PastPassage[];
  /** Ids of the passages of all branches, in story order. */
  all: readonly string[];
}

/** Every passage that is read now or was read then, in story order, with what became of it. */
export function changesSince(past: PastStory, now: PresentStory): Change[] {
  const then = new Map(past.passages.map((passage) => [passage.id, passage]));
  const present = new Map(now.passages.map((passage) => [passage.id, passage]));
  return now.all.flatMap((id) => {
    const change = changeOf(then.get(id), present.get(id), past.time);
    return change === null ? [] : [change];
  });
}

function changeOf(
  before: PastPassage | undefined,
  after: PastPassage | undefined,
  time: number,
): Change | null {
  const wasRead = before !== undefined && isReadable(before);
  const isRead = after !== undefined && isReadable(after);
  if (wasRead && isRead) {
    const isSame = spansText(before.spans) === spansText(after.spans);
    return isSame ? { kind: 'same', passage: after } : { kind: 'edited', passage: after, before };
  }
  if (isRead) return { kind: hasReturned(before, after, time) ? 'back' : 'added', passage: after };
  if (!wasRead) return null;
  if (after === undefined) return { kind: 'left', passage: before };
  return { kind: after.state === 'struck' && !after.isSealed ? 'struck' : 'hidden', passage: before };
}

function hasReturned(before: PastPassage | undefined, after: PastPassage, time: number): boolean {
  return before === undefined ? after.createdAt <= time : before.state !== 'held';
}

/** How many passages changed, by kind. */
export type ChangeCounts = Record<ChangeKind, number>;

/** Counts changes by kind. */
export function countChanges(changes: readonly Change[]): ChangeCounts {
  const counts: ChangeCounts = { added: 0, struck: 0, edited: 0, back: 0, left: 0, hidden: 0 };
  for (const { kind } of changes) if (kind !== 'same') counts[kind] += 1;
  return counts;
}

/** A passage to show, or several in a row that stand as they did. */
export type ChangeRun =
  { kind: 'one'; change: Change } | { kind: 'unchanged'; passages: readonly PastPassage[] };

/** Changes with what is between them folded away, but for the passage just before each. */
export function foldChanges(changes: readonly Change[]): ChangeRun[] {
  const runs: ChangeRun[] = [];
  let quiet: Change[] = [];
  const fold = (shown: number): void => {
    const folded = quiet.slice(0, quiet.length - shown).map(({ passage }) => passage);
    if (folded.length > 0) runs.push({ kind: 'unchanged', passages: folded });
    for (const change of quiet.slice(folded.length)) runs.push({ kind: 'one', change });
    quiet = [];
  };
  for (const change of changes) {
    if (change.kind === 'same') quiet.push(change);
    else {
      fold(Math.min(1, quiet.length));
      runs.push({ kind: 'one', change });
    }
  }
  fold(0);
  return runs;
}
