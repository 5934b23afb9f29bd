import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { craftUpdate } from '../test/support/crafted-update.ts';
import { SessionsFixture, type Made } from '../test/support/sessions-fixture.ts';
import { TestWriter } from '../test/support/test-writer.ts';
import { LIMITS } from './limits.ts';
import type { Session } from './session.ts';
import { DRAFT_TEXT } from './story-shape.ts';

let table: SessionsFixture;
let made: Made;
let session: Session;
let ann: string;
let ben: string;
let draftId: string;
let first: TestWriter;
let second: TestWriter;

beforeEach(async () => {
  table = SessionsFixture.inMemory();
  made = await table.create();
  session = made.session;
  ann = await table.join(made, 'writer', 'Ann');
  ben = await table.join(made, 'writer', 'Ben');
  draftId = await table.draftWith(session, ann, 'One two');
  first = table.writer(session, ann, `draft-${draftId}`);
  second = table.writer(session, ben, `draft-${draftId}`);
  await table.exchange(first, second);
});
afterEach(() => table.close());

const serverDoc = () => session.kernel.documents.get(`draft-${draftId}`)!.doc;
const serverText = () => serverDoc().getText(DRAFT_TEXT).toJSON();

describe('document sockets', () => {
  it('A3: what was typed offline survives a key pressed before the sync request is answered', async () => {
    second.disconnect();
    second.type(7, ' three');
    second.connect(session);
    second.type(13, '!');
    second.erase(8, 1);
    await table.exchange(first, second);
    expect(second.closedWith).toBeNull();
    expect([first.string, serverText()]).toEqual(['One two hree!', 'One two hree!']);
    expect(second.ackedClock).toBe(7);
  });

  it('D3: what was left out is not acked before the answer that brings it', async () => {
    second.type(7, '?');
    await table.exchange(second);
    second.disconnect();
    second.type(8, ' three');
    second.connect(session);
    second.type(14, '!');
    second.deliverOut();
    await table.tick();
    const acks = () => second.connection!.toClient.filter((frame) => frame[0] === 100);
    expect(acks()).toEqual([]);
    // This one is taken in, and yet an ack that counted it would count the one before.
    second.erase(7, 1);
    second.deliverOut();
    await table.tick();
    expect([serverText(), acks()]).toEqual(['One two', []]);
    await table.exchange(second);
    expect([second.ackedClock, serverText()]).toEqual([8, 'One two three!']);
  });

  it('A3: once the sync request is answered a gap closes its sender', () => {
    const update = craftUpdate([{ client: 77, clock: 5, structs: [{ content: ['text', 'x'] }] }]);
    second.sendUpdate(update);
    expect(second.closedWith).toBe(4422);
    expect(table.observer.faults).toEqual(['gap']);
  });

  it('A1: a forged update closes its sender, and the document and the others are untouched', async () => {
    const before = serverText();
    const copy = new Y.Doc();
    Y.applyUpdate(copy, Y.encodeStateAsUpdate(serverDoc()));
    const [annsId] = Object.entries(session.kernel.state.drafts[draftId]!.clients).find(
      ([, id]) => id === ann,
    )!;
    copy.clientID = Number(annsId);
    const vector = Y.encodeStateVector(copy);
    copy.getText(DRAFT_TEXT).insert(0, 'Ann says: ');
    second.sendUpdate(Y.encodeStateAsUpdate(copy, vector));
    await table.exchange(first);
    expect([second.closedWith, first.closedWith]).toEqual([4422, null]);
    expect([serverText(), first.string]).toEqual([before, before]);
    expect(table.observer.faults).toEqual(['forged-client']);
  });

  it('A5: a writer who deletes words of others is refused, the opener and a game master are not', async () => {
    const owner = table.writer(session, made.ownerId, `draft-${draftId}`);
    await table.exchange(owner);
    second.erase(0, 1);
    second.deliverOut();
    expect(second.closedWith).toBe(4422);
    owner.erase(0, 1);
    first.erase(2, 1);
    await table.exchange(first, owner);
    expect([first.closedWith, owner.closedWith]).toEqual([null, null]);
    expect(serverText()).toHaveLength(5);
  });

  it('A10: circular origins leave nothing pending, in memory or in the journal, and close their sender', async () => {
    const circular = craftUpdate([
      { client: 71, clock: 0, structs: [{ content: ['text', 'a'], origin: [72, 0] }] },
      { client: 72, clock: 0, structs: [{ content: ['text', 'b'], origin: [71, 0] }] },
    ]);
    const before = serverText();
    second.sendUpdate(circular);
    expect(second.closedWith).toBe(4422);
    const { store } = serverDoc();
    expect([store.pendingStructs, store.pendingDs]).toEqual([null, null]);
    first.type(0, '!');
    await table.exchange(first);
    await table.crash();
    session = await table.sessions.open(session.id);
    expect(serverText()).toBe(`!${before}`);
    expect(serverDoc().store.pendingStructs).toBeNull();
  });

  it('A6: a player who binds too many client ids is refused', async () => {
    for (let index = 0; index < LIMITS.clientsPerPlayer; index += 1) {
      const update = craftUpdate([
        { client: 1_000 + index, clock: 0, structs: [{ content: ['text', 'x'] }] },
      ]);
      if (second.isConnected) second.sendUpdate(update);
    }
    expect(second.isConnected).toBe(true);
    second.sendUpdate(craftUpdate([{ client: 9_999, clock: 0, structs: [{ content: ['text', 'x'] }] }]));
    expect(table.observer.faults).toEqual(['too-many-clients']);
    expect(second.closedWith).toBe(4422);
    await table.tick();
  });

  it('C6: garbage closes its sender with 4422 and touches nobody else', async () => {
    for (const frame of [
      Uint8Array.of(),
      Uint8Array.of(9, 9),
      Uint8Array.of(0, 0, 1, 255),
      Uint8Array.of(0, 2, 3, 1, 2, 3),
    ]) {
      const writer = table.writer(session, ben, `draft-${draftId}`);
      writer.sendRaw(frame);
      expect(writer.closedWith).toBe(4422);
    }
    first.type(0, 'x');
    await table.exchange(first, second);
    expect(second.string).toBe(first.string);
  });

  it('A13: an update to the story is refused, a resync that brings nothing is not', async () => {
    const story = table.writer(session, ben, 'story');
    await table.passageOf(session, made.ownerId, 'A lamp.');
    await table.exchange(story);
    expect(story.closedWith).toBeNull();
    expect(story.doc.getArray('order').length).toBe(1);
    story.doc.getArray('order').push(['forged']);
    story.deliverOut();
    expect(story.closedWith).toBe(4422);
    expect(session.kernel.story.passageCount()).toBe(1);
    const again = new TestWriter(ben, 'story').connect(session);
    await table.exchange(again);
    again.sendUpdate(Y.encodeStateAsUpdate(again.doc));
    expect(again.closedWith).toBeNull();
  });

  it('W3: a private draft is read by its opener and game masters alone', async () => {
    await table.must(session, made.ownerId, 'session:settings', { draftVisibility: 'private' });
    const secret = await table.draftWith(session, ben, 'Hidden');
    const codes = [ann, ben, made.ownerId].map(
      (playerId) => new TestWriter(playerId, `draft-${secret}`).connect(session).closedWith,
    );
    expect(codes).toEqual([4403, null, null]);
    expect(new TestWriter(ann, 'draft-nothing').connect(session).closedWith).toBe(4404);
    expect(new TestWriter(ann, 'draft-constructor').connect(session).closedWith).toBe(4404);
  });

  it('W2: outside free play only the opener types, others are refused and may still read', async () => {
    await table.must(session, made.ownerId, 'turn:mode', { mode: 'ordered' });
    second.type(0, 'x');
    second.deliverOut();
    expect(second.closedWith).toBe(4422);
    expect(table.observer.faults).toEqual(['not-a-writer']);
    const reader = table.writer(session, ben, `draft-${draftId}`);
    first.type(0, 'y');
    await table.exchange(first, reader);
    expect(reader.string).toBe('yOne two');
  });

  it('R7: a role change closes all sockets of that player, once it is durable, and nobody else’s', async () => {
    const control = table.control(session, ben);
    const others = table.control(session, ann);
    await table.must(session, made.ownerId, 'player:role', { playerId: ben, role: 'spectator' });
    expect([control.closedWith, second.closedWith]).toEqual([4409, 4409]);
    expect([others.closedWith, first.closedWith]).toEqual([null, null]);
    await table.must(session, made.ownerId, 'player:remove', { playerId: ann });
    expect([others.closedWith, first.closedWith]).toEqual([4403, 4403]);
    expect(table.control(session, ann).closedWith).toBe(0);
  });

  it('C10: a discarded draft closes its documents with 4404', async () => {
    await table.must(session, ann, 'draft:discard', { draftId });
    expect([first.closedWith, second.closedWith]).toEqual([4404, 4404]);
    expect(session.kernel.documents.has(`draft-${draftId}`)).toBe(false);
  });

  it('C9: typing shows at once and ends three seconds after the last key', async () => {
    const control = table.control(session, made.ownerId);
    second.type(0, 'a');
    await table.exchange(second);
    expect(control.view?.typing).toEqual({ [ann]: draftId, [ben]: draftId });
    table.clock.advance(2_000);
    second.type(0, 'b');
    await table.exchange(second);
    table.clock.advance(2_000);
    await table.tick();
    expect(control.view?.typing).toEqual({ [ben]: draftId });
    table.clock.advance(3_000);
    await table.tick();
    expect(control.view?.typing).toEqual({});
    expect(control.view?.drafts[0]?.length).toBe(9);
  });

  it('A11: cursors reach the others under the name the server knows, and go with their connection', async () => {
    first.awareness.setLocalState({ user: { name: 'Forged' }, cursor: { at: 2 } });
    await table.exchange(first, second);
    expect(second.awareness.getStates().get(first.doc.clientID)).toEqual({
      user: { playerId: ann, name: 'Ann', colour: expect.any(Number) as number },
      cursor: { at: 2 },
    });
    first.disconnect();
    await table.exchange(second);
    expect(second.awareness.getStates().has(first.doc.clientID)).toBe(false);
  });

  it('A12: a cursor under the client id of somebody else is not spread', async () => {
    first.awareness.setLocalState({ cursor: 5 });
    await table.exchange(first, second);
    const thief = new TestWriter(ben, `draft-${draftId}`);
    thief.awareness.clientID = first.doc.clientID;
    thief.connect(session);
    for (const cursor of [1, 2, 3]) thief.awareness.setLocalState({ cursor });
    await table.exchange(first, second, thief);
    expect(second.awareness.getStates().get(first.doc.clientID)).toMatchObject({
      user: { playerId: ann },
      cursor: 5,
    });
  });
});
