import { describe, expect, it } from 'vitest';
import type { SightView } from '../../sessions/sight.ts';
import type { Passage } from '../../sessions/story-shape.ts';
import { seenBy } from './seen-by.ts';
import { figureRows, hiddenWhy, partNotes, sightText } from './sight-text.ts';

const part = (of: Partial<SightView['parts'][number]>): SightView['parts'][number] => ({
  kind: 'passage',
  id: null,
  text: '',
  isClipped: false,
  isHidden: false,
  ...of,
});

const sight: SightView = {
  turnId: 't1',
  passageId: 'a',
  alternativeId: 'a1',
  at: 5,
  waitMs: 2_340,
  model: 'm',
  version: 'm-q4-1',
  sampling: { temperature: 0.8, topP: 0.95, minP: 0.05 },
  seed: 7,
  parts: [
    part({ kind: 'rules', text: 'Be brief.' }),
    part({ isHidden: true }),
    part({ kind: 'guidance', isHidden: true }),
  ],
  droppedPassageIds: ['x', 'y'],
  droppedMemoryIds: [],
  contextTokens: 4_096,
  promptTokens: 1_200,
  maxTokens: 320,
  outputTokens: 88,
};

describe('what the narrator saw, in words', () => {
  it('E5: sizes, cuts and hidden parts are said', () => {
    expect(partNotes(part({ text: 'x'.repeat(1_234), isClipped: true }))).toEqual([
      '1,234 characters',
      'only a part of it fitted',
    ]);
    expect(partNotes(part({ isHidden: true }))).toEqual(['not shown']);
    expect(hiddenWhy(part({}))).toBeNull();
    expect(hiddenWhy(part({ isHidden: true }))).toContain('no longer in the story');
    expect(hiddenWhy(part({ kind: 'fact', isHidden: true }))).toContain('note');
    expect(hiddenWhy(part({ kind: 'guidance', isHidden: true }))).toContain('game masters');
  });

  it('E5: version, sampling, seed, tokens and wait are there, in the copy too', () => {
    const rows = new Map(figureRows(sight));
    expect(rows.get('Seed')).toBe('7');
    expect(rows.get('Waited')).toBe('2.3 s');
    expect(rows.get('Tokens')).toBe('read 1,200 of 4,096 that fit, wrote 88 of 320 allowed');
    expect(new Map(figureRows({ ...sight, seed: null })).get('Seed')).toBe('random, not known');
    const text = sightText(sight);
    for (const said of ['m-q4-1', 'Be brief.', '2 older passages', 'A private note of the game masters.'])
      expect(text).toContain(said);
  });

  it('E5: there is something to see where the model wrote to the end', () => {
    const alternative = {
      id: 'a1',
      state: 'complete',
      at: 1,
      edits: 0,
      editedAt: null,
      info: {},
      spans: [],
    } as const;
    const passage = {
      kind: 'narrator',
      by: 'narrator',
      chosen: 0,
      alternatives: [alternative],
    } as unknown as Passage;
    expect(seenBy(passage)).toEqual({ alternativeId: 'a1' });
    expect(seenBy({ ...passage, by: 'p1' })).toBeNull();
    expect(seenBy({ ...passage, kind: 'player' })).toBeNull();
    expect(
      seenBy({ ...passage, alternatives: [{ ...alternative, state: 'streaming', spans: [] }] }),
    ).toBeNull();
  });
});
