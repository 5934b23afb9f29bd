import { useEffect, useRef, useState, type JSX, type KeyboardEvent, type RefObject } from 'react';
import { can } from '../../sessions/roles.ts';
import type { DraftView } from '../../sessions/view.ts';
import { Icon } from '../common/icons.tsx';
import { useStore } from '../common/store.ts';
import { useDesk, useIsLive, useSlice, useTable, useYou } from '../link/session-context.ts';
import { ROLLBACK } from '../rollback/rollback-strings.ts';
import { whyNotWrite } from '../safety/standing-text.ts';
import { chooseAlternative } from '../story/alternatives-view.tsx';
import { mayOpenPassage } from '../turn/turn-rights.ts';
import { TEXT } from '../strings.ts';
import { DraftActions, useFinishing } from './draft-actions.tsx';
import { DraftCard, preloadEditor } from './draft-card.tsx';
import type { DraftDocument } from './draft-document.ts';
import { hasJustLostFocus } from './lost-focus.ts';
import { focusDraft } from './write-again.ts';
import { EarlyWordsBox, useEarlyWords, type EarlyWords } from './early-words.tsx';

/** The player's own writing: the drafts they have open, or the place where one begins. */
export function Composer(): JSX.Element {
  const { shelf } = useTable();
  const you = useYou();
  const views = useSlice('drafts').filter((view) => view.openedBy === you.playerId);
  const documents = useStore(shelf.drafts);
  const [wantsFocus, setWantsFocus] = useState(false);
  const early = useEarlyWords();
  const isNew = (view: DraftView): boolean => view.replaces === null && view.keptFrom === null;
  const hasNewPassage = views.some(isNew);
  const composerRef = useFocusAfterKept(views.filter((view) => view.keptFrom !== null).length);
  const hadPassage = useRef(false);
  useEffect(() => {
    if (hasNewPassage) hadPassage.current = true;
  }, [hasNewPassage]);
  return (
    <div ref={composerRef} className="composer" id="writing" tabIndex={-1}>
      {views.map((view) => {
        const draft = documents.get(view.id);
        return draft === undefined ? null : (
          <OwnDraft
            key={view.id}
            draft={draft}
            view={view}
            isFocused={view.keptFrom === null && (wantsFocus || view.replaces !== null || view.asNarrator)}
            takeEarly={isNew(view) ? early.take : null}
          />
        );
      })}
      {!hasNewPassage && !early.isTyping && (
        <OpenPassage wasOpen={hadPassage} early={early} onOpened={() => setWantsFocus(true)} />
      )}
      {early.isTyping && <EarlyWordsBox early={early} />}
    </div>
  );
}

/** When kept words are committed or let go under the focus, it goes on to where one writes. */
function useFocusAfterKept(kept: number): RefObject<HTMLDivElement | null> {
  const composerRef = useRef<HTMLDivElement>(null);
  const before = useRef(kept);
  useEffect(() => {
    const hasGone = kept < before.current;
    before.current = kept;
    if (!hasGone || !hasJustLostFocus()) return;
    const next = composerRef.current?.querySelector<HTMLElement>('.cm-content, .open-passage');
    next?.focus({ preventScroll: true });
  }, [kept]);
  return composerRef;
}

interface OwnDraftProps {
  draft: DraftDocument;
  view: DraftView;
  isFocused: boolean;
  takeEarly: EarlyWords['take'] | null;
}

function OwnDraft(props: OwnDraftProps): JSX.Element {
  const { shelf } = useTable();
  const finishing = useFinishing(props.view);
  const { draft, view, isFocused, takeEarly } = props;
  const isKept = view.keptFrom !== null;
  useEffect(() => {
    // Whoever typed in a passage that was taken back goes on typing in the words that are kept.
    if (isKept && hasJustLostFocus()) focusDraft(view.id);
  }, [isKept, view.id]);
  return (
    <DraftCard
      draft={draft}
      view={view}
      label={isKept ? ROLLBACK.kept.label : TEXT.draft.yours}
      isFocused={isFocused}
      takeEarly={takeEarly}
      onFinish={() => void shelf.finish(draft, finishing)}
    >
      <DraftActions draft={draft} view={view} />
    </DraftCard>
  );
}

interface OpenPassageProps {
  /** A passage was open here: when it closes under the focus, the focus goes on to where the next begins. */
  wasOpen: { readonly current: boolean };
  early: EarlyWords;
  onOpened: () => void;
}

function OpenPassage({ wasOpen, early, onOpened }: OpenPassageProps): JSX.Element {
  const { session, story, shelf } = useTable();
  const you = useYou();
  const turn = useSlice('turn');
  const isLive = useIsLive();
  const kept = whyNotWrite(useDesk());
  const buttonRef = useRef<HTMLButtonElement>(null);
  useEffect(preloadEditor, []);
  useEffect(() => {
    const hasLostFocus = document.activeElement === null || document.activeElement === document.body;
    if (wasOpen.current && hasLostFocus) buttonRef.current?.focus({ preventScroll: true });
  }, [wasOpen]);
  if (!can(you.role, 'write')) return <p className="composer-note">{TEXT.draft.spectator}</p>;
  if (kept !== null) return <p className="composer-note">{kept}</p>;
  if (!mayOpenPassage(turn, you)) return <p className="composer-note">{TEXT.draft.notYet}</p>;

  const open = async (): Promise<void> => {
    early.begin();
    onOpened();
    // Refused: what was typed in the meantime is set aside, not lost.
    if (!(await session.act('draft:open', {}))) shelf.aside.add(early.take().text);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : null;
    const latest = step === null ? null : story.latestNarrated();
    if (step !== null && latest !== null && chooseAlternative(session, latest, step)) event.preventDefault();
  };
  return (
    <button
      ref={buttonRef}
      type="button"
      className="open-passage"
      disabled={!isLive}
      onClick={() => void open()}
      onKeyDown={onKeyDown}
    >
      <Icon name="quill" />
      {isLive ? TEXT.draft.open : TEXT.draft.waitingForLine}
    </button>
  );
}
