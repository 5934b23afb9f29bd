import { refuse } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import type { MemoryItem } from '../memory-shape.ts';
import { NARRATOR } from '../story-shape.ts';
import { accept, type DecideContext, type Decision, type Handler } from './decision.ts';

/** E4: what people write counts until they delete it, whatever becomes of the passages. */
export const addMemory: Handler<'memory:add'> = (context, { text }) => {
  // What the narrator keeps by itself makes room for what people write.
  const written = context.story.memory().filter((item) => item.by !== NARRATOR);
  if (written.length >= LIMITS.memoryItems) return refuse('MEMORY_FULL');
  const { id: by } = context.player;
  const item: MemoryItem = {
    id: context.newId(),
    kind: 'fact',
    text,
    sources: [],
    isPinned: true,
    by,
    at: context.now,
    span: null,
  };
  return accept({
    events: [{ type: 'memory-changed', itemId: item.id, by }],
    changes: [{ op: 'remember', item }],
    value: { itemId: item.id },
  });
};

function changed(context: DecideContext, itemId: string, change: Partial<MemoryItem>): Decision {
  const item = context.story.memory().find(({ id }) => id === itemId);
  if (item === undefined) return refuse('MEMORY_UNKNOWN');
  return accept({
    events: [{ type: 'memory-changed', itemId, by: context.player.id }],
    changes: [{ op: 'remember', item: { ...item, ...change } }],
  });
}

/** Says it in other words; it still counts only with its passages. */
export const editMemory: Handler<'memory:edit'> = (context, { itemId, text }) =>
  changed(context, itemId, { text, by: context.player.id });

export const pinMemory: Handler<'memory:pin'> = (context, { itemId, isPinned }) =>
  changed(context, itemId, { isPinned });

/** A summary leaves its place empty, so that it is not made again. */
export const deleteMemory: Handler<'memory:delete'> = (context, { itemId }) => {
  const item = context.story.memory().find(({ id }) => id === itemId);
  if (item?.kind === 'summary') return changed(context, itemId, { text: '', by: context.player.id });
  if (item === undefined) return refuse('MEMORY_UNKNOWN');
  return accept({
    events: [{ type: 'memory-changed', itemId, by: context.player.id }],
    changes: [{ op: 'forget', itemId }],
  });
};
