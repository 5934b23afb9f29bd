import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { threeAtTheTable, type ThreeAtTheTable } from '../test/support/three-at-the-table.ts';
import { SessionsFixture } from '../test/support/sessions-fixture.ts';
import type { RollbackPreview, RollbackScope } from './history-view.ts';
import { chosenText, spansText } from './story-shape.ts';

let seats: ThreeAtTheTable;
beforeEach(async () => {
  seats = await threeAtTheTable({});
});
afterEach(() => seats.table.close());

const shown = () =>
  seats.session.kernel.story
    .passages()
    .filter(({ state }) => state === 'shown')
    .map(chosenText);
const story = () => seats.session.kernel.story;
const write = (playerId: string, text: string) => seats.table.passageOf(seats.session, playerId, text);

async function preview(scope: RollbackScope): Promise<RollbackPreview> {
  const { table, session, owner } = seats;
  return (await table.must(session, owner, 'rollback:preview', { scope })) as unknown as RollbackPreview;
}

async function rollBack(scope: RollbackScope, of: object = {}): Promise<string> {
  const { table, session, owner } = seats;
  const { planId } = await preview(scope);
  const { rollbackId } = await table.must(session, owner, 'rollback:execute', {
    scope,
    planId,
    timing: 'now',
    ...of,
  });
  return rollbackId!;
}

