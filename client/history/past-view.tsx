import { Button, Checkbox } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useEffect, useMemo, useRef, type JSX } from 'react';
import { MAIN_BRANCH } from '../../sessions/story-lines.ts';
import { can } from '../../sessions/roles.ts';
import { panelPlace } from '../common/panel-place.ts';
import { useStore, useStorePart } from '../common/store.ts';
import { httpApi } from '../link/http-api.ts';
import { useTable, useYou } from '../link/session-context.ts';
import { openRollback } from '../rollback/rollback-place.ts';
import { TEXT } from '../strings.ts';
import { ChangesView } from './changes-view.tsx';
import { dayTime } from './day-time.ts';
import { historyDialog, historyPart, looking, type Looking } from './history-place.ts';
import { HISTORY } from './history-strings.ts';
import { livePassages } from './live-passages.ts';
import { LookingBanner } from './looking-banner.tsx';
import { MomentSlider } from './moment-slider.tsx';
import { PastReader, type PastState } from './past-reader.ts';
import { isReadable, isStruck, type PastStory } from './past-story.ts';
import { ReadStory } from './read-story.tsx';

const { past: words } = HISTORY;

const PAUSE_MS = 150;

type At = Extract<Looking, { kind: 'past' }>;

/** The story as it was, in the place of the story. */
export function PastView({ at }: { at: At }): JSX.Element {
  const { state, retry } = usePast(at.time);
  const bodyRef = useRef<HTMLDivElement>(null);
  useEndInView(bodyRef, state.past, at.hasChanges);
  return (
    <>
      <PastBanner at={at} past={state.past} isLoading={state.isLoading} />
      <div ref={bodyRef} className="looking-body" aria-busy={state.isLoading}>
        <p className="story-loading" role="status">
          {state.failure?.message}
        </p>
        {state.failure !== null && (
          <p className="story-loading">
            <Button size="compact-sm" variant="light" onClick={retry}>
              {TEXT.common.retry}
            </Button>
          </p>
        )}
        {state.past !== null && state.failure === null && (
          <div className="story">
            <PastBody past={state.past} hasChanges={at.hasChanges} />
          </div>
        )}
      </div>
    </>
  );
}

function PastBody({ past, hasChanges }: { past: PastStory; hasChanges: boolean }): JSX.Element {
  if (hasChanges) return <ChangesView past={past} />;
  if (past.passages.every(isStruck)) return <p className="story-loading">{words.empty}</p>;
  return <ReadStory passages={past.passages} scenes={past.scenes} from="end" />;
}

function PastBanner(props: { at: At; past: PastStory | null; isLoading: boolean }): JSX.Element {
  const { at, past, isLoading } = props;
  const { role } = useYou();
  const isSliderInPanel = useIsTimelineInView();
  const isMaster = can(role, 'direct-story');
  const branch = past?.branches.find(({ id }) => id === past.branchId);
  const onBranch = branch !== undefined && branch.id !== MAIN_BRANCH ? ` ${words.onBranch(branch.name)}` : '';
  const branchFrom = (): void => {
    const last = past?.passages.filter(isReadable).at(-1);
    historyDialog.set({ name: 'branch', passageId: last?.id ?? null });
  };
  return (
    <LookingBanner icon="clock" title={words.banner(dayTime(at.time))} note={`${words.alone}${onBranch}`}>
      {isMaster && (
        <>
          <Button
            size="compact-sm"
            variant="light"
            onClick={() => openRollback({ kind: 'point', to: { time: at.time } })}
          >
            {words.restore}
          </Button>
          <Button size="compact-sm" variant="light" disabled={past === null} onClick={branchFrom}>
            {words.branch}
          </Button>
        </>
      )}
      <Checkbox
        size="sm"
        label={words.changes}
        checked={at.hasChanges}
        onChange={(event) => looking.set({ ...at, hasChanges: event.currentTarget.checked })}
      />
      {!isSliderInPanel && <MomentSlider />}
      {isLoading && <span className="note">{words.loading}</span>}
    </LookingBanner>
  );
}

/** Whether the panel beside the story shows the timeline, with a slider of its own. */
function useIsTimelineInView(): boolean {
  const isWide = useMediaQuery('(min-width: 68em)', true, { getInitialValueInEffect: false });
  const part = useStore(historyPart);
  const tab = useStorePart(panelPlace, (place) => place.tab);
  return isWide && tab === 'history' && part === 'timeline';
}

function usePast(time: number): { state: PastState; retry: () => void } {
  const { session, story } = useTable();
  const reader = useMemo(
    () =>
      new PastReader({
        ask: (moment, signal) => httpApi.past(session.sessionId, moment, signal),
        freeze: () => livePassages(story),
        pauseMs: PAUSE_MS,
      }),
    [session, story],
  );
  useEffect(() => {
    reader.read(time);
    return () => reader.close();
  }, [reader, time]);
  return { state: useStore(reader.state), retry: () => reader.read(time) };
}

/** A moment is read from its last passage, changes from the first. */
function useEndInView(
  bodyRef: { readonly current: HTMLElement | null },
  past: PastStory | null,
  hasChanges: boolean,
): void {
  useEffect(() => {
    if (past === null) return;
    bodyRef.current?.scrollTo({ top: hasChanges ? 0 : bodyRef.current.scrollHeight });
  }, [bodyRef, past, hasChanges]);
}
