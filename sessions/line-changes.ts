import type * as Y from 'yjs';
import { memoryMap, type MemoryItem } from './memory-shape.ts';
import { branchMap, playMap, sceneMap, type Branch, type Scene } from './story-lines.ts';

/** A change to what surrounds the passages: branches, scenes, memory. */
export type LineChange =
  /** A new branch, or one with another name. */
  | { op: 'branch'; branch: Branch }
  /** From now on the table plays on it. */
  | { op: 'play'; branchId: string }
  | { op: 'scene'; scene: Scene }
  /** A new memory item, or one that is changed. */
  | { op: 'remember'; item: MemoryItem }
  | { op: 'forget'; itemId: string };

/** Writes one of them. Call inside a transaction. */
export function writeLine(story: Y.Doc, change: LineChange): void {
  switch (change.op) {
    case 'branch': {
      const { id, ...branch } = change.branch;
      branchMap(story).set(id, branch);
      return;
    }
    case 'play':
      playMap(story).set('branchId', change.branchId);
      return;
    case 'scene': {
      const { id, ...scene } = change.scene;
      sceneMap(story).set(id, scene);
      return;
    }
    case 'remember': {
      const { id, ...item } = change.item;
      memoryMap(story).set(id, item);
      return;
    }
    case 'forget':
      memoryMap(story).delete(change.itemId);
  }
}
