import { describe, expect, it } from 'vitest';
import type { PreviewDependent, PreviewPassage, RollbackPreview } from '../../sessions/history-view.ts';
import type { DraftView } from '../../sessions/view.ts';
import {
  choiceForAll,
  chosenDrafts,
  choiceOf,
  effectCounts,
  executeLabel,
  keepChoices,
  staleNews,
} from './preview-plan.ts';

const passage = (passageId: string, effect: PreviewPassage['effect'] = 'strike'): PreviewPassage => ({
  passageId,
  by: 'p1',
  authors: ['p1'],
  excerpt: 'Once upon a time',
  words: 4,
  effect,
});

const dependent = (passageId: string, preset: PreviewDependent['preset'] = 'keep'): PreviewDependent => ({
  passageId,
  by: 'p2',
  excerpt: 'And then',
  reasons: [],
  strength: 0.5,
  preset,
});

const preview = (passages: PreviewPassage[], dependents: PreviewDependent[] = []): RollbackPreview => ({
  planId: 'plan1',
  scope: { kind: 'passage', passageId: 'a' },
  passages,
  dependents,
  drafts: [],
  memory: [],
  castIds: [],
  narratorTurns: [],
  waiting: [],
  sharedWith: [],
  disruption: 0,
  advised: 'now',
  advice: '',
});

describe('the preview of a rollback', () => {
  it('K4: proposes, and takes another choice', () => {
    const one = dependent('d', 'ask');
    expect(choiceOf(one, {})).toBe('ask');
    expect(choiceOf(one, { d: 'go' })).toBe('go');
    expect(choiceForAll(preview([], [one, dependent('e')]), 'go')).toEqual({ d: 'go', e: 'go' });
  });

  it('K4: the button names the effect, with what was chosen to go', () => {
    const five = preview(
      [passage('a'), passage('b'), passage('c')],
      [dependent('d', 'go'), dependent('e', 'ask'), dependent('f')],
    );
    expect(executeLabel(effectCounts(five, { f: 'go' }), 'now')).toBe('Take back 5 passages');
    expect(executeLabel(effectCounts(five, { d: 'keep' }), 'turn')).toBe(
      'Take back 3 passages at the end of the turn',
    );
  });

  it('K2 K8: coming back and changing are named too', () => {
    const mixed = preview([
      passage('a'),
      passage('b', 'restore'),
      passage('c', 'restore'),
      passage('d', 'trim'),
    ]);
    expect(executeLabel(effectCounts(mixed, {}), 'now')).toBe(
      'Take back 1 passage, bring back 2 and change 1',
    );
    expect(executeLabel(effectCounts(preview([passage('b', 'restore')]), {}), 'branch')).toBe(
      'Bring back 1 passage on a branch',
    );
    expect(executeLabel(effectCounts(preview([]), {}), 'now')).toBe('Nothing to do');
  });

  it('K5: a newer preview keeps the choices that still apply and says what is otherwise', () => {
    const before = preview([passage('a'), passage('b')], [dependent('d'), dependent('e')]);
    const after = preview([passage('b'), passage('c'), passage('f')], [dependent('d'), dependent('g')]);
    const { kept, dropped } = keepChoices({ d: 'go', e: 'ask' }, after);
    expect(kept).toEqual({ d: 'go' });
    expect(dropped).toBe(1);
    expect(staleNews(before, after, dropped)).toEqual([
      '2 passages more would be touched.',
      '1 passage would no longer be touched.',
      '1 passage more may build on it.',
      'One choice of yours no longer applies.',
    ]);
    expect(staleNews(before, before, 0)).toEqual([
      'The passages are the same; drafts, requests or memory have changed.',
      'Your choices are kept.',
    ]);
  });
});

it('K4: open texts of passages that are chosen to go are named too', () => {
  const draft = (id: string, replaces: string | null) =>
    ({ id, replaces, openedBy: 'p1', clients: { 7: 'p2' } }) as unknown as DraftView;
  const plan = preview([passage('a')], [dependent('d'), dependent('e')]);
  const views = [draft('1', 'd'), draft('2', 'e'), draft('3', null)];
  expect(chosenDrafts(plan, { d: 'go' }, views)).toEqual([
    { draftId: '1', openedBy: 'p1', writers: ['p1', 'p2'], typing: [] },
  ]);
  const known = { draftId: '1', openedBy: 'p1', writers: [], typing: [] };
  expect(chosenDrafts({ ...plan, drafts: [known] }, { d: 'go' }, views)).toEqual([]);
});
