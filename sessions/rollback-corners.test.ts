import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { movesAt, threeAtTheTable, type ThreeAtTheTable } from '../test/support/three-at-the-table.ts';
import type { RollbackScope } from './history-view.ts';
import { spansText } from './story-shape.ts';

let seats: ThreeAtTheTable;
beforeEach(async () => {
  seats = await threeAtTheTable({});
});
afterEach(() => seats.table.close());

const story = () => seats.session.kernel.story;
const state = () => seats.session.kernel.state;
const stateOf = (id: string) => story().passage(id)?.state;
const textOf = (id: string) => spansText(story().passage(id)?.alternatives.at(0)?.spans ?? []);
const shown = () =>
  story()
    .passages()
    .filter((passage) => passage.state === 'shown')
    .map(({ id }) => textOf(id));
const write = (playerId: string, text: string) => seats.table.passageOf(seats.session, playerId, text);
const { typed, reopened, decide, holds } = movesAt(() => seats);
const kept = (playerId: string) =>
  Object.values(state().drafts).find(({ openedBy, keptFrom }) => openedBy === playerId && keptFrom !== null);

async function rollBack(scope: RollbackScope, of: object = {}): Promise<Record<string, string>> {
  const { table, session, owner } = seats;
  return table.must(session, owner, 'rollback:execute', { scope, timing: 'now', ...of });
}

const behind = (passageId: string): RollbackScope => ({ kind: 'point', to: { passageId } });
const undo = (rollbackId = ''): RollbackScope => ({ kind: 'undo', rollbackId });

async function checkpoint(): Promise<string> {
  const { table, session, owner } = seats;
  const { checkpointId = '' } = await table.must(session, owner, 'checkpoint:save', { name: 'Here' });
  table.clock.advance(1_000);
  return checkpointId;
}

/** Two passages; the second is open in a draft of Ann's in which both have typed. */
async function shared(): Promise<{ first: string; second: string; draftId: string }> {
  const { ann, ben } = seats;
  const first = await write(ann, 'One.');
  const second = await write(ann, 'Two.');
  const draftId = await reopened(ann, second, 'Ann types. ');
  await typed(ben, draftId, 'Ben types. ');
  return { first, second, draftId };
}

