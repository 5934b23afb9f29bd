import { useMemo } from 'react';
import { useStore, useStorePart } from '../common/store.ts';
import { useSlice, useTable } from '../link/session-context.ts';
import { looking } from './history-place.ts';
import { momentsOf, stopsOf, type Moment, type Stop } from './moments.ts';

/** What happened in this story, and where the slider can stand. */
export interface Timeline {
  /** Oldest first. */
  moments: readonly Moment[];
  stops: readonly Stop[];
}

/** The timeline of the open session. */
export function useTimeline(): Timeline {
  const { story } = useTable();
  const lines = useStore(story.lines);
  const { checkpoints, rollbacks } = useSlice('history');
  const { createdAt } = useSlice('about');
  return useMemo(() => {
    const moments = momentsOf({
      stamps: story.stamps(),
      scenes: lines.allScenes,
      branches: lines.branches,
      checkpoints,
      rollbacks,
      since: createdAt,
    });
    return { moments, stops: stopsOf(moments) };
  }, [story, lines, checkpoints, rollbacks, createdAt]);
}

/** The moment that is looked at, epoch ms; null: now. */
export function useLookedAt(): number | null {
  return useStorePart(looking, (at) => (at?.kind === 'past' ? at.time : null));
}
