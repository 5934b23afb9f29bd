import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deskOf, storyTexts, threeAtTheTable } from '../test/support/three-at-the-table.ts';
import type { SessionsFixture } from '../test/support/sessions-fixture.ts';
import type { TestControl } from '../test/support/test-control.ts';
import { sessionEventSchema } from './events.ts';
import { NEW_STANDING, newSafety } from './safety-state.ts';
import type { Session } from './session.ts';
import { historyScore, withText } from './standing.ts';

let table: SessionsFixture;
let session: Session;
let owner: string;
let ann: string;
let ben: string;
let gm: TestControl;
let annControl: TestControl;
let benControl: TestControl;

beforeEach(async () => {
  ({ table, session, owner, ann, ben, gm, annControl, benControl } = await threeAtTheTable({
    turnMode: 'ordered',
    ben: 'spectator',
  }));
});
afterEach(() => table.close());

const desk = deskOf;
const state = () => session.kernel.state;
const texts = () => storyTexts(session);

describe('the X-card', () => {
  it('S1: hides the newest passage from everybody and out of the document; game masters may put it back', async () => {
    await table.passageOf(session, owner, 'A spider the size of a horse.');
    const reader = table.writer(session, ann, 'story');
    await table.exchange(reader);
    await table.must(session, ben, 'safety:x-card', {});
    await table.exchange(reader);
    expect(texts()).toEqual([['held', '']]);
    const fresh = table.writer(session, ben, 'story');
    await table.exchange(fresh);
    const clients = [...fresh.doc.store.clients.values()].flat();
    expect(clients.length).toBeGreaterThan(3);
    expect(JSON.stringify(clients.map((item) => (item as { content?: unknown }).content))).not.toContain(
      'spider',
    );
    expect(annControl.view!.safety.hiddenPassages).toEqual([session.kernel.story.passages()[0]!.id]);
    const { review } = desk(gm);
    expect(review).toMatchObject({
      requests: [{ kind: 'x-card' }],
      holds: [{ kind: 'hidden', by: null, text: 'A spider the size of a horse.' }],
    });
    expect(annControl.heard('session:noticed').map(({ kind }) => kind)).toContain('table-request');
    for (const name of ['passage:reopen', 'passage:strike', 'passage:restore'] as const) {
      const { passageId } = review!.holds[0]!;
      expect(await table.run(session, owner, name, { passageId: passageId! })).toMatchObject({
        code: 'PASSAGE_BUSY',
      });
    }
    await table.must(session, owner, 'hold:decide', { holdId: review!.holds[0]!.id, decision: 'approve' });
    expect(texts()).toEqual([['shown', 'A spider the size of a horse.']]);
    expect(state().safety.overturned).toBe(0);
  });

  it('S1: nothing tells who played it, in no message and no record', async () => {
    await table.passageOf(session, owner, 'Words.');
    const before = (await table.inner.load(session.id))!.tail.length;
    const told = [gm, annControl, benControl].map((control) => control.events.length);
    await table.must(session, ben, 'safety:x-card', {});
    for (const signal of ['rewind', 'fast-forward', 'pause'] as const)
      await table.must(session, ben, 'safety:signal', { signal });
    const records = (await table.inner.load(session.id))!.tail.slice(before);
    expect(records.length).toBeGreaterThan(4);
    for (const { author, data } of records) {
      expect(author).toBeNull();
      expect(new TextDecoder().decode(data)).not.toContain(ben);
    }
    const messages = [gm, annControl, benControl].map((control, at) => control.events.slice(told[at]));
    const news = messages.flat().filter(({ event }) => event !== 'session:desk');
    expect(news.length).toBeGreaterThan(4);
    expect(JSON.stringify(news)).not.toContain(ben);
    expect(JSON.stringify(desk(gm).review)).not.toContain(ben);
  });

  it('S1: the narrator is silent at once, and what it was writing is hidden with what is still being judged', async () => {
    await table.must(session, owner, 'turn:mode', { mode: 'free' });
    const { turnId } = await table.must(session, owner, 'narrator:ask', {});
    table.narrator.begin(turnId!);
    await table.durable(table.narrator.say(turnId!, 'A clown.'));
    let release = () => {};
    table.moderator.gate = new Promise((resolve) => (release = resolve));
    const late = table.narrator.say(turnId!, ' It laughs.');
    await table.must(session, ann, 'safety:x-card', {});
    table.moderator.gate = null;
    release();
    await table.durable(late);
    expect(table.narrator.stopped).toEqual([turnId]);
    expect(state().narratorTurns).toEqual([]);
    expect(texts()).toEqual([['held', '']]);
  });

  it('S1: a draft under it opens to nobody, and goes to a game master instead of into the story', async () => {
    await table.must(session, owner, 'turn:mode', { mode: 'free' });
    const draftId = await table.draftWith(session, ann, 'A clown.');
    await table.must(session, ben, 'safety:x-card', { draftId });
    expect(session.documents.join(`draft-${draftId}`, { playerId: ben, id: 'x' } as never)).toMatchObject({
      code: 'DRAFT_FORBIDDEN',
    });
    expect(await table.must(session, ann, 'draft:commit', { draftId })).toMatchObject({ isHeld: true });
    expect(texts()).toEqual([['held', '']]);
  });

  it('S1: its topic may become a veil of the table', async () => {
    await table.must(session, ben, 'safety:x-card', {});
    const [request] = desk(gm).review!.requests;
    await table.must(session, owner, 'request:close', { requestId: request!.id, veil: 'spiders' });
    expect(annControl.view!.safety.veils).toEqual(['spiders']);
    expect(desk(gm).review!.requests).toEqual([]);
  });
});

