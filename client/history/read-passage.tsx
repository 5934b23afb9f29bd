import { memo, type JSX, type ReactNode } from 'react';
import type { PastPassage } from '../../sessions/history-view.ts';
import { useAuthors } from '../common/authors.ts';
import { ProseView } from '../story/prose-view.tsx';
import { TEXT } from '../strings.ts';
import type { ChangeKind } from './changes.ts';
import { dayTime } from './day-time.ts';
import { HISTORY } from './history-strings.ts';
import { isReadable, isStruck } from './past-story.ts';

interface ReadPassageProps {
  passage: PastPassage;
  /** What became of it, and that in words above its text. */
  change?: ChangeKind;
  mark?: ReactNode;
  /** Stands in the place of its text. */
  children?: ReactNode;
}

/** A passage to read and nothing else: of another moment, or of another branch. */
export const ReadPassage = memo(function ReadPassage(props: ReadPassageProps): JSX.Element | null {
  const { nameOf, colourOf } = useAuthors();
  const { passage, change, mark, children } = props;
  if (!isReadable(passage)) return <UnreadPassage passage={passage} />;
  const authors = authorsIn(passage);
  const names = authors.map(nameOf);
  return (
    <article
      className={`passage ${colourOf(passage.by)}`}
      data-mixed={names.length > 1}
      data-kind={passage.kind}
      data-change={change}
      aria-label={TEXT.story.passageBy(names)}
    >
      <header className="byline">
        {authors.map((author) => (
          <span key={author} className="byline-author">
            <span className={`dot ${colourOf(author)}`} aria-hidden="true" />
            <span>{nameOf(author)}</span>
          </span>
        ))}
        {mark}
      </header>
      <div className="prose">{children ?? <ProseView spans={passage.spans} colourOf={colourOf} />}</div>
    </article>
  );
});

function UnreadPassage({ passage }: { passage: PastPassage }): JSX.Element | null {
  const { nameOf } = useAuthors();
  if (isStruck(passage)) return null;
  return (
    <p className="passage-note">{HISTORY.story.notShown(nameOf(passage.by), dayTime(passage.createdAt))}</p>
  );
}

function authorsIn({ by, spans }: PastPassage): string[] {
  const authors = new Set(spans.filter(({ text }) => text.trim() !== '').map(({ author }) => author));
  if (authors.size === 0) return [by];
  const opener = authors.delete(by) ? [by] : [];
  return [...opener, ...authors];
}
