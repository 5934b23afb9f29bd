import { useEffect, useRef, type JSX, type ReactNode } from 'react';
import { BranchReading } from '../branches/branch-reading.tsx';
import { CompareView } from '../branches/compare-view.tsx';
import { useStore } from '../common/store.ts';
import { TEXT } from '../strings.ts';
import { looking, type Looking } from './history-place.ts';
import { HISTORY } from './history-strings.ts';
import { PastView } from './past-view.tsx';

interface StoryStageProps {
  areAuthorsShown: boolean;
  /** The story of now. It stays where it is, unseen, while something else is looked at. */
  children: ReactNode;
}

/** The story of now, or what is looked at instead of it. */
export function StoryStage({ areAuthorsShown, children }: StoryStageProps): JSX.Element {
  const at = useStore(looking);
  const storyRef = useRef<HTMLElement>(null);
  const isCovered = at !== null;
  const wasCovered = useRef(isCovered);
  useEffect(() => {
    // The button that led back is gone with what was looked at.
    if (wasCovered.current && !isCovered && isFocusLost()) storyRef.current?.focus({ preventScroll: true });
    wasCovered.current = isCovered;
  }, [isCovered]);
  return (
    <div className="story-stage">
      <section
        className="story-scroll"
        id="story"
        ref={storyRef}
        tabIndex={0}
        aria-label={TEXT.session.story}
        data-covered={isCovered}
        inert={isCovered}
      >
        {children}
      </section>
      {at !== null && <LookingRegion at={at} areAuthorsShown={areAuthorsShown} />}
    </div>
  );
}

function isFocusLost(): boolean {
  const focused = document.activeElement;
  return focused === null || focused === document.body || focused.closest('[inert]') !== null;
}

const NAMES: Record<Looking['kind'], string> = {
  past: HISTORY.past.region,
  branch: HISTORY.branches.region,
  compare: HISTORY.branches.compareRegion,
};

function LookingRegion({ at, areAuthorsShown }: { at: Looking; areAuthorsShown: boolean }): JSX.Element {
  const regionRef = useRef<HTMLElement>(null);
  useEffect(() => {
    // Only when what had the focus was covered: whoever moves a slider or types goes on with that.
    if (isFocusLost()) regionRef.current?.focus({ preventScroll: true });
  }, []);
  return (
    <section
      className="looking"
      aria-label={NAMES[at.kind]}
      tabIndex={-1}
      ref={regionRef}
      data-authors={areAuthorsShown ? 'shown' : 'hidden'}
    >
      <Shown at={at} />
    </section>
  );
}

function Shown({ at }: { at: Looking }): JSX.Element {
  switch (at.kind) {
    case 'past':
      return <PastView at={at} />;
    case 'branch':
      return <BranchReading branchId={at.branchId} />;
    case 'compare':
      return <CompareView branchId={at.branchId} />;
  }
}
