import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deskOf, storyTexts, movesAt, threeAtTheTable } from '../test/support/three-at-the-table.ts';
import type { SessionsFixture } from '../test/support/sessions-fixture.ts';
import type { TestControl } from '../test/support/test-control.ts';
import type { Session } from './session.ts';

let table: SessionsFixture;
let session: Session;
let owner: string;
let ann: string;
let ben: string;
let gm: TestControl;

beforeEach(async () => {
  ({ table, session, owner, ann, ben, gm } = await threeAtTheTable({}));
});
afterEach(() => table.close());

const { holds, decide, reopened, asked } = movesAt(() => ({ table, session, owner, gm }));
const texts = () => storyTexts(session);

describe('a passage under an X-card', () => {
  it('S1: a passage that is being edited goes out of sight with its draft', async () => {
    const passageId = await table.passageOf(session, ann, 'A spider.');
    const draftId = await reopened(ann, passageId, 'Look: ');
    const reader = table.writer(session, ben, `draft-${draftId}`);
    await table.exchange(reader);
    await table.must(session, ben, 'safety:x-card', { passageId });
    expect(session.documents.join(`draft-${draftId}`, { playerId: ben, id: 'x' } as never)).toMatchObject({
      code: 'DRAFT_FORBIDDEN',
    });
  });

  it('S12: the commit of an edit that was open does not bring the passage back', async () => {
    const passageId = await table.passageOf(session, ann, 'A spider.');
    const draftId = await reopened(ann, passageId, 'Look: ');
    await table.must(session, ben, 'safety:x-card', { passageId });
    expect(await table.run(session, ann, 'draft:commit', { draftId })).toMatchObject({
      code: 'PASSAGE_BUSY',
    });
    expect(texts()).toEqual([['held', '']]);
    await decide({});
    expect(texts()).toEqual([['shown', 'A spider.']]);
    expect(await table.must(session, ann, 'draft:commit', { draftId })).toMatchObject({ isHeld: true });
    expect(texts()).toEqual([['shown', 'A spider.']]);
    await decide({});
    expect(texts()).toEqual([['shown', 'Look: A spider.']]);
  });

  it('H4: game masters see, and edit, the alternative that was shown', async () => {
    const passageId = await table.narratorPassage(session, owner, 'A mouse.');
    const { turnId } = await table.must(session, owner, 'narrator:retry', { passageId });
    table.narrator.begin(turnId!);
    await table.durable(table.narrator.say(turnId!, 'A spider.'));
    table.narrator.finish(turnId!);
    await table.tick();
    await table.must(session, ben, 'safety:x-card', {});
    expect(holds()[0]).toMatchObject({ text: 'A spider.' });
    await decide({ text: 'A kitten.' });
    const [passage] = session.kernel.story.passages();
    expect(passage!.alternatives.map(({ spans }) => spans.map(({ text }) => text).join(''))).toEqual([
      'A mouse.',
      'A kitten.',
    ]);
    expect(texts()).toEqual([['shown', 'A kitten.']]);
  });

  it('S12: an earlier decision is not undone while the passage is hidden', async () => {
    const passageId = await table.passageOf(session, ann, 'A spider.');
    const draftId = await reopened(ann, passageId, 'HELD ');
    await table.must(session, ann, 'draft:commit', { draftId });
    const first = holds()[0]!.id;
    await decide({});
    await table.must(session, ben, 'safety:x-card', { passageId });
    expect(await table.run(session, owner, 'hold:undo', { holdId: first })).toMatchObject({
      code: 'PASSAGE_BUSY',
    });
    expect(texts()).toEqual([['held', '']]);
  });

  it('S12: an ending or alternative that waited does not go into a hidden passage', async () => {
    const passageId = await table.narratorPassage(session, owner, 'A mouse.');
    await table.must(session, owner, 'narrator:mode', { mode: 'assist' });
    const { turnId } = await table.must(session, owner, 'narrator:retry', { passageId });
    table.narrator.begin(turnId!);
    await table.durable(table.narrator.say(turnId!, 'A rat.'));
    table.narrator.finish(turnId!);
    await table.tick();
    await table.must(session, ben, 'safety:x-card', { passageId });
    const waiting = holds().find(({ kind }) => kind === 'narrator')!.id;
    expect(await decide({ holdId: waiting })).toMatchObject({ code: 'PASSAGE_BUSY' });
    expect(texts()).toEqual([['held', '']]);
  });

  it('S1, N6: a turn whose passage was hidden just before a crash writes no more', async () => {
    const turnId = await asked();
    await table.durable(table.narrator.say(turnId, 'A clown.'));
    table.narrator.stop = () => undefined;
    await table.must(session, ben, 'safety:x-card', {});
    await table.crash();
    session = await table.sessions.open(session.id);
    expect(session.kernel.state.narratorTurns).toEqual([]);
  });

  it('H4: however many are hidden, game masters see the oldest that one desk can hold, and how many wait', async () => {
    for (let count = 0; count < 61; count += 1) {
      const meta = { kind: 'player' as const, by: ann, turnId: 'turn', castId: null, createdAt: count };
      const of = { passageId: `p${count}`, alternativeId: 'a', spans: [{ author: ann, text: `${count}.` }] };
      session.kernel.changeStory([{ op: 'add', ...of, meta, at: count }]);
    }
    for (let count = 0; count < 61; count += 1) await table.must(session, ben, 'safety:x-card', {});
    const review = deskOf(gm).review!;
    expect(review.waiting).toBe(61);
    expect(review.holds).toHaveLength(60);
    expect(review.holds[0]).toMatchObject({ text: '60.' });
    await decide({});
    expect(
      holds()
        .filter(({ state }) => state === 'open')
        .map(({ text }) => text),
    ).toContain('0.');
  });

  it('S1: its direction is out of the document too, also while it is being written, and comes back with it', async () => {
    for (const isDone of [true, false]) {
      const { turnId } = await table.must(session, owner, 'narrator:ask', { direction: 'Bring the spider.' });
      table.narrator.begin(turnId!);
      await table.durable(table.narrator.say(turnId!, 'It comes.'));
      if (isDone) table.narrator.finish(turnId!);
      await table.tick();
      await table.must(session, ben, 'safety:x-card', {});
      expect(JSON.stringify(session.kernel.story.passages().at(-1))).not.toContain('spider');
      await decide({});
      const [alternative] = session.kernel.story.passages().at(-1)!.alternatives;
      expect(alternative).toMatchObject({ state: 'complete', info: { direction: 'Bring the spider.' } });
    }
  });
});
