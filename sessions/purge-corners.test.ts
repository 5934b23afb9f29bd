import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { IDLE_MS } from '../test/support/sessions-fixture.ts';
import { deskOf, threeAtTheTable, type ThreeAtTheTable } from '../test/support/three-at-the-table.ts';
import { storedText } from '../test/support/stored-text.ts';
import { AppError } from './errors.ts';
import type { NarratorSight } from './sight.ts';

const SECRET = 'Elm Street 14';

const sight = (parts: NarratorSight['parts']): NarratorSight => ({
  ...{ model: 'm', version: 'v', sampling: { temperature: 1, topP: 1, minP: 0 }, seed: 1, parts },
  ...{ droppedPassageIds: [], droppedMemoryIds: [] },
  ...{ contextTokens: 1, promptTokens: 1, maxTokens: 1, outputTokens: 1 },
});

let seats: ThreeAtTheTable;
beforeEach(async () => {
  seats = await threeAtTheTable({});
});
afterEach(() => seats.table.close());

const stored = () => storedText(seats.table, seats.session.id);

async function finished(): Promise<void> {
  for (let round = 0; round < 20; round += 1) await seats.table.tick();
}

async function purge(of: { passageIds?: string[]; talkIds?: string[] }): Promise<void> {
  const { table, session, owner } = seats;
  await table.must(session, owner, 'session:purge', of);
  await finished();
  expect(session.kernel.state.history.purges).toEqual([]);
}

/** Ends a narrator turn that was given some parts. */
async function ended(turnId: string, parts: NarratorSight['parts']): Promise<void> {
  const { narrator } = seats.table;
  const { desk } = narrator.asked.find(({ turn }) => turn.turnId === turnId)!;
  desk.complete(turnId, {
    ...{ finish: 'end', model: 'm', inputTokens: 1, outputTokens: 1, droppedPassageIds: [] },
    ...{ clippedTo: null, withheldSentences: 0, sight: sight(parts) },
    ...{ promptHash: null, reusedTokens: 0 },
    timing: { queueMs: 0, prefillMs: 0, decodeMs: 0, postMs: 0, totalMs: 0 },
  });
  await seats.table.tick();
}

