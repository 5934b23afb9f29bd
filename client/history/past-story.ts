import type { PastPassage, PastView } from '../../sessions/history-view.ts';
import type { Branch, Scene } from '../../sessions/story-lines.ts';
import { chosenSpans, type Passage } from '../../sessions/story-shape.ts';

/** The story as it stood, with all its texts. */
export interface PastStory {
  /** The moment that was asked for, epoch ms. */
  time: number;
  branchId: string;
  branches: readonly Branch[];
  scenes: readonly Scene[];
  /** The passages of the branch that was played, in order, struck ones included. */
  passages: readonly PastPassage[];
}

const read = new WeakMap<Passage, PastPassage>();

/** A passage as one reads it: the text that is part of the story. The same object for the same passage. */
export function asRead(passage: Passage): PastPassage {
  const known = read.get(passage);
  if (known !== undefined) return known;
  const { id, kind, by, createdAt, state, isPurged } = passage;
  const made = { id, kind, by, createdAt, state, spans: chosenSpans(passage), isSealed: isPurged };
  read.set(passage, made);
  return made;
}

/**
 * Puts the story of a moment together: what was otherwise comes from the server, the rest from `live`, a copy of the
 * story from before the server was asked. What neither knows is left out.
 */
export function pastStory(
  time: number,
  { branchId, branches, scenes, line, changed }: PastView,
  live: ReadonlyMap<string, PastPassage>,
): PastStory {
  const then = new Map(changed.map((passage) => [passage.id, passage]));
  const passages = line.flatMap((id) => then.get(id) ?? live.get(id) ?? []);
  return { time, branchId, branches, scenes, passages };
}

/** Whether the passage is part of what one reads. */
export function isReadable({ state, isSealed }: PastPassage): boolean {
  return state === 'shown' && !isSealed;
}

/** Whether the passage was struck and nothing of it is to be seen; what is out of sight keeps its place. */
export function isStruck({ state, isSealed }: PastPassage): boolean {
  return state === 'struck' && !isSealed;
}
