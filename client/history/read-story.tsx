import { useMemo, useState, type JSX } from 'react';
import type { PastPassage } from '../../sessions/history-view.ts';
import type { Scene } from '../../sessions/story-lines.ts';
import { SceneHeading } from '../story/scene-heading.tsx';
import { storyItems } from '../story/story-items.ts';
import { HISTORY } from './history-strings.ts';
import { ReadPassage } from './read-passage.tsx';

/** Passages that stand at once, and how many more come with each push of the button: a slider has to stay quick. */
const SHOWN = 40;
const STEP = 200;

interface ReadStoryProps {
  passages: readonly PastPassage[];
  scenes: readonly Scene[];
  /** Which end is read first. */
  from: 'start' | 'end';
}

/** A story to read and nothing else; of a long one first the part at the chosen end. */
export function ReadStory({ passages, scenes, from }: ReadStoryProps): JSX.Element {
  const [shown, setShown] = useState(SHOWN);
  const part = from === 'end' ? passages.slice(-shown) : passages.slice(0, shown);
  const rest = passages.length - part.length;
  const items = useMemo(() => itemsOf(part, scenes, from), [part, scenes, from]);
  const more = rest > 0 && (
    <button type="button" className="link-button more-passages" onClick={() => setShown(shown + STEP)}>
      {from === 'end' ? HISTORY.past.earlier(rest) : HISTORY.past.later(rest)}
    </button>
  );
  return (
    <>
      {from === 'end' && more}
      {items}
      {from === 'start' && more}
    </>
  );
}

function itemsOf(
  part: readonly PastPassage[],
  scenes: readonly Scene[],
  from: ReadStoryProps['from'],
): JSX.Element[] {
  const byId = new Map(part.map((passage) => [passage.id, passage]));
  const line = part.map(({ id }) => id);
  // The heading before everything belongs to the beginning only.
  const shown = scenes.filter(({ afterPassageId }) => afterPassageId !== null || from === 'start');
  return storyItems(line, shown).flatMap((item) => {
    if (item.kind === 'scene') return [<SceneHeading key={`scene-${item.scene.id}`} scene={item.scene} />];
    const passage = item.kind === 'passage' ? byId.get(item.id) : undefined;
    return passage === undefined ? [] : [<ReadPassage key={passage.id} passage={passage} />];
  });
}