describe('what else holds a purged text', () => {
  it('G1: the original of a line of talk that was masked, and one that was let through', async () => {
    const { table, session, owner, ann, ben, gm } = seats;
    await table.must(session, ann, 'talk:say', { text: `MASKED ${SECRET}` });
    await table.must(session, ben, 'talk:say', { text: `HELD ${SECRET}` });
    const holdId = deskOf(gm).review!.holds.find(({ state }) => state === 'open')!.id;
    await table.must(session, owner, 'hold:decide', { holdId, decision: 'approve' });
    await table.must(session, ben, 'talk:say', { text: 'MASKED but kept' });
    await session.settle();
    const { talk } = session.kernel.state;
    expect(talk).toHaveLength(3);
    await purge({ talkIds: talk.slice(0, 2).map(({ id }) => id) });
    expect(JSON.stringify(session.kernel.state)).not.toContain(SECRET);
    expect(await stored()).not.toContain(SECRET);
    expect(await stored()).toContain('MASKED but kept');
    expect(session.kernel.state.safety.holds).toHaveLength(1);
  });

  it('G1: an earlier version that was refused, and one that was let through after an appeal', async () => {
    const { table, session, owner, ann, ben, gm } = seats;
    const draftId = await table.draftWith(session, ann, `BLOCKED ${SECRET}`);
    expect(await table.run(session, ann, 'draft:commit', { draftId })).toMatchObject({ ok: false });
    const writer = table.writer(session, ann, `draft-${draftId}`);
    await table.exchange(writer);
    writer.erase(0, 'BLOCKED '.length);
    await table.exchange(writer);
    const { passageId: first = '' } = await table.must(session, ann, 'draft:commit', { draftId });
    const other = await table.draftWith(session, ben, `BLOCKED ${SECRET}`);
    expect(await table.run(session, ben, 'draft:commit', { draftId: other })).toMatchObject({ ok: false });
    const hold = session.kernel.state.safety.holds.find(({ by }) => by === ben)!;
    await table.must(session, ben, 'hold:appeal', { holdId: hold.id, text: 'Why?' });
    const { passageId: second = '' } = await table.must(session, owner, 'hold:decide', {
      holdId: hold.id,
      decision: 'approve',
    });
    expect(deskOf(gm).review!.holds).not.toEqual([]);
    await session.settle();
    await purge({ passageIds: [first, second] });
    expect(JSON.stringify(session.kernel.state)).not.toContain(SECRET);
    expect(await stored()).not.toContain(SECRET);
  });

  it('G1: labelled rows, also when the purge has to be tried again', async () => {
    const { table, session, owner, ann } = seats;
    await table.must(session, owner, 'session:zero', { mayLearn: true });
    const draftId = await table.draftWith(session, ann, `HELD ${SECRET}`);
    const { passageId = '' } = await table.must(session, ann, 'draft:commit', { draftId });
    const holdId = session.kernel.state.safety.holds[0]!.id;
    await table.must(session, owner, 'hold:decide', { holdId, decision: 'approve' });
    expect(table.log.labels).toHaveLength(1);
    const failing = vi.spyOn(table.log, 'purge').mockRejectedValueOnce(new AppError('STORAGE_UNAVAILABLE'));
    await table.must(session, owner, 'session:purge', { passageIds: [passageId] });
    await finished();
    expect(failing).toHaveBeenCalledTimes(1);
    expect(table.troubles).toMatchObject([{ what: 'purge-failed' }]);
    table.clock.advance(30_000);
    await finished();
    expect(session.kernel.state.history.purges).toEqual([]);
    expect(table.log.labels).toEqual([]);
  });

  it('G1: what a turn of the narrator was given that ends only after the purge', async () => {
    const { table, session, owner, ann } = seats;
    const bad = await table.passageOf(session, ann, SECRET);
    const item = { id: 'm1', kind: 'fact', text: SECRET, isPinned: false, by: 'narrator', at: 1 } as const;
    const sources = [{ passageId: bad, revision: 'r' }];
    session.kernel.changeStory([{ op: 'remember', item: { ...item, sources, span: null } }]);
    const { turnId = '' } = await table.must(session, owner, 'narrator:ask', {});
    table.narrator.begin(turnId);
    await table.durable(table.narrator.say(turnId, 'It rains.'));
    await purge({ passageIds: [bad] });
    await ended(turnId, [
      { kind: 'passage', id: bad, text: SECRET, isClipped: false },
      { kind: 'fact', id: 'm1', text: SECRET, isClipped: false },
      { kind: 'title', id: null, text: 'The lamp', isClipped: false },
    ]);
    expect(table.generations.records).toHaveLength(1);
    expect(await stored()).not.toContain(SECRET);
    expect(JSON.stringify(table.generations.records)).toContain('The lamp');
  });

  it('G1: what the narrator was asked to write, when it is stopped by the purge itself', async () => {
    const { table, session, owner } = seats;
    const { turnId = '' } = await table.must(session, owner, 'narrator:ask', { direction: SECRET });
    table.narrator.begin(turnId);
    await table.durable(table.narrator.say(turnId, `It is at ${SECRET}.`));
    const bad = session.kernel.story.passages()[0]!.id;
    const stop = vi.spyOn(table.narrator, 'stop').mockImplementation(() => undefined);
    await table.must(session, owner, 'session:purge', { passageIds: [bad] });
    await ended(turnId, [{ kind: 'written', id: null, text: SECRET, isClipped: false }]);
    stop.mockRestore();
    await finished();
    expect(JSON.stringify(session.kernel.story.passages())).not.toContain(SECRET);
    expect(table.generations.records).toEqual([]);
    expect(await stored()).not.toContain(SECRET);
  });
});

