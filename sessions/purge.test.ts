import * as Y from 'yjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { threeAtTheTable, type ThreeAtTheTable } from '../test/support/three-at-the-table.ts';
import { IdRanges, redactUpdate } from './redact.ts';

const SECRET = 'Elm Street 14';

describe('redaction', () => {
  it('G1: content at some positions was never more than deleted; all else of the document is as it was', () => {
    const doc = new Y.Doc({ gc: false });
    const updates: Uint8Array[] = [];
    doc.on('update', (update: Uint8Array) => updates.push(update));
    const texts = doc.getArray<Y.Text>('texts');
    texts.push([new Y.Text('kept '), new Y.Text('secret ')]);
    texts.get(0).insert(5, 'here');
    texts.get(1).insert(3, 'SECRET', { author: 'ann' });
    texts.get(1).delete(0, 2);
    texts.get(0).insert(0, 'Also ');
    const ranges = new IdRanges();
    ranges.addItems(texts.get(1)._start, (item) => item.right);
    const redacted = updates.map((update) => redactUpdate(update, ranges) ?? update);
    expect(redacted.map((update) => new TextDecoder('latin1').decode(update)).join()).not.toMatch(
      /secret|SECRET/,
    );
    const fresh = new Y.Doc();
    for (const update of redacted) Y.applyUpdate(fresh, update);
    expect(
      fresh
        .getArray<Y.Text>('texts')
        .toArray()
        .map((text) => text.toString()),
    ).toEqual(['Also kept here', '']);
    expect(Y.encodeStateVector(fresh)).toEqual(Y.encodeStateVector(doc));
    expect(fresh.store.pendingStructs).toBeNull();
    expect(redactUpdate(updates.at(-1)!, ranges)).toBeNull();
  });
});

