import type { HoldView } from '../../sessions/safety-view.ts';
import { SAFETY } from '../safety/safety-strings.ts';
import { isWaiting } from './review-order.ts';

const { review } = SAFETY;

/** What a game master may do with a text, and the words on the buttons; null: not for this text. */
export interface HoldRights {
  approve: string | null;
  edit: string | null;
  reject: string | null;
  revise: string | null;
  undo: string | null;
}

/** Rights of a game master on one text. The server decides; this only hides what it would refuse. */
export function holdRights(hold: HoldView): HoldRights {
  const undo = hold.mayUndo ? review.undo : null;
  if (!isWaiting(hold)) return { approve: null, edit: null, reject: null, revise: null, undo };
  if (hold.kind === 'whisper') {
    return {
      approve: review.whisperUse,
      edit: review.editShort,
      reject: review.whisperDrop,
      revise: review.tryAgain,
      undo,
    };
  }
  const isOpen = hold.state === 'open';
  const hasPlace = hold.kind !== 'note';
  const isOwnWriting = hold.kind === 'passage' || hold.kind === 'talk';
  const revise = hold.kind === 'narrator' ? review.tryAgain : isOwnWriting ? review.revise : null;
  return {
    approve: hold.kind === 'hidden' ? review.putBack : review.approve,
    edit: hasPlace ? review.edit : null,
    reject: !isOpen ? review.uphold : hold.kind === 'hidden' ? review.keepOut : review.reject,
    revise: isOpen ? revise : null,
    undo,
  };
}

/** Whether the text is the narrator's: nobody reads a note on its rejection, but a wish makes another try. */
export function isNarrated({ kind }: HoldView): boolean {
  return kind === 'narrator' || kind === 'whisper';
}