describe('what an X-card takes out of sight', () => {
  it('B2, E5: is not kept with what a turn was given that it ended', async () => {
    const { table, session, owner, ann, ben } = seats;
    const bad = await table.passageOf(session, ann, SECRET);
    const { turnId = '' } = await table.must(session, owner, 'narrator:ask', {});
    table.narrator.begin(turnId);
    await table.durable(table.narrator.say(turnId, 'It rains.'));
    const stop = vi.spyOn(table.narrator, 'stop').mockImplementation(() => undefined);
    await table.must(session, ben, 'safety:x-card', { passageId: bad });
    stop.mockRestore();
    table.clock.advance(1_000);
    await ended(turnId, [{ kind: 'passage', id: bad, text: SECRET, isClipped: false }]);
    expect(table.generations.records).toHaveLength(1);
    expect(JSON.stringify(table.generations.records)).not.toContain(SECRET);
  });

  it('S1, B2: is not told by the memory of the narrator either, which everybody reads', async () => {
    const { table, session, ann, ben } = seats;
    const good = await table.passageOf(session, ann, 'It rains.');
    const bad = await table.passageOf(session, ann, SECRET);
    const item = { kind: 'fact', isPinned: false, by: 'narrator', at: 1, span: null } as const;
    const from = (passageId: string) => [{ passageId, revision: 'r' }];
    session.kernel.changeStory([
      { op: 'remember', item: { ...item, id: 'm1', text: SECRET, sources: from(bad) } },
      { op: 'remember', item: { ...item, id: 'm2', text: 'Rain.', sources: from(good) } },
    ]);
    await table.must(session, ben, 'safety:x-card', { passageId: bad });
    expect(session.kernel.story.memory().map(({ id }) => id)).toEqual(['m2']);
    const fresh = table.writer(session, ben, 'story');
    await table.exchange(fresh);
    expect(JSON.stringify(fresh.doc.getMap('memory').toJSON())).not.toContain(SECRET);
  });
});

describe('purges among other things', () => {
  it('G1: two sessions purge at the same time, and both come to an end', async () => {
    const { table, session, owner, ann } = seats;
    const bad = await table.passageOf(session, ann, SECRET);
    const other = await table.create({});
    const worse = await table.passageOf(other.session, other.ownerId, SECRET);
    const payload = (passageId: string) => ({ passageIds: [passageId], talkIds: [] });
    void session.execute(owner, { name: 'session:purge', payload: payload(bad) });
    void other.session.execute(other.ownerId, { name: 'session:purge', payload: payload(worse) });
    await finished();
    expect(session.kernel.state.history.purges).toEqual([]);
    expect(other.session.kernel.state.history.purges).toEqual([]);
    expect(await stored()).not.toContain(SECRET);
  });

  it('G3: a session does not leave memory before its purge is finished', async () => {
    const { table, session, owner, ann, gm, annControl, benControl } = seats;
    const bad = await table.passageOf(session, ann, SECRET);
    for (const control of [gm, annControl, benControl]) control.leave();
    await table.tick();
    let go = (): void => undefined;
    const isHeld = new Promise<void>((resolve) => (go = resolve));
    const rewrite = table.history.rewrite.bind(table.history);
    vi.spyOn(table.history, 'rewrite').mockImplementationOnce(async (...of) => {
      await isHeld;
      return rewrite(...of);
    });
    await table.must(session, owner, 'session:purge', { passageIds: [bad] });
    table.clock.advance(3 * IDLE_MS);
    await finished();
    go();
    await finished();
    const again = await table.durable(table.sessions.open(session.id));
    expect(again.kernel.state.history.purges).toEqual([]);
    expect(await stored()).not.toContain(SECRET);
    expect(table.troubles).toEqual([]);
  });

  it('G3: a purge that failed is not tried again for a session that has left memory', async () => {
    const { table, session, owner, ann } = seats;
    const bad = await table.passageOf(session, ann, SECRET);
    const rewrite = vi.spyOn(table.history, 'rewrite');
    rewrite.mockRejectedValue(new AppError('STORAGE_UNAVAILABLE'));
    await table.must(session, owner, 'session:purge', { passageIds: [bad] });
    await finished();
    expect(rewrite).toHaveBeenCalledTimes(1);
    table.gate.break();
    await table.run(session, ann, 'talk:say', { text: 'Hello?' });
    await finished();
    table.clock.advance(120_000);
    await finished();
    expect(rewrite).toHaveBeenCalledTimes(1);
    rewrite.mockRestore();
  });
});
