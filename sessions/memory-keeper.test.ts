import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { threeAtTheTable, type ThreeAtTheTable } from '../test/support/three-at-the-table.ts';

let seats: ThreeAtTheTable;
beforeEach(async () => {
  seats = await threeAtTheTable({});
});
afterEach(() => seats.table.close());

const story = () => seats.session.kernel.story;
const counting = () => story().currentMemory();

async function write(count: number, word = 'Passage'): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1)
    ids.push(
      await seats.table.passageOf(seats.session, seats.ann, `${word} ${index} tells of something new.`),
    );
  return ids;
}

/** The story rests, and all background jobs have their turn. */
async function rest(): Promise<void> {
  for (let round = 0; round < 12; round += 1) {
    seats.table.clock.advance(2_000);
    await seats.table.tick();
  }
}

async function told(): Promise<{ facts: string[]; summaries: string[] }> {
  const { table, session, owner } = seats;
  const { turnId = '' } = await table.must(session, owner, 'narrator:ask', {});
  const context = table.narrator.begin(turnId)!;
  table.narrator.finish(turnId, 'stopped');
  await table.tick();
  const { facts, summaries } = context.memory;
  return { facts: facts.map(({ text }) => text), summaries: summaries.map(({ text }) => text) };
}

describe('memory', () => {
  it('E1, E3: each eight passages are told by a summary that names them, in the background', async () => {
    const ids = await write(17);
    expect(counting()).toEqual([]);
    await rest();
    expect(counting().map(({ span, sources }) => [span, sources.map(({ passageId }) => passageId)])).toEqual([
      ['passages', ids.slice(0, 8)],
      ['passages', ids.slice(8, 16)],
    ]);
    expect((await told()).summaries).toHaveLength(2);
  });

  it('E1: an ended scene is told as a whole, and its parts no longer', async () => {
    const { table, session, owner } = seats;
    await write(9, 'Early');
    await table.must(session, owner, 'scene:begin', { title: 'Later' });
    await write(1, 'Late');
    await rest();
    expect(counting().map(({ span }) => span)).toEqual(['passages', 'passages', 'scene']);
    expect((await told()).summaries).toHaveLength(1);
  });

  it('E2: what comes from a passage that is struck, edited or left behind is in no prompt from then on', async () => {
    const { table, session, owner, ann } = seats;
    const ids = await write(9);
    await rest();
    const before = (await told()).summaries;
    expect(before).toHaveLength(1);
    await table.must(session, ann, 'passage:strike', { passageId: ids[3]! });
    expect((await told()).summaries).toEqual([]);
    await table.must(session, ann, 'passage:restore', { passageId: ids[3]! });
    expect((await told()).summaries).toEqual(before);
    await table.must(session, owner, 'branch:create', { passageId: ids[2]!, name: 'Other' });
    expect((await told()).summaries).toEqual([]);
    await table.must(session, owner, 'branch:switch', { branchId: 'main' });
    const { draftId = '' } = await table.must(session, ann, 'passage:reopen', { passageId: ids[0]! });
    const writer = table.writer(session, ann, `draft-${draftId}`);
    await table.exchange(writer);
    writer.type(0, 'Otherwise: ');
    await table.exchange(writer);
    await table.must(session, ann, 'draft:commit', { draftId });
    expect((await told()).summaries).toEqual([]);
    await rest();
    expect((await told()).summaries[0]).toContain('Otherwise');
  });

  it('E2, K8: a rollback forgets what it takes, and taking it back remembers it', async () => {
    const { table, session, owner } = seats;
    const ids = await write(9);
    await rest();
    const before = await told();
    const scope = { kind: 'point', to: { passageId: ids[4]! } } as const;
    const { rollbackId = '' } = await table.must(session, owner, 'rollback:execute', {
      scope,
      timing: 'now',
    });
    expect((await told()).summaries).toEqual([]);
    await table.must(session, owner, 'rollback:execute', { scope: { kind: 'undo', rollbackId } });
    expect(await told()).toEqual(before);
  });

  it('E4: people write, change, pin and delete; a deleted summary is not made again', async () => {
    const { table, session, ann } = seats;
    await write(9);
    await rest();
    const [summary] = counting();
    const { itemId = '' } = await table.must(session, ann, 'memory:add', { text: 'Mia is afraid of dogs.' });
    expect((await told()).facts).toEqual(['Mia is afraid of dogs.']);
    await table.must(session, ann, 'memory:edit', { itemId, text: 'Mia likes dogs.' });
    await table.must(session, ann, 'memory:pin', { itemId: summary!.id, isPinned: true });
    await table.must(session, ann, 'memory:delete', { itemId: summary!.id });
    await rest();
    expect(await told()).toEqual({ facts: ['Mia likes dogs.'], summaries: [] });
    await table.must(session, ann, 'memory:delete', { itemId });
    expect(story().memory()).toEqual([]);
    expect(await table.run(session, ann, 'memory:delete', { itemId })).toMatchObject({
      code: 'MEMORY_UNKNOWN',
    });
  });

  it('E3: a summariser that cannot now is asked again later; what changed meanwhile is not told as it was', async () => {
    const { table } = seats;
    table.summariser.isOff = true;
    await write(8);
    await rest();
    expect(counting()).toEqual([]);
    table.summariser.isOff = false;
    table.clock.advance(60_000);
    await table.tick();
    await rest();
    expect(counting()).toHaveLength(1);
  });
});
