import { AppError } from '../../sessions/errors.ts';
import type { SqlAuditStore } from '../store/sql-audit-store.ts';
import { EMPTY_ROOT, consistencyProof, inclusionProof, rootOf, type Hash, type TreeNodes } from './merkle.ts';
import { TILE, TileTree } from './tile-tree.ts';

/** Tiles whose leaves are kept for the next proof: records of an export stand near each other. */
const TILES_KEPT = 8;

/** The stored tree up to `size` leaves. Throws AppError STORAGE_UNAVAILABLE when parts of it are gone. */
export async function loadTree(store: SqlAuditStore, size: number): Promise<TileTree> {
  const tiles = Math.floor(size / TILE);
  const roots = (await store.tiles()).slice(0, tiles).map(({ root }) => root);
  const tail = await store.leaves(tiles * TILE, size);
  const tree = TileTree.of(roots, tail);
  if (tree.size !== size)
    throw new AppError('STORAGE_UNAVAILABLE', { detail: 'a part of the audit log is gone' });
  return tree;
}

/** Proofs from a tree as it is at one moment; leaves inside of its tiles are read from the store. */
export class ProofReader {
  readonly #tree: TileTree;
  readonly #store: SqlAuditStore;
  readonly #leaves = new Map<number, readonly Hash[]>();

  constructor(tree: TileTree, store: SqlAuditStore) {
    this.#tree = tree;
    this.#store = store;
  }

  /** Root of the first `size` leaves. */
  async rootAt(size: number): Promise<Hash> {
    return size === 0 ? EMPTY_ROOT : rootOf(await this.#nodes([size - 1]), size);
  }

  /** Audit path of a leaf in the tree of `size` leaves. */
  async inclusion(index: number, size: number): Promise<Hash[]> {
    return inclusionProof(await this.#nodes([index, size - 1]), index, size);
  }

  /** Proof that the tree of `newer` leaves begins with that of `older`; empty from 0. */
  async consistency(older: number, newer: number): Promise<Hash[]> {
    if (older === 0) return [];
    return consistencyProof(await this.#nodes([older - 1, newer - 1]), older, newer);
  }

  async #nodes(leaves: readonly number[]): Promise<TreeNodes> {
    for (const leaf of leaves) {
      const tile = Math.floor(leaf / TILE);
      if (leaf < 0 || tile >= this.#tree.tiles || this.#leaves.has(tile)) continue;
      const found = await this.#store.leaves(tile * TILE, (tile + 1) * TILE);
      const [oldest] = this.#leaves.keys();
      if (this.#leaves.size >= TILES_KEPT && oldest !== undefined) this.#leaves.delete(oldest);
      this.#leaves.set(tile, found);
    }
    return this.#tree.nodes(this.#leaves);
  }
}
