import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { threeAtTheTable, type ThreeAtTheTable } from '../test/support/three-at-the-table.ts';
import type { RollbackScope } from './history-view.ts';
import { chosenText } from './story-shape.ts';

let seats: ThreeAtTheTable;
beforeEach(async () => {
  seats = await threeAtTheTable({ ben: 'gm' });
});
afterEach(() => seats.table.close());

const story = () => seats.session.kernel.story;
const state = () => seats.session.kernel.state;
const shown = () =>
  story()
    .passages()
    .filter((passage) => passage.state === 'shown')
    .map(chosenText);
const write = (playerId: string, text: string) => seats.table.passageOf(seats.session, playerId, text);
const behind = (passageId: string): RollbackScope => ({ kind: 'point', to: { passageId } });

async function checkpoint(): Promise<RollbackScope> {
  const { table, session, owner } = seats;
  const { checkpointId = '' } = await table.must(session, owner, 'checkpoint:save', { name: 'Here' });
  table.clock.advance(1_000);
  return { kind: 'point', to: { checkpointId } };
}

/** Somebody is writing, and a game master's rollback waits for the end of that. */
async function waiting(scope: RollbackScope): Promise<string> {
  const { table, session, ann, ben } = seats;
  const draftId = await table.draftWith(session, ann, 'Under way.');
  await table.must(session, ben, 'rollback:execute', { scope, timing: 'turn' });
  await table.tick();
  expect(state().history.pending).not.toBeNull();
  return draftId;
}

async function endTurn(draftId: string): Promise<void> {
  const { table, session, ann } = seats;
  await table.must(session, ann, 'draft:commit', { draftId });
  await table.tick();
  await table.tick();
}

describe('a rollback that waits', () => {
  it('K10: takes place also when another one came before it', async () => {
    const { ann, owner, table, session } = seats;
    await write(ann, 'One.');
    const scope = await checkpoint();
    await write(ann, 'Two.');
    const third = await write(ann, 'Three.');
    const draftId = await waiting(scope);
    const at = { kind: 'passage', passageId: third } as const;
    await table.must(session, owner, 'rollback:execute', { scope: at, timing: 'now' });
    await endTurn(draftId);
    expect(state().history.pending).toBeNull();
    expect(shown()).toEqual(['One.']);
  });

  it('K10: is called off when the table plays on another branch by then', async () => {
    const { ann, owner, table, session } = seats;
    const first = await write(ann, 'One.');
    await write(ann, 'Two.');
    const draftId = await waiting(behind(first));
    await table.must(session, owner, 'branch:create', { passageId: first, name: 'Otherwise' });
    await endTurn(draftId);
    expect(state().history.pending).toBeNull();
    expect(shown()).toEqual(['One.', 'Two.', 'Under way.']);
  });

  it('R5, K10: is called off when who ordered it leads no more', async () => {
    const { ann, ben, owner, table, session } = seats;
    const first = await write(ann, 'One.');
    await write(ann, 'Two.');
    const draftId = await waiting(behind(first));
    await table.must(session, owner, 'player:role', { playerId: ben, role: 'writer' });
    await endTurn(draftId);
    expect(state().history.pending).toBeNull();
    expect(shown()).toEqual(['One.', 'Two.', 'Under way.']);
  });

  it('K10: reads again what could not be read when it was ordered', async () => {
    const { ann, ben, table, session } = seats;
    await write(ann, 'One.');
    const scope = await checkpoint();
    await write(ann, 'Two.');
    await table.draftWith(session, ann, 'Under way.');
    const storyAt = table.past.storyAt.bind(table.past);
    let reads = 0;
    table.past.storyAt = (...of) => {
      reads += 1;
      return reads === 2 ? Promise.reject(new Error('The disk is slow.')) : storyAt(...of);
    };
    await table.must(session, ben, 'rollback:execute', { scope, timing: 'turn' });
    await table.tick();
    expect(reads).toBe(2);
    table.clock.advance(5 * 60_000);
    for (let round = 0; round < 4; round += 1) await table.tick();
    expect(state().history.pending).toBeNull();
    expect(shown()).toEqual(['One.']);
  });

  it('K2, K10: goes back to the branch that was played then, also where no passage changes', async () => {
    const { ann, owner, table, session } = seats;
    const first = await write(ann, 'One.');
    const scope = await checkpoint();
    await table.must(session, owner, 'branch:create', { passageId: first, name: 'Otherwise' });
    const draftId = await waiting(scope);
    await table.must(session, ann, 'draft:discard', { draftId });
    await table.tick();
    await table.tick();
    expect(state().history.pending).toBeNull();
    expect(story().branchId()).toBe('main');
  });

  it('K10: on a branch, what goes from another branch than the one in play is left out there', async () => {
    const { ann, owner, table, session } = seats;
    const first = await write(ann, 'One.');
    const scope = await checkpoint();
    const second = await write(ann, 'Two.');
    await table.must(session, owner, 'branch:create', { passageId: first, name: 'Otherwise' });
    await write(ann, 'Elsewhere.');
    const { branchId = '' } = await table.must(session, owner, 'rollback:execute', {
      scope,
      timing: 'branch',
    });
    expect(story().line(branchId)).toEqual([first]);
    expect(story().passage(second)?.state).toBe('shown');
  });
});

