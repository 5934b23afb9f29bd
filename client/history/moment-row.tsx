import { memo, type JSX } from 'react';
import { can } from '../../sessions/roles.ts';
import { chosenText, type Passage } from '../../sessions/story-shape.ts';
import { useAuthors } from '../common/authors.ts';
import { Icon, type IconName } from '../common/icons.tsx';
import { closePanel } from '../common/panel-place.ts';
import { useStore } from '../common/store.ts';
import { useTable, useYou } from '../link/session-context.ts';
import { openRollback } from '../rollback/rollback-place.ts';
import { backToNow, lookAt } from './history-place.ts';
import { HISTORY } from './history-strings.ts';
import { momentAuthor, momentTitle } from './moment-text.ts';
import { timeOf, type Moment, type MomentKind, type Stop } from './moments.ts';

const { timeline: words } = HISTORY;

const EXCERPT = 90;

const ICONS: Record<Exclude<MomentKind, 'passage'>, IconName> = {
  scene: 'bookmark',
  checkpoint: 'flag',
  rollback: 'back',
  branch: 'branch',
};

interface MomentRowProps {
  moment: Moment;
  stops: readonly Stop[];
  /** How many passages there are. */
  passages: number;
  when: string;
  isCurrent: boolean;
}

/** One entry of the list: what happened, who did it and when; a push shows the story as it was then. */
export const MomentRow = memo(function MomentRow(props: MomentRowProps): JSX.Element {
  const { moment, stops, passages, when, isCurrent } = props;
  const { nameOf, colourOf } = useAuthors();
  const by = momentAuthor(moment);
  const look = (): void => {
    const time = timeOf(moment, stops);
    if (time === null) backToNow();
    else lookAt(time);
    closePanel();
  };
  return (
    <li className="moment" data-kind={moment.kind}>
      <button type="button" className="moment-button" aria-current={isCurrent} onClick={look}>
        <span className="moment-head">
          {moment.kind === 'passage' ? (
            <span className={`dot ${colourOf(moment.passage.by)}`} aria-hidden="true" />
          ) : (
            <Icon name={ICONS[moment.kind]} size={15} />
          )}
          <span className="grow">
            {by === null
              ? words.when(momentTitle(moment, passages), when)
              : words.by(momentTitle(moment, passages), nameOf(by), when)}
          </span>
        </span>
        <Detail moment={moment} />
      </button>
      {moment.kind === 'rollback' && moment.rollback.undoneBy === null && (
        <Undo rollbackId={moment.rollback.id} />
      )}
    </li>
  );
});

function Detail({ moment }: { moment: Moment }): JSX.Element | null {
  switch (moment.kind) {
    case 'passage':
      return <PassageDetail id={moment.passage.id} />;
    case 'rollback': {
      const { summary, reason, undoneBy } = moment.rollback;
      const why = summary.includes(reason) ? '' : reason;
      const parts = [summary, why, undoneBy === null ? '' : words.wasUndone].filter((one) => one !== '');
      return <span className="note">{parts.join(' · ')}</span>;
    }
    case 'checkpoint':
      return <span className="note">{HISTORY.checkpoints.kinds[moment.checkpoint.kind]}</span>;
    case 'scene':
    case 'branch':
      return null;
  }
}

function PassageDetail({ id }: { id: string }): JSX.Element | null {
  const passage = useStore(useTable().story.passage(id));
  return passage === null ? null : <span className="note moment-excerpt">{excerptOf(passage)}</span>;
}

function excerptOf(passage: Passage): string {
  const { state, isPurged, rollbackId } = passage;
  if (isPurged) return words.purged;
  if (state === 'held') return words.held;
  if (state === 'struck') return rollbackId === null ? words.struck : words.takenBack;
  const text = chosenText(passage).trim();
  return text.length > EXCERPT ? `${text.slice(0, EXCERPT)}…` : text;
}

function Undo({ rollbackId }: { rollbackId: string }): JSX.Element | null {
  const { role } = useYou();
  if (!can(role, 'direct-story')) return null;
  return (
    <button
      type="button"
      className="link-button moment-undo"
      onClick={() => openRollback({ kind: 'undo', rollbackId })}
    >
      {HISTORY.story.undo}
    </button>
  );
}
