import { MAIN_BRANCH, type Branch } from '../../sessions/story-lines.ts';
import type { PassageStamp } from '../story/story-document.ts';

/** A branch in the tree of branches. */
export interface BranchNode {
  branch: Branch;
  /** From 1. */
  level: number;
  children: BranchNode[];
  /** Passages of its own, struck ones included. */
  passages: number;
  /** Who wrote last on it, and when; null: nobody has. */
  last: { by: string; at: number } | null;
}

/** The branches below the main one, siblings by age. A branch of unknown parent hangs from the main one. */
export function branchTree(branches: readonly Branch[], stamps: readonly PassageStamp[]): BranchNode | null {
  const main = branches.find(({ id }) => id === MAIN_BRANCH);
  if (main === undefined) return null;
  const known = new Set(branches.map(({ id }) => id));
  const own = grouped(stamps, ({ branchId }) => branchId);
  const children = grouped(
    branches.filter(({ id }) => id !== MAIN_BRANCH),
    ({ parentId }) => (parentId !== null && known.has(parentId) ? parentId : MAIN_BRANCH),
  );
  const nodeOf = (branch: Branch, level: number): BranchNode => ({
    branch,
    level,
    children: (children.get(branch.id) ?? []).map((child) => nodeOf(child, level + 1)),
    passages: own.get(branch.id)?.length ?? 0,
    last: latest(own.get(branch.id) ?? []),
  });
  return nodeOf(main, 1);
}

function grouped<T>(list: readonly T[], keyOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of list) {
    const group = groups.get(keyOf(one));
    if (group === undefined) groups.set(keyOf(one), [one]);
    else group.push(one);
  }
  return groups;
}

function latest(stamps: readonly PassageStamp[]): BranchNode['last'] {
  return stamps.reduce<BranchNode['last']>(
    (last, { by, createdAt: at }) => (last === null || at >= last.at ? { by, at } : last),
    null,
  );
}

/** The nodes of a tree from top to bottom, without what is under a closed one. */
export function flatTree(node: BranchNode, closed: ReadonlySet<string> = new Set()): BranchNode[] {
  const below = closed.has(node.branch.id) ? [] : node.children.flatMap((child) => flatTree(child, closed));
  return [node, ...below];
}

/** What a key does in a tree: where the focus goes, and what opens or closes. Null: nothing. */
export function treeStep(
  key: string,
  at: { nodes: readonly BranchNode[]; focusId: string; closed: ReadonlySet<string> },
): { focusId?: string; open?: string; close?: string } | null {
  const index = at.nodes.findIndex(({ branch }) => branch.id === at.focusId);
  const node = at.nodes[index];
  if (node === undefined) return null;
  const to = (place: number): { focusId: string } | null => {
    const target = at.nodes[place];
    return target === undefined ? null : { focusId: target.branch.id };
  };
  const isClosed = at.closed.has(at.focusId);
  switch (key) {
    case 'ArrowDown':
      return to(index + 1);
    case 'ArrowUp':
      return to(index - 1);
    case 'Home':
      return to(0);
    case 'End':
      return to(at.nodes.length - 1);
    case 'ArrowRight':
      if (node.children.length === 0) return null;
      return isClosed ? { open: at.focusId } : to(index + 1);
    case 'ArrowLeft':
      if (node.children.length > 0 && !isClosed) return { close: at.focusId };
      return to(at.nodes.findLastIndex(({ level }, place) => place < index && level < node.level));
    default:
      return null;
  }
}
