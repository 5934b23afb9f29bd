import { Button, Chip, Group } from '@mantine/core';
import { useMemo, useState, type JSX } from 'react';
import { closePanel, panelPlace } from '../common/panel-place.ts';
import { useStorePart } from '../common/store.ts';
import { looking } from './history-place.ts';
import { HISTORY } from './history-strings.ts';
import { MomentRow } from './moment-row.tsx';
import { momentTime } from './moment-text.ts';
import { MomentSlider } from './moment-slider.tsx';
import { stopAt, type MomentKind } from './moments.ts';
import { useAgo } from './use-ago.ts';
import { useLookedAt, useTimeline, type Timeline } from './use-moments.ts';

const { timeline: words } = HISTORY;

const KINDS: readonly MomentKind[] = ['passage', 'scene', 'checkpoint', 'rollback', 'branch'];
/** Entries that stand at once, and how many more come with each push of the button. */
const PAGE = 50;

/** What happened in this story: a slider through its moments and a list of them. */
export function TimelinePart(): JSX.Element {
  const timeline = useTimeline();
  if (timeline.stops.length === 0) return <p className="note">{words.empty}</p>;
  return (
    <>
      <MomentSlider />
      <ShowButton />
      <MomentList timeline={timeline} />
    </>
  );
}

/** Where the panel covers the story: takes the panel away. */
function ShowButton(): JSX.Element | null {
  const isLooking = useStorePart(looking, (at) => at !== null);
  const isDrawer = useStorePart(panelPlace, (place) => place.isOpen);
  if (!isLooking || !isDrawer) return null;
  return (
    <Button className="only-drawer" size="compact-sm" variant="light" onClick={closePanel}>
      {words.show}
    </Button>
  );
}

function MomentList({ timeline: { moments, stops } }: { timeline: Timeline }): JSX.Element {
  const [kinds, setKinds] = useState<readonly MomentKind[]>(KINDS);
  const [shown, setShown] = useState(PAGE);
  const time = useLookedAt();
  const ago = useAgo();
  const list = useMemo(() => moments.filter(({ kind }) => kinds.includes(kind)).reverse(), [moments, kinds]);
  const passages = stops.at(-1)?.passages ?? 0;
  const current = time === null ? null : stops[stopAt(stops, time)];
  const rest = list.length - shown;
  return (
    <section className="panel-section" aria-label={words.list}>
      <Group gap={6} role="group" aria-label={words.filter}>
        {KINDS.map((kind) => (
          <Chip
            key={kind}
            size="xs"
            variant="outline"
            checked={kinds.includes(kind)}
            onChange={(isOn) => setKinds(KINDS.filter((one) => (one === kind ? isOn : kinds.includes(one))))}
          >
            {words.filters[kind]}
          </Chip>
        ))}
      </Group>
      {list.length === 0 && <p className="note">{words.none}</p>}
      <ol className="moments">
        {list.slice(0, shown).map((moment) => (
          <MomentRow
            key={moment.key}
            moment={moment}
            stops={stops}
            passages={passages}
            when={ago(momentTime(moment))}
            isCurrent={current?.moment.key === moment.key}
          />
        ))}
      </ol>
      {rest > 0 && (
        <button type="button" className="link-button" onClick={() => setShown(shown + PAGE)}>
          {words.more(rest)}
        </button>
      )}
    </section>
  );
}
