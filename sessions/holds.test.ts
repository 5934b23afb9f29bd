import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deskOf, storyTexts, toldTo, threeAtTheTable } from '../test/support/three-at-the-table.ts';
import { settled, type Made, type SessionsFixture } from '../test/support/sessions-fixture.ts';
import type { TestControl } from '../test/support/test-control.ts';
import type { CommandInput } from './protocol.ts';
import type { HoldView } from './safety-view.ts';
import type { Session } from './session.ts';

let table: SessionsFixture;
let made: Made;
let session: Session;
let owner: string;
let ann: string;
let ben: string;
let gm: TestControl;
let annControl: TestControl;
let benControl: TestControl;

beforeEach(async () => {
  ({ table, made, session, owner, ann, ben, gm, annControl, benControl } = await threeAtTheTable({}));
});
afterEach(() => table.close());

const desk = deskOf;
const holds = (): HoldView[] => desk(gm).review!.holds;
const waiting = (): HoldView => holds()[0]!;
const texts = () => storyTexts(session);
const told = toldTo;
const decide = (of: Partial<CommandInput<'hold:decide'>>, by = owner) =>
  table.run(session, by, 'hold:decide', { holdId: waiting().id, decision: 'approve', ...of });

async function heldPassage(text = 'A HELD passage.'): Promise<string> {
  const draftId = await table.draftWith(session, ann, text);
  const value = await table.must(session, ann, 'draft:commit', { draftId });
  expect(value).toMatchObject({ isHeld: true });
  return value.passageId!;
}

