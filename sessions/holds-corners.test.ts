import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deskOf, storyTexts, movesAt, threeAtTheTable, toldTo } from '../test/support/three-at-the-table.ts';
import { ScriptedModerator } from '../test/support/scripted-moderator.ts';
import type { SessionsFixture } from '../test/support/sessions-fixture.ts';
import type { TestControl } from '../test/support/test-control.ts';
import { createSessionSchema } from './protocol.ts';
import { screenNewSession } from './screen-new.ts';
import type { Session } from './session.ts';

let table: SessionsFixture;
let session: Session;
let owner: string;
let ann: string;
let ben: string;
let gm: TestControl;
let benControl: TestControl;

beforeEach(async () => {
  ({ table, session, owner, ann, ben, gm, benControl } = await threeAtTheTable({}));
});
afterEach(() => table.close());

const state = () => session.kernel.state;
const { holds, decide, typed, reopened, asked } = movesAt(() => ({ table, session, owner, gm }));
const texts = () => storyTexts(session);

describe('decisions', () => {
  it('H4: an edit that was refused and is let through on appeal goes into its passage, with its authors', async () => {
    const passageId = await table.passageOf(session, ann, 'One.');
    const { draftId = '' } = await table.must(session, ann, 'passage:reopen', { passageId });
    await typed(ben, draftId, 'Ben: ');
    await typed(ann, draftId, 'BLOCKED ');
    expect(await table.run(session, ann, 'draft:commit', { draftId })).toMatchObject({
      code: 'TEXT_REFUSED',
    });
    const [note] = state().safety.holds;
    await table.must(session, ann, 'hold:appeal', { holdId: note!.id, text: 'Please.' });
    await decide({});
    expect(texts()).toEqual([['shown', 'BLOCKED Ben: One.']]);
    expect(session.kernel.story.passages()[0]!.alternatives[0]!.spans).toEqual([
      { author: ann, text: 'BLOCKED ' },
      { author: ben, text: 'Ben: ' },
      { author: ann, text: 'One.' },
    ]);
    expect(state().drafts).toEqual({});
  });

  it('H2, H3: who commits a draft of somebody else is not struck for its words', async () => {
    const draftId = await table.draftWith(session, ann, 'A BLOCKED passage.');
    expect(await table.run(session, owner, 'draft:commit', { draftId })).toMatchObject({
      code: 'TEXT_REFUSED',
    });
    expect(state().safety.standings[owner]?.violations ?? 0).toBe(0);
    expect(state().safety.standings[ann]).toMatchObject({ violations: 1 });
    expect(state().safety.holds).toMatchObject([{ by: ann }]);
  });

  it('H5: after an undo of a refusal that was let through, a rejection leaves no place waiting', async () => {
    const draftId = await table.draftWith(session, ann, 'A BLOCKED passage.');
    await table.run(session, ann, 'draft:commit', { draftId });
    const { id: holdId } = state().safety.holds[0]!;
    await table.must(session, ann, 'hold:appeal', { holdId, text: 'Please.' });
    await decide({});
    await table.must(session, owner, 'hold:undo', { holdId });
    expect(texts()).toEqual([['held', '']]);
    await decide({ decision: 'reject' });
    expect(texts()).toEqual([['struck', '']]);
  });

  it('H4: a draft that was given back and is thrown away leaves no place waiting for ever', async () => {
    const draftId = await table.draftWith(session, ann, 'A HELD passage.');
    await table.must(session, ann, 'draft:commit', { draftId });
    await decide({ decision: 'revise' });
    const [draft] = Object.values(state().drafts);
    await table.must(session, ann, 'draft:discard', { draftId: draft!.id });
    expect(texts()).toEqual([['struck', '']]);
  });

  it('H5: undoing keeps every alternative that was written meanwhile', async () => {
    await table.must(session, owner, 'narrator:mode', { mode: 'assist' });
    const turnId = await asked();
    await table.durable(table.narrator.say(turnId, 'It rained.'));
    table.narrator.finish(turnId);
    await table.tick();
    await decide({});
    const holdId = holds()[0]!.id;
    await table.must(session, owner, 'narrator:mode', { mode: 'ai' });
    const passageId = session.kernel.story.passages()[0]!.id;
    const again = await table.must(session, owner, 'narrator:retry', { passageId });
    table.narrator.begin(again.turnId!);
    await table.durable(table.narrator.say(again.turnId!, 'It snowed.'));
    table.narrator.finish(again.turnId!);
    await table.tick();
    await table.must(session, owner, 'hold:undo', { holdId });
    expect(holds()[0]).toMatchObject({ text: 'It snowed.' });
    await decide({});
    expect(texts()).toEqual([['shown', 'It snowed.']]);
    const [passage] = session.kernel.story.passages();
    expect(passage!.alternatives.map(({ spans }) => spans.map(({ text }) => text).join(''))).toEqual([
      'It rained.',
      'It snowed.',
    ]);
  });

  it('H5: undoing a rejection does not bury what was written in the place since', async () => {
    const draftId = await table.draftWith(session, ann, 'A HELD passage.');
    const { passageId } = await table.must(session, ann, 'draft:commit', { draftId });
    await decide({ decision: 'reject' });
    await table.must(session, ann, 'passage:restore', { passageId: passageId! });
    const again = await reopened(ann, passageId!, 'Quiet words.');
    await table.must(session, ann, 'draft:commit', { draftId: again });
    expect(await table.run(session, owner, 'hold:undo', { holdId: holds()[0]!.id })).toMatchObject({
      code: 'PASSAGE_BUSY',
    });
    expect(texts()).toEqual([['shown', 'Quiet words.']]);
  });

  it('H5: putting the mask back keeps what was edited since', async () => {
    const passageId = await table.passageOf(session, ann, 'A MASKED word.');
    const note = state().safety.holds[0]!;
    await table.must(session, ann, 'hold:appeal', { holdId: note.id, text: 'It is a name.' });
    await decide({});
    expect(texts()).toEqual([['shown', 'A MASKED word.']]);
    const chosen = session.kernel.story.passages()[0]!.alternatives[0]!.id;
    session.kernel.changeStory([
      { op: 'fill', passageId, alternativeId: chosen, spans: [{ author: ann, text: 'Other words.' }] },
    ]);
    await table.run(session, owner, 'hold:undo', { holdId: note.id });
    expect(JSON.stringify([texts(), state().safety.holds])).toContain('Other words.');
  });

  it('H5: a passage that somebody edits is not taken back under their hands', async () => {
    const draftId = await table.draftWith(session, ann, 'A HELD passage.');
    const { passageId } = await table.must(session, ann, 'draft:commit', { draftId });
    await decide({});
    await reopened(ann, passageId!, 'More. ');
    expect(await table.run(session, owner, 'hold:undo', { holdId: holds()[0]!.id })).toMatchObject({
      code: 'PASSAGE_BUSY',
    });
  });

  it('H5: a passage that the narrator writes anew is not taken back meanwhile', async () => {
    await table.must(session, owner, 'narrator:mode', { mode: 'assist' });
    const turnId = await asked();
    await table.durable(table.narrator.say(turnId, 'It rained.'));
    table.narrator.finish(turnId);
    await table.tick();
    await decide({});
    const passageId = session.kernel.story.passages()[0]!.id;
    await table.must(session, owner, 'narrator:retry', { passageId });
    expect(await table.run(session, owner, 'hold:undo', { holdId: holds()[0]!.id })).toMatchObject({
      code: 'PASSAGE_BUSY',
    });
  });

  it('W7: letting an edit of a struck passage through does not bring the passage back', async () => {
    const passageId = await table.passageOf(session, ann, 'One.');
    const draftId = await reopened(ann, passageId, 'HELD ');
    await table.must(session, ann, 'passage:strike', { passageId });
    await table.must(session, ann, 'draft:commit', { draftId });
    await decide({});
    expect(texts()).toEqual([['struck', 'HELD One.']]);
    await table.must(session, owner, 'hold:undo', { holdId: holds()[0]!.id });
    expect(texts()).toEqual([['struck', 'One.']]);
  });
});

