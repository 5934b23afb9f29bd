import { Button } from '@mantine/core';
import { useMemo, useState, type JSX } from 'react';
import type { PastPassage } from '../../sessions/history-view.ts';
import type { Scene } from '../../sessions/story-lines.ts';
import { useStore } from '../common/store.ts';
import { looking } from '../history/history-place.ts';
import { HISTORY } from '../history/history-strings.ts';
import { LookingBanner } from '../history/looking-banner.tsx';
import { isStruck } from '../history/past-story.ts';
import { ReadStory } from '../history/read-story.tsx';
import { useTable } from '../link/session-context.ts';
import { branchName } from './branch-name.ts';
import { useBranch } from './branch-reading.tsx';
import { SwitchButton } from './switch-button.tsx';
import { compareLines } from './compare-lines.ts';

const { branches: words } = HISTORY;

/** A branch beside the one in play, from where they part. */
export function CompareView({ branchId }: { branchId: string }): JSX.Element {
  const { branches, branchId: inPlay } = useStore(useTable().story.lines);
  const other = useBranch(branchId);
  const played = useBranch(inPlay);
  const nameOf = (wanted: string): string => branchName(branches.find(({ id }) => id === wanted));
  const parts = useMemo(() => {
    const ids = ({ passages }: typeof other): string[] => passages.map(({ id }) => id);
    const { trunk } = compareLines(ids(other), ids(played));
    const at = trunk.length;
    return {
      trunk: other.passages.slice(0, at),
      other: other.passages.slice(at),
      played: played.passages.slice(at),
    };
  }, [other, played]);
  return (
    <>
      <LookingBanner icon="branch" title={words.comparing(nameOf(branchId), nameOf(inPlay))}>
        <Button size="compact-sm" variant="light" onClick={() => looking.set({ kind: 'branch', branchId })}>
          {words.read}
        </Button>
        {branchId !== inPlay && <SwitchButton branchId={branchId} />}
      </LookingBanner>
      <div className="looking-body">
        <Trunk passages={parts.trunk} scenes={other.scenes} />
        <div className="compare">
          <Column name={nameOf(branchId)} passages={parts.other} scenes={other.scenes} />
          <Column name={nameOf(inPlay)} passages={parts.played} scenes={played.scenes} isInPlay />
        </div>
      </div>
    </>
  );
}

function shownIn(passages: readonly PastPassage[]): number {
  return passages.filter((passage) => !isStruck(passage)).length;
}

interface PartProps {
  passages: readonly PastPassage[];
  scenes: readonly Scene[];
}

function Trunk({ passages, scenes }: PartProps): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  return (
    <div className="trunk">
      <button type="button" className="link-button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {words.trunk(shownIn(passages))}
      </button>
      {isOpen && (
        <div className="story">
          <ReadStory passages={passages} scenes={scenes} from="end" isLive />
        </div>
      )}
    </div>
  );
}

function Column(props: PartProps & { name: string; isInPlay?: boolean }): JSX.Element {
  const { name, passages, scenes, isInPlay = false } = props;
  return (
    <section className="compare-column" aria-label={name}>
      <h2>
        {words.column(name, shownIn(passages))}
        {isInPlay && <span className="badge">{words.inPlay}</span>}
      </h2>
      {shownIn(passages) === 0 ? (
        <p className="passage-note">{words.columnEmpty}</p>
      ) : (
        <ReadStory passages={passages} scenes={scenes} from="start" isLive />
      )}
    </section>
  );
}
