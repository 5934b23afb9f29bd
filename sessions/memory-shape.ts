import type * as Y from 'yjs';
import { z } from 'zod';
import { passageMap, type Passage } from './story-shape.ts';

// What the narrator knows besides the newest passages, as everybody reads it from the story document.

/** Where an item comes from: a passage as it stood then. */
export interface MemorySource {
  passageId: string;
  /** `revisionOf` the passage when the item was made. */
  revision: string;
}

/**
 * Something the narrator keeps in mind. It counts only while all its sources are shown, unchanged, on the line that
 * is played; what people write without a source always counts.
 */
export interface MemoryItem {
  id: string;
  /** 'fact': one sentence about the world. 'summary': what some passages told. */
  kind: 'fact' | 'summary';
  text: string;
  sources: MemorySource[];
  /** Told to the narrator always; others as far as there is room. */
  isPinned: boolean;
  /** `narrator`, or the player who wrote or last changed it. */
  by: string;
  /** Epoch ms. */
  at: number;
  /** 'passages': of a few of them. 'scene': of a whole scene. Facts have none. */
  span: 'passages' | 'scene' | null;
}

const itemSchema = z.object({
  kind: z.enum(['fact', 'summary']),
  text: z.string(),
  sources: z.array(z.object({ passageId: z.string(), revision: z.string() })),
  isPinned: z.boolean(),
  by: z.string(),
  at: z.number(),
  span: z.enum(['passages', 'scene']).nullable(),
});

/** Memory items by id: `MemoryItem` without its id. */
export function memoryMap(story: Y.Doc): Y.Map<Omit<MemoryItem, 'id'>> {
  return story.getMap('memory');
}

/** All items that say something, oldest first. */
export function readMemory(story: Y.Doc): MemoryItem[] {
  return memoryRecords(story).filter(({ text }) => text !== '');
}

/** With those that somebody emptied, so that they are not made again; what is no item is left out. */
export function memoryRecords(story: Y.Doc): MemoryItem[] {
  const items = [...memoryMap(story)].flatMap(([id, value]) => {
    const parsed = itemSchema.safeParse(value);
    return parsed.success ? [{ id, ...parsed.data }] : [];
  });
  return items.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
}

/** Changes whenever the text of a passage does: the alternative that is chosen, and how often it was rewritten. */
export function revisionOf({ alternatives, chosen }: Pick<Passage, 'alternatives' | 'chosen'>): string {
  const alternative = alternatives[chosen];
  return alternative === undefined ? '' : `${alternative.id}.${alternative.edits}`;
}

/** `revisionOf` a passage of the document, without reading its texts; null: not shown, or none. */
export function shownRevision(story: Y.Doc, passageId: string): string | null {
  const passage = passageMap(story).get(passageId);
  if (passage?.get('state') !== 'shown') return null;
  const alternatives = passage.get('alternatives') as Y.Array<Y.Map<unknown>>;
  const chosen = Math.min((passage.get('chosen') as number) ?? 0, alternatives.length - 1);
  const alternative = alternatives.get(chosen);
  return `${alternative.get('id') as string}.${(alternative.get('edits') as number | undefined) ?? 0}`;
}

/** Whether all sources are shown, unchanged, on a line. */
export function doesCount(
  story: Y.Doc,
  line: ReadonlySet<string>,
  sources: readonly MemorySource[],
): boolean {
  return sources.every(
    ({ passageId, revision }) => line.has(passageId) && shownRevision(story, passageId) === revision,
  );
}

/** Items whose sources are all shown, unchanged, on the given line. */
export function currentMemory(story: Y.Doc, line: readonly string[]): MemoryItem[] {
  const onLine = new Set(line);
  return readMemory(story).filter(({ sources }) => doesCount(story, onLine, sources));
}
