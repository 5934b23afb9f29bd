import type * as Y from 'yjs';
import { readMemory, shownRevision, type MemoryItem } from '../../sessions/memory-shape.ts';
import { readLine } from '../../sessions/story-lines.ts';
import { chosenText, passageMap, readPassage } from '../../sessions/story-shape.ts';
import { excerptOf } from '../rollback/excerpt.ts';

/** Why an item does not count now: what became of a passage that it comes from. */
export type WhyNot = 'gone' | 'purged' | 'struck' | 'held' | 'branch' | 'edited';

/** A passage that an item comes from. */
interface MemoryPassage {
  passageId: string;
  /** Its beginning; '' when it cannot be read. */
  excerpt: string;
  /** It is in the story that is read now. */
  isThere: boolean;
}

/** An item of the narrator's memory as people look at it. */
export interface MemoryRow {
  item: MemoryItem;
  passages: MemoryPassage[];
  /** Null: it counts. */
  whyNot: WhyNot | null;
}

const EXCERPT = 48;

/** Everything in the narrator's memory: pinned first, then in the order of the story. */
export function readMemoryRows(story: Y.Doc): MemoryRow[] {
  const line = readLine(story);
  const places = new Map(line.map((id, index) => [id, index]));
  const placed = readMemory(story).map((item) => {
    const at = Math.min(...item.sources.map(({ passageId }) => places.get(passageId) ?? Infinity));
    return { at, row: rowOf(story, item, places) };
  });
  const isPinned = (row: MemoryRow): number => (row.item.isPinned ? 0 : 1);
  return placed
    .sort((a, b) => isPinned(a.row) - isPinned(b.row) || compare(a.at, b.at) || a.row.item.at - b.row.item.at)
    .map(({ row }) => row);
}

/** What people wrote without a source stands first, at `Infinity`: it belongs to no place. */
function compare(a: number, b: number): number {
  if (a === b) return 0;
  if (a === Infinity) return -1;
  return b === Infinity ? 1 : a - b;
}

function rowOf(story: Y.Doc, item: MemoryItem, places: ReadonlyMap<string, number>): MemoryRow {
  const whyNots = item.sources.flatMap(
    ({ passageId, revision }) =>
      whyNot(story, { passageId, revision, isOnLine: places.has(passageId) }) ?? [],
  );
  const passages = item.sources.map(({ passageId }) => passageOf(story, passageId, places.has(passageId)));
  return { item, passages, whyNot: whyNots[0] ?? null };
}

function whyNot(
  story: Y.Doc,
  source: { passageId: string; revision: string; isOnLine: boolean },
): WhyNot | null {
  const passage = passageMap(story).get(source.passageId);
  if (passage === undefined) return 'gone';
  if (passage.get('isPurged') === true) return 'purged';
  const state = passage.get('state');
  if (state === 'struck' || state === 'held') return state;
  if (!source.isOnLine) return 'branch';
  return shownRevision(story, source.passageId) === source.revision ? null : 'edited';
}

function passageOf(story: Y.Doc, passageId: string, isOnLine: boolean): MemoryPassage {
  const map = passageMap(story).get(passageId);
  const passage = map === undefined ? null : readPassage(passageId, map);
  if (passage === null || passage.state !== 'shown') return { passageId, excerpt: '', isThere: false };
  const text = chosenText(passage);
  return { passageId, excerpt: excerptOf(text, EXCERPT), isThere: isOnLine };
}
