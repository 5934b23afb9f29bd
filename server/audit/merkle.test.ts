import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  consistencyProof,
  EMPTY_ROOT,
  inclusionProof,
  leafHash,
  nodeHash,
  rootOf,
  verifyConsistency,
  verifyInclusion,
  type Hash,
} from './merkle.ts';
import { TILE, TileTree } from './tile-tree.ts';

const hex = (hash: Hash) => Buffer.from(hash).toString('hex');

/** MTH of RFC 6962, section 2.1, word for word. */
function mth(leaves: readonly string[]): Hash {
  if (leaves.length === 0) return createHash('sha256').digest();
  if (leaves.length === 1) return leafHash(Buffer.from(leaves[0]!, 'hex'));
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return nodeHash(mth(leaves.slice(0, k)), mth(leaves.slice(k)));
}

/** The inputs of the tests of Certificate Transparency's own log. */
const INPUTS = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

/** A tree of that many numbered leaves; `tiles`: their hashes, as a store would give them. */
function grown(size: number) {
  const leaves = Array.from({ length: size }, (_, at) => leafHash(`leaf ${at}`));
  const tree = TileTree.of([], []);
  for (const leaf of leaves) tree.append(leaf);
  const tiles = new Map<number, Hash[]>();
  for (let from = 0; from + TILE <= size; from += TILE)
    tiles.set(from / TILE, leaves.slice(from, from + TILE));
  return { leaves, tree, nodes: tree.nodes(tiles) };
}

function treeOf(inputs: readonly string[]): TileTree {
  return TileTree.of(
    [],
    inputs.map((input) => leafHash(Buffer.from(input, 'hex'))),
  );
}

const flipped = (hash: Hash, bit: number): Hash => {
  const copy = Uint8Array.from(hash);
  copy[(bit >> 3) % 32]! ^= 1 << (bit & 7);
  return copy;
};

const big = grown(1_100);
const size = fc.integer({ min: 1, max: 1_100 });