describe('words that are kept', () => {
  it('K7, S1: words kept from a draft under an X-card stay under it', async () => {
    const { ann, ben, table, session } = seats;
    const { first, draftId } = await shared();
    await table.must(session, ann, 'safety:x-card', { draftId });
    await rollBack(behind(first));
    expect([kept(ann)?.isCarded, kept(ben)?.isCarded]).toEqual([true, true]);
    await table.must(session, ben, 'draft:commit', { draftId: kept(ben)!.id });
    expect(shown()).toEqual(['One.']);
  });

  it('K7: nobody but their writer puts kept words into the story', async () => {
    const { ann, ben, owner, table, session } = seats;
    const { first, draftId } = await shared();
    await rollBack(behind(first));
    for (const playerId of [ben, owner])
      expect(await table.run(session, playerId, 'draft:commit', { draftId })).toMatchObject({
        code: 'DRAFT_FORBIDDEN',
      });
    await table.must(session, ann, 'draft:commit', { draftId });
  });

  it('K7: an edit that was being judged when its passage went is kept, not put at the end of the story', async () => {
    const { ann, owner, table, session } = seats;
    const { first, draftId } = await shared();
    let open = (): void => undefined;
    table.moderator.gate = new Promise((resolve) => {
      open = resolve;
    });
    const committed = session.execute(ann, { name: 'draft:commit', payload: { draftId } });
    await table.tick();
    await table.must(session, owner, 'rollback:execute', { scope: behind(first), timing: 'now' });
    open();
    expect(await table.durable(committed)).toMatchObject({ code: 'PASSAGE_BUSY' });
    expect(shown()).toEqual(['One.']);
    expect(spansText(session.kernel.draftSpans(draftId))).toContain('Ann types.');
  });

  it('S1: an X-card on a passage reaches the words that were kept from it', async () => {
    const { ann, ben, table, session, owner } = seats;
    const { first, second } = await shared();
    const { rollbackId } = await rollBack(behind(first));
    await table.must(session, owner, 'rollback:execute', { scope: undo(rollbackId) });
    await table.must(session, ben, 'safety:x-card', { passageId: second });
    expect([kept(ann)?.isCarded, kept(ben)?.isCarded]).toEqual([true, true]);
  });

  it('H4: an edit that is let through after its passage went does not take the kept draft away', async () => {
    const { ann, table, session } = seats;
    const first = await write(ann, 'One.');
    const second = await write(ann, 'Two.');
    const draftId = await reopened(ann, second, 'BLOCKED ');
    await table.run(session, ann, 'draft:commit', { draftId });
    const [note] = state().safety.holds;
    await table.must(session, ann, 'hold:appeal', { holdId: note!.id, text: 'Please.' });
    await rollBack(behind(first));
    await decide({});
    expect(stateOf(second)).toBe('struck');
    expect(spansText(session.kernel.draftSpans(draftId))).toContain('BLOCKED');
  });

  it('K4, H4: an edit that waits is named; given back after its passage went it comes as a draft of its own', async () => {
    const { ann, table, session } = seats;
    const first = await write(ann, 'One.');
    const second = await write(ann, 'Two.');
    await table.must(session, ann, 'draft:commit', { draftId: await reopened(ann, second, 'HELD ') });
    const seen = await table.must(session, seats.owner, 'rollback:preview', { scope: behind(first) });
    expect(seen).toMatchObject({ waiting: [second] });
    const { rollbackId } = await rollBack(behind(first));
    expect(holds()).toHaveLength(1);
    await decide({ decision: 'revise' });
    const given = Object.values(state().drafts)[0];
    expect(given).toMatchObject({ replaces: null, keptFrom: rollbackId, keptOf: second });
  });

  it('T4: kept words that are submitted are their writer’s part of the round', async () => {
    const { ann, ben, owner, table, session } = seats;
    const first = await write(ann, 'One.');
    await reopened(ann, await write(ann, 'Two.'), 'Ann types. ');
    await rollBack(behind(first));
    await table.must(session, owner, 'turn:mode', { mode: 'round' });
    const draftId = await table.draftWith(session, ben, 'Ben writes.');
    const own = await table.draftWith(session, ann, 'Ann writes.');
    await table.must(session, ann, 'turn:submit', { draftId: kept(ann)!.id });
    await table.must(session, ben, 'turn:submit', { draftId });
    await table.tick();
    // She is still writing.
    expect(state().turn.round).toBe(1);
    await table.must(session, ann, 'draft:discard', { draftId: own });
    await table.must(session, ben, 'turn:withdraw', { draftId });
    await table.must(session, ben, 'turn:submit', { draftId });
    await table.tick();
    expect(state().turn.round).toBe(2);
    expect(shown()).toHaveLength(3);
  });
});

describe('commits', () => {
  it('H1: of two commits of one draft that are judged at once the second finds no draft', async () => {
    const { ann, owner, table, session } = seats;
    const draftId = await table.draftWith(session, ann, 'One.');
    const answers = await table.durable(
      Promise.all(
        [ann, owner].map((id) => session.execute(id, { name: 'draft:commit', payload: { draftId } })),
      ),
    );
    expect(answers.map((answer) => (answer.ok ? 'ok' : answer.code))).toEqual(['ok', 'DRAFT_UNKNOWN']);
  });
});

