// Merkle trees as in RFC 6962, section 2.1: proofs that a record is in the log, and that a log only grew.
import { createHash } from 'node:crypto';

/** SHA-256, 32 bytes. */
export type Hash = Uint8Array;

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** Root of a tree without leaves. */
export const EMPTY_ROOT: Hash = createHash('sha256').digest();

/** Hash of a leaf; a text counts in UTF-8. */
export function leafHash(data: Uint8Array | string): Hash {
  return createHash('sha256').update(LEAF).update(data).digest();
}

/** Hash of a node above two others. */
export function nodeHash(left: Hash, right: Hash): Hash {
  return createHash('sha256').update(NODE).update(left).update(right).digest();
}

/** The whole subtrees of a tree. */
export interface TreeNodes {
  /** Root of the 2^height leaves from `place` * 2^height on; all of them have to be there. */
  node(height: number, place: number): Hash;
}

/** The largest power of two below `count`, which is at least 2. */
function splitOf(count: number): number {
  let half = 1;
  while (half * 2 < count) half *= 2;
  return half;
}

/** MTH of the leaves from `start` (a multiple of the power of two that covers them) to before `end`. */
function rangeRoot(nodes: TreeNodes, start: number, end: number): Hash {
  const count = end - start;
  const height = Math.log2(count);
  if (Number.isInteger(height)) return nodes.node(height, start / count);
  const middle = start + splitOf(count);
  return nodeHash(rangeRoot(nodes, start, middle), rangeRoot(nodes, middle, end));
}

/** Root over the first `size` leaves. */
export function rootOf(nodes: TreeNodes, size: number): Hash {
  return size === 0 ? EMPTY_ROOT : rangeRoot(nodes, 0, size);
}

/** Audit path of leaf `index` in the tree of `size` leaves, from the leaf up. `index` < `size`. */
export function inclusionProof(nodes: TreeNodes, index: number, size: number): Hash[] {
  const path: Hash[] = [];
  let start = 0;
  let end = size;
  while (end - start > 1) {
    const middle = start + splitOf(end - start);
    if (index < middle) {
      path.push(rangeRoot(nodes, middle, end));
      end = middle;
    } else {
      path.push(rangeRoot(nodes, start, middle));
      start = middle;
    }
  }
  return path.reverse();
}

/** Proof that the first `older` of `newer` leaves are what they were. 0 < `older` <= `newer`. */
export function consistencyProof(nodes: TreeNodes, older: number, newer: number): Hash[] {
  const path: Hash[] = [];
  let start = 0;
  let end = newer;
  while (end !== older) {
    const middle = start + splitOf(end - start);
    if (older <= middle) {
      path.push(rangeRoot(nodes, middle, end));
      end = middle;
    } else {
      path.push(rangeRoot(nodes, start, middle));
      start = middle;
    }
  }
  // The part that both share is known to the verifier when it is the whole older tree.
  if (start > 0) path.push(rangeRoot(nodes, start, end));
  return path.reverse();
}

/** Whether two hashes are equal. */
export function isSameHash(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}

/** Whether `proof` leads from the leaf to the root (RFC 9162, 2.1.3.2). */
export function verifyInclusion(of: {
  leaf: Hash;
  index: number;
  size: number;
  root: Hash;
  proof: readonly Hash[];
}): boolean {
  const { index, size } = of;
  if (!isPlace(index) || !isPlace(size) || index >= size) return false;
  let node = index;
  let last = size - 1;
  let hash = of.leaf;
  for (const step of of.proof) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(step, hash);
      while (node % 2 === 0 && node !== 0) [node, last] = [node / 2, Math.floor(last / 2)];
    } else hash = nodeHash(hash, step);
    [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  }
  return last === 0 && isSameHash(hash, of.root);
}

/** Whether the tree of `newer` leaves begins with that of `older` leaves (RFC 9162, 2.1.4.2). */
export function verifyConsistency(of: {
  older: number;
  olderRoot: Hash;
  newer: number;
  newerRoot: Hash;
  proof: readonly Hash[];
}): boolean {
  const { older, newer, olderRoot, newerRoot } = of;
  if (!isPlace(older) || !isPlace(newer) || older > newer) return false;
  if (older === newer) return of.proof.length === 0 && isSameHash(olderRoot, newerRoot);
  // Everything grows from nothing.
  if (older === 0) return of.proof.length === 0 && isSameHash(olderRoot, EMPTY_ROOT);
  const isWhole = Number.isInteger(Math.log2(older));
  const [first, ...steps] = isWhole ? [olderRoot, ...of.proof] : of.proof;
  if (first === undefined) return false;
  return climbBoth({ ...of, first, steps });
}

function climbBoth(of: {
  older: number;
  newer: number;
  olderRoot: Hash;
  newerRoot: Hash;
  first: Hash;
  steps: readonly Hash[];
}): boolean {
  let node = of.older - 1;
  let last = of.newer - 1;
  while (node % 2 === 1) [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  let olderHash = of.first;
  let newerHash = of.first;
  for (const step of of.steps) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      olderHash = nodeHash(step, olderHash);
      newerHash = nodeHash(step, newerHash);
      while (node % 2 === 0 && node !== 0) [node, last] = [node / 2, Math.floor(last / 2)];
    } else newerHash = nodeHash(newerHash, step);
    [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  }
  return last === 0 && isSameHash(olderHash, of.olderRoot) && isSameHash(newerHash, of.newerRoot);
}

function isPlace(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
