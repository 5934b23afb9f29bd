import { useState, type JSX } from 'react';
import type { SightView } from '../../sessions/sight.ts';
import { chosenText } from '../../sessions/story-shape.ts';
import { useStore } from '../common/store.ts';
import { useTable } from '../link/session-context.ts';
import { goToPassage } from '../review/go-to-passage.ts';
import { excerptOf } from '../rollback/excerpt.ts';
import { openStoryDialog } from '../rollback/rollback-place.ts';
import { SIGHT } from './sight-strings.ts';
import { hiddenWhy, partNotes } from './sight-text.ts';

type Part = SightView['parts'][number];
const EXCERPT = 60;
const LINKED = 12;

/** The parts of a prompt in order; each opens by itself. */
export function SightParts({ parts, onClose }: { parts: readonly Part[]; onClose: () => void }): JSX.Element {
  // A new key closes or opens them all anew; afterwards each is on its own again.
  const [all, setAll] = useState({ isOpen: false, turn: 0 });
  return (
    <section aria-label={SIGHT.parts}>
      <div className="sight-head">
        <h2 className="dialog-heading grow">{SIGHT.parts}</h2>
        <button
          type="button"
          className="link-button"
          onClick={() => setAll(({ isOpen, turn }) => ({ isOpen: !isOpen, turn: turn + 1 }))}
        >
          {all.isOpen ? SIGHT.closeAll : SIGHT.openAll}
        </button>
      </div>
      <ol className="sight-parts">
        {parts.map((part, index) => (
          <li key={`${all.turn}.${index}`}>
            <PartView part={part} isOpen={all.isOpen} onClose={onClose} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function PartView(props: { part: Part; isOpen: boolean; onClose: () => void }): JSX.Element {
  const { part, isOpen, onClose } = props;
  const { kind, id, text, isHidden } = part;
  return (
    <details open={isOpen} className="sight-part" data-kind={kind}>
      <summary>
        <strong>{SIGHT.kinds[kind]}</strong> <span className="note">{partNotes(part).join(', ')}</span>
        {!isHidden && <span className="sight-peek">{excerptOf(text, EXCERPT)}</span>}
      </summary>
      {isHidden ? <p className="note">{hiddenWhy(part)}</p> : <p className="sight-text">{text}</p>}
      {id !== null && kind === 'passage' && !isHidden && (
        <button
          type="button"
          className="link-button"
          onClick={() => {
            onClose();
            goToPassage(id);
          }}
        >
          {SIGHT.goTo}
        </button>
      )}
      {id !== null && (kind === 'fact' || kind === 'summary') && (
        <button
          type="button"
          className="link-button"
          onClick={() => openStoryDialog({ name: 'memory', itemId: id })}
        >
          {SIGHT.goToMemory}
        </button>
      )}
    </details>
  );
}

/** What did not fit, with links to it. */
export function SightDropped({ sight, onClose }: { sight: SightView; onClose: () => void }): JSX.Element {
  const { droppedPassageIds: passages, droppedMemoryIds: memory } = sight;
  const [all, setAll] = useState(false);
  const shown = all ? passages : passages.slice(-LINKED);
  return (
    <section aria-label={SIGHT.dropped}>
      <h2 className="dialog-heading">{SIGHT.dropped}</h2>
      {passages.length + memory.length === 0 && <p>{SIGHT.noneDropped}</p>}
      {passages.length > 0 && (
        <p className="memory-passages">
          {SIGHT.droppedPassages(passages.length)}{' '}
          {passages.length > shown.length && (
            <button type="button" className="link-button" onClick={() => setAll(true)}>
              {SIGHT.more(passages.length - shown.length)}
            </button>
          )}
          {shown.map((id) => (
            <PassageLink key={id} passageId={id} onClose={onClose} />
          ))}
        </p>
      )}
      {memory.length > 0 && <p>{SIGHT.droppedMemory(memory.length)}</p>}
    </section>
  );
}

function PassageLink({ passageId, onClose }: { passageId: string; onClose: () => void }): JSX.Element {
  const passage = useStore(useTable().story.passage(passageId));
  if (passage?.state !== 'shown') return <span>{SIGHT.passageAway}</span>;
  const excerpt = excerptOf(chosenText(passage), EXCERPT);
  return (
    <button
      type="button"
      className="link-button"
      onClick={() => {
        onClose();
        goToPassage(passageId);
      }}
    >
      “{excerpt}”
    </button>
  );
}
