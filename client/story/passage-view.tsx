import { memo, type JSX } from 'react';
import { NARRATOR, type Alternative, type Passage } from '../../sessions/story-shape.ts';
import { useAuthors } from '../common/authors.ts';
import { Icon } from '../common/icons.tsx';
import { useStore } from '../common/store.ts';
import { FeedbackButtons } from '../feedback/feedback-buttons.tsx';
import { QualityDot } from '../feedback/quality-dot.tsx';
import { dayTime } from '../history/day-time.ts';
import { HISTORY } from '../history/history-strings.ts';
import { useIsLive, useSlice, useTable } from '../link/session-context.ts';
import { SAFETY } from '../safety/safety-strings.ts';
import { HeldPassage } from '../safety/held-passage.tsx';
import { TEXT } from '../strings.ts';
import { AlternativesView } from './alternatives-view.tsx';
import type { OpenMenu } from './passage-menu.tsx';
import { ProseView } from './prose-view.tsx';
import { usePassageRights } from './passage-rights.ts';

interface PassageProps {
  id: string;
  onMenu: (menu: OpenMenu) => void;
  isMenuOpen: boolean;
}

/** One passage of the story. Renders again only when this passage, or who may do what with it, changes. */
export const PassageView = memo(function PassageView(props: PassageProps): JSX.Element | null {
  const passage = useStore(useTable().story.passage(props.id));
  if (passage === null) return null;
  if (passage.isPurged) return <PurgedPassage passage={passage} />;
  switch (passage.state) {
    case 'shown':
      return <ShownPassage passage={passage} {...props} />;
    case 'struck':
      return <StruckPassage passage={passage} />;
    case 'held':
      return <HeldPassage passage={passage} />;
  }
});

function ShownPassage({ passage, onMenu, isMenuOpen }: { passage: Passage } & PassageProps): JSX.Element {
  const { nameOf, colourOf } = useAuthors();
  const chosen = passage.alternatives[passage.chosen];
  const isStreaming = chosen?.state === 'streaming';
  const authors = authorsIn(passage, chosen);
  const names = authors.map(nameOf);
  // What a person writes as the narrator is theirs: it is neither rated nor measured in the story.
  const isJudged = passage.kind === 'narrator' && passage.by === NARRATOR && !isStreaming;
  return (
    <article
      className={`passage ${colourOf(passage.by)}`}
      data-mixed={names.length > 1}
      data-passage-id={passage.id}
      data-kind={passage.kind}
      aria-busy={isStreaming}
      aria-label={TEXT.story.passageBy(names)}
    >
      <header className="byline">
        <Byline passage={passage} authors={authors} isStreaming={isStreaming} />
        {chosen?.info.finish === 'stopped' && <span className="byline-note">{TEXT.story.stopped}</span>}
        {chosen?.info.finish === 'broken' && <span className="byline-note">{TEXT.story.broken}</span>}
        {passage.kind === 'narrator' && passage.alternatives.length > 1 && (
          <AlternativesView passage={passage} />
        )}
        <MenuButton passage={passage} names={names} onMenu={onMenu} isMenuOpen={isMenuOpen} />
      </header>
      <div className="prose">
        {chosen !== undefined && <ProseView spans={chosen.spans} colourOf={colourOf} />}
      </div>
      {isJudged && chosen !== undefined && (
        <div className="passage-foot">
          <FeedbackButtons passageId={passage.id} alternativeId={chosen.id} />
          <QualityDot passageId={passage.id} />
        </div>
      )}
    </article>
  );
}

function Byline(props: { passage: Passage; authors: string[]; isStreaming: boolean }): JSX.Element {
  const { nameOf, colourOf } = useAuthors();
  const cast = useSlice('cast');
  const castId = props.passage.alternatives[props.passage.chosen]?.info.castId ?? props.passage.castId;
  // A game master who speaks as the narrator keeps their name.
  const isNarrating = props.passage.kind === 'narrator' && props.passage.by !== NARRATOR;
  const member = castId === null ? undefined : cast.find((one) => one.id === castId);
  return (
    <>
      {props.authors.map((author) => (
        <span key={author} className="byline-author">
          <span className={`dot ${colourOf(author)}`} aria-hidden="true" />
          <span>{nameOf(author)}</span>
        </span>
      ))}
      {isNarrating && <span>{SAFETY.draft.asNarrator}</span>}
      {member !== undefined && <span>{TEXT.story.asCast(member.name)}</span>}
      {props.isStreaming && <span>{TEXT.story.writing}</span>}
    </>
  );
}

function MenuButton(
  props: { passage: Passage; names: string[] } & Pick<PassageProps, 'onMenu' | 'isMenuOpen'>,
): JSX.Element {
  return (
    <button
      type="button"
      className="quiet-button passage-more"
      aria-label={TEXT.story.actions(props.names)}
      aria-haspopup="menu"
      aria-expanded={props.isMenuOpen}
      onClick={(event) => props.onMenu({ passageId: props.passage.id, button: event.currentTarget })}
    >
      <Icon name="more" />
    </button>
  );
}

function StruckPassage({ passage }: { passage: Passage }): JSX.Element | null {
  const { session } = useTable();
  const { nameOf } = useAuthors();
  const isLive = useIsLive();
  const rights = usePassageRights(passage);
  if (!rights.mayRestore) return null;
  const names = authorsIn(passage, passage.alternatives[passage.chosen]).map(nameOf);
  return (
    <p className="passage-note" data-passage-id={passage.id}>
      {TEXT.story.struck(names)}{' '}
      <button
        type="button"
        className="link-button"
        disabled={!isLive}
        onClick={() => void session.act('passage:restore', { passageId: passage.id })}
      >
        {TEXT.story.restore}
      </button>
    </p>
  );
}

/** The place of a passage whose text was removed for good. */
function PurgedPassage({ passage }: { passage: Passage }): JSX.Element {
  const { nameOf } = useAuthors();
  return (
    <p className="passage-note" data-passage-id={passage.id} data-state="purged">
      {HISTORY.story.purged([nameOf(passage.by)], dayTime(passage.createdAt))}
    </p>
  );
}

/** Everybody whose words a passage holds, its opener first when they still have words in it. */
function authorsIn(passage: Passage, chosen: Alternative | undefined): string[] {
  const authors = new Set(chosen?.spans.filter((span) => span.text.trim() !== '').map((span) => span.author));
  if (authors.size === 0) return [passage.by];
  const opener = authors.delete(passage.by) ? [passage.by] : [];
  return [...opener, ...authors];
}
