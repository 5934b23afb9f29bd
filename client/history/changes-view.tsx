import { useMemo, useState, type JSX } from 'react';
import { Icon, type IconName } from '../common/icons.tsx';
import { useStore } from '../common/store.ts';
import { useSlice, useTable } from '../link/session-context.ts';
import {
  changesSince,
  countChanges,
  foldChanges,
  type Change,
  type ChangeKind,
  type ChangeRun,
} from './changes.ts';
import { DiffText } from './diff-text.tsx';
import { HISTORY } from './history-strings.ts';
import { livePassages } from './live-passages.ts';
import type { PastStory } from './past-story.ts';
import { ReadPassage } from './read-passage.tsx';
import { ReadStory } from './read-story.tsx';

const { changes: words } = HISTORY;

const SHOWN = 60;

const ICONS: Record<ChangeKind, IconName> = {
  added: 'plus',
  back: 'back',
  struck: 'minus',
  left: 'branch',
  hidden: 'shield',
  edited: 'pen',
};

/** The story of then and of now in one, with what became of each passage. */
export function ChangesView({ past }: { past: PastStory }): JSX.Element {
  const { story } = useTable();
  const order = useStore(story.order);
  const { all } = useStore(story.lines);
  const { rollbacks } = useSlice('history');
  const [shown, setShown] = useState(SHOWN);
  const changes = useMemo(() => {
    const passages = [...livePassages(story, order).values()];
    return changesSince(past, { passages, all });
  }, [past, order, all, story]);
  const runs = useMemo(() => foldChanges(changes), [changes]);
  const since = rollbacks.filter(({ at }) => at > past.time).length;
  const isSame = changes.every(({ kind }) => kind === 'same') && since === 0;
  const rest = runs.length - shown;
  return (
    <>
      <p className="passage-note" role="status">
        {isSame ? words.none : words.summary(countChanges(changes), since)}
      </p>
      {runs.slice(0, shown).map((run) => (
        <Run key={keyOf(run)} run={run} />
      ))}
      {rest > 0 && (
        <button type="button" className="link-button more-passages" onClick={() => setShown(shown + SHOWN)}>
          {HISTORY.past.later(rest)}
        </button>
      )}
    </>
  );
}

function keyOf(run: ChangeRun): string {
  return run.kind === 'one' ? run.change.passage.id : `from-${run.passages[0]?.id ?? ''}`;
}

function Run({ run }: { run: ChangeRun }): JSX.Element {
  if (run.kind === 'one') return <OneChange change={run.change} />;
  return <Unchanged passages={run.passages} />;
}

function Unchanged({ passages }: { passages: readonly Change['passage'][] }): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  if (isOpen) {
    return <ReadStory passages={passages} scenes={[]} from="end" />;
  }
  return (
    <button type="button" className="link-button unchanged" onClick={() => setOpen(true)}>
      {words.unchanged(passages.length)}
    </button>
  );
}

function OneChange({ change }: { change: Change }): JSX.Element {
  const takenBack = useStore(useTable().story.takenBack);
  const { kind, passage } = change;
  if (kind === 'same') return <ReadPassage passage={passage} />;
  const isTakenBack = kind === 'struck' && takenBack.has(passage.id);
  const mark = (
    <span className="change-mark">
      <Icon name={isTakenBack ? 'back' : ICONS[kind]} size={15} />
      {isTakenBack ? words.takenBack : words.kinds[kind]}
    </span>
  );
  return (
    <ReadPassage passage={passage} change={kind} mark={mark}>
      {change.kind === 'edited' ? <DiffText before={change.before} after={passage} /> : undefined}
    </ReadPassage>
  );
}
