import { nodeHash, rootOf, type Hash, type TreeNodes } from './merkle.ts';

/** Leaves of a tile; the roots of whole tiles, and all above, stay in memory: 64 bytes per tile. */
export const TILE = 256;
const TILE_HEIGHT = 8;

/** A tree that grows. In memory are the roots of whole tiles, what is above them, and the leaves of the last tile. */
export class TileTree {
  /** By height above a tile. */
  readonly #levels: Hash[][];
  #tail: Hash[];

  private constructor(levels: Hash[][], tail: Hash[]) {
    this.#levels = levels;
    this.#tail = tail;
  }

  /** The tree with these whole tiles, followed by less than a tile of leaves. */
  static of(tileRoots: readonly Hash[], tail: readonly Hash[]): TileTree {
    const tree = new TileTree([[]], []);
    for (const root of tileRoots) tree.#addTile(root);
    for (const leaf of tail) tree.append(leaf);
    return tree;
  }

  get size(): number {
    return this.tiles * TILE + this.#tail.length;
  }

  /** Whole tiles. */
  get tiles(): number {
    return this.#levels[0]?.length ?? 0;
  }

  /** Roots of whole tiles from one on. */
  tileRoots(from: number): readonly Hash[] {
    return (this.#levels[0] ?? []).slice(from);
  }

  append(leaf: Hash): void {
    this.#tail.push(leaf);
    if (this.#tail.length < TILE) return;
    this.#addTile(tileRoot(this.#tail));
    this.#tail = [];
  }

  /** Root over all leaves. */
  root(): Hash {
    return rootOf(this.nodes(new Map()), this.size);
  }

  /** The same tree, which can grow by itself. */
  copy(): TileTree {
    return new TileTree(
      this.#levels.map((level) => [...level]),
      [...this.#tail],
    );
  }

  /** The nodes; what is inside of whole tiles is there for those whose leaves are given. */
  nodes(leaves: ReadonlyMap<number, readonly Hash[]>): TreeNodes {
    const lastTile = this.tiles;
    const leavesOf = (tile: number) => (tile === lastTile ? this.#tail : leaves.get(tile));
    return {
      node: (height, place) => {
        if (height >= TILE_HEIGHT) return there(this.#levels[height - TILE_HEIGHT]?.[place]);
        const start = place * 2 ** height;
        const inTile = start % TILE;
        const found = leavesOf(Math.floor(start / TILE))?.slice(inTile, inTile + 2 ** height);
        return perfectRoot(there(found), 2 ** height);
      },
    };
  }

  #addTile(root: Hash): void {
    let node = root;
    for (let height = 0; ; height += 1) {
      const level = (this.#levels[height] ??= []);
      level.push(node);
      if (level.length % 2 === 1) return;
      node = nodeHash(there(level.at(-2)), node);
    }
  }
}

/** Root of the leaves of one whole tile. */
function tileRoot(leaves: readonly Hash[]): Hash {
  return perfectRoot(leaves, TILE);
}

function perfectRoot(leaves: readonly Hash[], count: number): Hash {
  if (leaves.length !== count) throw new Error('Leaves are missing.');
  let level = leaves;
  while (level.length > 1) {
    const above: Hash[] = [];
    for (let at = 0; at < level.length; at += 2) above.push(nodeHash(there(level[at]), there(level[at + 1])));
    level = above;
  }
  return there(level[0]);
}

function there<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('A part of the tree is missing.');
  return value;
}
