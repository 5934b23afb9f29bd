import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SessionsFixture, type Made } from '../test/support/sessions-fixture.ts';
import { spansText } from './story-shape.ts';

let table: SessionsFixture;
let made: Made;
afterEach(() => table.close());

const stores = [
  ['memory', () => Promise.resolve(SessionsFixture.inMemory())],
  ['SQLite', () => SessionsFixture.onDisk()],
] as const;

describe.each(stores)('a session over %s', (_name, open) => {
  beforeEach(async () => {
    table = await open();
    made = await table.create();
  });

  it('W4: a committed draft is in the story with its spans and the draft is closed', async () => {
    const { session, ownerId } = made;
    const ann = await table.join(made, 'writer', 'Ann');
    const { draftId } = await table.must(session, ownerId, 'draft:open', {});
    const first = table.writer(session, ownerId, `draft-${draftId!}`);
    const second = table.writer(session, ann, `draft-${draftId!}`);
    await table.exchange(first, second);
    first.type(0, '  One two.\r');
    await table.exchange(first, second);
    second.type(6, 'and a half ');
    await table.exchange(first, second);
    expect(second.string).toBe(first.string);
    const { passageId } = await table.must(session, ann, 'draft:commit', { draftId: draftId! });
    expect(session.kernel.story.passage(passageId!)?.alternatives[0]?.spans).toEqual([
      { author: ownerId, text: 'One ' },
      { author: ann, text: 'and a half ' },
      { author: ownerId, text: 'two.' },
    ]);
    expect([first.closedWith, second.closedWith]).toEqual([4404, 4404]);
    expect(session.kernel.state.drafts).toEqual({});
  });

  it('D5: a session loaded again is equal to what was in memory', async () => {
    const { session, ownerId } = made;
    const passageId = await table.passageOf(session, ownerId, 'The door opened.');
    await table.must(session, ownerId, 'passage:reopen', { passageId });
    await table.draftWith(session, ownerId, 'A half written line');
    const { state } = session.kernel;
    const texts = [...session.kernel.documents.values()].map((d) => d.doc.getText('text').toJSON());
    await table.crash();
    const again = await table.sessions.open(session.id);
    expect(again.kernel.state).toEqual(state);
    expect([...again.kernel.documents.values()].map((d) => d.doc.getText('text').toJSON())).toEqual(texts);
    expect(again.kernel.story.passages().map((p) => spansText(p.alternatives[0]!.spans))).toEqual([
      'The door opened.',
    ]);
  });
});
