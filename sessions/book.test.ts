import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { storyNow, storyThen } from './book-sources.ts';
import { bookLength, bookOf, chapterHeading, type Book, type BookSource } from './book.ts';
import { markdownOf } from './markdown.ts';
import { newHistory } from './history-state.ts';
import { replay } from './past.ts';
import { MAIN_BRANCH } from './story-lines.ts';
import { NARRATOR, type Span } from './story-shape.ts';
import { Story } from './story.ts';
import * as Y from 'yjs';

const NOW = Date.UTC(2026, 4, 1, 12);

type People = BookSource['state'];
const state = {
  id: 's1',
  settings: {
    title: 'The *lamp*',
    premise: 'A lamp that remembers.',
    rating: 'teen',
    draftVisibility: 'live',
    autoCommitIdleMs: null,
  },
  players: Object.fromEntries(['olga', 'ann'].map((id) => [id, { id, name: id === 'ann' ? 'Ann' : 'Olga' }])),
} as unknown as People;

const by = (author: string, text: string): Span => ({ author, text });

/** A story that the test writes passage by passage. */
class Told {
  readonly story = new Story();

  tell(passageId: string, ...spans: Span[]): this {
    const meta = { kind: 'player', by: 'olga', turnId: 't1', castId: null, createdAt: NOW } as const;
    this.story.apply([{ op: 'add', passageId, alternativeId: `${passageId}a`, meta, spans, at: NOW }]);
    return this;
  }

  strike(passageId: string): this {
    this.story.apply([{ op: 'mark', passageId, state: 'struck' }]);
    return this;
  }

  scene(id: string, title: string): this {
    const afterPassageId = this.story.line().at(-1) ?? null;
    const scene = { id, title, branchId: this.story.branchId(), afterPassageId, by: 'olga', at: NOW };
    this.story.apply([{ op: 'scene', scene }]);
    return this;
  }

  branch(id: string, fromPassageId: string | null): this {
    const branch = {
      id,
      name: `To ${id}`,
      parentId: this.story.branchId(),
      fromPassageId,
      by: 'olga',
      at: NOW,
    };
    this.story.apply([
      { op: 'branch', branch },
      { op: 'play', branchId: id },
    ]);
    return this;
  }

  book(branchId?: string): Book {
    const part = storyNow(this.story.doc, branchId);
    if (part === null) throw new Error('no such branch');
    return bookOf({ ...part, state, now: NOW });
  }
}

const shape = ({ chapters }: Book) =>
  chapters.map(({ title, passages }) => [
    title,
    ...passages.map(({ spans }) => spans.map((span) => span.text).join('')),
  ]);