describe('rounds', () => {
  beforeEach(async () => {
    await table.must(session, owner, 'turn:mode', { mode: 'round' });
  });

  it('S2: the last to submit in a paused game does not resolve the round; going on does', async () => {
    const drafts = [await table.draftWith(session, ann, 'Ann.'), await table.draftWith(session, ben, 'Ben.')];
    await table.must(session, ann, 'turn:submit', { draftId: drafts[0]! });
    await table.must(session, ann, 'safety:signal', { signal: 'pause' });
    await table.must(session, ben, 'turn:submit', { draftId: drafts[1]! });
    await table.tick();
    expect(texts()).toEqual([]);
    await table.must(session, owner, 'safety:signal', { signal: 'resume' });
    await table.tick();
    await table.tick();
    expect(texts().map(([, text]) => text)).toEqual(['Ann.', 'Ben.']);
  });

  it('H2: what would be blocked when the round ends goes back to its author, and the others go on', async () => {
    const drafts = [
      await table.draftWith(session, ann, 'Ann.'),
      await table.draftWith(session, ben, 'WORSE.'),
    ];
    await table.must(session, ben, 'turn:submit', { draftId: drafts[1]! });
    const look = table.moderator.look.bind(table.moderator);
    table.moderator.look = (request) => look({ ...request, text: request.text.replace('WORSE', 'BLOCKED') });
    await table.must(session, ann, 'turn:submit', { draftId: drafts[0]! });
    await table.tick();
    await table.tick();
    expect(texts()).toEqual([['shown', 'Ann.']]);
    expect(state().drafts[drafts[1]!]).toMatchObject({ submittedAt: null });
    expect(deskOf(benControl).notes).toMatchObject([{ state: 'refused' }]);
    expect(state().safety.standings[ann]?.violations ?? 0).toBe(0);
  });
});

