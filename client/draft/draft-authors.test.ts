import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { DRAFT_TEXT } from '../../sessions/story-shape.ts';
import { authorRuns, foreignAuthors, ownParts } from './draft-authors.ts';

function twoAuthors(): { text: Y.Text; authorOf: (client: number) => string } {
  const ana = new Y.Doc();
  const bo = new Y.Doc();
  ana.getText(DRAFT_TEXT).insert(0, 'The lamp went out.');
  Y.applyUpdate(bo, Y.encodeStateAsUpdate(ana));
  bo.getText(DRAFT_TEXT).insert(9, 'slowly ');
  Y.applyUpdate(ana, Y.encodeStateAsUpdate(bo));
  return {
    text: ana.getText(DRAFT_TEXT),
    authorOf: (client) => (client === ana.clientID ? 'ana' : 'bo'),
  };
}

describe('authorRuns', () => {
  it('covers the text without gaps, by true author', () => {
    const { text, authorOf } = twoAuthors();
    expect(authorRuns(text, authorOf)).toEqual([
      { from: 0, to: 9, author: 'ana' },
      { from: 9, to: 16, author: 'bo' },
      { from: 16, to: 25, author: 'ana' },
    ]);
  });

  it('leaves deleted words out', () => {
    const { text, authorOf } = twoAuthors();
    text.delete(9, 7);
    expect(authorRuns(text, authorOf)).toEqual([{ from: 0, to: 18, author: 'ana' }]);
  });
});

describe('ownParts and foreignAuthors', () => {
  it('part a range by who may delete what', () => {
    const { text, authorOf } = twoAuthors();
    const runs = authorRuns(text, authorOf);
    const range = { from: 5, to: 20 };
    expect(ownParts(runs, 'ana', range)).toEqual([
      { from: 5, to: 9 },
      { from: 16, to: 20 },
    ]);
    expect(foreignAuthors(runs, 'ana', range)).toEqual(['bo']);
    expect(foreignAuthors(runs, 'bo', { from: 10, to: 12 })).toEqual([]);
  });
});
