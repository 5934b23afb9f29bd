import { Button } from '@mantine/core';
import { useMemo, type JSX } from 'react';
import type { PastPassage } from '../../sessions/history-view.ts';
import type { Scene } from '../../sessions/story-lines.ts';
import { useStore } from '../common/store.ts';
import { looking } from '../history/history-place.ts';
import { HISTORY } from '../history/history-strings.ts';
import { livePassages } from '../history/live-passages.ts';
import { LookingBanner } from '../history/looking-banner.tsx';
import { isStruck } from '../history/past-story.ts';
import { ReadStory } from '../history/read-story.tsx';
import { useTable } from '../link/session-context.ts';
import { branchName } from './branch-name.ts';
import { SwitchButton } from './switch-button.tsx';

const { branches: words } = HISTORY;

/** One branch to read, in the place of the story. */
export function BranchReading({ branchId }: { branchId: string }): JSX.Element {
  const { branches, branchId: inPlay } = useStore(useTable().story.lines);
  const { passages, scenes } = useBranch(branchId);
  const name = branchName(branches.find(({ id }) => id === branchId));
  const isInPlay = branchId === inPlay;
  return (
    <>
      <LookingBanner icon="branch" title={isInPlay ? words.readingInPlay(name) : words.reading(name)}>
        {!isInPlay && (
          <>
            <Button
              size="compact-sm"
              variant="light"
              onClick={() => looking.set({ kind: 'compare', branchId })}
            >
              {words.compare}
            </Button>
            <SwitchButton branchId={branchId} />
          </>
        )}
      </LookingBanner>
      <div className="looking-body">
        <div className="story">
          {passages.every(isStruck) && <p className="story-loading">{HISTORY.past.empty}</p>}
          <ReadStory passages={passages} scenes={scenes} from="end" isLive />
        </div>
      </div>
    </>
  );
}

/** The passages of a branch as they stand, struck ones included; read again whenever a passage comes or the branches change. */
export function useBranch(branchId: string): {
  passages: readonly PastPassage[];
  scenes: readonly Scene[];
} {
  const { story } = useTable();
  const lines = useStore(story.lines);
  return useMemo(() => {
    const { line, scenes } = story.branchLine(branchId);
    return { passages: [...livePassages(story, line).values()], scenes };
    // `lines` is what says that the document has another line by now.
  }, [story, lines, branchId]);
}