describe('personal data and masks', () => {
  /** A moderator that finds a number in the text, whatever else it says. */
  function findNumbers(): void {
    const look = table.moderator.look.bind(table.moderator);
    table.moderator.look = (request) => {
      const verdict = look(request);
      const start = request.text.indexOf('555');
      const span = { start, end: start + 3, source: 'pii' as const, label: 'phone' };
      return start < 0 ? verdict : { ...verdict, spans: [...verdict.spans, span] };
    };
  }

  it('H1, H9: held talk that has personal data in it waits without that', async () => {
    findNumbers();
    await table.must(session, ann, 'talk:say', { text: 'HELD, call 555.' });
    expect(holds()[0]!.text).toContain('HELD, call ');
    expect(holds()[0]!.text).not.toContain('555');
    await decide({});
    expect(state().talk.at(-1)!.text).toContain('HELD, call ');
    expect(toldTo(benControl)).not.toContain('555');
  });

  it('H2: the same words with personal data in them are one strike', async () => {
    findNumbers();
    const draftId = await table.draftWith(session, ann, 'BLOCKED 555.');
    await table.run(session, ann, 'draft:commit', { draftId });
    await table.run(session, ann, 'draft:commit', { draftId });
    expect(state().safety.standings[ann]).toMatchObject({ violations: 1 });
    expect(JSON.stringify(state().safety.holds)).not.toContain('555');
  });

  it('H9: a name that masking made too long is refused', async () => {
    const look = table.moderator.look.bind(table.moderator);
    table.moderator.look = (request) => {
      const verdict = look(request);
      return request.channel === 'name'
        ? { ...verdict, outcome: 'soften', action: 'redact', text: 'x'.repeat(60) }
        : verdict;
    };
    expect(await table.run(session, ann, 'player:rename', { name: 'a@b.co c@d.co' })).toMatchObject({
      code: 'TEXT_REFUSED',
    });
    expect(state().players[ann]!.name).toBe('Ann');
  });

  it('H4: edited talk is one line of talk within its length', async () => {
    await table.must(session, ann, 'talk:say', { text: 'HELD talk.' });
    expect(await decide({ text: 'x'.repeat(1_001) })).toMatchObject({ ok: false });
    await decide({ text: 'Two\nlines.' });
    expect(state().talk.at(-1)!.text).toBe('Two lines.');
  });
});

