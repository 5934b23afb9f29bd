import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deskOf, threeAtTheTable, type ThreeAtTheTable } from '../test/support/three-at-the-table.ts';
import { feedbackSchema } from './feedback.ts';

let seats: ThreeAtTheTable;
let passageId: string;
let alternativeId: string;
beforeEach(async () => {
  seats = await threeAtTheTable({ ben: 'spectator' });
  passageId = await seats.table.narratorPassage(seats.session, seats.ann, 'The lamp went out.');
  alternativeId = seats.session.kernel.story.passage(passageId)!.alternatives[0]!.id;
});
afterEach(() => seats.table.close());

const give = (playerId: string, of: Record<string, unknown> = {}) => {
  const input = feedbackSchema.parse({ passageId, alternativeId, type: 'positive', ...of });
  return seats.table.durable(seats.session.giveFeedback(playerId, input));
};
const kept = () => [...seats.table.feedback.all.values()];

describe('feedback on passages of the narrator', () => {
  it('F1: everybody who reads gives it once; a second one replaces the first', async () => {
    await give(seats.ben, { rating: 2 });
    await give(seats.ben, { rating: 5 });
    await give(seats.ann, { rating: 4 });
    expect(kept().map(({ playerId, rating }) => [playerId, rating])).toEqual([
      [seats.ben, 5],
      [seats.ann, 4],
    ]);
    expect(seats.session.monitorView()).toMatchObject({
      ratings: 2,
      scores: { satisfaction: (9 + 40) / 12 },
    });
  });

  it('F1: it is about a passage of the narrator that is shown, by somebody who is still here', async () => {
    const own = await seats.table.passageOf(seats.session, seats.ann, 'Mine.');
    expect(await give(seats.ben, { passageId: own })).toMatchObject({ code: 'PASSAGE_UNKNOWN' });
    expect(await give(seats.ben, { alternativeId: 'other' })).toMatchObject({ code: 'PASSAGE_UNKNOWN' });
    await seats.table.must(seats.session, seats.owner, 'player:remove', { playerId: seats.ben });
    expect(await give(seats.ben)).toMatchObject({ code: 'PLAYER_REMOVED' });
    await seats.table.must(seats.session, seats.owner, 'passage:strike', { passageId });
    expect(await give(seats.ann)).toMatchObject({ code: 'PASSAGE_UNKNOWN' });
    expect(kept()).toEqual([]);
  });

  it('F1: its words are judged as table talk, and are in no event', async () => {
    expect(await give(seats.ann, { comment: 'You BLOCKED it.' })).toMatchObject({ code: 'TEXT_REFUSED' });
    expect((await give(seats.ann, { comment: 'Lovely words.' })).ok).toBe(true);
    const events = JSON.stringify(seats.table.facts.all);
    expect(events).not.toContain('Lovely');
    expect(kept()[0]!.comment).toBe('Lovely words.');
  });

  it('F3: that it broke the story comes to the game masters, once a person and passage', async () => {
    await give(seats.ann, { type: 'broke_story', comment: 'The lamp was broken.' });
    await give(seats.ann, { type: 'broke_story' });
    await seats.table.tick();
    const { reports } = deskOf(seats.gm).review!;
    expect(reports).toMatchObject([
      {
        by: seats.ann,
        about: { kind: 'passage', id: passageId },
        text: 'It broke our story. The lamp was broken.',
      },
    ]);
  });

  it('F4: what was said before a restart counts in the figure', async () => {
    await give(seats.ann, { rating: 1 });
    await seats.table.restart();
    const session = await seats.table.sessions.open(seats.session.id);
    await seats.table.tick();
    expect(session.monitorView()).toMatchObject({ ratings: 1, scores: { satisfaction: 41 / 11 } });
  });

  it('G1: what was said about a purged passage goes with it', async () => {
    await give(seats.ann, { comment: 'Lovely.' });
    await seats.table.must(seats.session, seats.owner, 'session:purge', { passageIds: [passageId] });
    for (let round = 0; kept().length > 0 && round < 50; round += 1) await seats.table.tick();
    expect(kept()).toEqual([]);
  });
});