describe('the gate before other eyes', () => {
  it('H1: a held passage leaves an empty place, and its text reaches its author and game masters only', async () => {
    const reader = table.writer(session, ben, 'story');
    await table.exchange(reader);
    const passageId = await heldPassage();
    await table.exchange(reader);
    expect(texts()).toEqual([['held', '']]);
    expect(waiting()).toMatchObject({
      kind: 'passage',
      state: 'open',
      by: ann,
      passageId,
      text: 'A HELD passage.',
      why: { outcome: 'hold_for_gm', rules: ['scripted.violence'], policyHash: 'scripted' },
    });
    expect(desk(annControl).notes).toMatchObject([
      { state: 'open', reason: 'This touches on violence.', mayAppeal: true },
    ]);
    expect(told(benControl)).not.toContain('HELD');
    expect(desk(benControl)).toMatchObject({ notes: [], review: null });
    expect(
      JSON.stringify(
        [...reader.doc.store.clients.values()].flat().map((item) => (item as { content?: unknown }).content),
      ),
    ).not.toContain('HELD');
  });

  it('H4: approving puts it in its place, with its author, and takes the strike back', async () => {
    await heldPassage();
    expect(session.kernel.state.safety.standings[ann]).toMatchObject({ violations: 1 });
    expect(await decide({ note: 'Fine here.' })).toMatchObject({ ok: true });
    expect(texts()).toEqual([['shown', 'A HELD passage.']]);
    expect(session.kernel.story.passages()[0]!.alternatives[0]!.spans).toEqual([
      { author: ann, text: 'A HELD passage.' },
    ]);
    expect(session.kernel.state.safety).toMatchObject({
      decided: 1,
      overturned: 1,
      standings: { [ann]: { violations: 0 } },
    });
    expect(desk(annControl).notes[0]).toMatchObject({ state: 'approved', note: 'Fine here.' });
    expect(table.log.reviews).toMatchObject([
      { review: 'approved', isOverturn: true, harm: 'violence', reviewer: owner },
    ]);
    expect(await decide({ holdId: holds()[0]!.id })).toMatchObject({ code: 'HOLD_UNKNOWN' });
  });

  it('H4: an edit keeps what stays as its author’s, and the middle is the editor’s', async () => {
    await heldPassage('A HELD passage.');
    await decide({ text: 'A quiet passage.' });
    expect(session.kernel.story.passages()[0]!.alternatives[0]!.spans).toEqual([
      { author: ann, text: 'A ' },
      { author: owner, text: 'quiet' },
      { author: ann, text: ' passage.' },
    ]);
    expect(table.log.reviews).toMatchObject([{ review: 'edited', isOverturn: false }]);
  });

  it('H4 and H5: rejecting strikes the place, undoing brings it back to the queue, approving then fills it', async () => {
    await heldPassage();
    await decide({ decision: 'reject', note: 'Not today.' });
    expect(texts()).toEqual([['struck', '']]);
    await table.must(session, owner, 'hold:undo', { holdId: holds()[0]!.id });
    expect(texts()).toEqual([['held', '']]);
    expect(waiting()).toMatchObject({ state: 'open', decidedBy: null });
    await decide({});
    await table.must(session, owner, 'hold:undo', { holdId: holds()[0]!.id });
    expect(texts()).toEqual([['held', '']]);
    expect(waiting()).toMatchObject({ state: 'open', text: 'A HELD passage.' });
  });

  it('H5: undoing after somebody edited the passage keeps the edited words', async () => {
    const passageId = await heldPassage();
    await decide({});
    const { draftId } = await table.must(session, ann, 'passage:reopen', { passageId });
    const writer = table.writer(session, ann, `draft-${draftId!}`);
    await table.exchange(writer);
    writer.type(0, 'More. ');
    await table.exchange(writer);
    await table.must(session, ann, 'draft:commit', { draftId: draftId! }).catch(() => undefined);
    const held = holds().find(({ state }) => state === 'open')!;
    await decide({ holdId: held.id });
    expect(texts()).toEqual([['shown', 'More. A HELD passage.']]);
    await table.must(session, owner, 'hold:undo', { holdId: held.id });
    expect(texts()).toEqual([['shown', 'A HELD passage.']]);
    expect(waiting()).toMatchObject({ state: 'open', text: 'More. A HELD passage.' });
  });

  it('H4: asking to revise gives the text back as a draft nobody else reads; its commit fills the place', async () => {
    const passageId = await heldPassage();
    await decide({ decision: 'revise', note: 'Milder, please.' });
    const draft = Object.values(session.kernel.state.drafts)[0]!;
    expect(draft).toMatchObject({ openedBy: ann, replaces: passageId, visibility: 'private' });
    expect(session.documents.join(`draft-${draft.id}`, { playerId: ben, id: 'x' } as never)).toMatchObject({
      code: 'DRAFT_FORBIDDEN',
    });
    const writer = table.writer(session, ann, `draft-${draft.id}`);
    await table.exchange(writer);
    expect(writer.string).toBe('A HELD passage.');
    writer.erase(2, 5);
    await table.exchange(writer);
    expect(await table.must(session, ann, 'draft:commit', { draftId: draft.id })).toMatchObject({
      isHeld: false,
      passageId,
    });
    expect(texts()).toEqual([['shown', 'A passage.']]);
  });

  it('H1: an edit that is held leaves the old text in place until it is approved', async () => {
    const passageId = await table.passageOf(session, ann, 'Old words.');
    const { draftId } = await table.must(session, ann, 'passage:reopen', { passageId });
    const writer = table.writer(session, ann, `draft-${draftId!}`);
    await table.exchange(writer);
    writer.type(10, ' HELD');
    await table.exchange(writer);
    await table.must(session, ann, 'draft:commit', { draftId: draftId! });
    expect(texts()).toEqual([['shown', 'Old words.']]);
    await decide({});
    expect(texts()).toEqual([['shown', 'Old words. HELD']]);
  });

  it('H2: a blocked text stays in its draft, is refused, and is one strike however often it is tried', async () => {
    const draftId = await table.draftWith(session, ann, 'A BLOCKED one.');
    for (let time = 0; time < 3; time += 1) {
      expect(await table.run(session, ann, 'draft:commit', { draftId })).toMatchObject({
        code: 'TEXT_REFUSED',
        detail: 'This touches on hate.',
      });
    }
    expect(session.kernel.state.drafts[draftId]).toBeDefined();
    expect(texts()).toEqual([]);
    expect(session.kernel.state.safety.standings[ann]).toMatchObject({ violations: 1 });
    expect(desk(annControl).notes).toHaveLength(1);
    expect(holds()).toEqual([]);
  });

  it('H3: an appeal brings a refused text before a game master, whose approval puts it into the story', async () => {
    const draftId = await table.draftWith(session, ann, 'A BLOCKED one.');
    await table.run(session, ann, 'draft:commit', { draftId });
    const { holdId } = desk(annControl).notes[0]!;
    expect(await table.run(session, ben, 'hold:appeal', { holdId, text: 'Me too.' })).toMatchObject({
      code: 'HOLD_UNKNOWN',
    });
    await table.must(session, ann, 'hold:appeal', { holdId, text: 'It is a quotation.' });
    expect(await table.run(session, ann, 'hold:appeal', { holdId, text: 'Again.' })).toMatchObject({
      code: 'HOLD_UNKNOWN',
    });
    expect(waiting()).toMatchObject({ state: 'refused', appeal: 'It is a quotation.' });
    expect(gm.heard('session:noticed').map(({ kind }) => kind)).toContain('review-needed');
    await decide({});
    expect(texts()).toEqual([['shown', 'A BLOCKED one.']]);
    expect(session.kernel.state.drafts[draftId]).toBeUndefined();
  });

  it('H3, M3: what no table may allow cannot be appealed against, nor be edited in', async () => {
    const draftId = await table.draftWith(session, ann, 'A BLOCKED one.');
    await table.run(session, ann, 'draft:commit', { draftId });
    await table.run(session, ann, 'talk:say', { text: 'BANNED' });
    const banned = desk(annControl).notes.find(({ kind }) => kind === 'talk')!;
    expect(banned).toMatchObject({ state: 'refused', mayAppeal: false });
    await table.must(session, ann, 'draft:discard', { draftId });
    await heldPassage();
    expect(await decide({ text: 'BANNED' })).toMatchObject({ code: 'TEXT_REFUSED' });
    expect(texts()).toEqual([['held', '']]);
  });

  it('H1, H4: held talk is said when it is approved, and never when it is rejected', async () => {
    await table.must(session, ann, 'talk:say', { text: 'HELD one' });
    await table.must(session, ann, 'talk:say', { text: 'HELD two' });
    expect(benControl.heard('talk:said')).toEqual([]);
    await decide({});
    await decide({ decision: 'reject' });
    expect(benControl.heard('talk:said')).toMatchObject([{ by: ann, text: 'HELD one' }]);
    expect(told(benControl)).not.toContain('HELD two');
  });

  it('H9: masked words are what is stored; the original comes back by an appeal', async () => {
    const draftId = await table.draftWith(session, ann, 'Oh MASKED it.');
    await table.must(session, ann, 'draft:commit', { draftId });
    expect(texts()).toEqual([['shown', 'Oh M••••• it.']]);
    const [note] = desk(annControl).notes;
    expect(note).toMatchObject({ state: 'masked', mayAppeal: true });
    await table.must(session, ann, 'hold:appeal', { holdId: note!.holdId, text: 'It is her name.' });
    await decide({});
    expect(texts()).toEqual([['shown', 'Oh MASKED it.']]);
    await table.must(session, owner, 'hold:undo', { holdId: note!.holdId });
    expect(texts()).toEqual([['shown', 'Oh M••••• it.']]);
  });

  it('H7: names, titles, cast and directions that are not fit are refused with the reason', async () => {
    const refused = { code: 'TEXT_REFUSED', detail: 'This touches on violence.' };
    expect(await table.run(session, ann, 'player:rename', { name: 'HELD' })).toMatchObject(refused);
    expect(await table.run(session, owner, 'session:settings', { title: 'HELD' })).toMatchObject(refused);
    expect(await table.run(session, owner, 'cast:add', { name: 'Ida', description: 'HELD' })).toMatchObject(
      refused,
    );
    expect(await table.run(session, ann, 'narrator:ask', { direction: 'HELD' })).toMatchObject(refused);
    expect(session.kernel.state.narratorTurns).toEqual([]);
    await expect(table.join(made, 'writer', 'HELD')).rejects.toThrow('TEXT_REFUSED');
    await table.must(session, owner, 'cast:add', { name: 'Ida', description: 'MASKED' });
    expect(session.kernel.state.cast[0]!.description).toBe('M•••••');
  });

  it('H1: what is typed while a draft is judged is judged too', async () => {
    const draftId = await table.draftWith(session, ann, 'Calm words.');
    let release = () => {};
    table.moderator.gate = new Promise((resolve) => (release = resolve));
    const answer = session.execute(ann, { name: 'draft:commit', payload: { draftId } });
    await settled();
    const writer = table.writer(session, ann, `draft-${draftId}`);
    await table.exchange(writer);
    writer.type(11, ' HELD');
    await table.exchange(writer);
    table.moderator.gate = null;
    release();
    expect(await table.durable(answer)).toMatchObject({ value: { isHeld: true } });
    expect(texts()).toEqual([['held', '']]);
  });

  it('H10: when the queue is full nothing more is held', async () => {
    for (let index = 0; index < 60; index += 1)
      await table.must(session, ann, 'talk:say', { text: `HELD ${index}` });
    expect(await table.run(session, ann, 'talk:say', { text: 'HELD more' })).toMatchObject({
      code: 'HOLDS_FULL',
    });
    expect(desk(gm).review).toMatchObject({ waiting: 60 });
    expect(table.sessions.reviewQueue()).toMatchObject({ items: 60 });
  });

  it('S4: what may be a cry for help is flagged, without a strike, with the host’s words', async () => {
    await table.must(session, owner, 'session:zero', { helpText: 'Talk to somebody you trust.' });
    await table.must(session, ann, 'talk:say', { text: 'HELP HELD' });
    expect(desk(annControl).notes[0]).toMatchObject({ helpText: 'Talk to somebody you trust.' });
    expect(waiting()).toMatchObject({ needsHelp: true });
  });

  it('O4: decided texts become labelled rows only with consent', async () => {
    await heldPassage();
    await decide({});
    expect(table.log.labels).toEqual([]);
    await table.must(session, owner, 'session:zero', { mayLearn: true });
    await heldPassage('Another HELD one.');
    await decide({ decision: 'reject' });
    expect(table.log.labels).toMatchObject([
      { text: 'Another HELD one.', isHarmful: true, harm: 'violence' },
    ]);
    expect(JSON.stringify(table.log.decisions)).not.toContain('passage.');
  });

  it('H1: holds, their texts and decisions survive a crash', async () => {
    await heldPassage();
    await table.crash();
    session = await table.sessions.open(session.id);
    gm = table.control(session, owner);
    await table.tick();
    expect(waiting()).toMatchObject({ text: 'A HELD passage.' });
    await decide({});
    expect(texts()).toEqual([['shown', 'A HELD passage.']]);
  });
});

