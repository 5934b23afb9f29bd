import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { SessionsFixture } from '../test/support/sessions-fixture.ts';
import { authorSpans } from './authorship.ts';
import { DRAFT_TEXT, spansText } from './story-shape.ts';

// Each player types letters of their own, so that every character shows who typed it.
const LETTERS: Record<string, string> = { ann: 'abcde', ben: 'fghij', cat: 'klmno' };
const PLAYERS = Object.keys(LETTERS);

let table: SessionsFixture | null = null;
afterEach(async () => {
  await table?.close();
  table = null;
});

interface Edit {
  player: number;
  isTyping: boolean;
  at: number;
  length: number;
  deliver: number;
}

const edits: fc.Arbitrary<Edit[]> = fc.array(
  fc.record({
    player: fc.nat(2),
    isTyping: fc.boolean(),
    at: fc.nat(30),
    length: fc.integer({ min: 1, max: 4 }),
    deliver: fc.nat(8),
  }),
  { maxLength: 40 },
);

describe('authorSpans', () => {
  it('A9: spans are the text, and name who typed each character, whatever was typed where and arrived when', () => {
    fc.assert(
      fc.property(edits, (list) => {
        const server = new Y.Doc();
        const docs = PLAYERS.map((_player, index) => {
          const doc = new Y.Doc();
          doc.clientID = index + 1;
          return doc;
        });
        const sync = (from: Y.Doc, to: Y.Doc) =>
          Y.applyUpdate(to, Y.encodeStateAsUpdate(from, Y.encodeStateVector(to)));
        for (const { player, isTyping, at, length, deliver } of list) {
          const doc = docs[player]!;
          const text = doc.getText(DRAFT_TEXT);
          const place = text.length === 0 ? 0 : at % text.length;
          if (isTyping) text.insert(place, LETTERS[PLAYERS[player]!]!.slice(0, length));
          else text.delete(place, Math.min(length, text.length - place));
          // Not every change goes out at once: players write concurrently.
          if (deliver < 3) sync(docs[deliver]!, server);
          if (deliver > 2 && deliver < 6) sync(server, docs[deliver - 3]!);
        }
        for (const doc of docs) sync(doc, server);
        const text = server.getText(DRAFT_TEXT);
        const spans = authorSpans(text, (client) => PLAYERS[client - 1], 'nobody');
        expect(spansText(spans)).toBe(text.toJSON());
        for (const [index, span] of spans.entries()) {
          expect(span.text).not.toBe('');
          expect(span.author).not.toBe(spans[index - 1]?.author);
          for (const letter of span.text) expect(LETTERS[span.author]).toContain(letter);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('A9: text typed into the middle of another’s paragraph, split or not, leaves both their own', () => {
    const doc = new Y.Doc();
    const text = doc.getText(DRAFT_TEXT);
    doc.clientID = 1;
    text.insert(0, 'One two. Three four.');
    doc.clientID = 2;
    text.insert(9, '\n\n');
    text.insert(3, ' and a half');
    expect(authorSpans(text, (client) => PLAYERS[client - 1], 'nobody')).toEqual([
      { author: 'ann', text: 'One' },
      { author: 'ben', text: ' and a half' },
      { author: 'ann', text: ' two. ' },
      { author: 'ben', text: '\n\n' },
      { author: 'ann', text: 'Three four.' },
    ]);
  });

  it('A9: formatting marks and embeds that others left are no text', () => {
    const doc = new Y.Doc();
    const text = doc.getText(DRAFT_TEXT);
    text.insert(0, 'bold', { bold: true });
    text.insertEmbed(2, { image: 'x' });
    expect(authorSpans(text, () => 'ann', 'nobody')).toEqual([{ author: 'ann', text: 'bold' }]);
  });

  it('A9: a reopened passage keeps its authors, through edits, a crash and the next commit', async () => {
    table = SessionsFixture.inMemory();
    const made = await table.create();
    const [ann, ben] = [await table.join(made, 'writer', 'Ann'), await table.join(made, 'writer', 'Ben')];
    let { session } = made;
    const draftId = await table.draftWith(session, ann, 'aaaa');
    const writer = table.writer(session, ben, `draft-${draftId}`);
    await table.exchange(writer);
    writer.type(2, 'ff');
    await table.exchange(writer);
    const { passageId } = await table.must(session, ann, 'draft:commit', { draftId });
    const reopened = (await table.must(session, ann, 'passage:reopen', { passageId: passageId! })).draftId!;
    const spans = () => session.kernel.draftSpans(reopened);
    const before = [
      { author: ann, text: 'aa' },
      { author: ben, text: 'ff' },
      { author: ann, text: 'aa' },
    ];
    expect(spans()).toEqual(before);
    await table.crash();
    session = await table.sessions.open(session.id);
    expect(spans()).toEqual(before);
    const again = table.writer(session, ben, `draft-${reopened}`);
    await table.exchange(again);
    again.type(1, 'g');
    await table.exchange(again);
    await table.must(session, ann, 'draft:commit', { draftId: reopened });
    expect(session.kernel.story.passage(passageId!)?.alternatives[0]?.spans).toEqual([
      { author: ann, text: 'a' },
      { author: ben, text: 'g' },
      { author: ann, text: 'a' },
      { author: ben, text: 'ff' },
      { author: ann, text: 'aa' },
    ]);
  });

  it('A1: the ids under which the server wrote a reopened passage belong to its authors', async () => {
    table = SessionsFixture.inMemory();
    const made = await table.create();
    const ann = await table.join(made, 'writer', 'Ann');
    const told = await table.narratorPassage(made.session, made.ownerId, 'Told.');
    const { draftId } = await table.must(made.session, made.ownerId, 'passage:reopen', { passageId: told });
    const { clients } = made.session.kernel.state.drafts[draftId!]!;
    expect(Object.values(clients)).toEqual(['narrator']);
    const thief = table.writer(made.session, ann, `draft-${draftId!}`);
    await table.exchange(thief);
    thief.doc.clientID = Number(Object.keys(clients)[0]);
    thief.type(5, ' More.');
    thief.deliverOut();
    expect([thief.closedWith, table.observer.faults]).toEqual([4422, ['forged-client']]);
  });
});