describe('signals', () => {
  it('S2: a paused game takes nothing into the story and asks no narrator until a game master goes on', async () => {
    await table.must(session, owner, 'turn:mode', { mode: 'free' });
    const { turnId } = await table.must(session, owner, 'narrator:ask', {});
    table.narrator.begin(turnId!);
    const draftId = await table.draftWith(session, ann, 'Words.');
    await table.must(session, ben, 'safety:signal', { signal: 'pause' });
    expect(table.narrator.stopped).toEqual([turnId]);
    expect(annControl.view!.safety.isPaused).toBe(true);
    expect(await table.run(session, ann, 'draft:commit', { draftId })).toMatchObject({ code: 'GAME_PAUSED' });
    expect(await table.run(session, owner, 'narrator:ask', {})).toMatchObject({ code: 'NARRATOR_PAUSED' });
    expect(await table.run(session, ann, 'safety:signal', { signal: 'resume' })).toMatchObject({
      code: 'ROLE_FORBIDS',
    });
    await table.must(session, owner, 'safety:signal', { signal: 'resume' });
    await table.must(session, ann, 'draft:commit', { draftId });
  });

  it('S3: stepping out is told once', async () => {
    await table.must(session, ann, 'safety:signal', { signal: 'open-door' });
    await table.must(session, owner, 'player:mute', { playerId: ann, minutes: 5 });
    const told = benControl.heard('session:noticed').filter(({ kind }) => kind === 'player-away');
    expect(told).toHaveLength(1);
  });

  it('S2: fast-forward is told to the next turn of the narrator, once', async () => {
    await table.must(session, ben, 'safety:signal', { signal: 'fast-forward' });
    for (const expected of [expect.stringContaining('skip ahead') as string, null]) {
      const { turnId } = await table.must(session, owner, 'narrator:ask', { direction: String(expected) });
      expect(table.narrator.begin(turnId!)).toMatchObject({ guidance: expected });
      table.narrator.finish(turnId!);
      await table.tick();
    }
  });

  it('S3: who steps out is skipped, and comes back', async () => {
    await table.must(session, owner, 'turn:give', { playerId: ann });
    await table.must(session, ann, 'safety:signal', { signal: 'open-door' });
    expect(state().turn.current).toBe(owner);
    expect(gm.view!.players.find(({ id }) => id === ann)).toMatchObject({ isAway: true, isOnline: true });
    await table.must(session, ann, 'safety:signal', { signal: 'back' });
    expect(gm.view!.players.find(({ id }) => id === ann)).toMatchObject({ isAway: false });
    await table.must(session, owner, 'turn:pass', {});
    expect(state().turn.current).toBe(ann);
  });
});