describe('at the edges', () => {
  it('H4: an edited original takes the place of the masked text', async () => {
    await table.passageOf(session, ann, 'A MASKED word.');
    const [note] = state().safety.holds;
    await table.must(session, ann, 'hold:appeal', { holdId: note!.id, text: 'It is a name.' });
    await decide({ text: 'A milder word.' });
    expect(texts()).toEqual([['shown', 'A milder word.']]);
  });

  it('D5: a score that is no number does not keep the session from being loaded', async () => {
    const look = table.moderator.look.bind(table.moderator);
    table.moderator.look = (request) => {
      const verdict = look(request);
      return { ...verdict, scores: { ...verdict.scores, violence: NaN, hate: Infinity } };
    };
    await table.must(session, ann, 'talk:say', { text: 'HELD talk.' });
    await table.crash();
    session = await table.sessions.open(session.id);
    expect(session.kernel.state.safety.holds).toHaveLength(1);
  });

  it('L4: an alternative that waited finds no room in a passage that is full', async () => {
    const passageId = await table.narratorPassage(session, owner, 'A mouse.');
    await table.must(session, owner, 'narrator:mode', { mode: 'assist' });
    const { turnId } = await table.must(session, owner, 'narrator:retry', { passageId });
    table.narrator.begin(turnId!);
    await table.durable(table.narrator.say(turnId!, 'A rat.'));
    table.narrator.finish(turnId!);
    await table.tick();
    const { kind, by, castId, createdAt } = session.kernel.story.passage(passageId)!;
    const meta = { kind, by, castId, createdAt, turnId: turnId! };
    for (let count = 1; count < 20; count += 1) {
      const alternativeId = `alternative${count}`;
      session.kernel.changeStory([{ op: 'add', passageId, alternativeId, meta, spans: [], at: 0 }]);
    }
    expect(await decide({})).toMatchObject({ code: 'ALTERNATIVES_FULL' });
  });

  it('M11: words are masked in talk that is only noted', async () => {
    const look = table.moderator.look.bind(table.moderator);
    table.moderator.look = (request) => {
      const verdict = look(request);
      return verdict.action === 'redact'
        ? { ...verdict, outcome: 'allow_with_note', action: 'warn' }
        : verdict;
    };
    await table.must(session, ann, 'talk:say', { text: 'Oh MASKED it.' });
    expect(state().talk.at(-1)!.text).toBe('Oh M••••• it.');
    expect(state().safety.holds).toMatchObject([{ state: 'masked', by: ann }]);
  });

  it('H6: a kept draft opens again after a restart', async () => {
    const draftId = await table.draftWith(session, ann, 'HELD.');
    expect(state().drafts[draftId]).toMatchObject({ isShielded: true });
    const writer = table.writer(session, ann, `draft-${draftId}`);
    await table.exchange(writer);
    writer.erase(0, 5);
    await table.exchange(writer);
    await table.crash();
    session = await table.sessions.open(session.id);
    table.clock.advance(2_000);
    await table.tick();
    expect(state().drafts[draftId]).toMatchObject({ isShielded: false });
  });

  it('W6: a draft that rested while the game was paused goes into the story afterwards', async () => {
    await table.must(session, owner, 'session:settings', { autoCommitIdleMs: 2_000 });
    await table.draftWith(session, ann, 'Ann.');
    await table.must(session, ben, 'safety:signal', { signal: 'pause' });
    table.clock.advance(3_000);
    await table.tick();
    expect(texts()).toEqual([]);
    await table.must(session, owner, 'safety:signal', { signal: 'resume' });
    table.clock.advance(3_000);
    await table.tick();
    await table.tick();
    expect(texts()).toEqual([['shown', 'Ann.']]);
  });

  it('H7: a form that masking made too long is refused', async () => {
    const moderator = new ScriptedModerator();
    const look = moderator.look.bind(moderator);
    moderator.look = (request) => ({ ...look(request), text: 'x'.repeat(60) });
    const form = createSessionSchema.parse({ title: 'A title', ownerName: 'Olga' });
    expect(await screenNewSession(moderator, form)).toMatchObject({ ok: false });
  });

  it('H10: in Assist no more is asked for while no more may wait', async () => {
    for (let count = 0; count < 60; count += 1)
      await table.must(session, ann, 'talk:say', { text: `HELD ${count}` });
    await table.must(session, owner, 'narrator:ask', {});
    await table.must(session, owner, 'narrator:mode', { mode: 'assist' });
    expect(await table.run(session, ann, 'narrator:ask', {})).toMatchObject({ code: 'HOLDS_FULL' });
  });
});
