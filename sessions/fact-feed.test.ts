import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { threeAtTheTable, type ThreeAtTheTable } from '../test/support/three-at-the-table.ts';
import { factsBetween } from './fact-source.ts';
import type { SessionFact } from './facts.ts';

let seats: ThreeAtTheTable;
beforeEach(async () => {
  seats = await threeAtTheTable({});
});
afterEach(() => seats.table.close());

const told = () => seats.table.facts.all;

/** A little of everything that is told. */
async function play(): Promise<void> {
  const { table, session, owner, ann, ben } = seats;
  await table.passageOf(session, ann, 'A lamp burned.');
  const passageId = await table.narratorPassage(session, ben, 'It went out.');
  const { turnId = '' } = await table.must(session, ben, 'narrator:ask', { direction: 'More' });
  table.narrator.begin(turnId);
  table.narrator.finish(turnId, 'stopped');
  const draftId = await table.draftWith(session, ann, 'It is HELD.');
  await table.must(session, ann, 'draft:commit', { draftId });
  const { holds } = session.kernel.state.safety;
  await table.must(session, owner, 'hold:decide', { holdId: holds[0]!.id, decision: 'approve' });
  await table.must(session, owner, 'rollback:execute', {
    scope: { kind: 'passage', passageId },
    timing: 'now',
  });
  await table.must(session, owner, 'session:settings', { title: 'Another' });
  session.disconnect(seats.benControl);
  await table.tick();
}

describe('facts of a session', () => {
  it('U1: passages, turns, choices, decisions, rollbacks, actions, joining and leaving are told once each', async () => {
    await play();
    const kinds = told().map(({ kind }) => kind);
    for (const kind of [
      'passage',
      'turn-ended',
      'choice',
      'moderation',
      'rollback',
      'gm-action',
      'join',
      'leave',
    ])
      expect(kinds).toContain(kind);
    const seqs = told().map(({ seq }) => seq);
    expect(new Set(seqs).size).toBe(seqs.length);
    expect([...seqs].sort((a, b) => a - b)).toEqual(seqs);
  });

  it('U1: a passage of the narrator is told with how it came to be', async () => {
    await play();
    const passage = seats.table.facts.of('passage').find(({ authorKind }) => authorKind === 'narrator')!;
    expect(passage).toMatchObject({ text: 'It went out.', historyPassages: 1, isHeld: false });
    expect(passage.generation).toMatchObject({ askedBy: seats.ben, outcome: 'committed', finish: 'end' });
  });

  it('U1: a held text is told without its words, and with them once it is shown', async () => {
    await play();
    const facts = seats.table.facts.of('passage').filter(({ playerId }) => playerId === seats.ann);
    expect(facts.map(({ isHeld, text }) => [isHeld, text])).toEqual([
      [false, 'A lamp burned.'],
      [true, null],
      [false, 'It is HELD.'],
    ]);
  });

  it('S1: who plays an X-card is in no fact', async () => {
    const { table, session, ann, ben } = seats;
    const passageId = await table.passageOf(session, ann, 'A lamp burned.');
    const before = told().length;
    await table.must(session, ben, 'safety:x-card', { passageId });
    const since = told().slice(before);
    expect(since.map(({ kind }) => kind)).toContain('moderation');
    expect(JSON.stringify(since)).not.toContain(ben);
  });

  it('D1: nothing is told that is not durable', async () => {
    const { table, session, ann } = seats;
    const draftId = await table.draftWith(session, ann, 'A lamp burned.');
    table.gate.break();
    await table.run(session, ann, 'draft:commit', { draftId });
    expect(table.facts.of('passage')).toEqual([]);
  });

  it('U7: what somebody missed is told again from the journal, under the same places', async () => {
    await play();
    const { table, session } = seats;
    const again: SessionFact[] = [];
    const range = { after: 0, upTo: session.kernel.journal.seq };
    for await (const fact of factsBetween(table.history, session.kernel, range)) again.push(fact);
    const shape = (facts: readonly SessionFact[]) =>
      facts
        .filter(({ kind }) => kind !== 'turn-ended')
        .map(({ seq, kind, playerId }) => ({ seq, kind, playerId }));
    // The session is made before anybody listens; of turns without a passage nothing is known later.
    expect(shape(again).filter(({ seq }) => seq > 1)).toEqual(shape(told()));
  });

  it('U7: what is made up for later has no text that was written since, and counts tries as they were', async () => {
    const { table, session, ann, ben, owner } = seats;
    const passageId = await table.narratorPassage(session, ben, 'The lamp went out.');
    const { turnId = '' } = await table.must(session, ben, 'narrator:retry', { passageId });
    table.narrator.begin(turnId);
    await table.durable(table.narrator.say(turnId, 'It burned on.'));
    table.narrator.finish(turnId);
    const own = await table.passageOf(session, ann, 'Mine.');
    table.clock.advance(60_000);
    const { draftId = '' } = await table.must(session, ann, 'passage:reopen', { passageId: own });
    const writer = table.writer(session, ann, `draft-${draftId}`);
    await table.exchange(writer);
    writer.type(0, 'Still ');
    await table.exchange(writer);
    await table.must(session, ann, 'draft:commit', { draftId });
    const carded = await table.passageOf(session, ann, 'Gone.');
    await table.must(session, owner, 'safety:x-card', { passageId: carded });
    const live = table.facts.of('passage');
    const later: SessionFact[] = [];
    const upTo = session.kernel.journal.seq;
    for await (const fact of factsBetween(table.history, session.kernel, { after: 0, upTo }))
      later.push(fact);
    const passages = later.filter((fact) => fact.kind === 'passage');
    const tries = (facts: typeof live) => facts.map(({ seq, isReplacement }) => [seq, isReplacement]);
    expect(tries(passages)).toEqual(tries(live));
    expect(passages.map(({ text }) => text)).toEqual([null, 'It burned on.', null, 'Still Mine.', null]);
  });

  it('V8, U1: the name in a thread that was found is in no fact', async () => {
    const { table, session, owner } = seats;
    await table.must(session, owner, 'thread:mark', { threadId: 'found:Marla', status: 'paused' });
    await table.must(session, owner, 'thread:remind', { threadId: 'found:Marla' });
    await table.tick();
    const actions = table.facts.of('gm-action').filter(({ what }) => what.startsWith('thread-'));
    expect(actions.map(({ targetId }) => targetId)).toEqual(['found', 'found']);
  });
});