describe('answers', () => {
  /** A passage that goes, and one of Ben's that he is asked about. */
  async function asked(): Promise<{ other: string; rollbackId: string }> {
    const bad = await write(seats.ann, 'Zorblax the glass dragon landed on the mill.');
    const other = await write(seats.ben, 'Zorblax breathed frost over the mill, and Zorblax slept.');
    const { rollbackId = '' } = await rollBack(
      { kind: 'passage', passageId: bad },
      { choices: { [other]: 'ask' } },
    );
    expect(state().history.asked).toHaveProperty(other);
    return { other, rollbackId };
  }

  it('K8, K11: once the rollback is taken back nobody is asked any more', async () => {
    const { ben, owner, table, session } = seats;
    const { other, rollbackId } = await asked();
    await table.must(session, owner, 'rollback:execute', { scope: undo(rollbackId) });
    expect(state().history.asked).toEqual({});
    const answer = await table.run(session, ben, 'rollback:answer', { passageId: other, answer: 'go' });
    expect(answer).toMatchObject({ code: 'PASSAGE_UNKNOWN' });
    expect(shown()).toHaveLength(2);
  });

  it('K7, K11: words in a draft of a passage that is let go are kept, and the narrator writes no more of it', async () => {
    const { ben, ann, table, session } = seats;
    const { other, rollbackId } = await asked();
    const draftId = await reopened(ben, other, 'Ben types. ');
    await typed(ann, draftId, 'Ann types. ');
    const { turnId = '' } = await table.must(session, ann, 'narrator:ask', {});
    table.narrator.begin(turnId);
    await table.must(session, ben, 'rollback:answer', { passageId: other, answer: 'go' });
    expect(table.narrator.stopped).toContain(turnId);
    expect(state().drafts[draftId]).toMatchObject({ replaces: null, keptFrom: rollbackId, keptOf: other });
    expect(spansText(session.kernel.draftSpans(kept(ann)!.id))).toBe('Ann types.');
  });

  it('K11: what was put out of sight meanwhile waits for its game master; what was struck is no part of the rollback', async () => {
    const { ann, ben, table, session, owner } = seats;
    const { other, rollbackId } = await asked();
    await table.must(session, ann, 'safety:x-card', { passageId: other });
    const answer = await table.run(session, ben, 'rollback:answer', { passageId: other, answer: 'go' });
    expect(answer).toMatchObject({ code: 'PASSAGE_BUSY' });
    await decide({});
    await table.must(session, ben, 'passage:strike', { passageId: other });
    await table.run(session, ben, 'rollback:answer', { passageId: other, answer: 'go' });
    expect(state().history.asked).toEqual({});
    expect(state().history.rollbacks.find(({ id }) => id === rollbackId)?.struck).not.toContain(other);
    await table.must(session, owner, 'rollback:execute', { scope: undo(rollbackId) });
    expect(stateOf(other)).toBe('struck');
  });
});

