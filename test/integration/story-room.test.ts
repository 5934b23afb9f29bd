import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gather, textOf, TestPlayer } from '../support/player.ts';
import { TestServer } from '../support/taleloom.ts';
import { until } from '../support/wait.ts';

describe('a session over real sockets', () => {
  let server: TestServer;
  const all: TestPlayer[] = [];

  async function players(...args: Parameters<typeof gather> extends [string, ...infer R] ? R : never) {
    const gathered = await gather(server.url, ...args);
    all.push(...gathered);
    return gathered;
  }

  beforeAll(async () => {
    server = await TestServer.startScripted(['The storm broke. Rain fell on the deck. Nobody spoke.']);
  });
  afterAll(async () => {
    for (const player of all) player.close();
    await server.stop();
  });

  it('W1: two writers type in one draft at once, and the commit keeps every word under its author', async () => {
    const [ann, bo] = (await players({}, [{ name: 'Bo' }])) as [TestPlayer, TestPlayer];
    const mine = await ann.draft();
    const theirs = await bo.draft(mine.draftId);
    mine.text.insert(0, 'Ann begins. ');
    await until('Bo sees it', () => theirs.text.toString() === 'Ann begins. ');
    theirs.text.insert(theirs.text.length, 'Bo goes on.');
    await until('Ann sees it', () => mine.text.toString() === 'Ann begins. Bo goes on.');
    const { passageId } = await ann.must('draft:commit', { draftId: mine.draftId });
    const passage = await until('passage', async () => (await bo.story()).find((p) => p.id === passageId));
    expect(passage.alternatives[0]!.spans).toEqual([
      { author: ann.id, text: 'Ann begins. ' },
      { author: bo.id, text: 'Bo goes on.' },
    ]);
  });

  it('N1: the narrator writes a passage sentence by sentence as its own author', async () => {
    const [ann] = (await players()) as [TestPlayer];
    const { turnId } = await ann.must('narrator:ask', { direction: 'a storm breaks' });
    const passage = await until('passage', async () =>
      (await ann.story()).find((p) => p.turnId === turnId && p.alternatives[0]!.state === 'complete'),
    );
    expect(textOf(passage)).toBe('The storm broke. Rain fell on the deck. Nobody spoke.');
    expect(passage.by).toBe('narrator');
    await until('turn over', () => ann.view?.narrator.turns.length === 0);
    await ann.must('narrator:retry', { passageId: passage.id });
    const retried = await until('second alternative', async () =>
      (await ann.story()).find((p) => p.alternatives.length === 2 && p.alternatives[1]!.state === 'complete'),
    );
    expect(retried.chosen).toBe(1);
    await ann.must('passage:choose', { passageId: passage.id, alternativeId: passage.alternatives[0]!.id });
    await until('first chosen again', async () => (await ann.story())[0]?.chosen === 0);
  });

  it('D5: everything is there after a restart and after a reload', async () => {
    const [ann, bo] = (await players({ title: 'Kept' }, [{ name: 'Bo' }])) as [TestPlayer, TestPlayer];
    await ann.write('First passage.');
    const draft = await bo.draft();
    draft.text.insert(0, 'half a thought');
    await ann.must('talk:say', { text: 'back soon' });
    await until('talk', () => bo.talk.length === 1);
    const reader = await ann.draft(draft.draftId);
    await until('stored', () => reader.text.toString() === 'half a thought');
    for (const player of all) player.close();
    await server.kill('SIGTERM');
    await server.restart();
    const again = new TestPlayer(server.url);
    again.cookie = ann.cookie;
    all.push(await again.join(ann.sessionId));
    expect(again.id).toBe(ann.id);
    expect((await again.story()).map(textOf)).toEqual(['First passage.']);
    expect((await again.draft(draft.draftId)).text.toString()).toBe('half a thought');
    expect(again.talk.map((line) => line.text)).toEqual(['back soon']);
  });
});
