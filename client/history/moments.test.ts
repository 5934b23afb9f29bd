import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CheckpointView, RollbackView } from '../../sessions/history-view.ts';
import { MAIN_BRANCH } from '../../sessions/story-lines.ts';
import { momentTitle, stopText } from './moment-text.ts';
import {
  checkpointTime,
  momentsOf,
  stopAt,
  stopsOf,
  timeOf,
  timeOfStop,
  type MomentSources,
} from './moments.ts';

const passage = (id: string, createdAt: number, by = 'mia') => ({
  id,
  kind: 'player' as const,
  by,
  createdAt,
  branchId: MAIN_BRANCH,
});
const checkpoint = (id: string, at: number, kind: CheckpointView['kind'] = 'named'): CheckpointView => ({
  id,
  kind,
  name: id,
  at,
  by: null,
  branchId: MAIN_BRANCH,
  passageId: null,
});
const rollback = (id: string, at: number): RollbackView => ({
  id,
  at,
  by: 'gus',
  scope: { kind: 'point', to: { time: 0 } },
  reason: '',
  timing: 'now',
  summary: '',
  struck: [],
  restored: [],
  changed: [],
  branchId: null,
  undoneBy: null,
});
const scene = (id: string, at: number) => ({
  id,
  title: 'The ferry',
  branchId: MAIN_BRANCH,
  afterPassageId: null,
  by: 'gus',
  at,
});
const EMPTY: MomentSources = {
  stamps: [],
  scenes: [],
  branches: [],
  checkpoints: [],
  rollbacks: [],
  since: 0,
};
const told = { nameOf: (id: string) => id.toUpperCase(), ago: (at: number) => `${at} ago` };

describe('moments of a story', () => {
  const moments = momentsOf({
    ...EMPTY,
    stamps: [passage('b', 200), passage('a', 100)],
    scenes: [scene('s', 150)],
    checkpoints: [checkpoint('before', 300, 'rollback'), checkpoint('c', 250)],
    rollbacks: [rollback('r', 300)],
  });
  const stops = stopsOf(moments);

  it('B2: are passages, scenes, checkpoints and rollbacks by age; what is one instant is one stop', () => {
    expect(moments.map(({ key }) => key)).toEqual(['pa', 'ss', 'pb', 'cc', 'cbefore', 'rr']);
    expect(stops.map(({ moment }) => moment.key)).toEqual(['pa', 'ss', 'pb', 'cc', 'rr']);
    expect(stops.map(({ passages }) => passages)).toEqual([1, 1, 2, 2, 2]);
  });

  it('B2: a passage is seen whole: the story is asked for as of just before the next thing', () => {
    expect(stops.map((_, index) => timeOfStop(stops, index))).toEqual([149, 199, 249, 299, null]);
  });

  it('B5: a checkpoint before a rollback is about the story before it', () => {
    expect(checkpointTime(checkpoint('x', 300, 'rollback'))).toBe(299);
    expect(moments.map((moment) => timeOf(moment, stops))).toEqual([149, 199, 249, 250, 299, null]);
  });

  it('B2: what was brought along from elsewhere is one stop, at the beginning of the session', () => {
    const brought = { ...EMPTY, stamps: [passage('a', 1), passage('b', 2), passage('c', 70)], since: 50 };
    expect(stopsOf(momentsOf(brought)).map(({ at, passages }) => [at, passages])).toEqual([
      [50, 2],
      [70, 3],
    ]);
  });

  it('B2: going to a stop and asking where one stands is the same stop', () => {
    const times = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(times, times, (written, saved) => {
        const some = stopsOf(
          momentsOf({
            ...EMPTY,
            stamps: written.map((at, index) => passage(`p${index}`, at)),
            checkpoints: saved.map((at, index) => checkpoint(`c${index}`, at)),
          }),
        );
        expect(some.at(-1)?.passages).toBe(written.length);
        for (const index of some.keys()) expect(stopAt(some, timeOfStop(some, index))).toBe(index);
      }),
    );
  });

  it('B2: are told in words', () => {
    expect(stops.map((stop) => stopText(stop, 2, told))).toEqual([
      'Passage 1 of 2, by MIA, 100 ago',
      'Scene “The ferry”, after passage 1 of 2, by GUS, 150 ago',
      'Passage 2 of 2, by MIA, 200 ago',
      'Checkpoint “c”, after passage 2 of 2, 250 ago',
      'Rollback, after passage 2 of 2, by GUS, 300 ago',
    ]);
    expect(momentTitle({ ...moments[1]!, kind: 'scene', scene: { ...scene('t', 1), title: '' } }, 2)).toBe(
      'New scene',
    );
  });

  it('B7: of 5,000 passages are there in no time', () => {
    const stamps = Array.from({ length: 5_000 }, (_, index) => passage(`p${index}`, index * 10));
    expect(stopsOf(momentsOf({ ...EMPTY, stamps }))).toHaveLength(5_000);
  });
});
