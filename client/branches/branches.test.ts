import { describe, expect, it } from 'vitest';
import { MAIN_BRANCH, type Branch } from '../../sessions/story-lines.ts';
import { branchName } from './branch-name.ts';
import { branchTree, flatTree, treeStep } from './branch-tree.ts';
import { compareLines } from './compare-lines.ts';

const branch = (id: string, parentId: string | null, at = 1): Branch => ({
  id,
  name: id === MAIN_BRANCH ? '' : id.toUpperCase(),
  parentId,
  fromPassageId: null,
  by: 'gus',
  at,
});
const stamp = (id: string, branchId: string, createdAt: number, by = 'mia') => ({
  id,
  kind: 'player' as const,
  by,
  createdAt,
  branchId,
});
const BRANCHES = [
  branch(MAIN_BRANCH, null),
  branch('storm', MAIN_BRANCH),
  branch('calm', MAIN_BRANCH),
  branch('rain', 'storm'),
  branch('lost', 'nobody'),
];
const tree = branchTree(BRANCHES, [
  stamp('1', MAIN_BRANCH, 1),
  stamp('2', 'storm', 5, 'bo'),
  stamp('3', 'storm', 3),
])!;
const ids = (nodes: ReturnType<typeof flatTree>) => nodes.map(({ branch: { id }, level }) => `${level}${id}`);

describe('the tree of branches', () => {
  it('B3: hangs each branch under the one it leaves, with its own passages and who wrote last', () => {
    expect(ids(flatTree(tree))).toEqual(['1main', '2storm', '3rain', '2calm', '2lost']);
    expect(ids(flatTree(tree, new Set(['storm'])))).toEqual(['1main', '2storm', '2calm', '2lost']);
    expect(tree.children[0]).toMatchObject({ passages: 2, last: { by: 'bo', at: 5 } });
    expect(tree.children[1]).toMatchObject({ passages: 0, last: null });
    expect(branchTree([], [])).toBeNull();
    expect(branchName(BRANCHES[0])).toBe('Main story');
    expect(branchName(BRANCHES[1])).toBe('STORM');
  });

  it('B3: is walked with the arrow keys', () => {
    const none = new Set<string>();
    const step = (key: string, focusId: string, closed: ReadonlySet<string> = none) =>
      treeStep(key, { nodes: flatTree(tree, closed), focusId, closed });
    expect(step('ArrowDown', MAIN_BRANCH)).toEqual({ focusId: 'storm' });
    expect(step('ArrowUp', 'calm')).toEqual({ focusId: 'rain' });
    expect(step('ArrowUp', MAIN_BRANCH)).toBeNull();
    expect(step('End', 'rain')).toEqual({ focusId: 'lost' });
    expect(step('Home', 'rain')).toEqual({ focusId: MAIN_BRANCH });
    expect(step('ArrowRight', 'storm')).toEqual({ focusId: 'rain' });
    expect(step('ArrowRight', 'rain')).toBeNull();
    expect(step('ArrowLeft', 'storm')).toEqual({ close: 'storm' });
    expect(step('ArrowRight', 'storm', new Set(['storm']))).toEqual({ open: 'storm' });
    expect(step('ArrowLeft', 'storm', new Set(['storm']))).toEqual({ focusId: MAIN_BRANCH });
    expect(step('ArrowLeft', 'rain')).toEqual({ focusId: 'storm' });
    expect(step('ArrowLeft', 'lost')).toEqual({ focusId: MAIN_BRANCH });
    expect(step('a', 'rain')).toBeNull();
    expect(step('ArrowDown', 'unknown')).toBeNull();
  });
});

describe('two branches side by side', () => {
  it('B3: part where one goes its own way', () => {
    expect(compareLines(['1', '2', '3'], ['1', '2', '4', '5'])).toEqual({
      trunk: ['1', '2'],
      left: ['3'],
      right: ['4', '5'],
    });
    expect(compareLines([], ['1'])).toEqual({ trunk: [], left: [], right: ['1'] });
    expect(compareLines(['1'], ['1'])).toEqual({ trunk: ['1'], left: [], right: [] });
  });
});