describe('drafts while they are typed', () => {
  it('H6: a draft that would not pass is kept from others in the batch that made it so, and opens again', async () => {
    const { draftId } = await table.must(session, ann, 'draft:open', {});
    const writer = table.writer(session, ann, `draft-${draftId!}`);
    const reader = table.writer(session, ben, `draft-${draftId!}`);
    await table.exchange(writer, reader);
    writer.type(0, 'Calm. ');
    await table.exchange(writer, reader);
    expect(reader.string).toBe('Calm. ');
    writer.type(6, 'HEL');
    writer.deliverOut();
    await table.tick();
    reader.deliverIn();
    const before = table.moderator.looks;
    writer.type(9, 'D.');
    writer.deliverOut();
    await table.tick();
    expect(table.moderator.looks).toBe(before + 1);
    expect(reader.closedWith).toBe(4403);
    reader.deliverIn();
    expect(reader.string).toBe('Calm. HEL');
    expect(annControl.heard('session:noticed')).toMatchObject([
      { kind: 'text-hint', text: 'This touches on violence.' },
    ]);
    expect(benControl.heard('session:noticed')).toEqual([]);
    writer.deliverIn();
    writer.erase(6, 5);
    await table.exchange(writer);
    table.clock.advance(2_000);
    await table.tick();
    expect(session.kernel.state.drafts[draftId!]).toMatchObject({ isShielded: false });
    const again = table.writer(session, ben, `draft-${draftId!}`);
    await table.exchange(again);
    expect(again.string).toBe('Calm. ');
  });

  it('H6: a word that does not end is looked at after a moment, and a long paste from its beginning', async () => {
    const { draftId } = await table.must(session, ann, 'draft:open', {});
    const writer = table.writer(session, ann, `draft-${draftId!}`);
    await table.exchange(writer);
    const looks = table.moderator.looks;
    for (const letter of 'HELD') writer.type(9, letter);
    await table.exchange(writer);
    expect(table.moderator.looks).toBe(looks);
    table.clock.advance(400);
    await table.tick();
    expect(session.kernel.state.drafts[draftId!]).toMatchObject({ isShielded: true });
    writer.erase(0, 4);
    writer.type(0, `HELD ${'calm words '.repeat(900)}`);
    await table.exchange(writer);
    table.clock.advance(2_000);
    await table.tick();
    expect(session.kernel.state.drafts[draftId!]).toMatchObject({ isShielded: true });
  });

  it('H6: words that no table allows leave a shared draft before anybody sees them, and its author goes on', async () => {
    const { draftId } = await table.must(session, ann, 'draft:open', {});
    const [writer, other] = [ann, ben].map((id) => table.writer(session, id, `draft-${draftId!}`)) as [
      ReturnType<typeof table.writer>,
      ReturnType<typeof table.writer>,
    ];
    await table.exchange(writer, other);
    other.type(0, 'Hello ');
    await table.exchange(writer, other);
    other.type(6, 'BANNED');
    other.deliverOut();
    await table.tick();
    const frames = Buffer.concat(writer.connection!.toClient).toString('latin1');
    expect(frames).not.toContain('BANNED');
    other.type(12, ' and on');
    await table.exchange(writer, other);
    expect([writer.string, other.string]).toEqual(['Hello  and on', 'Hello  and on']);
    expect(benControl.heard('session:noticed').map(({ kind }) => kind)).toEqual(['words-removed']);
    const stored = (await table.inner.load(session.id))!;
    const bytes = Buffer.concat(stored.tail.map(({ data }) => Buffer.from(data))).toString('latin1');
    expect(bytes).not.toContain('BANNED');
  });
});
