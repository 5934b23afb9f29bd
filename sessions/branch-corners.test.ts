import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { movesAt, threeAtTheTable, type ThreeAtTheTable } from '../test/support/three-at-the-table.ts';
import { LIMITS } from './limits.ts';
import { currentMemory, revisionOf, type MemoryItem } from './memory-shape.ts';
import { NARRATOR, spansText } from './story-shape.ts';

let seats: ThreeAtTheTable;
beforeEach(async () => {
  seats = await threeAtTheTable({});
});
afterEach(() => seats.table.close());

const story = () => seats.session.kernel.story;
const write = (text: string) => seats.table.passageOf(seats.session, seats.ann, text);
const { asked, decide } = movesAt(() => seats);

const item = (id: string, of: Partial<MemoryItem>): MemoryItem => ({
  id,
  kind: 'fact',
  text: `Fact ${id}.`,
  sources: [],
  isPinned: false,
  by: NARRATOR,
  at: 1,
  span: null,
  ...of,
});
const source = (passageId: string) => ({ passageId, revision: revisionOf(story().passage(passageId)!) });
const remember = (items: readonly MemoryItem[]) =>
  story().apply(items.map((one) => ({ op: 'remember' as const, item: one })));

/** The story rests, and all background jobs have their turn. */
async function rest(): Promise<void> {
  for (let round = 0; round < 12; round += 1) {
    seats.table.clock.advance(2_000);
    await seats.table.tick();
  }
}

describe('the narrator and branches', () => {
  it('B3, B4: what it began on a branch lands there, also when the table has switched meanwhile', async () => {
    const { table, session, owner } = seats;
    const first = await write('One.');
    await table.must(session, owner, 'branch:create', { passageId: first, name: 'Otherwise' });
    const other = story().branchId();
    await table.must(session, owner, 'branch:switch', { branchId: 'main' });
    const second = await write('Two.');
    const turnId = await asked();
    let judge = (): void => undefined;
    table.moderator.gate = new Promise((resolve) => {
      judge = resolve;
    });
    // The engine stops a moment later than it is told to.
    table.narrator.stop = () => undefined;
    const said = table.narrator.say(turnId, 'It goes on from two.');
    await table.must(session, owner, 'branch:switch', { branchId: other });
    judge();
    await table.durable(said);
    table.narrator.finish(turnId, 'stopped');
    await table.tick();
    expect(story().line()).toEqual([first]);
    expect(story().line('main').slice(0, 2)).toEqual([first, second]);
    const late = story().line('main')[2];
    expect(spansText(story().passage(late!)!.alternatives[0]!.spans)).toBe('It goes on from two.');
  });

  it('B3: a request that waits while the table switches is for where the table is then', async () => {
    const { table, session, owner } = seats;
    const first = await write('One.');
    await write('Two.');
    const { turnId = '' } = await table.must(session, owner, 'narrator:ask', {});
    await table.must(session, owner, 'branch:create', { passageId: first, name: 'Otherwise' });
    const context = table.narrator.begin(turnId)!;
    expect(context.passages.map(({ text }) => text)).toEqual(['One.']);
    await table.durable(table.narrator.say(turnId, 'Elsewhere.'));
    table.narrator.finish(turnId);
    await table.tick();
    expect(story().line()).toHaveLength(2);
    expect(story().line('main')).toHaveLength(2);
  });

  it('E2: for a passage of another branch it remembers that branch, not the one in play', async () => {
    const { table, session, owner } = seats;
    const first = await write('One.');
    const second = await write('Two.');
    const passageId = await table.narratorPassage(session, owner, 'Three.');
    await table.must(session, owner, 'branch:create', { passageId: first, name: 'Otherwise' });
    const elsewhere = await write('Elsewhere.');
    remember([
      item('a', { sources: [source(second)] }),
      item('b', { sources: [source(elsewhere)] }),
      item('c', { sources: [source(first)] }),
    ]);
    const { turnId = '' } = await table.must(session, owner, 'narrator:retry', { passageId });
    const { memory, passages } = table.narrator.begin(turnId)!;
    expect(passages.map(({ id }) => id)).toEqual([first, second]);
    expect(memory.facts.map(({ id }) => id).sort()).toEqual(['a', 'c']);
  });
});

describe('memory', () => {
  it('E4: people write also when the narrator has filled its memory by itself', async () => {
    const { table, session, ann } = seats;
    remember(Array.from({ length: LIMITS.memoryItems }, (_, index) => item(`f${index}`, {})));
    await table.must(session, ann, 'memory:add', { text: 'The lamp never goes out.' });
    remember(Array.from({ length: LIMITS.memoryItems - 1 }, (_, index) => item(`p${index}`, { by: ann })));
    expect(await table.run(session, ann, 'memory:add', { text: 'One more.' })).toMatchObject({
      code: 'MEMORY_FULL',
    });
  });

  it('E2: a passage that gets its held end is told anew', async () => {
    const { table, session, owner } = seats;
    const { turnId = '' } = await table.must(session, owner, 'narrator:ask', {});
    table.narrator.begin(turnId);
    await table.durable(table.narrator.say(turnId, 'It began.'));
    for (const _try of [1, 2])
      await table.durable(table.narrator.say(turnId, 'A HELD end.').catch(() => undefined));
    table.narrator.breakDown(turnId);
    await table.tick();
    const passageId = story().line()[0]!;
    remember([item('a', { sources: [source(passageId)] })]);
    const before = source(passageId).revision;
    await decide({});
    expect(spansText(story().passage(passageId)!.alternatives[0]!.spans)).toBe('It began. A HELD end.');
    expect(source(passageId).revision).not.toBe(before);
    expect(currentMemory(story().doc, story().line())).toEqual([]);
  });

  it('E3: full of what counts, it forgets single facts, and tells nothing over and over', async () => {
    const { table } = seats;
    const ids: string[] = [];
    for (let index = 0; index < 16; index += 1) ids.push(await write(`Passage ${index} tells of it.`));
    await rest();
    const summaries = story().memory();
    expect(summaries).toHaveLength(2);
    // As one that has nothing to say, it is kept so that it is not asked for again.
    remember([{ ...summaries[0]!, text: '' }]);
    const facts = Array.from({ length: LIMITS.memoryItems - 2 }, (_, index) =>
      item(`f${index}`, { at: 10_000 + index, sources: [source(ids[0]!)] }),
    );
    remember(facts);
    const told = table.summariser.asked.length;
    for (let index = 0; index < 8; index += 1) await write(`Passage ${index} tells of more.`);
    await rest();
    expect(table.summariser.asked).toHaveLength(told + 1);
    const now = story().memory();
    expect(now.filter(({ kind }) => kind === 'summary')).toHaveLength(2);
    expect(now.some(({ id }) => id === 'f0')).toBe(false);
  });
});