describe('taking back', () => {
  it('K8: what a game master wrote into a passage that went is not lost when it comes back', async () => {
    const { ann, owner, table, session } = seats;
    const first = await write(ann, 'One.');
    const second = await write(ann, 'Two.');
    const { rollbackId } = await rollBack(behind(first));
    table.clock.advance(1_000);
    await table.must(session, owner, 'draft:commit', { draftId: await reopened(owner, second, 'Better: ') });
    await rollBack(undo(rollbackId));
    expect([stateOf(second), textOf(second)]).toEqual(['shown', 'Better: Two.']);
  });

  it('K8: an edit that was let through since stays', async () => {
    const { ann, table, session } = seats;
    const one = await write(ann, 'One.');
    const checkpointId = await checkpoint();
    await table.must(session, ann, 'draft:commit', { draftId: await reopened(ann, one, 'Changed: ') });
    const { rollbackId } = await rollBack({ kind: 'point', to: { checkpointId } });
    table.clock.advance(1_000);
    await table.must(session, ann, 'draft:commit', { draftId: await reopened(ann, one, 'HELD ') });
    await decide({});
    expect(textOf(one)).toBe('HELD One.');
    await table.run(seats.session, seats.owner, 'rollback:execute', { scope: undo(rollbackId) });
    expect(textOf(one)).toBe('HELD One.');
  });

  it('K8: what somebody struck since, after it was brought back, stays struck', async () => {
    const { ann, owner, table, session } = seats;
    await write(ann, 'One.');
    const checkpointId = await checkpoint();
    const second = await write(ann, 'Two.');
    const { rollbackId } = await rollBack({ kind: 'point', to: { checkpointId } });
    await table.must(session, owner, 'passage:restore', { passageId: second });
    await table.must(session, ann, 'passage:strike', { passageId: second });
    await table.run(session, owner, 'rollback:execute', { scope: undo(rollbackId) });
    expect(stateOf(second)).toBe('struck');
  });

  it('K8, K10: an undo that waits on a branch leaves the rollback to be taken back', async () => {
    const { ann, owner, table, session } = seats;
    const first = await write(ann, 'One.');
    const second = await write(ann, 'Two.');
    const checkpointId = await checkpoint();
    await table.must(session, ann, 'passage:strike', { passageId: second });
    const { rollbackId } = await rollBack({ kind: 'point', to: { checkpointId } });
    await rollBack(undo(rollbackId), { timing: 'branch' });
    expect(state().history.rollbacks.at(0)?.undoneBy).toBeNull();
    await table.must(session, owner, 'rollback:execute', { scope: undo(rollbackId) });
    expect([stateOf(first), stateOf(second)]).toEqual(['shown', 'struck']);
  });

  it('S1, S12: an X-card that comes just after a rollback takes the text out of sight all the same', async () => {
    const { ann, ben, owner, table, session } = seats;
    const first = await write(ann, 'One.');
    const second = await write(ann, 'Spiders.');
    const { rollbackId } = await rollBack(behind(first));
    await table.must(session, ben, 'safety:x-card', { passageId: second });
    expect(JSON.stringify(story().passages())).not.toContain('Spiders');
    expect(story().passage(second)).toMatchObject({ state: 'struck', rollbackId });
    await table.run(session, owner, 'rollback:execute', { scope: undo(rollbackId) });
    expect(stateOf(second)).toBe('struck');
    expect(await table.run(session, owner, 'passage:restore', { passageId: second })).toMatchObject({
      code: 'PASSAGE_BUSY',
    });
    await decide({});
    expect([stateOf(second), textOf(second)]).toEqual(['struck', 'Spiders.']);
    await table.must(session, owner, 'passage:restore', { passageId: second });
    expect(shown()).toEqual(['One.', 'Spiders.']);
  });

  it('H5, K9: a decision that is taken back after a rollback leaves the passage with the rollback', async () => {
    const { ann, owner, table, session } = seats;
    const first = await write(ann, 'One.');
    await table.must(session, ann, 'draft:commit', {
      draftId: await table.draftWith(session, ann, 'HELD two.'),
    });
    await decide({});
    const { id: holdId, passageId } = state().safety.holds[0]!;
    const { rollbackId } = await rollBack(behind(first));
    await table.must(session, owner, 'hold:undo', { holdId });
    expect([textOf(passageId!), stateOf(passageId!)]).toEqual(['', 'struck']);
    await decide({ decision: 'reject' });
    expect(story().passage(passageId!)?.rollbackId).toBe(rollbackId);
    expect(await table.run(session, ann, 'passage:restore', { passageId: passageId! })).toMatchObject({
      code: 'ROLE_FORBIDS',
    });
  });

  it('K9: striking once more what a rollback took gives it back to nobody', async () => {
    const { ann, owner, table, session } = seats;
    const first = await write(ann, 'One.');
    const second = await write(ann, 'Two.');
    await rollBack(behind(first));
    await table.must(session, owner, 'passage:strike', { passageId: second });
    expect(await table.run(session, ann, 'passage:restore', { passageId: second })).toMatchObject({
      code: 'ROLE_FORBIDS',
    });
  });
});