describe('rollback', () => {
  it('K1, K6: behind a passage everything goes, forward; a preview changes nothing; a checkpoint comes before', async () => {
    const { ann, ben, session, table } = seats;
    const first = await write(ann, 'The gate stood open.');
    await write(ben, 'A dragon came.');
    await write(ann, 'It ate the cart.');
    const before = JSON.stringify(story().passages());
    const seq = session.kernel.journal.seq;
    const seen = await preview({ kind: 'point', to: { passageId: first } });
    expect(seen.passages.map(({ effect, excerpt }) => [effect, excerpt])).toEqual([
      ['strike', 'A dragon came.'],
      ['strike', 'It ate the cart.'],
    ]);
    expect([JSON.stringify(story().passages()), session.kernel.journal.seq]).toEqual([before, seq]);
    const kept = JSON.stringify(story().passage(first));
    const rollbackId = await rollBack({ kind: 'point', to: { passageId: first } }, { reason: 'Too early' });
    expect(shown()).toEqual(['The gate stood open.']);
    expect(JSON.stringify(story().passage(first))).toBe(kept);
    expect(
      story()
        .passages()
        .map(({ state, rollbackId: by }) => [state, by]),
    ).toEqual([
      ['shown', null],
      ['struck', rollbackId],
      ['struck', rollbackId],
    ]);
    const { checkpoints, rollbacks } = session.kernel.state.history;
    expect(checkpoints.at(-1)).toMatchObject({ kind: 'rollback', seq: rollbacks.at(-1)?.beforeSeq });
    expect(rollbacks.at(-1)?.summary).toContain('2 passages went. Reason: Too early');
    expect(seats.annControl.heard('session:noticed').map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['rollback', 'text-kept']),
    );
    await table.tick();
  });

  it('K2: to a moment: later passages go, struck ones come back, edited ones say what they said', async () => {
    const { ann, ben, table, session, owner } = seats;
    const one = await write(ann, 'The lamp burned low.');
    const two = await write(ben, 'Rain fell.');
    const { checkpointId = '' } = await table.must(session, ann, 'checkpoint:save', {
      name: 'Before the storm',
    });
    table.clock.advance(1_000);
    const was = JSON.stringify(story().passages());
    const { draftId = '' } = await table.must(session, ann, 'passage:reopen', { passageId: one });
    const writer = table.writer(session, ann, `draft-${draftId}`);
    await table.exchange(writer);
    writer.type(0, 'NOT: ');
    await table.exchange(writer);
    await table.must(session, ann, 'draft:commit', { draftId });
    await table.must(session, ben, 'passage:strike', { passageId: two });
    await write(ben, 'Later.');
    expect(shown()).toEqual(['NOT: The lamp burned low.', 'Later.']);
    const scope = { kind: 'point', to: { checkpointId } } as const;
    expect((await preview(scope)).passages.map(({ effect }) => effect)).toEqual([
      'revert',
      'restore',
      'strike',
    ]);
    await rollBack(scope);
    expect(shown()).toEqual(['The lamp burned low.', 'Rain fell.']);
    const now = story().passages();
    expect(JSON.stringify(now.slice(0, 2))).toBe(was);
    const answer = await table.run(session, owner, 'rollback:preview', {
      scope: { kind: 'point', to: { time: 0 } },
    });
    expect(answer).toMatchObject({ code: 'PAST_UNKNOWN' });
  });

  it('K3: of a player all that is theirs goes, of what they share only their words', async () => {
    const { ann, ben, table, session } = seats;
    await write(ben, 'Ben alone.');
    const { draftId = '' } = await table.must(session, ann, 'draft:open', {});
    const [a, b] = [ann, ben].map((id) => table.writer(session, id, `draft-${draftId}`));
    await table.exchange(a!, b!);
    a!.type(0, 'Ann said. ');
    await table.exchange(a!, b!);
    b!.type(10, 'Ben said.');
    await table.exchange(a!, b!);
    await table.must(session, ann, 'draft:commit', { draftId });
    await rollBack({ kind: 'player', playerId: ben, from: 0, to: table.clock.now() });
    expect(shown()).toEqual(['Ann said.']);
  });

  it('K3: of a version, another alternative takes the place where there is one', async () => {
    const { owner, table, session } = seats;
    const passageId = await table.narratorPassage(session, owner, 'First telling.');
    await table.narratorPassage(session, owner, 'Another passage.');
    const { turnId = '' } = await table.must(session, owner, 'narrator:retry', { passageId });
    table.narrator.begin(turnId);
    await table.durable(table.narrator.say(turnId, 'Second telling.'));
    story().apply([]);
    table.narrator.finish(turnId);
    await table.tick();
    const ids = story()
      .passage(passageId)!
      .alternatives.map(({ id }) => id);
    story().apply([
      { op: 'end', passageId, alternativeId: ids[0]!, info: { model: 'old' } },
      { op: 'end', passageId, alternativeId: ids[1]!, info: { model: 'bad', version: 'bad@1' } },
    ]);
    await rollBack({ kind: 'version', version: 'bad@1' });
    expect(shown()).toEqual(['First telling.', 'Another passage.']);
    await rollBack({ kind: 'version', version: 'scripted' });
    expect(shown()).toEqual(['First telling.']);
  });

  it('K5: a plan that is no longer due is not carried out; the second of two game masters sees that', async () => {
    const { ann, table, session, owner } = seats;
    const first = await write(ann, 'One.');
    await write(ann, 'Two.');
    const scope = { kind: 'point', to: { passageId: first } } as const;
    const { planId } = await preview(scope);
    await write(ann, 'Three.');
    const stale = await table.run(session, owner, 'rollback:execute', { scope, planId, timing: 'now' });
    expect(stale).toMatchObject({ code: 'PREVIEW_STALE' });
    expect(shown()).toHaveLength(3);
    const { planId: fresh } = await preview(scope);
    const both = [1, 2].map(() =>
      session.execute(owner, {
        name: 'rollback:execute',
        payload: { scope, planId: fresh, choices: {}, timing: 'now', reason: '', isSafety: false },
      }),
    );
    const answers = await table.durable(Promise.all(both));
    expect(answers.map((answer) => (answer.ok ? 'ok' : answer.code))).toEqual(['ok', 'ROLLBACK_EMPTY']);
  });

  it('K7: everybody who types in a draft of what goes keeps their words; new drafts stay as they are', async () => {
    const { ann, ben, table, session } = seats;
    const first = await write(ann, 'One.');
    const second = await write(ann, 'Two.');
    const { draftId = '' } = await table.must(session, ann, 'passage:reopen', { passageId: second });
    const [a, b] = [ann, ben].map((id) => table.writer(session, id, `draft-${draftId}`));
    await table.exchange(a!, b!);
    a!.type(0, 'ann types ');
    b!.type(0, 'ben types ');
    await table.exchange(a!, b!);
    const own = await table.draftWith(session, ben, 'Something new.');
    await rollBack({ kind: 'point', to: { passageId: first } });
    await table.exchange(a!);
    const drafts = Object.values(session.kernel.state.drafts);
    const texts = drafts.map(({ id, openedBy, visibility, keptFrom }) => [
      openedBy === ann ? 'ann' : 'ben',
      visibility,
      keptFrom !== null,
      spansText(session.kernel.draftSpans(id)),
    ]);
    expect(texts).toEqual(
      expect.arrayContaining([
        ['ann', 'private', true, expect.stringContaining('ann types ')],
        ['ben', 'private', true, 'ben types'],
        ['ben', 'live', false, 'Something new.'],
      ]),
    );
    for (const draft of drafts.filter(({ keptFrom }) => keptFrom !== null))
      for (const playerId of [ann, ben, seats.owner])
        expect(session.kernel.mayRead(`draft-${draft.id}`, playerId)).toBe(playerId === draft.openedBy);
    const kept = (control: typeof seats.gm) =>
      control.heard('session:noticed').filter(({ kind }) => kind === 'text-kept');
    expect([kept(seats.annControl).length > 0, kept(seats.benControl).length]).toEqual([true, 1]);
    a!.type(0, 'more ');
    await table.exchange(a!);
    expect(spansText(session.kernel.draftSpans(draftId))).toContain('more ');
    await table.must(session, ben, 'draft:commit', { draftId: own });
    await table.must(session, ann, 'draft:commit', { draftId });
    expect(shown().at(-1)).toContain('ann types');
    expect(story().passage(second)?.state).toBe('struck');
  });

  it('K6: the narrator stops with what it has, and nothing of it comes after the rollback', async () => {
    const { ann, owner, table, session } = seats;
    const first = await write(ann, 'One.');
    const { turnId = '' } = await table.must(session, owner, 'narrator:ask', {});
    table.narrator.begin(turnId);
    await table.durable(table.narrator.say(turnId, 'It began. '));
    const scope = { kind: 'point', to: { passageId: first } } as const;
    const late = table.narrator.say(turnId, 'It went on.');
    const rolling = session.execute(owner, {
      name: 'rollback:execute',
      payload: { scope, planId: null, choices: {}, timing: 'now', reason: '', isSafety: true },
    });
    await table.durable(Promise.allSettled([late, rolling]));
    expect(table.narrator.stopped).toContain(turnId);
    expect(shown()).toEqual(['One.']);
    expect(JSON.stringify(story().passages())).not.toContain('It went on');
    const { turnId: next = '' } = await table.must(session, owner, 'narrator:ask', {});
    expect(JSON.stringify(table.narrator.begin(next))).not.toContain('It began');
  });

  it('K8: taking it back is a rollback that leaves everything exactly as before, and so is taking that back', async () => {
    const { ann, ben, table, session, owner } = seats;
    const first = await write(ann, 'One.');
    const second = await write(ben, 'Two.');
    await write(ann, 'Three.');
    await table.must(session, ben, 'passage:strike', { passageId: second });
    const before = JSON.stringify(story().passages());
    const rollbackId = await rollBack({ kind: 'point', to: { passageId: first } });
    const after = JSON.stringify(story().passages());
    const undo = await table.must(session, owner, 'rollback:execute', {
      scope: { kind: 'undo', rollbackId },
    });
    expect(JSON.stringify(story().passages())).toBe(before);
    expect(session.kernel.state.history.rollbacks[0]?.undoneBy).toBe(undo.rollbackId);
    const scope = { kind: 'undo', rollbackId: undo.rollbackId! } as const;
    await table.must(session, owner, 'rollback:execute', { scope });
    expect(JSON.stringify(story().passages())).toBe(after);
    const again = await table.run(session, owner, 'rollback:execute', {
      scope: { kind: 'undo', rollbackId },
    });
    expect(again).toMatchObject({ code: 'ROLLBACK_UNKNOWN' });
  });

  it('K8: what somebody has changed since stays as they left it', async () => {
    const { ann, ben, table, session, owner } = seats;
    const first = await write(ann, 'One.');
    const second = await write(ben, 'Two.');
    const rollbackId = await rollBack({ kind: 'point', to: { passageId: first } });
    await table.must(session, owner, 'passage:restore', { passageId: second });
    await table.must(session, ben, 'passage:strike', { passageId: second });
    const answer = await table.run(session, owner, 'rollback:execute', {
      scope: { kind: 'undo', rollbackId },
    });
    expect(answer).toMatchObject({ code: 'ROLLBACK_EMPTY' });
    expect(story().passage(second)?.state).toBe('struck');
  });

  it('K9: only game masters bring back what a rollback took; late peers with old state bring nothing', async () => {
    const { ann, table, session } = seats;
    const first = await write(ann, 'One.');
    const second = await write(ann, 'Two.');
    const { draftId = '' } = await table.must(session, ann, 'passage:reopen', { passageId: second });
    const late = table.writer(session, ann, `draft-${draftId}`);
    await table.exchange(late);
    late.disconnect();
    late.type(0, 'offline ');
    await table.must(session, ann, 'draft:discard', { draftId });
    await rollBack({ kind: 'point', to: { passageId: first } });
    expect(await table.run(session, ann, 'passage:restore', { passageId: second })).toMatchObject({
      code: 'ROLE_FORBIDS',
    });
    expect(late.connect(session).closedWith).toBe(4404);
    await table.tick();
    expect(shown()).toEqual(['One.']);
    expect(late.string).toContain('offline');
    const reader = table.writer(session, ann, 'story');
    reader.doc.getArray<string>('order').push([second]);
    await table.exchange(reader);
    expect(shown()).toEqual(['One.']);
  });

  it('K6: a server killed in the middle has all of it or nothing', async () => {
    for (const survivors of [0, 1, 2, 3]) {
      const table = SessionsFixture.inMemory(survivors + 7);
      const made = await table.create({});
      const { session, ownerId } = made;
      const first = await table.passageOf(session, ownerId, 'One.');
      await table.passageOf(session, ownerId, 'Two.');
      const kept = await table.must(session, ownerId, 'passage:reopen', {
        passageId: session.kernel.story.passages()[1]!.id,
      });
      void session.execute(ownerId, {
        name: 'rollback:execute',
        payload: {
          scope: { kind: 'point', to: { passageId: first } },
          planId: null,
          choices: {},
          timing: 'now',
          reason: '',
          isSafety: false,
        },
      });
      await new Promise((resolve) => setImmediate(resolve));
      table.gate.hold?.();
      table.clock.advance(10);
      await table.crash(survivors);
      const again = await table.durable(table.sessions.open(session.id));
      const { history, drafts } = again.kernel.state;
      const isDone = history.rollbacks.length === 1;
      expect(history.checkpoints).toHaveLength(isDone ? 1 : 0);
      expect(again.kernel.story.passages()[1]?.state).toBe(isDone ? 'struck' : 'shown');
      expect(drafts[kept.draftId!]?.keptFrom !== null).toBe(isDone);
      await table.close();
    }
  });

  it('K10: it waits for the end of the turn, is planned anew then, and can be called off', async () => {
    const { ann, ben, table, session, owner } = seats;
    const first = await write(ann, 'One.');
    await write(ann, 'Two.');
    const draftId = await table.draftWith(session, ben, 'Under way.');
    const scope = { kind: 'point', to: { passageId: first } } as const;
    const order = { scope, timing: 'turn' } as const;
    expect(await table.must(session, owner, 'rollback:execute', order)).toMatchObject({ isPending: true });
    expect(shown()).toHaveLength(2);
    expect(await table.run(session, owner, 'rollback:execute', order)).toMatchObject({
      code: 'ROLLBACK_WAITS',
    });
    await table.must(session, owner, 'rollback:cancel', {});
    expect(session.kernel.state.history.pending).toBeNull();
    await table.must(session, owner, 'rollback:execute', order);
    await table.must(session, ben, 'draft:commit', { draftId });
    await table.tick();
    expect(shown()).toEqual(['One.']);
    expect(session.kernel.state.history.pending).toBeNull();
  });

  it('K10: one that waits survives a restart and happens at its deadline at the latest', async () => {
    const { ann, ben, table, session, owner } = seats;
    const first = await write(ann, 'One.');
    await write(ann, 'Two.');
    await table.draftWith(session, ben, 'Never done.');
    await table.must(session, owner, 'rollback:execute', {
      scope: { kind: 'point', to: { passageId: first } },
      timing: 'turn',
    });
    await table.restart();
    const again = await table.durable(table.sessions.open(session.id));
    expect(again.kernel.state.history.pending).not.toBeNull();
    table.control(again, owner);
    await table.tick();
    table.clock.advance(5 * 60_000);
    await table.tick();
    await table.tick();
    expect(again.kernel.story.passages()[1]?.state).toBe('struck');
  });

  it('K10: on a branch the table goes on where it is', async () => {
    const { ann, table, session, owner } = seats;
    const first = await write(ann, 'One.');
    await write(ann, 'Two.');
    const before = story().line();
    const scope = { kind: 'point', to: { passageId: first } } as const;
    const { branchId } = await table.must(session, owner, 'rollback:execute', { scope, timing: 'branch' });
    expect(story().line()).toEqual(before);
    expect(shown()).toHaveLength(2);
    await table.must(session, owner, 'branch:switch', { branchId: branchId! });
    expect(story().line()).toEqual([first]);
  });

  it('K11: its author is asked; go joins it to the rollback and keep leaves it', async () => {
    const { ann, ben, table, session, owner } = seats;
    const bad = await write(ann, 'Zorblax the glass dragon landed on the mill.');
    const other = await write(ben, 'Zorblax breathed frost over the mill, and Zorblax slept.');
    const scope = { kind: 'passage', passageId: bad } as const;
    expect((await preview(scope)).dependents.map(({ passageId }) => passageId)).toEqual([other]);
    const rollbackId = await rollBack(scope, { choices: { [other]: 'ask' } });
    expect(shown()).toHaveLength(1);
    expect(session.kernel.state.history.asked).toEqual({ [other]: { playerId: ben, rollbackId } });
    expect(
      await table.run(session, ann, 'rollback:answer', { passageId: other, answer: 'go' }),
    ).toMatchObject({
      code: 'ROLE_FORBIDS',
    });
    await table.must(session, ben, 'rollback:answer', { passageId: other, answer: 'go' });
    expect(shown()).toEqual([]);
    await table.must(session, owner, 'rollback:execute', { scope: { kind: 'undo', rollbackId } });
    expect(shown()).toHaveLength(2);
  });

  it('K2: what an X-card took away does not come back by going back to before it', async () => {
    const { ann, ben, table, session } = seats;
    await write(ann, 'One.');
    const bad = await write(ann, 'Spiders everywhere.');
    const time = table.clock.now();
    table.clock.advance(1_000);
    await table.must(session, ben, 'safety:x-card', { passageId: bad });
    await write(ann, 'Three.');
    await rollBack({ kind: 'point', to: { time } });
    expect(shown()).toEqual(['One.']);
    expect(JSON.stringify(story().passages())).not.toContain('Spiders');
  });
});
