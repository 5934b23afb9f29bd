import { describe, expect, it } from 'vitest';
import type { GenerationRecord, PromptPart } from '../sessions/sight.ts';
import { sightView, type PassageSight } from './history-sight.ts';

const part = (kind: PromptPart['kind'], id: string | null = null): PromptPart => ({
  kind,
  id,
  text: `${kind} ${id ?? ''}`,
  isClipped: false,
});

const RECORD: GenerationRecord = {
  turnId: 't1',
  passageId: 'p9',
  alternativeId: 'a9',
  at: 100,
  waitMs: 1,
  memorySources: { f1: ['p1'], s1: ['p1', 'p2'] },
  model: 'demo',
  version: 'v1',
  sampling: { temperature: 1, topP: 0.9, minP: 0.1 },
  seed: 7,
  parts: [
    part('rules'),
    part('fact', 'f1'),
    part('fact', 'f2'),
    part('summary', 's1'),
    part('passage', 'p2'),
    part('passage', 'p3'),
    part('direction'),
    part('guidance'),
    part('written'),
  ],
  droppedPassageIds: ['p0'],
  droppedMemoryIds: [],
  contextTokens: 4,
  promptTokens: 3,
  maxTokens: 2,
  outputTokens: 1,
};

const SHOWN: PassageSight = { isShown: true, isPurged: false, sealedUntil: null };

/** What is hidden, as kind and id. */
function hidden(
  isMaster: boolean,
  passages: Record<string, Partial<PassageSight> | null>,
  remembers = true,
): string[] {
  const view = sightView(RECORD, {
    isMaster,
    remembers: () => remembers,
    passage: (id) => (passages[id] === null ? null : { ...SHOWN, ...passages[id] }),
  });
  for (const each of view.parts) expect(each.text === '').toBe(each.isHidden);
  return view.parts.flatMap(({ kind, id, isHidden }) => (isHidden ? [`${kind} ${id ?? ''}`.trim()] : []));
}

describe('what somebody may read of what the narrator saw', () => {
  it('E5: everything that is still in the story, but private notes of game masters', () => {
    expect(hidden(false, {})).toEqual(['guidance']);
    expect(hidden(true, {})).toEqual([]);
    const { parts, ...facts } = sightView(RECORD, {
      isMaster: true,
      passage: () => SHOWN,
      remembers: () => true,
    });
    const { parts: all, memorySources, ...same } = RECORD;
    expect(facts).toEqual(same);
    expect(parts).toEqual(all.map((each) => ({ ...each, isHidden: false })));
    expect(memorySources).toBeDefined();
  });

  it('E5: passages that went, and what was drawn from them, are for game masters', () => {
    const gone = { p2: { isShown: false } };
    expect(hidden(false, gone)).toEqual(['summary s1', 'passage p2', 'guidance']);
    expect(hidden(true, gone)).toEqual([]);
    expect(hidden(false, { p1: { isShown: false } })).toEqual(['fact f1', 'summary s1', 'guidance']);
  });

  it('E4, E5: what people wrote and deleted is for game masters', () => {
    expect(hidden(false, {}, false)).toEqual(['fact f2', 'guidance']);
    expect(hidden(true, {}, false)).toEqual([]);
  });

  it('B2: so is what a safety tool took away since, though other words stand there now', () => {
    expect(hidden(false, { p3: { sealedUntil: 99 } })).toEqual(['guidance']);
    expect(hidden(false, { p3: { sealedUntil: 100 } })).toEqual(['passage p3', 'guidance']);
    expect(hidden(true, { p3: { sealedUntil: 100 } })).toEqual([]);
    // The beginning of the passage itself, when the narrator tried once more to go on.
    expect(hidden(false, { p9: { sealedUntil: 100 } })).toEqual(['guidance', 'written']);
  });

  it('G1: what was removed for good is for nobody, nor what nobody knows any more', () => {
    expect(hidden(true, { p1: { isPurged: true } })).toEqual(['fact f1', 'summary s1']);
    expect(hidden(true, { p3: null })).toEqual(['passage p3']);
  });
});