describe('the story as a book', () => {
  it('X5: chapters are scenes in story order; what is not shown is not in it', () => {
    const told = new Told()
      .tell('p1', by('olga', 'Before.'))
      .scene('s1', 'The quay')
      .tell('p2', by('ann', 'On the quay.'))
      .tell('p3', by('ann', 'A mistake.'))
      .strike('p3')
      .scene('s2', '')
      .tell('p4', by(NARRATOR, 'Later.'))
      .scene('s3', 'Not begun');
    const book = told.book();
    expect(shape(book)).toEqual([
      ['', 'Before.'],
      ['The quay', 'On the quay.'],
      ['', 'Later.'],
    ]);
    expect(book.chapters.map((_chapter, index) => chapterHeading(book, index))).toEqual([
      'Chapter 1',
      'The quay',
      'Chapter 3',
    ]);
  });

  it('X5: a scene that was struck to its end, and one whose first place was struck, keep their order', () => {
    const told = new Told().tell('p1', by('olga', 'One.')).tell('p2', by('olga', 'Two.')).strike('p2');
    told.scene('s1', 'Second').tell('p3', by('ann', 'Three.'));
    expect(shape(told.book())).toEqual([
      ['', 'One.'],
      ['Second', 'Three.'],
    ]);
  });

  it('X5: held, purged and empty passages are not in it', () => {
    const told = new Told()
      .tell('p1', by('olga', 'Held.'))
      .tell('p2', by('olga', 'Purged.'))
      .tell('p3', by('olga', ' \n'));
    told.story.apply([
      { op: 'withhold', passageId: 'p1' },
      { op: 'purge', passageId: 'p2' },
    ]);
    expect(told.book()).toMatchObject({ chapters: [], credits: [] });
  });

  it('X5: a branch has what it shares and its own, and nothing of others', () => {
    const told = new Told()
      .tell('p1', by('olga', 'Shared.'))
      .tell('p2', by('olga', 'Main.'))
      .branch('b1', 'p1')
      .tell('p3', by('ann', 'Elsewhere.'));
    expect(shape(told.book())).toEqual([['', 'Shared.', 'Elsewhere.']]);
    expect(told.book().sourceNote).toBe('Branch: To b1');
    expect(shape(told.book(MAIN_BRANCH))).toEqual([['', 'Shared.', 'Main.']]);
    expect(told.book(MAIN_BRANCH).sourceNote).toBe('');
    expect(told.book(MAIN_BRANCH).id).not.toBe(told.book('b1').id);
    expect(storyNow(told.story.doc, 'b2')).toBeNull();
  });

  it('X5: a scene that another branch begins behind a shared passage is not on this one', () => {
    const told = new Told()
      .tell('p1', by('olga', 'Shared.'))
      .tell('p2', by('olga', 'Main.'))
      .branch('b1', 'p1');
    const scene = { id: 's1', title: 'North', branchId: 'b1', afterPassageId: 'p1', by: 'olga', at: NOW };
    told.story.apply([{ op: 'scene', scene }]);
    told.tell('p3', by('ann', 'There.'));
    expect(shape(told.book())).toEqual([
      ['', 'Shared.'],
      ['North', 'There.'],
    ]);
    expect(shape(told.book(MAIN_BRANCH))).toEqual([['', 'Shared.', 'Main.']]);
  });

  it('X4: credits count words and characters, most first; shares add up', () => {
    const told = new Told()
      .tell('p1', by('olga', 'One two '), by('ann', 'three.'))
      .tell('p2', by(NARRATOR, 'Four'));
    told.tell('p3', by('gone', 'five six'));
    const { credits } = told.book();
    expect(credits).toEqual([
      { name: 'Olga', isNarrator: false, words: 2, characters: 8, share: 8 / 26 },
      { name: 'someone', isNarrator: false, words: 2, characters: 8, share: 8 / 26 },
      { name: 'Ann', isNarrator: false, words: 1, characters: 6, share: 6 / 26 },
      { name: 'the narrator (AI)', isNarrator: true, words: 1, characters: 4, share: 4 / 26 },
    ]);
  });

  it('X4: whoever wrote, each span leads to the credit of its author', () => {
    const runs = fc.array(
      fc.record({ author: fc.constantFrom('olga', 'ann', NARRATOR, 'x'), text: fc.string() }),
      {
        maxLength: 6,
      },
    );
    fc.assert(
      fc.property(fc.array(runs, { maxLength: 6 }), (texts) => {
        const passages = texts.map((spans, index) => ({
          id: `p${index}`,
          state: 'shown' as const,
          isPurged: false,
          chosen: 0,
          alternatives: [
            { id: 'a', state: 'complete' as const, at: 0, edits: 0, editedAt: null, info: {}, spans },
          ],
        }));
        const of = { branchId: MAIN_BRANCH, branchName: '', scenes: [], asOf: null };
        const book = bookOf({ ...of, state, passages, now: NOW });
        const names: Record<string, string> = {
          olga: 'Olga',
          ann: 'Ann',
          narrator: 'the narrator (AI)',
          x: 'someone',
        };
        const used = texts.filter((spans) => spans.some(({ text }) => text.trim() !== ''));
        const said = book.chapters.flatMap((chapter) => chapter.passages).map(({ spans }) => spans);
        expect(
          said.map((spans) => spans.map(({ author, text }) => [book.credits[author]?.name, text])),
        ).toEqual(used.map((spans) => spans.map(({ author, text }) => [names[author], text])));
        expect(bookLength(book)).toBe(used.flat().reduce((sum, { text }) => sum + text.length, 0));
        if (used.length > 0) expect(book.credits.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
      }),
    );
  });

  it('X5: the story at a moment is as it stood then, without what was taken out of sight since', () => {
    const told = new Told();
    for (const id of ['p1', 'p2', 'p3', 'p4', 'p5']) told.tell(id, by('olga', `Old ${id}.`));
    const past = { seq: 5, at: NOW, ...replay({ base: Y.encodeStateAsUpdate(told.story.doc), updates: [] }) };
    told.strike('p1').story.apply([
      { op: 'replace', passageId: 'p2', spans: [by('ann', 'New.')] },
      { op: 'withhold', passageId: 'p3' },
      { op: 'purge', passageId: 'p4' },
    ]);
    const sealed = { ...newHistory().sealed, p5: NOW };
    const bookAt = (seals: Record<string, number>) => {
      const part = storyThen(past, { story: told.story.doc, sealed: seals }, NOW + 90_000);
      return bookOf({ ...part, state, now: NOW + 1e9 });
    };
    expect(shape(bookAt(sealed))).toEqual([['', 'Old p1.', 'Old p2.']]);
    expect(shape(bookAt({ p5: NOW - 1 }))).toEqual([['', 'Old p1.', 'Old p2.', 'Old p5.']]);
    expect(bookAt(sealed).sourceNote).toBe('As of 2026-05-01 12:01 UTC');
  });
});

describe('the story as Markdown', () => {
  it('X4: it has title, premise, shown passages with chosen alternatives, and who wrote it', () => {
    const told = new Told()
      .tell('p1', by('olga', 'One '), by('ann', 'two.'))
      .tell('p2', by(NARRATOR, 'Told n2.'))
      .tell('p3', by('ann', 'Gone'))
      .strike('p3');
    expect(markdownOf(told.book())).toBe(
      [
        '# The \\*lamp\\*',
        '*A lamp that remembers.*',
        'One two.',
        'Told n2.',
        '---',
        'Written by',
        '- the narrator (AI): 50 %\n- Olga: 25 %\n- Ann: 25 %\n',
      ].join('\n\n'),
    );
  });

  it('X4: an empty story has a title and no credits', () => {
    const book = { ...new Told().book(), premise: '' };
    expect(markdownOf(book)).toBe('# The \\*lamp\\*\n');
  });

  it('X5: scenes are headings, and the branch is named', () => {
    const told = new Told()
      .tell('p1', by('olga', 'Shared.'))
      .branch('b1', 'p1')
      .scene('s1', 'The <i>quay</i>');
    const text = markdownOf(told.tell('p2', by('ann', 'There.')).book());
    expect(text).toContain('*A lamp that remembers.*\n\n*Branch: To b1*\n\n## Chapter 1\n\nShared.');
    expect(text).toContain('\n\n## The \\<i\\>quay\\</i\\>\n\nThere.');
  });

  it('X5: what would be structure of the document is text', () => {
    const lines = [
      '# no heading',
      '<script>x</script>',
      '---',
      '```',
      '[a]: http://x',
      '![a](http://x)',
      '\\<b>',
    ];
    const text = markdownOf(new Told().tell('p1', by('olga', lines.join('\n'))).book());
    expect(text).toContain(
      [
        '\\# no heading',
        '&lt;script>x&lt;/script>',
        '\\---',
        '\\```',
        '\\[a]: http://x',
        '![a]\\(http://x)',
        '\\&lt;b>',
      ].join('\n'),
    );
    const kept = '*said* she, **loud** - 3 < 4 #1 [sighs]';
    expect(markdownOf(new Told().tell('p1', by('olga', kept)).book())).toContain(`\n${kept}\n`);
  });
});
