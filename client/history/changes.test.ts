import { describe, expect, it } from 'vitest';
import type { PastPassage, PastView } from '../../sessions/history-view.ts';
import { MAIN_BRANCH } from '../../sessions/story-lines.ts';
import type { Passage } from '../../sessions/story-shape.ts';
import { changesSince, countChanges, foldChanges } from './changes.ts';
import { HISTORY } from './history-strings.ts';
import { asRead, pastStory, type PastStory } from './past-story.ts';

const passage = (id: string, part: Partial<PastPassage> = {}): PastPassage => ({
  id,
  kind: 'player',
  by: 'mia',
  createdAt: 10,
  state: 'shown',
  spans: [{ author: 'mia', text: `Text of ${id}.` }],
  isSealed: false,
  ...part,
});
const then = (...passages: PastPassage[]): PastStory => ({
  time: 50,
  branchId: MAIN_BRANCH,
  branches: [],
  scenes: [],
  passages,
});
const kindsOf = (past: PastStory, now: PastPassage[], all: string[]) =>
  changesSince(past, { passages: now, all }).map((change) => `${change.passage.id} ${change.kind}`);

describe('what has changed since a moment', () => {
  it('B2: passages that came, went, came back, were edited or are out of sight', () => {
    const text = { spans: [{ author: 'bo', text: 'Another text.' }] };
    const past = then(
      passage('same'),
      passage('edited'),
      passage('struck'),
      passage('hidden'),
      passage('purged'),
      passage('restored', { state: 'struck' }),
      passage('approved', { state: 'held', spans: [] }),
      passage('never', { state: 'struck' }),
    );
    const now = [
      passage('same'),
      passage('edited', text),
      passage('struck', { state: 'struck' }),
      passage('hidden', { state: 'held' }),
      passage('purged', { isSealed: true }),
      passage('restored'),
      passage('approved'),
      passage('never', { state: 'struck' }),
      passage('new', { createdAt: 60 }),
    ];
    expect(
      kindsOf(
        past,
        now,
        now.map(({ id }) => id),
      ),
    ).toEqual([
      'same same',
      'edited edited',
      'struck struck',
      'hidden hidden',
      'purged hidden',
      'restored back',
      'approved added',
      'new added',
    ]);
  });

  it('B3: after a switch, passages of the other branch are not said to be struck', () => {
    const past = then(passage('shared'), passage('main'));
    const now = [passage('shared'), passage('older'), passage('newer', { createdAt: 60 })];
    expect(kindsOf(past, now, ['shared', 'main', 'older', 'newer'])).toEqual([
      'shared same',
      'main left',
      'older back',
      'newer added',
    ]);
  });

  it('B2: is counted in words, and what stands as it was is folded but for the passage before a change', () => {
    const past = then(passage('1'), passage('2'), passage('3'));
    const now = [passage('1'), passage('2'), passage('3'), passage('4', { createdAt: 60 })];
    const changes = changesSince(past, { passages: now, all: ['1', '2', '3', '4'] });
    expect(HISTORY.changes.summary(countChanges(changes), 1)).toBe(
      'Since then: 1 passage added and 1 rollback.',
    );
    expect(HISTORY.catchUp.told('2 hours ago', { ...countChanges(changes), struck: 1 }, 1)).toBe(
      'Since you were here (2 hours ago): 1 passage added, 1 struck, 1 rollback.',
    );
    expect(
      foldChanges(changes).map((run) =>
        run.kind === 'one' ? run.change.passage.id : run.passages.map(({ id }) => id),
      ),
    ).toEqual([['1', '2'], '3', '4']);
    const quiet = changesSince(past, { passages: [...past.passages], all: ['1', '2', '3'] });
    expect(foldChanges(quiet)).toEqual([{ kind: 'unchanged', passages: past.passages }]);
  });
});

describe('the story of a moment', () => {
  const view: PastView = {
    seq: 7,
    at: 49,
    branchId: MAIN_BRANCH,
    branches: [],
    scenes: [],
    line: ['1', '2', 'unknown'],
    changed: [passage('2', { spans: [{ author: 'mia', text: 'As it was.' }] })],
  };

  it('B2: is what the server says was otherwise, and the rest as it stands', () => {
    const live = new Map([passage('1'), passage('2')].map((one) => [one.id, one]));
    const texts = pastStory(50, view, live).passages.map(({ spans }) => spans[0]?.text);
    expect(texts).toEqual(['Text of 1.', 'As it was.']);
  });

  it('B2: reads of a passage the text that is part of the story; the same object for the same passage', () => {
    const alternative = { id: 'a', state: 'complete' as const, at: 0, edits: 0, editedAt: null, info: {} };
    const live: Passage = {
      ...{ id: 'p', kind: 'narrator', by: 'narrator', turnId: 't', castId: null, createdAt: 3 },
      ...{ state: 'shown', rollbackId: null, isPurged: false, chosen: 1 },
      alternatives: ['one', 'two'].map((text) => ({ ...alternative, spans: [{ author: 'narrator', text }] })),
    };
    expect(asRead(live).spans).toEqual([{ author: 'narrator', text: 'two' }]);
    expect(asRead(live)).toBe(asRead(live));
    expect(asRead({ ...live, isPurged: true, alternatives: [] })).toMatchObject({
      spans: [],
      isSealed: true,
    });
  });
});
