import * as Y from 'yjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SessionsFixture, settled } from '../test/support/sessions-fixture.ts';
import { JournalPast, replay } from './past.ts';

describe('looking back', () => {
  let table: SessionsFixture;
  beforeEach(() => {
    table = SessionsFixture.inMemory();
  });
  afterEach(() => table.close());

  async function story(): Promise<string> {
    const { session, ownerId } = await table.create({});
    await table.passageOf(session, ownerId, 'It rains.');
    return session.id;
  }

  it('B7: of many who look back at once only a few have a story in their hands', async () => {
    const id = await story();
    let running = 0;
    let most = 0;
    const past = new JournalPast(table.history, async (what) => {
      running += 1;
      most = Math.max(most, running);
      await settled();
      running -= 1;
      return replay(what);
    });
    const looks = Array.from({ length: 50 }, () => past.storyAt(id, { seq: 1_000 }));
    const stories = await Promise.all(looks);
    expect(most).toBeLessThanOrEqual(4);
    expect(stories.map((one) => one?.passages.length)).toEqual(looks.map(() => 1));
  });

  it('B7: who would wait behind very many is told to come again, and nobody else suffers', async () => {
    const id = await story();
    const failures: unknown[] = [];
    let isBroken = true;
    const past = new JournalPast(table.history, (what) => {
      if (isBroken) throw new Error('broken');
      return replay(what);
    });
    const looks = Array.from({ length: 500 }, () =>
      past.storyAt(id, { seq: 1_000 }).catch((error: unknown) => failures.push((error as Error).message)),
    );
    await Promise.all(looks);
    expect(new Set(failures).size).toBe(2);
    expect(failures.filter((message) => message === 'broken').length).toBeLessThan(100);
    isBroken = false;
    expect((await past.storyAt(id, { seq: 1_000 }))?.passages).toHaveLength(1);
  });

  it('G1: what a purge left of an update is replayed without trouble, before and after it', async () => {
    const { session, ownerId: owner } = await table.create({});
    const bad = await table.narratorPassage(session, owner, 'A secret.');
    const then = session.kernel.journal.seq;
    await table.must(session, owner, 'session:purge', { passageIds: [bad] });
    for (let round = 0; round < 20; round += 1) await table.tick();
    for (let seq = 1; seq <= session.kernel.journal.seq; seq += 1) {
      const past = await table.past.storyAt(session.id, { seq });
      expect(JSON.stringify(past)).not.toContain('secret');
      if (seq === then) expect(past?.passages).toMatchObject([{ id: bad, state: 'shown' }]);
    }
    expect(Y.encodeStateVector(session.kernel.story.doc).byteLength).toBeGreaterThan(1);
  });
});
