import { useState, type JSX } from 'react';
import type { PreviewPassage, RollbackPreview } from '../../sessions/history-view.ts';
import { useAuthors } from '../common/authors.ts';
import { MaskedText } from '../safety/masked-text.tsx';
import { PreviewPart } from './preview-part.tsx';
import { ROLLBACK } from './rollback-strings.ts';

const { preview: words } = ROLLBACK;
/** Passages shown before somebody asks for the rest. */
const SHOWN = 30;

/** The passages that a rollback touches, in story order. */
export function PreviewPassages({ preview: { passages } }: { preview: RollbackPreview }): JSX.Element {
  const [all, setAll] = useState(false);
  if (passages.length === 0) return <p>{words.nothing}</p>;
  const shown = all ? passages : passages.slice(0, SHOWN);
  return (
    <PreviewPart title={titleOf(passages)}>
      <ul className="rollback-list">
        {shown.map((passage) => (
          <PassageRow key={passage.passageId} passage={passage} />
        ))}
      </ul>
      {passages.length > shown.length && (
        <button type="button" className="link-button" onClick={() => setAll(true)}>
          {words.showAll(passages.length)}
        </button>
      )}
    </PreviewPart>
  );
}

function titleOf(passages: readonly PreviewPassage[]): string {
  const isAll = (effect: PreviewPassage['effect']): boolean => passages.every((one) => one.effect === effect);
  if (isAll('strike')) return words.goes(passages.length);
  return isAll('restore') ? words.comesBack(passages.length) : words.touched(passages.length);
}

function PassageRow({ passage }: { passage: PreviewPassage }): JSX.Element {
  return (
    <li data-effect={passage.effect} className="rollback-passage">
      <p className="rollback-excerpt">
        <MaskedText text={passage.excerpt} />
      </p>
      <p className="rollback-meta">
        <AuthorDots authors={passage.authors.length === 0 ? [passage.by] : passage.authors} />
        <span>{words.words(passage.words)}</span>
        <span className="badge">{words.effects[passage.effect]}</span>
      </p>
    </li>
  );
}

/** Authors by colour and name. */
export function AuthorDots({ authors }: { authors: readonly string[] }): JSX.Element {
  const { nameOf, colourOf } = useAuthors();
  return (
    <>
      {authors.map((author) => (
        <span key={author} className="byline-author">
          <span className={`dot ${colourOf(author)}`} aria-hidden="true" />
          {nameOf(author)}
        </span>
      ))}
    </>
  );
}
