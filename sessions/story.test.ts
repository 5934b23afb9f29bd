import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { chosenText, type Span } from './story-shape.ts';
import { Story, type StoryChange } from './story.ts';

const meta = { kind: 'player' as const, by: 'ann', turnId: 't', castId: null, createdAt: 5 };
const add = (passageId: string, spans: Span[], alternativeId = `${passageId}a`): StoryChange => ({
  op: 'add',
  passageId,
  alternativeId,
  meta,
  spans,
  at: 5,
});
const span = (author: string, text: string): Span => ({ author, text });

function storyOf(...changes: StoryChange[]): Story {
  const story = new Story();
  story.apply(changes);
  return story;
}

const textsOf = (story: Story) => story.passages().map((passage) => chosenText(passage));

describe('Story', () => {
  it('W4: an added passage holds its spans and stands last', () => {
    const story = storyOf(
      add('p1', [span('ann', 'One. '), span('ben', 'Two.')]),
      add('p2', [span('ben', 'Three.')]),
    );
    expect(story.passages()).toEqual([
      {
        id: 'p1',
        ...meta,
        state: 'shown',
        rollbackId: null,
        isPurged: false,
        chosen: 0,
        alternatives: [
          {
            id: 'p1a',
            state: 'complete',
            at: 5,
            edits: 0,
            editedAt: null,
            info: {},
            spans: [span('ann', 'One. '), span('ben', 'Two.')],
          },
        ],
      },
      expect.objectContaining({ id: 'p2' }),
    ]);
    expect(story.passageCount()).toBe(2);
    expect(story.passage('p3')).toBeNull();
    expect(story.passage('constructor')).toBeNull();
  });

  it('W5: replacing changes the chosen alternative in place', () => {
    const story = storyOf(add('p1', [span('ann', 'Old')]), add('p2', [span('ann', 'After')]));
    story.apply([{ op: 'replace', passageId: 'p1', spans: [span('ann', 'Ne'), span('ben', 'w')] }]);
    expect(textsOf(story)).toEqual(['New', 'After']);
    expect(story.passage('p1')?.alternatives[0]?.spans).toEqual([span('ann', 'Ne'), span('ben', 'w')]);
  });

  it('N3: another alternative becomes the chosen one and leaves the others and what follows as they are', () => {
    const story = storyOf(add('p1', [span('narrator', 'A')]), add('p2', [span('ann', 'After')]));
    story.apply([
      { op: 'begin', passageId: 'p1', alternativeId: 'x', meta, info: { direction: 'storm' }, at: 9 },
      { op: 'append', passageId: 'p1', alternativeId: 'x', span: span('narrator', 'B.') },
    ]);
    expect(story.passage('p1')?.alternatives[1]).toEqual({
      id: 'x',
      state: 'streaming',
      at: 9,
      edits: 0,
      editedAt: null,
      info: { direction: 'storm' },
      spans: [span('narrator', 'B.')],
    });
    story.apply([
      { op: 'append', passageId: 'p1', alternativeId: 'x', span: span('narrator', ' C.') },
      { op: 'end', passageId: 'p1', alternativeId: 'x', info: { finish: 'end' } },
    ]);
    expect(textsOf(story)).toEqual(['B. C.', 'After']);
    story.apply([{ op: 'choose', passageId: 'p1', alternativeId: 'p1a' }]);
    expect(textsOf(story)).toEqual(['A', 'After']);
    story.apply([{ op: 'choose', passageId: 'p1', alternativeId: 'nothing' }]);
    expect(textsOf(story)).toEqual(['A', 'After']);
  });

  it('W7: a struck passage is not in the shown texts, and the narrator reads only what stands before', () => {
    const story = storyOf(
      add('p1', [span('a', '1')]),
      add('p2', [span('a', '2')]),
      add('p3', [span('a', '3')]),
    );
    story.apply([{ op: 'mark', passageId: 'p2', state: 'struck' }]);
    expect(story.shownTexts(null).map((passage) => passage.text)).toEqual(['1', '3']);
    expect(story.shownTexts('p3').map((passage) => passage.text)).toEqual(['1']);
    story.apply([{ op: 'mark', passageId: 'p2', state: 'shown' }]);
    expect(story.shownTexts(null)).toHaveLength(3);
  });

  it('D2: the changes of one decision are one update', () => {
    const story = new Story();
    const updates: Uint8Array[] = [];
    story.onUpdate((update) => updates.push(update));
    story.apply([
      add('p1', [span('a', '1')]),
      add('p2', [span('a', '2')]),
      { op: 'mark', passageId: 'p1', state: 'struck' },
    ]);
    story.apply([]);
    expect(updates).toHaveLength(1);
    const copy = new Story();
    copy.load(updates[0]!);
    expect(copy.passages()).toEqual(story.passages());
  });

  it('R9: changes about unknown passages change nothing', () => {
    const story = storyOf(add('p1', [span('a', '1')]));
    const before = story.passages();
    story.apply([
      { op: 'replace', passageId: 'x', spans: [] },
      { op: 'mark', passageId: 'x', state: 'struck' },
      { op: 'choose', passageId: 'x', alternativeId: 'y' },
      { op: 'append', passageId: 'p1', alternativeId: 'y', span: span('a', 'b') },
      { op: 'end', passageId: 'p1', alternativeId: 'y', info: {} },
    ]);
    expect(story.passages()).toEqual(before);
  });

  it('D5: any series of changes, replayed update by update, gives the same story', () => {
    const id = fc.constantFrom('p1', 'p2', 'p3');
    const alternative = fc.constantFrom('a1', 'a2', 'a3');
    const spans = fc.array(
      fc.record({ author: fc.constantFrom('ann', 'ben'), text: fc.string({ minLength: 1 }) }),
      {
        maxLength: 3,
      },
    );
    const change: fc.Arbitrary<StoryChange> = fc.oneof(
      fc.tuple(id, alternative, spans).map(([p, a, s]) => add(p, s, a)),
      fc.tuple(id, spans).map(([passageId, s]) => ({ op: 'replace' as const, passageId, spans: s })),
      fc
        .tuple(id, alternative)
        .map(([passageId, alternativeId]) => ({ op: 'choose' as const, passageId, alternativeId })),
      id.map((passageId) => ({ op: 'mark' as const, passageId, state: 'struck' as const })),
      fc.tuple(id, alternative).map(([passageId, alternativeId]) => ({
        op: 'append' as const,
        passageId,
        alternativeId,
        span: span('narrator', 'More. '),
      })),
    );
    fc.assert(
      fc.property(fc.array(fc.array(change, { maxLength: 3 }), { maxLength: 8 }), (steps) => {
        const story = new Story();
        const copy = new Story();
        story.onUpdate((update) => copy.load(update));
        for (const step of steps) story.apply(step);
        expect(copy.passages()).toEqual(story.passages());
        const fresh = new Story();
        fresh.load(Y.encodeStateAsUpdate(story.doc));
        expect(fresh.passages()).toEqual(story.passages());
        for (const passage of story.passages()) {
          expect(passage.alternatives[passage.chosen]).toBeDefined();
        }
      }),
      { numRuns: 200 },
    );
  });
});
