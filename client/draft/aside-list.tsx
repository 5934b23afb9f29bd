import { Button } from '@mantine/core';
import type { JSX } from 'react';
import { showToast } from '../common/toasts.ts';
import { useStore } from '../common/store.ts';
import { useTable } from '../link/session-context.ts';
import { TEXT } from '../strings.ts';

/** Words that could not join the story, to be copied or let go. */
export function AsideList(): JSX.Element | null {
  const { aside } = useTable().shelf;
  const list = useStore(aside.list);
  if (list.length === 0) return null;
  const copy = async (text: string): Promise<void> => {
    await navigator.clipboard.writeText(text);
    showToast(TEXT.story.copied);
  };
  return (
    <section className="aside-words" aria-label={TEXT.draft.aside}>
      <h2>{TEXT.draft.aside}</h2>
      <p>{TEXT.draft.asideBody}</p>
      {list.map(({ id, text }) => (
        <div key={id} className="aside-item">
          <p className="aside-text">{text}</p>
          <Button size="compact-sm" variant="light" onClick={() => void copy(text)}>
            {TEXT.draft.asideCopy}
          </Button>
          <Button size="compact-sm" variant="subtle" color="gray" onClick={() => aside.drop(id)}>
            {TEXT.draft.asideDrop}
          </Button>
        </div>
      ))}
    </section>
  );
}
