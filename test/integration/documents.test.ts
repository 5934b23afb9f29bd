import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { CreateSession } from '../../sessions/protocol.ts';
import { gather, textOf, type TestPlayer } from '../support/player.ts';
import { addressOf, RawDocument, syncFrame, updateBy } from '../support/raw-document.ts';
import { metric } from '../support/server-status.ts';
import { TestServer } from '../support/taleloom.ts';
import { until } from '../support/wait.ts';

describe('documents over their sockets', () => {
  let server: TestServer;
  const all: TestPlayer[] = [];

  /** Ann owns the session, Bo and Cy write, Di is a game master and Eve a spectator. */
  async function table(input: Partial<CreateSession> = {}) {
    const [ann, bo, cy, di, eve] = (await gather(server.url, input, [
      { name: 'Bo' },
      { name: 'Cy' },
      { name: 'Di', role: 'gm' },
      { name: 'Eve', role: 'spectator' },
    ])) as [TestPlayer, TestPlayer, TestPlayer, TestPlayer, TestPlayer];
    all.push(ann, bo, cy, di, eve);
    return { ann, bo, cy, di, eve };
  }

  function refused(reason: string): Promise<number> {
    return metric(server.url, `story_refused_updates_total{reason="${reason}"}`);
  }

  /** Runs `attempt`, expects that it ends in 4422, counted under `reason`, and answers the reason of the close. */
  async function expectRefusal(reason: string, attempt: () => Promise<RawDocument>): Promise<string> {
    const before = await refused(reason);
    const raw = await attempt();
    expect(await raw.closing()).toBe(4422);
    expect(await refused(reason)).toBe(before + 1);
    return raw.closed?.reason ?? '';
  }

  beforeAll(async () => {
    server = await TestServer.start();
  });
  afterAll(async () => {
    for (const player of all) player.close();
    await server.stop();
  });

  it('A13: the stock provider reads the story, and a write to it is refused and seen by nobody', async () => {
    const { ann, bo, cy } = await table();
    await ann.write('As it was written.');
    await until('Bo reads', async () => (await bo.story()).length === 1);
    const before = await refused('story');
    const mine = await cy.document('story');
    const codes: number[] = [];
    mine.provider.on('connection-close', (event: { code?: number } | null) => {
      if (event?.code !== undefined) codes.push(event.code);
      mine.provider.shouldConnect = false;
    });
    mine.doc.getArray('order').push(['forged']);
    await until('refusal', () => codes.length > 0);
    expect(codes).toEqual([4422]);
    expect(await refused('story')).toBe(before + 1);
    await ann.write('And went on.');
    await until('Bo reads on', async () => (await bo.story()).length === 2);
    expect((await bo.story()).map(textOf)).toEqual(['As it was written.', 'And went on.']);
    const fresh = await RawDocument.open(cy, 'story');
    expect(fresh.doc.getArray('order').toArray()).not.toContain('forged');
    fresh.sendUpdate(Y.encodeStateAsUpdate(fresh.doc));
    await ann.write('A resync is no offence.');
    await until('still open', () => fresh.doc.getArray('order').length === 3);
    expect(fresh.closed).toBeNull();
    fresh.socket.close();
  });

  it('C2: a document that does not exist closes its socket with 4404', async () => {
    const { ann } = await table();
    const { draftId } = await ann.draft();
    for (const name of [
      'draft-nosuch',
      'draft-constructor',
      'draft-',
      'Story',
      'other',
      `draft-${draftId}/x`,
    ]) {
      const raw = new RawDocument(addressOf(ann, name));
      expect([name, await raw.closing()]).toEqual([name, 4404]);
      expect(raw.frames).toEqual([]);
    }
  });

  it('W3: a private draft is read by its opener and game masters only', async () => {
    const { ann, bo, cy, di, eve } = await table({ draftVisibility: 'private' });
    const { draftId, text } = await bo.draft();
    text.insert(0, 'Nobody may know.');
    const name = `draft-${draftId}`;
    for (const master of [ann, di]) {
      const copy = await RawDocument.open(master, name);
      await until('readable', () => copy.text === 'Nobody may know.');
      copy.type(7, ' But I do.');
      expect(await copy.closing()).toBe(4422);
    }
    for (const other of [cy, eve]) {
      const copy = new RawDocument(addressOf(other, name));
      expect(await copy.closing()).toBe(4403);
      expect(copy.frames).toEqual([]);
    }
    expect(text.toJSON()).toBe('Nobody may know.');
  });

  it('W2: a spectator reads a live draft and cannot write in it', async () => {
    const { bo, eve } = await table();
    const { draftId, text } = await bo.draft();
    text.insert(0, 'Look, ');
    const name = `draft-${draftId}`;
    const reader = await RawDocument.open(eve, name);
    await until('readable', () => reader.text === 'Look, ');
    const reason = await expectRefusal('not-a-writer', () => {
      reader.type(99, 'mine');
      return Promise.resolve(reader);
    });
    expect(reason).toMatch(/^UPDATE_REFUSED/);
    text.insert(text.length, 'but do not touch.');
    const again = await RawDocument.open(eve, name);
    await until('goes on', () => again.text === 'Look, but do not touch.');
    again.socket.close();
  });

  it("A1: an update under another player's client id is refused as a whole", async () => {
    const { ann, bo, cy } = await table();
    const { draftId, text, doc } = await ann.draft();
    const name = `draft-${draftId}`;
    const witness = await bo.draft(draftId);
    text.insert(0, 'By Ann.');
    await until('Bo reads', () => witness.text.toJSON() === 'By Ann.');
    await expectRefusal('forged-client', async () => {
      const raw = await RawDocument.open(cy, name);
      raw.type(doc.clientID, ' By Ann too?');
      return raw;
    });
    await expectRefusal('forged-client', async () => {
      const raw = await RawDocument.open(cy, name);
      const both = updateBy(1234, (copy) => copy.getText('text').insert(0, 'mine'), raw.doc);
      const forged = updateBy(doc.clientID, (copy) => copy.getText('text').insert(0, 'hers'), raw.doc);
      raw.sendUpdate(Y.mergeUpdates([both, forged]));
      return raw;
    });
    text.insert(7, ' Still by Ann.');
    await until('untouched', () => witness.text.toJSON() === 'By Ann. Still by Ann.');
    const { passageId } = await ann.must('draft:commit', { draftId });
    const passage = await until('passage', async () => (await bo.story()).find((p) => p.id === passageId));
    expect(passage.alternatives[0]!.spans).toEqual([{ author: ann.id, text: 'By Ann. Still by Ann.' }]);
  });

  it('A5: words of others are deleted by the opener and game masters, and by nobody else', async () => {
    const { bo, cy, di, ann } = await table();
    const opened = await bo.draft();
    const name = `draft-${opened.draftId}`;
    const guest = await ann.draft(opened.draftId);
    opened.text.insert(0, 'Bo. ');
    await until('Ann reads', () => guest.text.toJSON() === 'Bo. ');
    guest.text.insert(4, 'Ann one. Ann two.');
    await until('Bo reads', () => opened.text.toJSON() === 'Bo. Ann one. Ann two.');
    const erase = async (by: TestPlayer, at: number, length: number) => {
      const raw = await RawDocument.open(by, name);
      raw.sendUpdate(updateBy(4321, (copy) => copy.getText('text').delete(at, length), raw.doc));
      return raw;
    };
    await expectRefusal('foreign-delete', () => erase(cy, 0, 4));
    expect(opened.text.toJSON()).toBe('Bo. Ann one. Ann two.');
    (await erase(di, 4, 9)).socket.close();
    await until('a game master may', () => opened.text.toJSON() === 'Bo. Ann two.');
    opened.text.delete(4, 8);
    await until('the opener may', () => guest.text.toJSON() === 'Bo. ');
  });

  it('L1: a draft never grows beyond 20,000 characters', async () => {
    const { bo, ann } = await table();
    const { draftId, text } = await bo.draft();
    text.insert(0, 'x'.repeat(19_990));
    const copy = await ann.draft(draftId);
    await until('long', () => copy.text.length === 19_990);
    const reason = await expectRefusal('too-long', async () => {
      const raw = await RawDocument.open(bo, `draft-${draftId}`);
      raw.type(77, 'y'.repeat(11));
      return raw;
    });
    expect(reason).toMatch(/20,000/);
    text.insert(0, 'z'.repeat(10));
    await until('full', () => copy.text.length === 20_000);
    await ann.must('draft:commit', { draftId });
  });

  it('D3: a client that asks for acks learns how many of its sync messages are durable', async () => {
    const { bo, ann } = await table();
    const { draftId } = await ann.must('draft:open', {});
    const name = `draft-${draftId}`;
    const raw = await RawDocument.open(bo, name, '&acks=1');
    const reader = await RawDocument.open(ann, name);
    expect(raw.acked).toBe(0);
    raw.type(5, 'a');
    await until('first ack', () => raw.acked === 1);
    for (const letter of 'bcdefghij') raw.type(5, letter);
    raw.send(syncFrame(1, Y.encodeStateAsUpdate(raw.doc)));
    raw.send(syncFrame(0, Y.encodeStateVector(raw.doc)));
    await until('all acks', () => raw.acked === 11);
    await until('reader', () => reader.text === 'abcdefghij');
    expect(reader.acks).toBe(0);
    expect(raw.acks).toBeLessThanOrEqual(11);
    const again = await RawDocument.open(bo, name, '&acks=1');
    expect(again.text).toBe('abcdefghij');
    again.type(6, 'k');
    await until('counted per connection', () => again.acked === 1);
    for (const socket of [raw, reader, again]) socket.socket.close();
  });

  it('C7: a sender does not get its own words back, everybody else does', async () => {
    const { bo, ann } = await table();
    const { draftId } = await ann.must('draft:open', {});
    const name = `draft-${draftId}`;
    const raw = await RawDocument.open(bo, name, '&acks=1');
    const tab = await RawDocument.open(bo, name);
    const reader = await RawDocument.open(ann, name);
    const isUpdate = (frame: Uint8Array) => frame[0] === 0 && frame[1] === 2;
    for (const word of ['one ', 'two ', 'three']) raw.type(8, word);
    await until('all read', () => reader.text === 'one two three' && tab.text === 'one two three');
    await until('acked', () => raw.acked === 3);
    expect(raw.frames.filter(isUpdate)).toEqual([]);
    expect(reader.frames.filter(isUpdate).length).toBeGreaterThan(0);
    for (const socket of [raw, tab, reader]) socket.socket.close();
  });

  it('R7: a role change closes the sockets of that player with 4409, a removal with 4403', async () => {
    const { ann, bo, cy } = await table();
    const { draftId } = await ann.must('draft:open', {});
    const sockets = async (player: TestPlayer) => [
      await RawDocument.open(player, 'story'),
      await RawDocument.open(player, `draft-${draftId}`),
    ];
    const ofBo = await sockets(bo);
    const ofCy = await sockets(cy);
    await ann.must('player:role', { playerId: bo.id, role: 'spectator' });
    expect(await Promise.all(ofBo.map((raw) => raw.closing()))).toEqual([4409, 4409]);
    expect(bo.closings).toMatchObject([{ code: 4409 }]);
    expect(ofCy.map((raw) => raw.closed)).toEqual([null, null]);
    await bo.join();
    expect(bo.joined?.role).toBe('spectator');
    expect(await bo.command('draft:open', {})).toMatchObject({ ok: false, code: 'ROLE_FORBIDS' });
    await ann.must('player:remove', { playerId: cy.id });
    expect(await Promise.all(ofCy.map((raw) => raw.closing()))).toEqual([4403, 4403]);
    expect(cy.closings).toMatchObject([{ code: 4403 }]);
    expect(ann.view?.players.find(({ id }) => id === cy.id)).toMatchObject({ isGone: true, name: 'Cy' });
  });

  it('C10: committing and discarding a draft closes its sockets with 4404', async () => {
    const { ann, bo } = await table();
    for (const how of ['draft:commit', 'draft:discard'] as const) {
      const { draftId, text } = await ann.draft();
      text.insert(0, 'Done.');
      const reader = await RawDocument.open(bo, `draft-${draftId}`);
      await until('read', () => reader.text === 'Done.');
      await ann.must(how, { draftId });
      expect(await reader.closing()).toBe(4404);
      expect(await new RawDocument(addressOf(bo, `draft-${draftId}`)).closing()).toBe(4404);
    }
    expect((await bo.story()).map(textOf)).toEqual(['Done.']);
  });
});
