import { describe, expect, it } from 'vitest';
import type { Passage, PassageState } from '../../sessions/story-shape.ts';
import { contextOf } from './hold-context.ts';

const passage = (id: string, state: PassageState = 'shown', text = id): Passage => ({
  id,
  kind: 'player',
  by: 'ana',
  turnId: 't',
  castId: null,
  createdAt: 0,
  state,
  rollbackId: null,
  isPurged: false,
  chosen: 0,
  alternatives: [
    {
      id: 'a',
      state: 'complete',
      at: 0,
      edits: 0,
      editedAt: null,
      info: {},
      spans: [{ author: 'ana', text }],
    },
  ],
});
const passages = [passage('1'), passage('2'), passage('3', 'struck'), passage('4', 'held'), passage('5')];
const line = (at: number) => ({ id: String(at), by: 'bo', at, text: `said at ${at}` });
const texts = (context: { text: string }[]) => context.map(({ text }) => text);

describe('contextOf', () => {
  it('shows the passages before the place of a held one, without those that nobody reads', () => {
    const hold = { kind: 'passage', passageId: '5', at: 9 } as const;
    expect(texts(contextOf(hold, { passages, talk: [] }))).toEqual(['1', '2']);
    expect(texts(contextOf({ ...hold, passageId: '1' }, { passages, talk: [] }))).toEqual([]);
  });

  it('shows the end of the story for what has no place in it', () => {
    const hold = { kind: 'whisper', passageId: null, at: 9 } as const;
    expect(texts(contextOf(hold, { passages, talk: [] }))).toEqual(['2', '5']);
  });

  it('shows the lines before a line', () => {
    const talk = [1, 2, 3, 4, 9, 10].map(line);
    const hold = { kind: 'talk', passageId: null, at: 9 } as const;
    expect(texts(contextOf(hold, { passages, talk }))).toEqual(['said at 2', 'said at 3', 'said at 4']);
  });

  it('cuts long passages down to their end', () => {
    const long = passage('1', 'shown', `${'x'.repeat(5_000)}the end`);
    const [only] = contextOf({ kind: 'hidden', passageId: null, at: 0 }, { passages: [long], talk: [] });
    expect(only!.text.length).toBeLessThan(500);
    expect(only!.text.endsWith('the end')).toBe(true);
  });
});
