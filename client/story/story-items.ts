import type { Scene } from '../../sessions/story-lines.ts';

/** What stands in the story, from top to bottom. */
export type StoryItem =
  | { kind: 'passage'; id: string }
  | { kind: 'scene'; scene: Scene }
  /** Passages in a row that one rollback took back. */
  | { kind: 'taken-back'; rollbackId: string; ids: readonly string[] };

/**
 * Passages with the headings of their scenes between them. Of several scenes at one place, the one that was opened
 * last stands there.
 */
export function storyItems(
  line: readonly string[],
  scenes: readonly Scene[],
  takenBack: ReadonlyMap<string, string> = new Map(),
): StoryItem[] {
  const sceneAfter = new Map<string | null, Scene>(scenes.map((scene) => [scene.afterPassageId, scene]));
  const items: StoryItem[] = [];
  const open = (scene: Scene | undefined): void => {
    if (scene !== undefined) items.push({ kind: 'scene', scene });
  };
  open(sceneAfter.get(null));
  for (const id of line) {
    const rollbackId = takenBack.get(id);
    const last = items.at(-1);
    if (rollbackId === undefined) items.push({ kind: 'passage', id });
    else if (last?.kind === 'taken-back' && last.rollbackId === rollbackId)
      items[items.length - 1] = { ...last, ids: [...last.ids, id] };
    else items.push({ kind: 'taken-back', rollbackId, ids: [id] });
    open(sceneAfter.get(id));
  }
  return items;
}
