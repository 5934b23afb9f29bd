import { beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { memoryMap, shownRevision, type MemoryItem } from '../../sessions/memory-shape.ts';
import { branchMap, playMap } from '../../sessions/story-lines.ts';
import { passageMap, passageOrder } from '../../sessions/story-shape.ts';
import { readMemoryRows } from './memory-rows.ts';

let story: Y.Doc;

function addPassage(id: string, text: string, branchId = 'main'): void {
  const alternative = new Y.Map<unknown>();
  alternative.set('id', `${id}1`);
  alternative.set('state', 'complete');
  alternative.set('at', 1);
  alternative.set('edits', 0);
  alternative.set('info', {});
  alternative.set('text', new Y.Text(text));
  const passage = new Y.Map<unknown>();
  passage.set('meta', { kind: 'player', by: 'p1', turnId: 't', castId: null, createdAt: 1, branchId });
  passage.set('state', 'shown');
  passage.set('chosen', 0);
  passage.set('alternatives', Y.Array.from([alternative]));
  passageMap(story).set(id, passage);
  passageOrder(story).push([id]);
}

function remember(id: string, of: string[], part: Partial<MemoryItem> = {}): void {
  const sources = of.map((passageId) => ({ passageId, revision: shownRevision(story, passageId) ?? '' }));
  memoryMap(story).set(id, {
    kind: 'fact',
    text: id,
    sources,
    isPinned: false,
    by: 'narrator',
    at: 1,
    span: null,
    ...part,
  });
}

const rows = () => readMemoryRows(story).map(({ item, whyNot }) => [item.id, whyNot] as const);

describe('what the narrator knows', () => {
  beforeEach(() => {
    story = new Y.Doc();
    addPassage('a', 'The dragon woke under the hill.');
    addPassage('b', 'Nobody heard it.');
  });

  it('E4: pinned first, what stands on nothing next, then in the order of the story', () => {
    remember('late', ['b']);
    remember('early', ['a'], { at: 9 });
    remember('free', [], { at: 20 });
    remember('pinned', ['b'], { isPinned: true, at: 30 });
    expect(rows().map(([id]) => id)).toEqual(['pinned', 'free', 'early', 'late']);
    expect(readMemoryRows(story)[2]!.passages).toEqual([
      { passageId: 'a', excerpt: 'The dragon woke under the hill.', isThere: true },
    ]);
  });

  it('E2: an item says why it does not count, and counts again with its passage', () => {
    remember('fact', ['a']);
    expect(rows()).toEqual([['fact', null]]);
    const passage = passageMap(story).get('a')!;
    passage.set('state', 'struck');
    expect(rows()).toEqual([['fact', 'struck']]);
    passage.set('state', 'held');
    expect(rows()).toEqual([['fact', 'held']]);
    passage.set('state', 'shown');
    expect(rows()).toEqual([['fact', null]]);
    (passage.get('alternatives') as Y.Array<Y.Map<unknown>>).get(0).set('edits', 1);
    expect(rows()).toEqual([['fact', 'edited']]);
    passage.set('isPurged', true);
    expect(rows()).toEqual([['fact', 'purged']]);
  });

  it('E2: on another branch, or with a passage that is nowhere, it does not count', () => {
    branchMap(story).set('b1', { name: 'Else', parentId: 'main', fromPassageId: 'a', by: 'p1', at: 2 });
    remember('shared', ['a']);
    remember('left', ['b']);
    remember('lost', ['zz']);
    playMap(story).set('branchId', 'b1');
    expect(new Map(rows())).toEqual(
      new Map([
        ['shared', null],
        ['left', 'branch'],
        ['lost', 'gone'],
      ]),
    );
  });
});
