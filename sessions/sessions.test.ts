import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IDLE_MS, SessionsFixture, settled, TICK_MS, type Made } from '../test/support/sessions-fixture.ts';
import { CLOSE } from './wire-constants.ts';
import { hashSecret } from './secrets.ts';
import type { Session } from './session.ts';

let table: SessionsFixture;
let made: Made;
let session: Session;
let ann: string;

beforeEach(async () => {
  table = SessionsFixture.inMemory();
  made = await table.create();
  session = made.session;
  ann = await table.join(made, 'writer', 'Ann');
});
afterEach(() => table.close());

/** A live draft of Ann's with two connected writers. */
async function shared() {
  const draftId = await table.draftWith(session, ann, 'One');
  const first = table.writer(session, ann, `draft-${draftId}`);
  const second = table.writer(session, made.ownerId, `draft-${draftId}`);
  await table.exchange(first, second);
  return { draftId, first, second };
}

describe('durability', () => {
  it('D1: an update reaches others, and is acked, only once it is stored', async () => {
    const { first, second } = await shared();
    const acked = first.ackedClock;
    table.gate.hold();
    first.type(3, ' two');
    first.deliverOut();
    await table.tick();
    await table.tick();
    expect(second.connection!.toClient).toEqual([]);
    expect(first.connection!.toClient).toEqual([]);
    expect(table.gate.waitingCount).toBe(1);
    await table.gate.release();
    await settled();
    first.deliverIn();
    second.deliverIn();
    expect(second.string).toBe('One two');
    expect(first.ackedClock).toBe(acked + 4);
  });

  it('D1: answers to joiners, talk, patches and command answers wait for the store', async () => {
    const { draftId } = await shared();
    const owner = table.control(session, made.ownerId);
    await table.tick();
    table.gate.hold();
    const told = owner.events.length;
    let isAnswered = false;
    void session
      .execute(ann, { name: 'talk:say', payload: { text: 'Hello' } })
      .then(() => (isAnswered = true));
    void session.execute(made.ownerId, { name: 'draft:open', payload: { asNarrator: false } });
    const late = table.control(session, ann);
    const joiner = table.writer(session, ann, `draft-${draftId}`);
    joiner.deliverOut();
    await table.tick();
    await table.tick();
    expect([isAnswered, owner.events.length - told, late.events.length]).toEqual([false, 0, 0]);
    expect(joiner.connection!.toClient).toEqual([]);
    await table.gate.release();
    await settled();
    expect(isAnswered).toBe(true);
    expect(owner.heard('talk:said').map((line) => line.text)).toEqual(['Hello']);
    expect(owner.view?.drafts).toHaveLength(2);
    expect(late.view?.drafts).toHaveLength(2);
    joiner.deliverIn();
    expect(joiner.string).toBe('One');
  });

  it('D2: what several sessions write in a tick leaves at the same moment, one append each, in order', async () => {
    const other = await table.create({ ownerName: 'Otto' });
    await table.tick();
    table.gate.batches.splice(0);
    for (const text of ['a', 'b', 'c']) {
      void session.execute(ann, { name: 'talk:say', payload: { text } });
      void other.session.execute(other.ownerId, { name: 'talk:say', payload: { text } });
    }
    expect(table.gate.batches).toEqual([]);
    await table.tick();
    expect(table.gate.batches.map((batch) => batch.length)).toEqual([3, 3]);
    for (const batch of table.gate.batches) {
      const seqs = batch.map((record) => record.seq);
      expect(seqs).toEqual([seqs[0], seqs[0]! + 1, seqs[0]! + 2]);
    }
  });

  it('D2: a batch is not begun before the one before it is stored', async () => {
    table.gate.hold();
    void session.execute(ann, { name: 'talk:say', payload: { text: 'first' } });
    await table.tick();
    void session.execute(ann, { name: 'talk:say', payload: { text: 'second' } });
    await table.tick();
    expect(table.gate.waitingCount).toBe(1);
    await table.gate.letThrough(1);
    await settled();
    expect(table.gate.waitingCount).toBe(1);
    await table.gate.release();
  });

  it('D4: when the store fails nothing is shown, waiting commands fail, peers are closed, the session leaves', async () => {
    const { first, second } = await shared();
    const owner = table.control(session, made.ownerId);
    await table.tick();
    table.gate.hold();
    first.type(3, ' lost');
    first.deliverOut();
    const said = session.execute(ann, { name: 'talk:say', payload: { text: 'lost' } });
    await table.tick();
    const later = session.execute(ann, { name: 'talk:say', payload: { text: 'lost too' } });
    await settled();
    table.gate.break();
    await settled();
    expect([await said, await later]).toMatchObject([
      { ok: false, code: 'STORAGE_UNAVAILABLE' },
      { ok: false, code: 'STORAGE_UNAVAILABLE' },
    ]);
    expect([first.closedWith, second.closedWith, owner.closedWith]).toEqual([4503, 4503, 4503]);
    expect(second.string).toBe('One');
    expect(owner.heard('talk:said')).toEqual([]);
    expect(table.sessions.counts().sessions).toBe(0);
    expect(table.sessions.storeWorks).toBe(false);
    expect(table.troubles.map((trouble) => trouble.what)).toEqual(['store-failed']);
  });

  it('D4: sessions are read-only until a probe works, then everything goes on with what was kept', async () => {
    const { first, second, draftId } = await shared();
    table.gate.hold();
    first.type(3, ' two');
    first.deliverOut();
    await table.tick();
    table.gate.break();
    await settled();
    session = await table.sessions.open(session.id);
    const owner = table.control(session, made.ownerId);
    await table.tick();
    expect(owner.view?.about.storage).toBe('read-only');
    expect(await session.execute(ann, { name: 'draft:discard', payload: { draftId } })).toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
    });
    second.connect(session);
    await table.exchange(second);
    expect(second.string).toBe('One');
    table.clock.advance(2_000);
    await settled();
    expect(table.sessions.storeWorks).toBe(false);
    table.gate.repair();
    table.clock.advance(2_000);
    await settled();
    await table.tick();
    expect(table.sessions.storeWorks).toBe(true);
    expect(owner.view?.about.storage).toBe('ok');
    first.connect(session);
    await table.exchange(first, second);
    expect([first.string, second.string]).toEqual(['One two', 'One two']);
  });

  it('D4: an update while read-only closes its sender with 4503, a resync does not', async () => {
    const { first, second } = await shared();
    table.gate.hold();
    first.type(3, ' two');
    first.deliverOut();
    await table.tick();
    table.gate.break();
    await settled();
    session = await table.sessions.open(session.id);
    first.connect(session);
    second.connect(session);
    for (let round = 0; round < 3; round += 1) {
      first.deliverOut();
      second.deliverOut();
      await table.tick();
      first.deliverIn();
      second.deliverIn();
    }
    expect([first.closedWith, second.closedWith]).toEqual([4503, null]);
  });

  it('D4: a narrator turn that was under way ends with what was stored, and none is left behind', async () => {
    for (const isBegun of [false, true]) {
      session = await table.sessions.open(session.id);
      const { turnId } = await table.must(session, ann, 'narrator:ask', {});
      if (isBegun) table.narrator.begin(turnId!);
      await table.tick();
      table.gate.break();
      const lost = isBegun
        ? expect(table.narrator.say(turnId!, 'Lost.')).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
        : session.execute(ann, { name: 'draft:open', payload: { asNarrator: false } });
      await table.tick();
      await lost;
      table.gate.repair();
      session = await table.sessions.open(session.id);
      expect(session.kernel.state.narratorTurns).toHaveLength(1);
      table.clock.advance(2_000);
      await settled();
      for (const { turn } of [...table.narrator.asked]) {
        table.narrator.begin(turn.turnId);
        await table.durable(table.narrator.say(turn.turnId, 'Again.'));
        table.narrator.finish(turn.turnId);
      }
      await table.tick();
      expect(session.kernel.state.narratorTurns).toEqual([]);
    }
    expect(session.kernel.story.shownTexts(null).map((passage) => passage.text)).toEqual([
      'Again.',
      'Again.',
    ]);
  });

  it('D8: a peer that throws does not keep the others from being told', async () => {
    const { first, second } = await shared();
    second.connection!.send = () => {
      throw new Error('This socket is broken.');
    };
    const owner = table.control(session, made.ownerId);
    first.type(0, 'x');
    first.deliverOut();
    const said = table.run(session, ann, 'talk:say', { text: 'Hello' });
    expect(await said).toMatchObject({ ok: true });
    expect(owner.heard('talk:said')).toHaveLength(1);
    expect(table.troubles[0]).toMatchObject({ what: 'telling-failed' });
  });

  it('D7: a snapshot that could not be saved is told and loses nothing', async () => {
    table.gate.saveSnapshots = () => Promise.reject(new Error('no room'));
    await table.passageOf(session, ann, 'Kept.');
    await table.restart();
    expect(table.troubles.map((trouble) => trouble.what)).toEqual(['snapshot-failed']);
    session = await table.sessions.open(session.id);
    expect(session.kernel.story.passages()).toHaveLength(1);
  });
});

