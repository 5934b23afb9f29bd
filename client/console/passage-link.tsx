import type { JSX } from 'react';
import { chosenText } from '../../sessions/story-shape.ts';
import { useStore } from '../common/store.ts';
import { useTable } from '../link/session-context.ts';
import { goToPassage } from '../review/go-to-passage.ts';
import { excerptOf } from '../rollback/excerpt.ts';
import { CONSOLE } from './console-strings.ts';

const { quality: words } = CONSOLE;

/** Characters of a passage that name it in a list. */
const LENGTH = 90;

/** The beginning of a passage; a push brings it into view. Says so when it is not in the story now. */
export function PassageLink({ passageId }: { passageId: string }): JSX.Element {
  const { story } = useTable();
  const passage = useStore(story.passage(passageId));
  const isInStory = useStore(story.order).includes(passageId) && passage?.state === 'shown';
  if (!isInStory) return <span className="note">{words.away}</span>;
  const text = excerptOf(chosenText(passage), LENGTH);
  return (
    <button
      type="button"
      className="link-button passage-link"
      aria-label={words.goToOf(text)}
      onClick={() => goToPassage(passageId)}
    >
      {text}
    </button>
  );
}
