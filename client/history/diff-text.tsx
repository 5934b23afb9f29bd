import { Fragment, type JSX } from 'react';
import type { PastPassage } from '../../sessions/history-view.ts';
import type { Span } from '../../sessions/story-shape.ts';
import { useAuthors } from '../common/authors.ts';
import { MaskedText } from '../safety/masked-text.tsx';
import { HISTORY } from './history-strings.ts';
import { diffWords, type DiffPart } from './word-diff.ts';

const { changes: words } = HISTORY;

/** A text as it was and as it is, in one: what went is crossed out, what came is underlined, and both are said. */
export function DiffText({ before, after }: { before: PastPassage; after: PastPassage }): JSX.Element {
  return (
    <p className="diff">
      {diffWords(before.spans, after.spans).map((part, index) => (
        <Part key={index} part={part} />
      ))}
    </p>
  );
}

function Part({ part: { kind, spans } }: { part: DiffPart }): JSX.Element {
  switch (kind) {
    case 'same':
      return <Runs spans={spans} />;
    case 'added':
      return (
        <ins>
          <span className="visually-hidden">{words.addedStart}</span>
          <Runs spans={spans} />
          <span className="visually-hidden">{words.addedEnd}</span>
        </ins>
      );
    case 'removed':
      return (
        <del>
          <span className="visually-hidden">{words.removedStart}</span>
          <Runs spans={spans} />
          <span className="visually-hidden">{words.removedEnd}</span>
        </del>
      );
  }
}

function Runs({ spans }: { spans: readonly Span[] }): JSX.Element {
  const { colourOf } = useAuthors();
  return (
    <>
      {spans.map(({ author, text }, index) => (
        <Fragment key={index}>
          <span className={`by ${colourOf(author)}`}>
            <MaskedText text={text} />
          </span>
        </Fragment>
      ))}
    </>
  );
}
