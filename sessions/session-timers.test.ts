import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SessionsFixture, settled, type Made } from '../test/support/sessions-fixture.ts';
import type { TestControl } from '../test/support/test-control.ts';
import type { Session } from './session.ts';

let table: SessionsFixture;
let made: Made;
let session: Session;
let ann: string;
let ben: string;
let owner: TestControl;

beforeEach(async () => {
  table = SessionsFixture.inMemory();
  made = await table.create();
  session = made.session;
  ann = await table.join(made, 'writer', 'Ann');
  ben = await table.join(made, 'writer', 'Ben');
  owner = table.control(session, made.ownerId);
});
afterEach(() => table.close());

const current = () => session.kernel.state.turn.current;
async function pass(ms: number): Promise<void> {
  table.clock.advance(ms);
  await settled();
}

describe('timers of a session', () => {
  it('D4: while nothing can be stored no turn passes on, so that the session stays readable', async () => {
    table.control(session, ben);
    await table.must(session, made.ownerId, 'turn:mode', { mode: 'ordered', timerSeconds: 30 });
    table.gate.hold();
    const said = session.execute(ann, { name: 'talk:say', payload: { text: 'Hello' } });
    await table.tick();
    table.gate.break();
    expect(await said).toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    session = await table.sessions.open(session.id);
    const reader = table.control(session, made.ownerId);
    table.control(session, ben);
    await pass(60_000);
    await table.tick();
    expect(reader.closedWith).toBeNull();
    expect(reader.view?.about.storage).toBe('read-only');
    expect(current()).toBe(made.ownerId);
    table.gate.repair();
    await pass(2_000);
    await table.tick();
    expect(reader.view?.about.storage).toBe('ok');
    await pass(1);
    expect(current()).toBe(ben);
  });

  it('T3: a turn passes on when its time is up, to the next who is present', async () => {
    table.control(session, ben);
    await table.must(session, made.ownerId, 'turn:mode', { mode: 'ordered', timerSeconds: 30 });
    await pass(29_900);
    expect(current()).toBe(made.ownerId);
    await pass(200);
    expect(current()).toBe(ben);
    await table.tick();
    expect(owner.heard('session:noticed').map((notice) => notice.kind)).toEqual(['turn-skipped']);
    await pass(30_000);
    expect(current()).toBe(made.ownerId);
  });

  it('T3: an absent player keeps the turn for 20 seconds, so that a reload costs nothing', async () => {
    const here = table.control(session, ann);
    await table.must(session, made.ownerId, 'turn:mode', { mode: 'ordered' });
    await table.must(session, made.ownerId, 'turn:give', { playerId: ann });
    here.leave();
    await pass(15_000);
    const back = table.control(session, ann);
    await pass(60_000);
    expect(current()).toBe(ann);
    back.leave();
    await pass(19_900);
    expect(current()).toBe(ann);
    await pass(200);
    expect(current()).toBe(made.ownerId);
  });

  it('T3: every absent player gets the whole grace', async () => {
    await table.must(session, made.ownerId, 'turn:mode', { mode: 'ordered' });
    await table.must(session, made.ownerId, 'turn:give', { playerId: ann });
    await pass(15_000);
    await table.must(session, made.ownerId, 'turn:give', { playerId: ben });
    await pass(15_000);
    expect(current()).toBe(ben);
    await pass(5_100);
    expect(current()).toBe(made.ownerId);
  });

  it('T3: while nobody else is present the turn stays, and nothing is written', async () => {
    await table.must(session, made.ownerId, 'turn:mode', { mode: 'ordered' });
    owner.leave();
    const { seq } = session.kernel.journal;
    await pass(50_000);
    expect([current(), session.kernel.journal.seq]).toEqual([made.ownerId, seq]);
  });

  it('T3: a turn that was under way goes on after a restart', async () => {
    await table.must(session, made.ownerId, 'turn:mode', { mode: 'ordered', timerSeconds: 60 });
    await pass(30_000);
    await table.crash();
    session = await table.sessions.open(session.id);
    table.control(session, made.ownerId);
    table.control(session, ann);
    await pass(29_000);
    expect(current()).toBe(made.ownerId);
    await pass(1_100);
    expect(current()).toBe(ann);
  });

  it('W6: a live draft of free play commits itself when it has rested', async () => {
    await table.must(session, made.ownerId, 'session:settings', { autoCommitIdleMs: 5_000 });
    const { draftId } = await table.must(session, ann, 'draft:open', {});
    const writer = table.writer(session, ann, `draft-${draftId!}`);
    await table.exchange(writer);
    writer.type(0, 'One');
    await table.exchange(writer);
    await pass(4_000);
    writer.type(3, ' two');
    await table.exchange(writer);
    await pass(4_000);
    expect(session.kernel.story.passageCount()).toBe(0);
    await pass(1_000);
    await table.tick();
    expect(session.kernel.story.shownTexts(null).map((passage) => passage.text)).toEqual(['One two']);
    expect(writer.closedWith).toBe(4404);
  });

  it('W6: private drafts, reopened passages and other modes do not commit themselves', async () => {
    await table.must(session, made.ownerId, 'session:settings', { autoCommitIdleMs: 5_000 });
    const passageId = await table.passageOf(session, ann, 'Old');
    const { draftId } = await table.must(session, ann, 'passage:reopen', { passageId });
    const writer = table.writer(session, ann, `draft-${draftId!}`);
    await table.exchange(writer);
    writer.type(0, 'Not ');
    await table.exchange(writer);
    await table.must(session, made.ownerId, 'session:settings', { draftVisibility: 'private' });
    const secret = await table.draftWith(session, ben, 'Hidden');
    await pass(30_000);
    expect(Object.keys(session.kernel.state.drafts).toSorted()).toEqual([draftId, secret].toSorted());
  });

  it('T4: the last of the present writers to submit resolves the round', async () => {
    table.control(session, ann);
    table.control(session, ben);
    await table.must(session, made.ownerId, 'turn:mode', { mode: 'round' });
    const drafts = [await table.draftWith(session, ann, 'A'), await table.draftWith(session, ben, 'B')];
    await table.must(session, ben, 'turn:submit', { draftId: drafts[1]! });
    expect(session.kernel.story.passageCount()).toBe(0);
    await table.must(session, ann, 'turn:submit', { draftId: drafts[0]! });
    expect(session.kernel.story.shownTexts(null).map((passage) => passage.text)).toEqual(['A', 'B']);
    expect(owner.heard('session:noticed').map((notice) => notice.kind)).toEqual(['round-resolved']);
    expect(session.kernel.state.turn.round).toBe(2);
  });
});