describe('done at once after all', () => {
  it('K10: the same order with “now” carries the waiting one out, with what was chosen and said for it', async () => {
    const { ann, ben, table, session } = seats;
    const bad = await write(ann, 'Zorblax the glass dragon landed on the mill.');
    const other = await write(ann, 'Zorblax breathed frost over the mill, and Zorblax slept.');
    await table.draftWith(session, ann, 'Under way.');
    const scope = { kind: 'passage', passageId: bad } as const;
    const order = { scope, timing: 'turn', choices: { [other]: 'keep' }, reason: 'Too cold' } as const;
    await table.must(session, ben, 'rollback:execute', order);
    await table.must(session, ben, 'rollback:execute', { scope, timing: 'now' });
    expect(shown()).toEqual(['Zorblax breathed frost over the mill, and Zorblax slept.']);
    expect(state().history.pending).toBeNull();
    expect(state().history.rollbacks.at(-1)?.reason).toBe('Too cold');
  });
});

describe('who may', () => {
  it('R5, K1: for somebody who may not lead, the past is not even read', async () => {
    const { ann, table, session } = seats;
    await write(ann, 'One.');
    const scope = await checkpoint();
    let reads = 0;
    table.past.storyAt = () => {
      reads += 1;
      return Promise.resolve(null);
    };
    for (const name of ['rollback:preview', 'rollback:execute'] as const)
      expect(await table.run(session, ann, name, { scope })).toMatchObject({ code: 'ROLE_FORBIDS' });
    expect(reads).toBe(0);
  });

  it('R5, K5: who led no more by the time the past was read rolls nothing back', async () => {
    const { ann, ben, owner, table, session } = seats;
    await write(ann, 'One.');
    const scope = await checkpoint();
    await write(ann, 'Two.');
    const storyAt = table.past.storyAt.bind(table.past);
    let read = (): void => undefined;
    const isRead = new Promise<void>((resolve) => {
      read = resolve;
    });
    table.past.storyAt = async (...of) => {
      await isRead;
      return storyAt(...of);
    };
    const order = { scope, planId: null, choices: {}, timing: 'now', reason: '', isSafety: false } as const;
    const rolling = session.execute(ben, { name: 'rollback:execute', payload: order });
    await table.tick();
    await table.must(session, owner, 'player:role', { playerId: ben, role: 'writer' });
    read();
    expect(await table.durable(rolling)).toMatchObject({ code: 'ROLE_FORBIDS' });
    expect(shown()).toEqual(['One.', 'Two.']);
  });
});