describe('sessions in memory', () => {
  it('D6: a session that nobody uses leaves memory, and comes back as it was', async () => {
    const passageId = await table.passageOf(session, ann, 'A lamp.');
    const { state } = session.kernel;
    expect(table.sessions.counts()).toMatchObject({ sessions: 1, players: 0 });
    table.clock.advance(IDLE_MS);
    await settled();
    expect(table.sessions.counts().sessions).toBe(0);
    expect(table.clock.pending).toBe(0);
    session = await table.sessions.open(session.id);
    expect(session.kernel.state).toEqual(state);
    expect(session.kernel.story.passage(passageId)).not.toBeNull();
  });

  it('D6: a session stays while somebody is connected or the narrator has a turn of it', async () => {
    const owner = table.control(session, made.ownerId);
    table.clock.advance(IDLE_MS * 3);
    await settled();
    expect(table.sessions.counts()).toEqual({ sessions: 1, active: 1, players: 1 });
    const { turnId } = await table.must(session, ann, 'narrator:ask', {});
    table.narrator.begin(turnId!);
    owner.leave();
    table.clock.advance(IDLE_MS * 3);
    await settled();
    expect(table.sessions.counts()).toEqual({ sessions: 1, active: 1, players: 0 });
  });

  it('D6: what comes in while a session is being unloaded is not lost and no second one arises', async () => {
    await table.passageOf(session, ann, 'A lamp.');
    const say = (text: string) => session.execute(ann, { name: 'talk:say', payload: { text } });
    const unloadAt = session.kernel.state.createdAt + IDLE_MS;
    table.clock.advance(unloadAt - 2 * TICK_MS - table.clock.now());
    await settled();
    const said = say('before');
    table.gate.hold();
    table.clock.advance(TICK_MS);
    await settled();
    table.clock.advance(TICK_MS);
    await settled();
    const meanwhile = say('meanwhile');
    await table.gate.letThrough(1);
    await settled();
    // The batch that waits now is the one that the unloading itself writes.
    const owner = session.door.createInvite(session.kernel.state.players[made.ownerId]!, 'writer', 5);
    await table.gate.release();
    await settled();
    session = await table.sessions.open(session.id);
    expect(await table.durable(Promise.all([said, meanwhile, owner]))).toMatchObject(
      Array(3).fill({ ok: true }),
    );
    await table.must(session, ann, 'talk:say', { text: 'after' });
    expect(table.troubles).toEqual([]);
    expect(session.kernel.state.talk.map((line) => line.text)).toEqual(['before', 'meanwhile', 'after']);
    expect(Object.keys(session.kernel.state.invites)).toHaveLength(4);
  });

  it('D9: a closed session refuses whoever comes too late and starts no timers', async () => {
    await table.must(session, made.ownerId, 'turn:mode', { mode: 'ordered', timerSeconds: 30 });
    const owner = table.control(session, made.ownerId);
    await table.tick();
    const old = session;
    await table.sessions.close();
    expect(owner.closedWith).toBe(CLOSE.restart);
    expect(table.clock.pending).toBe(0);
    expect(table.control(old, ann).closedWith).toBe(0);
    const joined = old.documents.join('story', table.writer(old, ann, 'story').connection ?? ({} as never));
    expect(joined.ok).toBe(false);
    expect(await old.execute(ann, { name: 'talk:say', payload: { text: 'x' } })).toMatchObject({ ok: false });
    const request = {
      identityHash: hashSecret('x'),
      name: 'X',
      inviteHash: hashSecret(made.answer.invites[1]!.secret),
    };
    expect(await old.door.join(request)).toMatchObject({ ok: false });
    table.clock.advance(60_000);
    await settled();
    expect(table.clock.pending).toBe(0);
    expect(table.troubles).toEqual([]);
    await expect(table.sessions.open(old.id)).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
  });

  it('D9: after a failed store no timer of the lost session is left', async () => {
    await table.must(session, made.ownerId, 'turn:mode', { mode: 'ordered', timerSeconds: 30 });
    table.control(session, made.ownerId);
    table.gate.break();
    void session.execute(ann, { name: 'talk:say', payload: { text: 'x' } });
    await table.tick();
    table.gate.repair();
    table.clock.advance(2_000);
    await settled();
    table.clock.advance(TICK_MS);
    expect(table.clock.pending).toBe(0);
  });

  it('D5: opening the same session twice at once loads it once', async () => {
    await table.restart();
    const [first, second] = await Promise.all([
      table.sessions.open(session.id),
      table.sessions.open(session.id),
    ]);
    expect(first).toBe(second);
    await expect(table.sessions.open('nobody')).rejects.toMatchObject({ code: 'SESSION_UNKNOWN' });
  });

  it('D5: a session with many records is rebuilt from snapshots and a short tail', async () => {
    for (let line = 0; line < 1_100; line += 1)
      void session.execute(ann, { name: 'talk:say', payload: { text: `line ${line}` } });
    await table.tick();
    await table.must(session, ann, 'talk:say', { text: 'last' });
    const stored = (await table.inner.load(session.id))!;
    expect(stored.snapshots.map((snapshot) => snapshot.doc).toSorted()).toEqual(['state', 'story']);
    expect(stored.tail.length).toBeLessThan(10);
    await table.crash();
    const again = await table.sessions.open(session.id);
    expect(again.kernel.state).toEqual(session.kernel.state);
    expect(again.kernel.state.talk).toHaveLength(200);
  });

  it('D5: a damaged stored session is refused and the others are not touched', async () => {
    await table.inner.create('broken', 1);
    const data = new TextEncoder().encode('{"type":"nothing"}');
    await table.inner.append('broken', [{ seq: 1, at: 1, kind: 'event', doc: 'state', author: null, data }]);
    await expect(table.sessions.open('broken')).rejects.toMatchObject({ code: 'INTERNAL' });
    await table.must(session, ann, 'talk:say', { text: 'fine' });
  });
});
