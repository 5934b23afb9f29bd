import type * as Y from 'yjs';
import { passageMap, passageOrder, type PassageMeta } from './story-shape.ts';

// Branches and scenes, as everybody reads them from the story document.

/** The branch that every story begins with. */
export const MAIN_BRANCH = 'main';

/** A continuation of the story from one of its passages. */
export interface Branch {
  id: string;
  name: string;
  /** The branch it leaves; null: the main one, which leaves nothing. */
  parentId: string | null;
  /** The last passage it shares with its parent; null: it begins with an empty page. */
  fromPassageId: string | null;
  /** Player id. */
  by: string;
  /** Epoch ms. */
  at: number;
}

/** A run of passages with one cast and goal. */
export interface Scene {
  id: string;
  /** '' when nobody gave it one. */
  title: string;
  branchId: string;
  /** The last passage before it; null: it opens the story. */
  afterPassageId: string | null;
  by: string;
  at: number;
}

/** Branches but the main one, by id: `Branch` without its id. */
export function branchMap(story: Y.Doc): Y.Map<Omit<Branch, 'id'>> {
  return story.getMap('branches');
}

/** `branchId` is the branch on which the table plays; absent: the main one. */
export function playMap(story: Y.Doc): Y.Map<string> {
  return story.getMap('play');
}

/** Scenes by id: `Scene` without its id. */
export function sceneMap(story: Y.Doc): Y.Map<Omit<Scene, 'id'>> {
  return story.getMap('scenes');
}

/** The branch on which the table plays. */
export function branchInPlay(story: Y.Doc): string {
  return playMap(story).get('branchId') ?? MAIN_BRANCH;
}

/** All branches, the main one first, the others by age. */
export function readBranches(story: Y.Doc): Branch[] {
  const main: Branch = { id: MAIN_BRANCH, name: '', parentId: null, fromPassageId: null, by: '', at: 0 };
  const others = [...branchMap(story)].map(([id, branch]) => ({ id, ...branch }));
  const byAge = others.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  const named = byAge.find(({ id }) => id === MAIN_BRANCH);
  return [named ?? main, ...byAge.filter(({ id }) => id !== MAIN_BRANCH)];
}

/** A passage as a line needs it. */
export interface LinePlace {
  id: string;
  branchId: string;
}

/** Places and branches by id. */
interface Tree {
  count: number;
  indexes: ReadonlyMap<string, number>;
  byId: ReadonlyMap<string, Branch>;
}

function treeOf(places: readonly LinePlace[], branches: readonly Branch[]): Tree {
  return {
    count: places.length,
    indexes: new Map(places.map(({ id }, index) => [id, index])),
    byId: new Map(branches.map((branch) => [branch.id, branch])),
  };
}

/** Branch -> how many of the story's passages a line takes from it: the branch itself, and those it comes from. */
function endsOf({ count, indexes, byId }: Tree, branchId: string): Map<string, number> {
  const ends = new Map<string, number>();
  let end = count;
  for (let branch = byId.get(branchId); branch !== undefined && !ends.has(branch.id);) {
    ends.set(branch.id, end);
    const { fromPassageId, parentId } = branch;
    end = Math.min(end, fromPassageId === null ? 0 : (indexes.get(fromPassageId) ?? -1) + 1);
    branch = parentId === null ? undefined : byId.get(parentId);
  }
  return ends;
}

/**
 * The passages of a branch in story order, struck ones included: its own, and those of the branches it comes from up
 * to where each was left. An unknown branch has none.
 */
export function lineOf(
  places: readonly LinePlace[],
  branches: readonly Branch[],
  branchId: string,
): string[] {
  const ends = endsOf(treeOf(places, branches), branchId);
  return places.flatMap(({ id, branchId: of }, index) => (index < (ends.get(of) ?? 0) ? [id] : []));
}

/** Where each passage of a story document belongs, in story order. */
function readPlaces(story: Y.Doc): LinePlace[] {
  const passages = passageMap(story);
  return passageOrder(story)
    .toArray()
    .map((id) => {
      const meta = passages.get(id)?.get('meta') as PassageMeta | undefined;
      return { id, branchId: meta?.branchId ?? MAIN_BRANCH };
    });
}

/** The passages of a branch of a story document; by default of the one in play. */
export function readLine(story: Y.Doc, branchId: string = branchInPlay(story)): string[] {
  const branches = branchMap(story);
  if (branches.size === 0) return branchId === MAIN_BRANCH ? passageOrder(story).toArray() : [];
  return lineOf(readPlaces(story), readBranches(story), branchId);
}

/** The branches whose lines have at least one of some passages; all branches at the cost of about one line. */
export function branchesOver(story: Y.Doc, passageIds: ReadonlySet<string>): Branch[] {
  const places = readPlaces(story);
  const branches = readBranches(story);
  const tree = treeOf(places, branches);
  const wanted = places.flatMap(({ id, branchId }, index) =>
    passageIds.has(id) ? [{ branchId, index }] : [],
  );
  return branches.filter(({ id }) => {
    const ends = endsOf(tree, id);
    return wanted.some(({ branchId, index }) => index < (ends.get(branchId) ?? 0));
  });
}

/**
 * The scenes of a branch, by default of the one in play, in story order: its own, and those of the branches it comes
 * from that begin before it leaves them. The first passages belong to no scene when nobody opened one.
 */
export function readScenes(story: Y.Doc, branchId: string = branchInPlay(story)): Scene[] {
  const places = readPlaces(story);
  const ends = endsOf(treeOf(places, readBranches(story)), branchId);
  const indexes = new Map(places.map(({ id }, index) => [id, index]));
  const placed = [...sceneMap(story)].flatMap(([id, scene]) => {
    const end = ends.get(scene.branchId);
    const index = scene.afterPassageId === null ? -1 : indexes.get(scene.afterPassageId);
    if (end === undefined || index === undefined) return [];
    return scene.branchId === branchId || index + 1 < end ? [{ index, scene: { id, ...scene } }] : [];
  });
  return placed.sort((a, b) => a.index - b.index || a.scene.at - b.scene.at).map(({ scene }) => scene);
}

/** The passages of a line in scenes: `scene` is null for those before the first one. Never empty runs but the last. */
export function scenesOf(
  line: readonly string[],
  scenes: readonly Scene[],
): { scene: Scene | null; passageIds: string[] }[] {
  const runs: { scene: Scene | null; passageIds: string[] }[] = [{ scene: null, passageIds: [] }];
  const after = new Map<string | null, Scene>(scenes.map((scene) => [scene.afterPassageId, scene]));
  const open = (scene: Scene | undefined) => {
    if (scene !== undefined) runs.push({ scene, passageIds: [] });
  };
  open(after.get(null));
  for (const id of line) {
    runs.at(-1)?.passageIds.push(id);
    open(after.get(id));
  }
  return runs.filter(({ passageIds }, index) => passageIds.length > 0 || index === runs.length - 1);
}