describe('Merkle trees (RFC 6962)', () => {
  it('U1: has the known roots', () => {
    expect(hex(EMPTY_ROOT)).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(hex(leafHash(''))).toBe('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
    expect(hex(TileTree.of([], []).root())).toBe(hex(EMPTY_ROOT));
    expect(hex(TileTree.of([], ['a', 'b', 'c'].map(leafHash)).root())).toBe(
      '36642e73c2540ab121e3a6bf9545b0a24982cd830eb13d3cd19de3ce6c021ec1',
    );
    for (const [at, root] of ROOTS.entries()) expect(hex(treeOf(INPUTS.slice(0, at + 1)).root())).toBe(root);
  });

  it('U1: grows to the same roots as the definition, over the border of tiles', () => {
    const tree = TileTree.of([], []);
    const inputs: string[] = [];
    for (let at = 0; at < 600; at += 1) {
      if (at < 20 || (at > 250 && at < 262) || at % 97 === 0) expect(hex(tree.root())).toBe(hex(mth(inputs)));
      inputs.push(Buffer.from(`leaf ${at}`).toString('hex'));
      tree.append(leafHash(`leaf ${at}`));
    }
    const again = TileTree.of(tree.tileRoots(0), grown(600).leaves.slice(512));
    expect(hex(again.root())).toBe(hex(tree.root()));
    expect(again.size).toBe(600);
  });

  it('a copy grows by itself', () => {
    const { tree } = grown(255);
    const copy = tree.copy();
    copy.append(leafHash('one more'));
    expect([tree.size, tree.tiles, copy.size, copy.tiles]).toEqual([255, 0, 256, 1]);
    expect(hex(tree.root())).toBe(hex(grown(255).tree.root()));
  });

  it('U1: has the known proofs of three leaves in a tree of seven', () => {
    // RFC 6962, section 2.1.3: what the paths consist of.
    const { nodes, leaves, tree } = grown(7);
    const [a, b, c, d, e, f, g] = leaves as [Hash, Hash, Hash, Hash, Hash, Hash, Hash];
    const abcd = nodeHash(nodeHash(a, b), nodeHash(c, d));
    const efg = nodeHash(nodeHash(e, f), g);
    const path = (index: number) => inclusionProof(nodes, index, 7).map(hex);
    expect(path(0)).toEqual([b, nodeHash(c, d), efg].map(hex));
    expect(path(3)).toEqual([c, nodeHash(a, b), efg].map(hex));
    expect(path(4)).toEqual([f, g, abcd].map(hex));
    expect(path(6)).toEqual([nodeHash(e, f), abcd].map(hex));
    expect(consistencyProof(nodes, 3, 7).map(hex)).toEqual([c, d, nodeHash(a, b), efg].map(hex));
    expect(consistencyProof(nodes, 4, 7).map(hex)).toEqual([efg].map(hex));
    expect(consistencyProof(nodes, 6, 7).map(hex)).toEqual([nodeHash(e, f), g, abcd].map(hex));
    expect(hex(tree.root())).toBe(hex(nodeHash(abcd, efg)));
  });

  it('U1: every inclusion proof verifies, and no other does', () => {
    fc.assert(
      fc.property(size, fc.nat(), fc.nat(255), fc.nat(), (count, pick, bit, which) => {
        const index = pick % count;
        const proof = inclusionProof(big.nodes, index, count);
        const of = { leaf: big.leaves[index]!, index, size: count, root: rootOf(big.nodes, count), proof };
        expect(verifyInclusion(of)).toBe(true);
        expect(verifyInclusion({ ...of, leaf: flipped(of.leaf, bit) })).toBe(false);
        expect(verifyInclusion({ ...of, root: flipped(of.root, bit) })).toBe(false);
        expect(verifyInclusion({ ...of, index: index + 1 })).toBe(false);
        expect(verifyInclusion({ ...of, proof: [...proof, of.leaf] })).toBe(false);
        if (proof.length === 0) return;
        expect(verifyInclusion({ ...of, proof: proof.slice(1) })).toBe(false);
        const at = which % proof.length;
        expect(verifyInclusion({ ...of, proof: proof.with(at, flipped(proof[at]!, bit)) })).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it('U1: every consistency proof verifies, and no other does', () => {
    fc.assert(
      fc.property(size, size, fc.nat(255), fc.nat(), (one, other, bit, which) => {
        const [older, newer] = one < other ? [one, other] : [other, one];
        const proof = consistencyProof(big.nodes, older, newer);
        const roots = { olderRoot: rootOf(big.nodes, older), newerRoot: rootOf(big.nodes, newer) };
        const of = { older, newer, ...roots, proof };
        expect(verifyConsistency(of)).toBe(true);
        expect(verifyConsistency({ ...of, olderRoot: flipped(of.olderRoot, bit) })).toBe(false);
        expect(verifyConsistency({ ...of, newerRoot: flipped(of.newerRoot, bit) })).toBe(false);
        expect(verifyConsistency({ ...of, proof: [...proof, of.newerRoot] })).toBe(false);
        if (proof.length === 0) return;
        expect(verifyConsistency({ ...of, proof: proof.slice(0, -1) })).toBe(false);
        const at = which % proof.length;
        expect(verifyConsistency({ ...of, proof: proof.with(at, flipped(proof[at]!, bit)) })).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it('refuses places that there are not', () => {
    const of = { leaf: EMPTY_ROOT, root: EMPTY_ROOT, proof: [] };
    expect(verifyInclusion({ ...of, index: 0, size: 0 })).toBe(false);
    expect(verifyInclusion({ ...of, index: -1, size: 1 })).toBe(false);
    expect(verifyInclusion({ ...of, index: 0.5, size: 1 })).toBe(false);
    const roots = { olderRoot: EMPTY_ROOT, newerRoot: big.tree.root(), proof: [] };
    expect(verifyConsistency({ older: 0, newer: 9, ...roots })).toBe(true);
    expect(verifyConsistency({ older: 9, newer: 8, ...roots })).toBe(false);
    expect(() => big.tree.nodes(new Map()).node(3, 0)).toThrow();
  });
});