describe('lines, veils and session zero', () => {
  it('S5, S6: they are one list without names, in every judgement and every prompt', async () => {
    await table.must(session, ann, 'safety:topics', { lines: ['Zombies', 'clowns'], veils: ['Blood'] });
    await table.must(session, ben, 'safety:topics', { lines: ['ants', 'Clowns'], veils: ['blood', 'ants'] });
    const { lines, veils } = annControl.view!.safety;
    expect([lines, veils]).toEqual([['ants', 'Clowns', 'Zombies'], ['blood']]);
    expect(desk(annControl)).toMatchObject({ lines: ['Zombies', 'clowns'] });
    expect(desk(gm).review).toMatchObject({ tableLines: [], tableVeils: [] });
    expect(JSON.stringify(desk(gm))).not.toContain('Zombies');
    await table.must(session, owner, 'talk:say', { text: 'Hello' });
    expect(table.moderator.requests.at(-1)!.rules).toMatchObject({ lines, veils });
    const { turnId } = await table.must(session, owner, 'narrator:ask', {});
    expect(table.narrator.begin(turnId!)).toMatchObject({ lines, veils });
    await table.must(session, owner, 'player:remove', { playerId: ben });
    expect(annControl.view!.safety.lines).toEqual(['clowns', 'Zombies']);
  });

  it('H7: a line may name anything, but it holds no forbidden word', async () => {
    const refused = { code: 'TEXT_REFUSED' };
    expect(await table.run(session, ben, 'safety:topics', { lines: ['BANNED'], veils: [] })).toMatchObject(
      refused,
    );
    expect(await table.run(session, owner, 'session:zero', { veils: ['BANNED'] })).toMatchObject(refused);
    await table.must(session, ben, 'safety:topics', { lines: ['HELD'], veils: ['BLOCKED'] });
    expect(annControl.view!.safety).toMatchObject({ lines: ['HELD'], veils: ['BLOCKED'] });
  });

  it('S7: a table may be stricter than the policy, at once, and never looser', async () => {
    expect(await table.run(session, owner, 'session:zero', { levels: { violence: 4 } })).toMatchObject({
      code: 'POLICY_LOOSENS',
    });
    expect(await table.run(session, ann, 'session:zero', { levels: {} })).toMatchObject({
      code: 'ROLE_FORBIDS',
    });
    await table.must(session, owner, 'session:zero', {
      levels: { violence: 1 },
      genre: 'horror',
      lines: ['clowns'],
    });
    expect(annControl.view!.safety).toMatchObject({
      levels: { violence: 1 },
      genre: 'horror',
      floor: { violence: 3 },
    });
    await table.must(session, owner, 'session:zero', { tone: 'Warm' });
    await table.must(session, ann, 'talk:say', { text: 'Hello' });
    expect(table.moderator.requests.at(-1)!.rules).toMatchObject({
      levels: { violence: 1 },
      genre: 'horror',
      lines: ['clowns'],
    });
    await table.run(session, ann, 'talk:say', { text: 'Clowns!' });
    expect(desk(gm).review).toMatchObject({ waiting: 1, holds: [{ why: { harm: 'line' } }] });
  });
});

describe('people controls', () => {
  it('S9: a muted player neither talks nor writes until the time is over', async () => {
    await table.must(session, owner, 'player:mute', { playerId: ann, minutes: 10 });
    expect(await table.run(session, ann, 'talk:say', { text: 'Hi' })).toMatchObject({
      code: 'PLAYER_MUTED',
      retryAfterMs: expect.any(Number) as number,
    });
    expect(gm.view!.players.find(({ id }) => id === ann)).toMatchObject({ isMuted: true });
    table.clock.advance(10 * 60_000);
    await table.must(session, ann, 'talk:say', { text: 'Hi' });
  });

  it('S9: who only reads along cannot type either', async () => {
    const { draftId } = await table.must(session, owner, 'draft:open', {});
    await table.must(session, owner, 'turn:mode', { mode: 'free' });
    await table.must(session, owner, 'player:restrict', { playerId: ann, isReadOnly: true });
    const writer = table.writer(session, ann, `draft-${draftId!}`);
    await table.exchange(writer);
    writer.type(0, 'x');
    writer.deliverOut();
    expect(writer.closedWith).toBe(4422);
    expect(await table.run(session, ann, 'draft:open', {})).toMatchObject({ code: 'PLAYER_READ_ONLY' });
  });

  it('S9: kicked players may come back, removed ones may not until they are readmitted', async () => {
    await table.must(session, owner, 'player:kick', { playerId: ann });
    expect(annControl.closedWith).toBe(4403);
    expect(annControl.heard('session:closing')).toMatchObject([{ refusal: { code: 'PLAYER_KICKED' } }]);
    expect(table.control(session, ann).closedWith).toBeNull();
    await table.must(session, owner, 'player:remove', { playerId: ann });
    expect(table.control(session, ann).closedWith).not.toBeNull();
    await table.must(session, owner, 'player:readmit', { playerId: ann });
    expect(table.control(session, ann).closedWith).toBeNull();
    expect(state().turn.order).toContain(ann);
    expect(await table.run(session, owner, 'player:kick', { playerId: owner })).toMatchObject({
      code: 'OWNER_STAYS',
    });
  });

  it('S9: slow mode makes players wait between contributions, not game masters', async () => {
    await table.must(session, owner, 'session:slow', { seconds: 30 });
    await table.must(session, ann, 'talk:say', { text: 'One' });
    expect(await table.run(session, ann, 'talk:say', { text: 'Two' })).toMatchObject({ code: 'SLOW_MODE' });
    await table.must(session, owner, 'talk:say', { text: 'a' });
    await table.must(session, owner, 'talk:say', { text: 'b' });
    table.clock.advance(30_000);
    await table.must(session, ann, 'talk:say', { text: 'Two' });
  });

  it('S11: reports reach game masters, and are closed by them', async () => {
    const passageId = await table.passageOf(session, owner, 'Words.');
    await table.must(session, ben, 'report:file', {
      about: { kind: 'passage', id: passageId },
      reason: 'line',
      text: 'Spiders.',
    });
    const [report] = desk(gm).review!.reports;
    expect(report).toMatchObject({ by: ben, reason: 'line' });
    expect(
      await table.run(session, ben, 'report:file', { about: { kind: 'talk', id: 'none' }, reason: 'other' }),
    ).toMatchObject({ code: 'HOLD_UNKNOWN' });
    await table.must(session, owner, 'report:close', { reportId: report!.id });
    expect(desk(gm).review!.reports).toEqual([]);
    expect(table.log.reviews).toEqual([]);
    await table.must(session, ben, 'report:file', { about: { kind: 'player', id: ann }, reason: 'other' });
    const reportId = desk(gm).review!.reports[0]!.id;
    await table.must(session, owner, 'report:close', { reportId, isUpheld: true });
    expect(table.log.reviews).toMatchObject([{ review: 'upheld', holdId: reportId, reviewer: owner }]);
  });
});