describe('purge', () => {
  let seats: ThreeAtTheTable;
  beforeEach(async () => {
    seats = await threeAtTheTable({});
  });
  afterEach(() => seats.table.close());

  /** Everything stored of the session, as one text. */
  async function stored(): Promise<string> {
    const { table, session } = seats;
    const parts: string[] = [];
    const read = (data: Uint8Array) => parts.push(new TextDecoder('latin1').decode(data));
    for await (const page of table.history.read(session.id, { after: 0, upTo: Infinity, docs: null }))
      for (const { data } of page) read(data);
    const base = await table.history.baseAt(session.id, Infinity);
    if (base !== null) read(base.data);
    const loaded = await table.inner.load(session.id);
    for (const { data } of loaded?.snapshots ?? []) read(data);
    return parts.join('\n') + JSON.stringify(table.generations.records) + JSON.stringify(table.log.labels);
  }

  async function finished(): Promise<void> {
    for (let round = 0; round < 20; round += 1) await seats.table.tick();
  }

  it('G1, G2: a passage is gone from story, drafts, journal, snapshots, memory and what the narrator saw', async () => {
    const { table, session, owner, ann, ben } = seats;
    const first = await table.passageOf(session, ann, 'The lamp burned.');
    const bad = await table.passageOf(session, ben, `I live at ${SECRET}.`);
    const { draftId = '' } = await table.must(session, ben, 'passage:reopen', { passageId: bad });
    const writer = table.writer(session, ben, `draft-${draftId}`);
    await table.exchange(writer);
    writer.type(0, `${SECRET} again. `);
    await table.exchange(writer);
    await table.must(session, ben, 'draft:commit', { draftId });
    await table.must(session, ann, 'talk:say', { text: `Ben lives at ${SECRET}` });
    const talkId = session.kernel.state.talk[0]!.id;
    const revision = (id: string) => `${session.kernel.story.passage(id)!.alternatives[0]!.id}.1`;
    const item = {
      id: 'm1',
      kind: 'fact' as const,
      text: SECRET,
      sources: [{ passageId: bad, revision: revision(bad) }],
      isPinned: false,
      by: 'narrator',
      at: 1,
      span: null,
    };
    session.kernel.changeStory([{ op: 'remember', item }]);
    table.generations.save(session.id, {
      ...{
        turnId: 't',
        passageId: first,
        alternativeId: 'a',
        at: 1,
        waitMs: 0,
        memorySources: { m1: [bad] },
      },
      ...{ model: 'm', version: 'v', sampling: { temperature: 1, topP: 1, minP: 0 }, seed: 1 },
      parts: [
        { kind: 'passage', id: bad, text: SECRET, isClipped: false },
        { kind: 'fact', id: 'm1', text: SECRET, isClipped: false },
        { kind: 'passage', id: first, text: 'The lamp burned.', isClipped: false },
      ],
      ...{
        droppedPassageIds: [],
        droppedMemoryIds: [],
        contextTokens: 1,
        promptTokens: 1,
        maxTokens: 1,
        outputTokens: 1,
      },
    });
    await session.settle();
    await finished();
    expect(await stored()).toContain(SECRET);
    const before = JSON.stringify(session.kernel.story.passage(first));
    const answer = await table.run(session, owner, 'session:purge', { passageIds: [bad], talkIds: [talkId] });
    expect(answer.ok).toBe(true);
    await finished();
    expect(await stored()).not.toContain(SECRET);
    expect(await stored()).toContain('The lamp burned.');
    expect(JSON.stringify(session.kernel.story.passage(first))).toBe(before);
    expect(session.kernel.story.passage(bad)).toMatchObject({ isPurged: true, state: 'struck', by: ben });
    expect(session.kernel.state.talk).toEqual([]);
    expect(seats.benControl.heard('talk:removed')).toEqual([[talkId]]);
    expect(session.kernel.state.history.purges).toEqual([]);
    const fresh = table.writer(session, ann, 'story');
    await table.exchange(fresh);
    expect(JSON.stringify(Y.encodeStateAsUpdate(fresh.doc))).not.toContain(SECRET);
    await table.restart();
    const again = await table.durable(table.sessions.open(session.id));
    expect(JSON.stringify(again.kernel.story.passages())).not.toContain(SECRET);
    expect(JSON.stringify(again.kernel.story.passage(first))).toBe(before);
  });

  it('G1: only the owner purges; a passage that is none is refused; nothing brings it back', async () => {
    const { table, session, owner, ann } = seats;
    const bad = await table.passageOf(session, ann, SECRET);
    const later = table.clock.now();
    table.clock.advance(1_000);
    expect(await table.run(session, ann, 'session:purge', { passageIds: [bad] })).toMatchObject({
      code: 'ROLE_FORBIDS',
    });
    expect(await table.run(session, owner, 'session:purge', { passageIds: ['none'] })).toMatchObject({
      code: 'PASSAGE_UNKNOWN',
    });
    expect(
      (await table.durable(table.sessions.purge(session.id, { by: null, passageIds: [bad], talkIds: [] })))
        .ok,
    ).toBe(true);
    await finished();
    expect(await table.run(session, owner, 'passage:restore', { passageId: bad })).toMatchObject({
      code: 'PASSAGE_UNKNOWN',
    });
    const scope = { kind: 'point', to: { time: later } } as const;
    expect(await table.run(session, owner, 'rollback:execute', { scope })).toMatchObject({
      code: 'ROLLBACK_EMPTY',
    });
    expect(await stored()).not.toContain(SECRET);
  });

  it('G3: a purge that a crash interrupts is finished when the session is next loaded', async () => {
    const { table, session, owner, ann } = seats;
    const bad = await table.passageOf(session, ann, SECRET);
    table.gate.hold();
    void session.execute(owner, { name: 'session:purge', payload: { passageIds: [bad], talkIds: [] } });
    await new Promise((resolve) => setImmediate(resolve));
    table.clock.advance(10);
    await table.crash(Infinity);
    const again = await table.durable(table.sessions.open(session.id));
    seats.session = again;
    for (let round = 0; round < 20; round += 1) await table.tick();
    expect(again.kernel.state.history.purges).toEqual([]);
    expect(again.kernel.story.passage(bad)?.isPurged).toBe(true);
    expect(await stored()).not.toContain(SECRET);
  });
});
