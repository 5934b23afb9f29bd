import { useMemo, useState, type JSX } from 'react';
import type { PastPassage } from '../../sessions/history-view.ts';
import type { Scene } from '../../sessions/story-lines.ts';
import { useStore } from '../common/store.ts';
import { useTable } from '../link/session-context.ts';
import { SceneHeading } from '../story/scene-heading.tsx';
import { storyItems } from '../story/story-items.ts';
import { HISTORY } from './history-strings.ts';
import { asRead, isStruck } from './past-story.ts';
import { ReadPassage } from './read-passage.tsx';

/** Passages that stand at once, and how many more come with each push of the button: a slider has to stay quick. */
const SHOWN = 40;
const STEP = 200;

interface ReadStoryProps {
  passages: readonly PastPassage[];
  scenes: readonly Scene[];
  /** Which end is read first. */
  from: 'start' | 'end';
  /** Passages are shown as they stand at each moment, also while somebody or the narrator writes them. */
  isLive?: boolean;
}

/** A story to read and nothing else; of a long one first the part at the chosen end. Struck passages are left out. */
export function ReadStory({ passages, scenes, from, isLive = false }: ReadStoryProps): JSX.Element {
  const [shown, setShown] = useState(SHOWN);
  const items = useMemo(() => itemsOf(passages, scenes), [passages, scenes]);
  const part = from === 'end' ? items.slice(-shown) : items.slice(0, shown);
  const Shown = isLive ? LivePassage : ReadPassage;
  const rest = items.length - part.length;
  const more = rest > 0 && (
    <button type="button" className="link-button more-passages" onClick={() => setShown(shown + STEP)}>
      {from === 'end' ? HISTORY.past.earlier(rest) : HISTORY.past.later(rest)}
    </button>
  );
  return (
    <>
      {from === 'end' && more}
      {part.map((item) =>
        'scene' in item ? (
          <SceneHeading key={`scene-${item.scene.id}`} scene={item.scene} />
        ) : (
          <Shown key={item.id} passage={item} />
        ),
      )}
      {from === 'start' && more}
    </>
  );
}

function LivePassage({ passage }: { passage: PastPassage }): JSX.Element | null {
  const live = useStore(useTable().story.passage(passage.id));
  return <ReadPassage passage={live === null ? passage : asRead(live)} />;
}

type Item = PastPassage | { scene: Scene };

/** Passages with the scenes between them; a scene stands behind its passage even when that one was struck. */
function itemsOf(passages: readonly PastPassage[], scenes: readonly Scene[]): Item[] {
  const byId = new Map(passages.map((passage) => [passage.id, passage]));
  return storyItems([...byId.keys()], scenes).flatMap((item): Item[] => {
    if (item.kind === 'scene') return [{ scene: item.scene }];
    const passage = item.kind === 'passage' ? byId.get(item.id) : undefined;
    return passage === undefined || isStruck(passage) ? [] : [passage];
  });
}
