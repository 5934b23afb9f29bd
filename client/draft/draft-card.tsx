import { Suspense, lazy, type JSX, type ReactNode } from 'react';
import { LIMITS } from '../../sessions/limits.ts';
import { can } from '../../sessions/roles.ts';
import type { DraftView } from '../../sessions/view.ts';
import { useAuthors } from '../common/authors.ts';
import { useStore } from '../common/store.ts';
import { useSlice, useYou } from '../link/session-context.ts';
import { ROLLBACK } from '../rollback/rollback-strings.ts';
import { SAFETY } from '../safety/safety-strings.ts';
import { TypingHint } from '../safety/typing-hint.tsx';
import { DraftXCard } from '../safety/draft-x-card.tsx';
import { TEXT } from '../strings.ts';
import type { DraftDocument } from './draft-document.ts';
import type { EarlyWords } from './early-words.tsx';
import { useLostFocus } from './lost-focus.ts';
import { useHint } from './use-hint.ts';

// The editor is the largest part of the page; readers do not wait for it.
const loadEditor = () => import('./draft-editor.tsx').then((module) => ({ default: module.DraftEditor }));
const DraftEditor = lazy(loadEditor);

/** Fetches the editor ahead of the first draft. */
export function preloadEditor(): void {
  // A failure shows when the editor is really needed.
  loadEditor().catch(() => undefined);
}

const COUNTED_FROM = LIMITS.passageLength * 0.8;

interface DraftCardProps {
  draft: DraftDocument;
  view: DraftView;
  label: string;
  isFocused: boolean;
  /** Words typed before the editor stood, for it to begin with. */
  takeEarly?: EarlyWords['take'] | null;
  onFinish: () => void;
  /** Buttons under the text. */
  children: ReactNode;
}

/** An open draft: who writes in it, its text, and hints. */
export function DraftCard({
  draft,
  view,
  label,
  isFocused,
  takeEarly = null,
  onFinish,
  children,
}: DraftCardProps): JSX.Element {
  const [hint, showHint] = useHint();
  const isEditable = useIsEditable(draft, view);
  const length = useStore(draft.length);
  const cardRef = useLostFocus();
  return (
    <section
      ref={cardRef}
      className="draft"
      data-draft-id={view.id}
      data-editable={isEditable}
      data-kept={view.keptFrom !== null}
      aria-label={label}
    >
      {view.keptFrom !== null && <p className="kept-note">{ROLLBACK.kept.note}</p>}
      <header className="byline">
        <Writers view={view} />
        <DraftXCard view={view} label={label} />
      </header>
      <Suspense fallback={<div className="draft-editor">{TEXT.common.loading}</div>}>
        <DraftEditor
          draft={draft}
          view={view}
          label={label}
          isEditable={isEditable}
          isFocused={isFocused}
          takeEarly={takeEarly}
          onHint={showHint}
          onFinish={onFinish}
        />
      </Suspense>
      <p className="draft-hint" role="status">
        {hint !== '' ? hint : length >= COUNTED_FROM && TEXT.draft.counter(length, LIMITS.passageLength)}
      </p>
      <TypingHint view={view} />
      {children}
    </section>
  );
}

function useIsEditable(draft: DraftDocument, view: DraftView): boolean {
  const you = useYou();
  const pending = useStore(draft.pending);
  const { stopped } = useStore(draft.link.state);
  const isWriter = view.writers === 'all' || view.writers.includes(you.playerId);
  return isWriter && can(you.role, 'write') && !view.isSubmitted && pending === null && stopped === null;
}

/** The legend of a draft: every author by colour and name. */
function Writers({ view }: { view: DraftView }): JSX.Element {
  const { nameOf, colourOf } = useAuthors();
  const typing = useSlice('typing');
  const writers = [...new Set([view.openedBy, ...Object.values(view.clients)])];
  const notes = [
    view.asNarrator ? SAFETY.draft.asNarrator : null,
    view.replaces !== null ? TEXT.draft.replacing : null,
    view.isSubmitted ? TEXT.draft.submitted : null,
    view.visibility === 'private' ? TEXT.draft.private : null,
  ].filter((note) => note !== null);
  return (
    <>
      <ul className="legend" aria-label={TEXT.draft.writers}>
        {writers.map((author) => (
          <li key={author} data-typing={typing[author] === view.id}>
            <span className={`dot ${colourOf(author)}`} aria-hidden="true" />
            {nameOf(author)}
          </li>
        ))}
      </ul>
      {notes.map((note) => (
        <span key={note} className="byline-note">
          {note}
        </span>
      ))}
    </>
  );
}
