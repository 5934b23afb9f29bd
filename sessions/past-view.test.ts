import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PastStory } from './history-ports.ts';
import { pastView } from './past-view.ts';
import { MAIN_BRANCH, type Branch } from './story-lines.ts';
import type { Alternative, Passage, PassageState, Span } from './story-shape.ts';

const MAIN: Branch = { id: MAIN_BRANCH, name: '', parentId: null, fromPassageId: null, by: '', at: 0 };

const alternative = (id: string, spans: Span[]): Alternative => ({
  id,
  state: 'complete',
  at: 1,
  edits: 0,
  editedAt: null,
  info: {},
  spans,
});

function passage(id: string, text: string, of: Partial<Passage> = {}): Passage {
  return {
    id,
    kind: 'player',
    by: 'ann',
    turnId: `t-${id}`,
    castId: null,
    createdAt: 5,
    state: 'shown',
    rollbackId: null,
    isPurged: false,
    chosen: 0,
    alternatives: [alternative(`a-${id}`, [{ author: 'ann', text }])],
    ...of,
  };
}

const past = (passages: Passage[], of: Partial<PastStory> = {}): PastStory => ({
  seq: 9,
  at: 100,
  branchId: MAIN_BRANCH,
  branches: [MAIN],
  scenes: [],
  passages,
  memory: [],
  ...of,
});

describe('the story as it was, as people see it', () => {
  it('B2: tells only what is otherwise now', () => {
    const then = [passage('p1', 'same'), passage('p2', 'before'), passage('p3', 'stood')];
    const now = [passage('p1', 'same'), passage('p2', 'after'), passage('p3', 'stood', { state: 'struck' })];
    const view = pastView(past(then), { passages: [...now, passage('p4', 'later')], sealed: {} });
    expect(view).toMatchObject({ seq: 9, at: 100, branchId: MAIN_BRANCH, line: ['p1', 'p2', 'p3'] });
    expect(view.changed.map(({ id, state, spans }) => [id, state, spans[0]?.text])).toEqual([
      ['p2', 'shown', 'before'],
      ['p3', 'shown', 'stood'],
    ]);
  });

  it('B2: knows a passage whose words have other authors now, or another alternative', () => {
    const two = [
      alternative('a', [{ author: 'ann', text: 'x' }]),
      alternative('b', [{ author: 'bo', text: 'x' }]),
    ];
    const then = passage('p1', '', { alternatives: two });
    const view = (now: Passage) => pastView(past([then]), { passages: [now], sealed: {} }).changed;
    expect(view({ ...then })).toEqual([]);
    expect(view({ ...then, chosen: 1 })).toMatchObject([{ spans: [{ author: 'ann', text: 'x' }] }]);
  });

  it('B3: only the passages of the branch that was played then', () => {
    const branch: Branch = { ...MAIN, id: 'other', parentId: MAIN_BRANCH, fromPassageId: 'p1', at: 3 };
    const then = [passage('p1', 'a'), passage('p2', 'b'), passage('p3', 'c', { branchId: 'other' })];
    const now = then.map((each) => ({ ...each, state: 'struck' as const }));
    const of = { branches: [MAIN, branch], branchId: 'other' };
    const view = pastView(past(then, of), { passages: now, sealed: {} });
    expect(view.line).toEqual(['p1', 'p3']);
    expect(view.changed.map(({ id }) => id)).toEqual(['p1', 'p3']);
  });

  it('B2: shows nothing of what is or was out of sight, even where nothing has changed', () => {
    const then = passage('p1', 'the words');
    const sealedBy = (now: Passage[], sealed: Record<string, number> = {}, was: Passage = then) =>
      pastView(past([was]), { passages: now, sealed }).changed;
    const hidden = [{ id: 'p1', isSealed: true, spans: [] }];
    expect(sealedBy([then])).toEqual([]);
    expect(sealedBy([then], { p1: 99 })).toEqual([]);
    expect(sealedBy([then], { p1: 100 })).toMatchObject(hidden);
    expect(sealedBy([{ ...then, isPurged: true }])).toMatchObject(hidden);
    expect(sealedBy([{ ...then, state: 'held' }])).toMatchObject(hidden);
    expect(sealedBy([then], {}, { ...then, state: 'held' })).toMatchObject(hidden);
    expect(sealedBy([])).toMatchObject(hidden);
  });

  it('B2: whatever was and is, words are told exactly where they differ and are not out of sight', () => {
    const state = fc.constantFrom<PassageState>('shown', 'held', 'struck');
    const version = fc.record({ state, text: fc.constantFrom('a', 'b', ''), isPurged: fc.boolean() });
    const story = fc.array(
      fc.record({
        then: version,
        now: fc.option(version),
        sealed: fc.option(fc.integer({ min: 90, max: 110 })),
      }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(story, (rows) => {
        const build = (
          id: string,
          { text, ...of }: { state: PassageState; text: string; isPurged: boolean },
        ) => passage(id, text, of);
        const then = rows.map((row, index) => build(`p${index}`, row.then));
        const now = rows.flatMap((row, index) => (row.now === null ? [] : [build(`p${index}`, row.now)]));
        const sealed = Object.fromEntries(
          rows.flatMap((row, index) => (row.sealed === null ? [] : [[`p${index}`, row.sealed]])),
        );
        const view = pastView(past(then), { passages: now, sealed });
        expect(view.line).toEqual(then.map(({ id }) => id));
        for (const [index, row] of rows.entries()) {
          const told = view.changed.find(({ id }) => id === `p${index}`);
          const isHidden =
            row.now === null ||
            row.now.isPurged ||
            row.then.isPurged ||
            [row.now.state, row.then.state].includes('held') ||
            (row.sealed ?? 0) >= 100;
          const isSame = row.now?.state === row.then.state && row.now.text === row.then.text;
          expect(told === undefined).toBe(!isHidden && isSame);
          if (told === undefined) continue;
          expect(told.isSealed).toBe(isHidden);
          expect(told.spans.map(({ text }) => text)).toEqual(isHidden ? [] : [row.then.text]);
        }
      }),
    );
  });
});
