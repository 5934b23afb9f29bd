import type * as Y from 'yjs';
import type { BookSource } from './book.ts';
import type { PastStory } from './history-ports.ts';
import {
  branchInPlay,
  branchMap,
  lineOf,
  MAIN_BRANCH,
  readBranches,
  readLine,
  readScenes,
  type Branch,
} from './story-lines.ts';
import type { SessionState } from './state.ts';
import { passageMap, readPassage } from './story-shape.ts';

/** What of a book comes from the story. */
export type StoryPart = Pick<BookSource, 'branchId' | 'branchName' | 'passages' | 'scenes' | 'asOf'>;

/** The main branch has no name of its own, unless somebody gave it one. */
function nameOf(branches: readonly Branch[], branchId: string): string {
  return branches.find(({ id }) => id === branchId)?.name ?? '';
}

/** A branch as it is now; by default the one in play. Null: there is none with that id. */
export function storyNow(story: Y.Doc, branchId = branchInPlay(story)): StoryPart | null {
  if (branchId !== MAIN_BRANCH && !branchMap(story).has(branchId)) return null;
  const line = readLine(story, branchId);
  const passages = passageMap(story);
  const branches = readBranches(story);
  return {
    branchId,
    branchName: nameOf(branches, branchId),
    passages: line.flatMap((id) => {
      const map = passages.get(id);
      return map?.get('state') === 'shown' ? [readPassage(id, map)] : struck(id, map);
    }),
    scenes: readScenes(story, branchId),
    asOf: null,
  };
}

/** What is not shown keeps its place, since a scene may begin behind it; its text is not read. */
function struck(id: string, map: Y.Map<unknown> | undefined): StoryPart['passages'] {
  return map === undefined ? [] : [{ id, state: 'struck', isPurged: false, chosen: 0, alternatives: [] }];
}

/**
 * The line that was played as it stood then. What a safety tool or a purge has taken out of sight since is left out
 * (B2). `asOf`: the moment that was asked for, epoch ms.
 */
export function storyThen(
  past: PastStory,
  now: { story: Y.Doc; sealed: SessionState['history']['sealed'] },
  asOf: number,
): StoryPart {
  const { branchId, branches, scenes } = past;
  const live = passageMap(now.story);
  const isOutOfSight = (id: string): boolean => {
    const map = live.get(id);
    const sealedUntil = Object.hasOwn(now.sealed, id) ? now.sealed[id] : undefined;
    return (
      map === undefined ||
      map.get('isPurged') === true ||
      map.get('state') === 'held' ||
      (sealedUntil !== undefined && sealedUntil >= past.at)
    );
  };
  const places = past.passages.map(({ id, branchId: of }) => ({ id, branchId: of ?? MAIN_BRANCH }));
  const line = new Set(lineOf(places, branches, branchId));
  const passages = past.passages.filter(({ id }) => line.has(id));
  return {
    branchId,
    branchName: nameOf(branches, branchId),
    passages: passages.map((passage) =>
      isOutOfSight(passage.id) ? { ...passage, state: 'held' as const, alternatives: [] } : passage,
    ),
    scenes,
    asOf,
  };
}
