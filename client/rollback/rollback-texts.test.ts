import { describe, expect, it } from 'vitest';
import type { CheckpointView, PendingRollbackView, RollbackView } from '../../sessions/history-view.ts';
import type { Passage } from '../../sessions/story-shape.ts';
import { excerptOf } from './excerpt.ts';
import { versionsOf } from './narrator-versions.ts';
import { freshRollbacks, isCalledOff, isUndoable, newsOf } from './rollback-news.ts';
import { checkpointText, scopeText } from './scope-text.ts';
import { fromLocalInput, toLocalInput } from './scope-times.ts';
import { takenBackFrom, wordsChanged } from './taken-back.ts';

const rollback = (id: string, part: Partial<RollbackView> = {}): RollbackView => ({
  id,
  at: 1,
  by: 'p1',
  scope: { kind: 'passage', passageId: 'a' },
  reason: '',
  timing: 'now',
  summary: 'Ann took back 1 passage.',
  struck: ['a'],
  restored: [],
  changed: [],
  branchId: null,
  undoneBy: null,
  ...part,
});

const passage = (id: string, part: Partial<Passage> = {}): Passage => ({
  id,
  kind: 'player',
  by: 'p1',
  turnId: 't1',
  castId: null,
  createdAt: 5,
  state: 'shown',
  rollbackId: null,
  isPurged: false,
  chosen: 0,
  alternatives: [
    {
      id: `${id}1`,
      state: 'complete',
      at: 5,
      edits: 0,
      editedAt: null,
      info: {},
      spans: [{ author: 'p1', text: id }],
    },
  ],
  ...part,
});

const narrated = (id: string, at: number, info: Passage['alternatives'][number]['info']): Passage =>
  passage(id, {
    kind: 'narrator',
    by: 'narrator',
    alternatives: [
      {
        id: `${id}1`,
        state: 'complete',
        at,
        edits: 0,
        editedAt: null,
        info,
        spans: [{ author: 'narrator', text: id }],
      },
    ],
  });

describe('rollbacks in words', () => {
  it('K12: what is new since the page looked is told once, with its reason', () => {
    const [one, two] = [rollback('r1'), rollback('r2', { reason: 'Too dark.' })];
    expect(freshRollbacks([one], [one, two])).toEqual([two]);
    expect(newsOf(one)).toBe('Ann took back 1 passage.');
    expect(newsOf(two)).toBe('Ann took back 1 passage. “Too dark.”');
  });

  it('K8: what stands and happened here can be undone', () => {
    expect(isUndoable(rollback('r1'))).toBe(true);
    expect(isUndoable(rollback('r1', { undoneBy: 'r2' }))).toBe(false);
    expect(isUndoable(rollback('r1', { branchId: 'b1' }))).toBe(false);
  });

  it('K1: every scope has words', () => {
    const nameOf = (): string => 'Bo';
    expect(scopeText({ kind: 'point', to: { passageId: 'a' } }, nameOf)).toBe(
      'Go back to right after this passage',
    );
    expect(scopeText({ kind: 'point', to: { passageId: null } }, nameOf)).toBe('Go back to the empty page');
    expect(scopeText({ kind: 'player', playerId: 'p2', from: 0, to: 1 }, nameOf)).toBe(
      'Take back what Bo wrote',
    );
    expect(scopeText({ kind: 'version', version: 'm-1' }, nameOf)).toContain('m-1');
  });

  it('B5: a checkpoint is known by its name or by why it was kept', () => {
    const checkpoint: CheckpointView = {
      id: 'c1',
      kind: 'named',
      name: 'Before the ferry',
      at: 1_000,
      by: 'p1',
      branchId: 'main',
      passageId: null,
    };
    expect(checkpointText(checkpoint)).toContain(': Before the ferry');
    expect(checkpointText({ ...checkpoint, kind: 'scene', name: '' })).toContain('before a new scene');
    expect(checkpointText({ ...checkpoint, kind: 'regular', name: '' })).toContain('now and then');
  });
});

