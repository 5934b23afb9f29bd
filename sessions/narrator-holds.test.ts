import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deskOf, storyTexts, toldTo, threeAtTheTable } from '../test/support/three-at-the-table.ts';
import type { SessionsFixture } from '../test/support/sessions-fixture.ts';
import type { TestControl } from '../test/support/test-control.ts';
import type { CommandInput } from './protocol.ts';
import type { HoldView } from './safety-view.ts';
import type { Session } from './session.ts';

let table: SessionsFixture;
let session: Session;
let owner: string;
let ann: string;
let gm: TestControl;
let benControl: TestControl;

beforeEach(async () => {
  ({ table, session, owner, ann, gm, benControl } = await threeAtTheTable({}));
});
afterEach(() => table.close());

const desk = deskOf;
const holds = (): HoldView[] => desk(gm).review!.holds;
const waiting = (): HoldView => holds()[0]!;
const texts = () => storyTexts(session);
const told = toldTo;
const decide = (of: Partial<CommandInput<'hold:decide'>>, by = owner) =>
  table.run(session, by, 'hold:decide', { holdId: waiting().id, decision: 'approve', ...of });

describe('what the narrator writes', () => {
  async function ask(): Promise<string> {
    const { turnId } = await table.must(session, ann, 'narrator:ask', {});
    table.narrator.begin(turnId!);
    return turnId!;
  }

  it('H8, N17: a refused piece reaches nobody; after the second one the rest waits for a game master', async () => {
    const turnId = await ask();
    await table.durable(table.narrator.say(turnId, 'The sun rose.'));
    await expect(table.durable(table.narrator.say(turnId, ' A HELD thing.'))).rejects.toMatchObject({
      code: 'NARRATOR_UNSAFE',
    });
    const context = table.narrator.begin(turnId)!;
    expect(context).toMatchObject({
      written: 'The sun rose.',
      guidance: expect.stringContaining('not fit') as string,
    });
    await expect(table.durable(table.narrator.say(turnId, ' A HELD thing again.'))).rejects.toMatchObject({
      code: 'NARRATOR_UNSAFE',
    });
    table.narrator.finish(turnId, 'held');
    await table.tick();
    expect(texts()).toEqual([['shown', 'The sun rose.']]);
    expect(told(benControl)).not.toContain('HELD');
    expect(waiting()).toMatchObject({
      kind: 'narrator',
      text: 'A HELD thing again.',
      why: { outcome: 'hold_for_gm' },
    });
    await decide({});
    expect(texts()).toEqual([['shown', 'The sun rose. A HELD thing again.']]);
  });

  it('H8: it is judged together with what stands before it, and masked words are masked', async () => {
    await table.passageOf(session, ann, 'Before.');
    const turnId = await ask();
    await table.durable(table.narrator.say(turnId, 'One.'));
    await table.durable(table.narrator.say(turnId, ' MASKED two.'));
    expect(table.moderator.requests.at(-1)).toMatchObject({
      channel: 'narrator',
      speaker: null,
      recent: ['Before.', 'One.'],
    });
    table.narrator.finish(turnId);
    await table.tick();
    expect(texts().at(-1)).toEqual(['shown', 'One. M••••• two.']);
  });

  it('S8: in Assist a passage waits; a rejection with a note asks again with it', async () => {
    await table.must(session, owner, 'narrator:mode', { mode: 'assist' });
    const turnId = await ask();
    await table.durable(table.narrator.say(turnId, 'It rained.'));
    table.narrator.finish(turnId);
    await table.tick();
    expect(texts()).toEqual([['held', '']]);
    expect(waiting()).toMatchObject({ kind: 'narrator', text: 'It rained.', why: null });
    await decide({ decision: 'reject', note: 'More sun.' });
    const [again] = session.kernel.state.narratorTurns;
    expect(again).toMatchObject({ askedBy: owner });
    expect(table.narrator.begin(again!.turnId)).toMatchObject({
      guidance: expect.stringContaining('More sun.') as string,
    });
    await table.durable(table.narrator.say(again!.turnId, 'The sun shone.'));
    table.narrator.finish(again!.turnId);
    await table.tick();
    await decide({ holdId: holds().find(({ state }) => state === 'open')!.id });
    expect(texts()).toEqual([
      ['struck', ''],
      ['shown', 'The sun shone.'],
    ]);
  });

  it('S8: in Copilot only game masters ask, and only they see the answer', async () => {
    await table.must(session, owner, 'narrator:mode', { mode: 'copilot' });
    expect(await table.run(session, ann, 'narrator:ask', {})).toMatchObject({ code: 'NARRATOR_HUMAN' });
    const { turnId } = await table.must(session, owner, 'narrator:ask', {});
    table.narrator.begin(turnId!);
    await table.durable(table.narrator.say(turnId!, 'A whisper.'));
    table.narrator.finish(turnId!);
    await table.tick();
    expect(texts()).toEqual([]);
    expect(told(benControl)).not.toContain('A whisper.');
    expect(waiting()).toMatchObject({ kind: 'whisper', text: 'A whisper.' });
    await decide({});
    expect(texts()).toEqual([['shown', 'A whisper.']]);
  });

  it('S8: in Human mode nobody asks, and a game master writes as the narrator', async () => {
    await table.must(session, owner, 'narrator:mode', { mode: 'human' });
    expect(await table.run(session, owner, 'narrator:ask', {})).toMatchObject({ code: 'NARRATOR_HUMAN' });
    expect(await table.run(session, ann, 'draft:open', { asNarrator: true })).toMatchObject({
      code: 'ROLE_FORBIDS',
    });
    const { draftId } = await table.must(session, owner, 'draft:open', { asNarrator: true });
    const writer = table.writer(session, owner, `draft-${draftId!}`);
    await table.exchange(writer);
    writer.type(0, 'The gate opens.');
    await table.exchange(writer);
    await table.must(session, owner, 'draft:commit', { draftId: draftId! });
    const [passage] = session.kernel.story.passages();
    expect(passage).toMatchObject({ kind: 'narrator', by: owner });
    expect(await table.run(session, owner, 'narrator:retry', { passageId: passage!.id })).toMatchObject({
      ok: false,
    });
  });

  it('S8: a passage whose turn broke down while it was kept is whole once it is let through', async () => {
    await table.must(session, owner, 'narrator:mode', { mode: 'assist' });
    const turnId = await ask();
    await table.durable(table.narrator.say(turnId, 'It rained.'));
    table.narrator.breakDown(turnId);
    await table.tick();
    await decide({});
    const [passage] = session.kernel.story.passages();
    expect(passage).toMatchObject({ state: 'shown', alternatives: [{ state: 'complete' }] });
    await table.must(session, owner, 'passage:reopen', { passageId: passage!.id });
  });

  it('S8: what was kept stays before what comes after when the mode changes meanwhile', async () => {
    await table.must(session, owner, 'narrator:mode', { mode: 'assist' });
    const turnId = await ask();
    await table.durable(table.narrator.say(turnId, 'One.'));
    await table.must(session, owner, 'narrator:mode', { mode: 'ai' });
    await table.durable(table.narrator.say(turnId, ' Two.'));
    table.narrator.finish(turnId);
    await table.tick();
    await decide({});
    expect(texts()).toEqual([['shown', 'One. Two.']]);
  });

  it('S10: a rejection with a note asks no narrator that is switched off, and none in a paused game', async () => {
    await table.must(session, owner, 'narrator:mode', { mode: 'assist' });
    const kept = async () => {
      const turnId = await ask();
      await table.durable(table.narrator.say(turnId, 'It rained.'));
      table.narrator.finish(turnId);
      await table.tick();
    };
    await kept();
    table.flags.set('narrator_off', true);
    await decide({ decision: 'reject', note: 'More sun.' });
    expect(session.kernel.state.narratorTurns).toEqual([]);
    table.flags.set('narrator_off', false);
    await kept();
    await table.must(session, ann, 'safety:signal', { signal: 'pause' });
    await decide({ decision: 'reject', note: 'More sun.' });
    expect(session.kernel.state.narratorTurns).toEqual([]);
  });
});
