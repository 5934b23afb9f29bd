import type { JSX } from 'react';
import { isMaster } from '../../sessions/roles.ts';
import type { Passage } from '../../sessions/story-shape.ts';
import { openReview } from '../common/panel-place.ts';
import { useDesk, useSlice, useYou } from '../link/session-context.ts';
import { heldText, holdOf } from './held-text.ts';
import { SAFETY } from './safety-strings.ts';

/** The place of a passage that nobody may read just now. */
export function HeldPassage({ passage }: { passage: Passage }): JSX.Element {
  const you = useYou();
  const desk = useDesk();
  const { hiddenPassages } = useSlice('safety');
  const holdId = isMaster(you.role) ? holdOf(passage.id, desk) : null;
  return (
    <p className="passage-note" data-passage-id={passage.id} data-state="held">
      {heldText(passage, { playerId: you.playerId, hiddenPassages })}{' '}
      {holdId !== null && (
        <button type="button" className="link-button" onClick={() => openReview(holdId)}>
          {SAFETY.held.review}
        </button>
      )}
    </p>
  );
}