describe('flags of the operator', () => {
  it('S10: narrator_off ends what runs and refuses more, for one session or for all', async () => {
    const { turnId } = await table.must(session, owner, 'narrator:ask', {});
    table.narrator.begin(turnId!);
    table.flags.set('narrator_off', true, 'another');
    expect(table.narrator.stopped).toEqual([]);
    table.flags.set('narrator_off', true);
    await table.tick();
    expect(table.narrator.stopped).toEqual([turnId]);
    expect(annControl.view!.safety.flags).toEqual(['narrator_off']);
    expect(await table.run(session, owner, 'narrator:ask', {})).toMatchObject({ code: 'NARRATOR_OFF' });
    table.flags.set('narrator_off', false);
    await table.must(session, owner, 'narrator:ask', {});
  });

  it('S10: human_only, safe_responder and read_only do what they say', async () => {
    table.flags.set('human_only', true);
    expect(await table.run(session, owner, 'narrator:ask', {})).toMatchObject({ code: 'NARRATOR_HUMAN' });
    table.flags.set('human_only', false);
    table.flags.set('safe_responder', true);
    const { turnId } = await table.must(session, owner, 'narrator:ask', {});
    expect(table.narrator.begin(turnId!)).toMatchObject({ isSafe: true });
    table.flags.set('read_only', true);
    await table.tick();
    expect(annControl.view!.about.storage).toBe('read-only');
    expect(await table.run(session, ann, 'talk:say', { text: 'x' })).toMatchObject({ ok: false });
    table.flags.set('read_only', false);
    await table.must(session, ann, 'talk:say', { text: 'x' });
  });
});

describe('history', () => {
  const DAY = 24 * 3_600_000;

  it('M5: ten clean texts give 0.917, strikes lower it, and thirty days halve both', () => {
    let standing = NEW_STANDING;
    expect(historyScore(standing, 0)).toBe(0.5);
    for (let text = 0; text < 10; text += 1) standing = withText(standing, false, 0);
    expect(historyScore(standing, 0)).toBeCloseTo(11 / 12, 9);
    expect(historyScore(standing, 30 * DAY)).toBeCloseTo(6 / 7, 9);
    for (let text = 0; text < 3; text += 1) standing = withText(standing, true, 0);
    expect(historyScore(standing, 0)).toBeCloseTo(11 / 15, 9);
    expect(withText(standing, false, 60 * DAY)).toMatchObject({ clean: 3.5, violations: 0.75 });
  });

  it('D5: journals from before moderation are read as a table where nothing has been said', () => {
    const { safety: _none, ...old } = state();
    const parsed = sessionEventSchema.parse({ type: 'session-created', state: old });
    expect(parsed).toMatchObject({ state: { safety: newSafety() } });
  });
});