describe('what a rollback is asked about', () => {
  it('K1: times survive the input field to the second', () => {
    const at = new Date(2026, 10, 21, 18, 5, 9).getTime();
    expect(toLocalInput(at)).toBe('2026-11-21T18:05:09');
    expect(fromLocalInput(toLocalInput(at))).toBe(at);
    expect(fromLocalInput('')).toBeNull();
    expect(fromLocalInput('soon')).toBeNull();
  });

  it('K3: the versions of the narrator that stand in the story, newest first', () => {
    const story = [
      narrated('a', 10, { version: 'v1' }),
      narrated('b', 20, { version: 'v1' }),
      narrated('c', 30, { model: 'm2' }),
      { ...narrated('d', 40, { version: 'v3' }), state: 'struck' as const },
      passage('e'),
    ];
    expect(versionsOf(story)).toEqual([
      { version: 'm2', passages: 1, from: 30, to: 30 },
      { version: 'v1', passages: 2, from: 10, to: 20 },
    ]);
  });

  it('K7: authors find their own words of what went, and nobody else’s', () => {
    const shared = [
      { author: 'p2', text: 'The door opened. ' },
      { author: 'p1', text: 'I went in.' },
    ];
    const gone = { state: 'struck', rollbackId: 'r1' } as const;
    const story = [
      passage('a', gone),
      passage('b'),
      passage('c', { ...gone, alternatives: [{ ...passage('c').alternatives[0]!, spans: shared }] }),
      passage('d', { ...gone, isPurged: true }),
      passage('e', { state: 'struck' }),
    ];
    expect(takenBackFrom(story, 'p1')).toEqual([
      {
        passageId: 'c',
        rollbackId: 'r1',
        createdAt: 5,
        text: 'I went in.',
        isShared: true,
        isChanged: false,
      },
      { passageId: 'a', rollbackId: 'r1', createdAt: 5, text: 'a', isShared: false, isChanged: false },
    ]);
    expect(takenBackFrom(story, 'p3')).toEqual([]);
  });

  it('K7: words that went from passages that still stand are found too', () => {
    const spans = [
      { author: 'p1', text: 'I sang. ' },
      { author: 'p2', text: 'All listened.' },
    ];
    const was = {
      id: 'a',
      kind: 'player',
      by: 'p1',
      createdAt: 5,
      state: 'shown',
      spans,
      isSealed: false,
    } as const;
    const past = [
      { ...was, spans: [...spans] },
      { ...was, id: 'b', spans: [...spans] },
    ];
    const rest = passage('a', { alternatives: [{ ...passage('a').alternatives[0]!, spans: [spans[1]!] }] });
    const now = (id: string) => (id === 'a' ? rest : passage(id));
    const of = { playerId: 'p1', rollbackId: 'r1', changed: ['a'] };
    expect(wordsChanged(past, now, of)).toEqual([
      { passageId: 'a', rollbackId: 'r1', createdAt: 5, text: 'I sang.', isShared: true, isChanged: true },
    ]);
    expect(wordsChanged(past, now, { ...of, playerId: 'p2' })).toEqual([]);
    expect(wordsChanged([{ ...was, spans: [], isSealed: true }], now, of)).toEqual([]);
  });

  it('cuts excerpts at a word', () => {
    expect(excerptOf('short  text')).toBe('short text');
    expect(excerptOf('one two three four', 12)).toBe('one two…');
    expect(excerptOf('x'.repeat(20), 10)).toBe(`${'x'.repeat(9)}…`);
  });
});

describe('a rollback that waits', () => {
  const pending: PendingRollbackView = {
    id: 'r9',
    by: 'p1',
    at: 10,
    scope: { kind: 'passage', passageId: 'a' },
    reason: '',
    timing: 'turn',
    deadline: 99,
  };

  it('K10: that it was called off is told, and not when it has happened', () => {
    expect(isCalledOff(null, pending, [])).toBe(false);
    expect(isCalledOff(pending, null, [rollback('r1', { at: 1 })])).toBe(true);
    expect(isCalledOff(pending, null, [rollback('r10', { at: 11 })])).toBe(false);
  });

  it('K12: a reason that the summary tells is not told twice', () => {
    expect(newsOf({ summary: 'It went back. Reason: Too dark.', reason: 'Too dark.' })).toBe(
      'It went back. Reason: Too dark.',
    );
  });
});
