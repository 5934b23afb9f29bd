import type { PastPassage } from '../../sessions/history-view.ts';
import type { StoryDocument } from '../story/story-document.ts';
import { asRead } from './past-story.ts';

/** A copy of passages as they stand now, in the order asked for; those that have not arrived are left out. */
export function livePassages(
  story: StoryDocument,
  ids: readonly string[] = story.lines.get().all,
): Map<string, PastPassage> {
  return new Map(
    ids.flatMap((id): [string, PastPassage][] => {
      const passage = story.passage(id).get();
      return passage === null ? [] : [[id, asRead(passage)]];
    }),
  );
}
