import { useEffect, useState } from 'react';
import type * as Y from 'yjs';
import { useTable } from '../link/session-context.ts';

const PAUSE_MS = 250;

/**
 * Something read from the whole story document, read again at most four times a second while it changes. For
 * dialogs: the story itself is read passage by passage. `read` has to be the same function at each render.
 */
export function useStoryRead<T>(read: (story: Y.Doc) => T): T {
  const { story } = useTable();
  const [value, setValue] = useState(() => read(story.doc));
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    const readNow = (): void => {
      timer = null;
      setValue(read(story.doc));
    };
    const onUpdate = (): void => {
      timer ??= setTimeout(readNow, PAUSE_MS);
    };
    readNow();
    story.doc.on('update', onUpdate);
    return () => {
      story.doc.off('update', onUpdate);
      if (timer !== null) clearTimeout(timer);
    };
  }, [story, read]);
  return value;
}
