import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SessionsFixture, settled, type Made } from '../test/support/sessions-fixture.ts';
import { refuse } from './errors.ts';
import type { Session } from './session.ts';
import { spansText } from './story-shape.ts';

let table: SessionsFixture;
let made: Made;
let session: Session;
let owner: string;

beforeEach(async () => {
  table = SessionsFixture.inMemory();
  made = await table.create();
  session = made.session;
  owner = made.ownerId;
});
afterEach(() => table.close());

const ask = async () => (await table.must(session, owner, 'narrator:ask', {})).turnId!;
const passages = () => session.kernel.story.passages();
const texts = () => passages().map((passage) => spansText(passage.alternatives[passage.chosen]!.spans));
const turns = () => session.kernel.state.narratorTurns;

describe('narrator turns', () => {
  it('N1: an asked turn waits, then appears sentence by sentence as its own author', async () => {
    const { turnId } = await table.must(session, owner, 'narrator:ask', { direction: 'A storm.' });
    const control = table.control(session, owner);
    await table.tick();
    expect(control.view?.narrator.turns).toMatchObject([{ state: 'queued', position: 1, passageId: null }]);
    const context = table.narrator.begin(turnId!);
    expect(context).toMatchObject({ direction: 'A storm.', passages: [], written: '' });
    await table.tick();
    expect(passages()).toEqual([]);
    await table.durable(table.narrator.say(turnId!, 'One.'));
    expect(passages()).toMatchObject([
      { kind: 'narrator', by: 'narrator', alternatives: [{ state: 'streaming' }] },
    ]);
    await table.durable(table.narrator.say(turnId!, ' Two.'));
    table.narrator.finish(turnId!);
    await table.tick();
    expect(passages()[0]?.alternatives).toMatchObject([
      { state: 'complete', info: { direction: 'A storm.', finish: 'end', model: 'scripted' } },
    ]);
    expect([texts(), turns(), control.view?.narrator.turns]).toEqual([['One. Two.'], [], []]);
  });

  it('N5: a sentence is shown, and its write resolved, only once it is durable', async () => {
    const reader = table.writer(session, owner, 'story');
    await table.exchange(reader);
    const turnId = await ask();
    table.narrator.begin(turnId);
    await table.exchange(reader);
    table.gate.hold();
    let isWritten = false;
    void table.narrator.say(turnId, 'One.').then(() => (isWritten = true));
    await table.tick();
    await table.tick();
    reader.deliverIn();
    expect([isWritten, reader.doc.getArray('order').length]).toEqual([false, 0]);
    await table.gate.release();
    await settled();
    reader.deliverIn();
    expect([isWritten, reader.doc.getArray('order').length]).toEqual([true, 1]);
  });

  it('N2: stop keeps the sentences that are there, and takes a waiting turn back', async () => {
    const first = await ask();
    const second = await ask();
    table.narrator.begin(first);
    await table.durable(table.narrator.say(first, 'One.'));
    await table.must(session, owner, 'narrator:stop', { turnId: first });
    await table.must(session, owner, 'narrator:stop', { turnId: second });
    expect(texts()).toEqual(['One.']);
    expect(passages()[0]?.alternatives[0]?.info.finish).toBe('stopped');
    expect([turns(), table.observer.ends.slice(-2)]).toEqual([[], ['committed', 'cancelled']]);
  });

  it('N3: retry adds an alternative to an earlier passage; what follows stays, and the prompt ends before it', async () => {
    const told = await table.narratorPassage(session, owner, 'Told.');
    await table.passageOf(session, owner, 'After.');
    const { turnId } = await table.must(session, owner, 'narrator:retry', { passageId: told });
    expect(table.narrator.begin(turnId!)).toMatchObject({ passages: [] });
    await table.durable(table.narrator.say(turnId!, 'Anew.'));
    expect((await table.run(session, owner, 'passage:reopen', { passageId: told })).ok).toBe(false);
    table.narrator.finish(turnId!);
    await table.tick();
    expect(texts()).toEqual(['Anew.', 'After.']);
    const [first] = passages()[0]!.alternatives;
    await table.must(session, owner, 'passage:choose', { passageId: told, alternativeId: first!.id });
    expect(texts()).toEqual(['Told.', 'After.']);
  });

  it('N4: the context says which characters are protected', async () => {
    const ann = await table.join(made, 'writer', 'Ann');
    const { castId } = await table.must(session, owner, 'cast:add', { name: 'Ida', description: 'keeper' });
    const { castId: free } = await table.must(session, owner, 'cast:add', { name: 'Rolf', description: '' });
    await table.must(session, ann, 'cast:play', { castId: castId!, isMine: true });
    const { turnId } = await table.must(session, owner, 'narrator:ask', { castId: free! });
    expect(table.narrator.begin(turnId!)).toMatchObject({
      speakAs: 'Rolf',
      cast: [
        { name: 'Ida', isProtected: true },
        { name: 'Rolf', isProtected: false },
      ],
    });
  });

  it('N6: after a crash a waiting turn is queued again, one that wrote ends with what it has', async () => {
    const writing = await ask();
    const waiting = await ask();
    table.narrator.begin(writing);
    await table.durable(table.narrator.say(writing, 'One.'));
    await table.crash();
    session = await table.sessions.open(session.id);
    await table.tick();
    expect(texts()).toEqual(['One.']);
    expect(passages()[0]?.alternatives[0]).toMatchObject({ state: 'complete', info: { finish: 'broken' } });
    expect(turns().map((turn) => turn.turnId)).toEqual([waiting]);
    expect(table.narrator.asked.map((entry) => entry.turn.turnId)).toEqual([waiting]);
    table.narrator.begin(waiting);
    await table.durable(table.narrator.say(waiting, 'Two.'));
    table.narrator.finish(waiting);
    expect([texts(), turns()]).toEqual([['One.', 'Two.'], []]);
  });

  it('N6: a turn that had begun without a word is queued again; without a narrator it fails and is told', async () => {
    const turnId = await ask();
    table.narrator.begin(turnId);
    await table.tick();
    await table.crash();
    table.narrator.refusal = refuse('NARRATOR_OFF');
    session = await table.sessions.open(session.id);
    const control = table.control(session, owner);
    await table.tick();
    expect([turns(), passages()]).toEqual([[], []]);
    expect(control.view?.narrator.turns).toEqual([]);
    expect(table.observer.ends).toEqual(['failed']);
  });

  it('N8: what comes after the end of a turn changes nothing', async () => {
    const turnId = await ask();
    const { desk } = table.narrator.asked[0]!;
    table.narrator.begin(turnId);
    await table.durable(table.narrator.say(turnId, 'One.'));
    table.narrator.finish(turnId);
    await table.tick();
    const { seq } = session.kernel.journal;
    await desk.write(turnId, 'Late.');
    desk.fail(turnId, refuse('NARRATOR_FAILED'));
    desk.complete(turnId, {
      finish: 'end',
      model: '',
      inputTokens: 0,
      outputTokens: 0,
      droppedPassageIds: [],
      withheldSentences: 0,
      sight: null,
      clippedTo: null,
      promptHash: null,
      reusedTokens: 0,
      timing: { queueMs: 0, prefillMs: 0, decodeMs: 0, postMs: 0, totalMs: 0 },
    });
    expect(desk.start(turnId)).toBeNull();
    expect([session.kernel.journal.seq, texts()]).toEqual([seq, ['One.']]);
  });

  it('N8: a turn that fails keeps what it wrote, and says so', async () => {
    const control = table.control(session, owner);
    const turnId = await ask();
    table.narrator.begin(turnId);
    await table.durable(table.narrator.say(turnId, 'One.'));
    table.narrator.breakDown(turnId);
    await table.tick();
    expect(passages()[0]?.alternatives[0]).toMatchObject({ state: 'complete', info: { finish: 'broken' } });
    expect(control.heard('session:noticed').map((notice) => notice.kind)).toEqual(['narrator-failed']);
    const empty = await ask();
    table.narrator.begin(empty);
    table.narrator.finish(empty);
    await table.tick();
    expect([texts(), table.observer.ends]).toEqual([['One.'], ['failed', 'empty']]);
  });

  it('N9: a turn that the queue refuses leaves no trace', async () => {
    table.narrator.refusal = refuse('NARRATOR_QUEUE_FULL', null, 5_000);
    const control = table.control(session, owner);
    const answer = await table.run(session, owner, 'narrator:ask', {});
    expect(answer).toMatchObject({ code: 'NARRATOR_QUEUE_FULL', retryAfterMs: 5_000 });
    await table.tick();
    expect([turns(), control.view?.narrator.turns]).toEqual([[], []]);
  });
});
