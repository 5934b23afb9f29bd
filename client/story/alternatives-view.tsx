import type { JSX, KeyboardEvent } from 'react';
import type { Passage } from '../../sessions/story-shape.ts';
import { Icon } from '../common/icons.tsx';
import { useIsLive, useTable } from '../link/session-context.ts';
import type { SessionLink } from '../link/session-link.ts';
import { TEXT } from '../strings.ts';
import { usePassageRights } from './passage-rights.ts';

/** Chooses the alternative `step` away from the chosen one. False when there is none. */
export function chooseAlternative(session: SessionLink, passage: Passage, step: -1 | 1): boolean {
  const wanted = passage.alternatives[passage.chosen + step];
  if (wanted === undefined) return false;
  void session.act('passage:choose', { passageId: passage.id, alternativeId: wanted.id });
  return true;
}

/**
 * Arrows between the alternatives of a narrator passage, with "2/3" between them. The Left and Right keys work
 * on both. An arrow that leads nowhere keeps the focus: a disabled button would lose it.
 */
export function AlternativesView({ passage }: { passage: Passage }): JSX.Element {
  const { session } = useTable();
  const isLive = useIsLive();
  const { mayChoose } = usePassageRights(passage);
  const isReady = mayChoose && isLive;
  const at = passage.chosen + 1;
  const of = passage.alternatives.length;
  const choose = (step: -1 | 1): void => {
    if (isReady) chooseAlternative(session, passage, step);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowLeft') choose(-1);
    else if (event.key === 'ArrowRight') choose(1);
    else return;
    event.preventDefault();
  };
  return (
    <span className="alternatives" role="group" aria-label={TEXT.story.alternatives} onKeyDown={onKeyDown}>
      <button
        type="button"
        className="quiet-button"
        aria-label={TEXT.story.previous}
        aria-disabled={!isReady || at <= 1}
        onClick={() => choose(-1)}
      >
        <Icon name="left" size={16} />
      </button>
      <span aria-live="polite">
        <span aria-hidden="true">{TEXT.story.position(at, of)}</span>
        <span className="visually-hidden">{TEXT.story.positionRead(at, of)}</span>
      </span>
      <button
        type="button"
        className="quiet-button"
        aria-label={TEXT.story.next}
        aria-disabled={!isReady || at >= of}
        onClick={() => choose(1)}
      >
        <Icon name="right" size={16} />
      </button>
    </span>
  );
}
