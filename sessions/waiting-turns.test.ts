import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SessionsFixture, settled, type Made } from '../test/support/sessions-fixture.ts';
import type { CommandInput } from './protocol.ts';
import { refuse } from './errors.ts';
import { narratorTurnSchema } from './state.ts';
import type { Session } from './session.ts';

let table: SessionsFixture;
let made: Made;
let session: Session;
let owner: string;
let ann: string;

beforeEach(async () => {
  table = SessionsFixture.inMemory();
  made = await table.create();
  session = made.session;
  owner = made.ownerId;
  ann = await table.join(made, 'writer', 'Ann');
});
afterEach(() => table.close());

const turnIds = () => session.kernel.state.narratorTurns.map((turn) => turn.turnId);

async function ask(playerId: string, input: CommandInput<'narrator:ask'> = {}): Promise<string> {
  return (await table.must(session, playerId, 'narrator:ask', input)).turnId!;
}

async function pass(ms: number): Promise<void> {
  table.clock.advance(ms);
  await settled();
}

describe('narrator turns that wait', () => {
  it('N12: when their asker is removed they are taken back at once, one that has begun goes on', async () => {
    const control = table.control(session, owner);
    const begun = await ask(ann);
    const waiting = await ask(ann, { direction: 'A storm.' });
    const other = await ask(owner);
    table.narrator.begin(begun);
    await table.must(session, owner, 'player:remove', { playerId: ann });
    expect(turnIds()).toEqual([begun, other]);
    expect([table.narrator.stopped, table.observer.ends]).toEqual([[waiting], ['cancelled']]);
    await table.durable(table.narrator.say(begun, 'One.'));
    table.narrator.finish(begun);
    await table.tick();
    expect(session.kernel.story.shownTexts(null).map(({ text }) => text)).toEqual(['One.']);
    expect(control.heard('session:noticed')).toEqual([]);
  });

  it('N12: when their asker is away for 20 seconds they are taken back; a reload costs nothing', async () => {
    const here = table.control(session, ann);
    const begun = await ask(ann);
    const waiting = await ask(ann, { direction: 'A storm.' });
    table.narrator.begin(begun);
    here.leave();
    await pass(15_000);
    const back = table.control(session, ann);
    await pass(60_000);
    expect(turnIds()).toEqual([begun, waiting]);
    back.leave();
    await pass(19_900);
    expect(turnIds()).toEqual([begun, waiting]);
    await pass(200);
    expect([turnIds(), table.narrator.stopped]).toEqual([[begun], [waiting]]);
  });

  it('N12: no timer is left behind by a turn that begins, ends, or loses its session', async () => {
    const before = table.clock.pending;
    const first = await ask(ann);
    expect(table.clock.pending).toBe(before + 1);
    table.narrator.begin(first);
    await table.tick();
    expect(table.clock.pending).toBe(before);
    await ask(ann, { direction: 'A storm.' });
    await table.sessions.close();
    expect(table.clock.pending).toBe(0);
  });

  it('N14: a retry whose passage is struck before it begins is taken back', async () => {
    const told = await table.narratorPassage(session, owner, 'Told.');
    const { turnId } = await table.must(session, ann, 'narrator:retry', { passageId: told });
    const other = await ask(ann);
    await table.must(session, owner, 'passage:strike', { passageId: told });
    expect([turnIds(), table.narrator.stopped]).toEqual([[other], [turnId]]);
  });

  it('N14: a retry whose passage is reopened before it begins is taken back', async () => {
    const told = await table.narratorPassage(session, owner, 'Told.');
    await table.must(session, ann, 'narrator:retry', { passageId: told });
    // No command gets there today (W5); the rule does not lean on that.
    const draft = {
      id: 'draft',
      turnId: 'turn',
      openedBy: owner,
      openedAt: 1,
      submittedAt: null,
      asNarrator: false,
      isShielded: false,
      isCarded: false,
      keptFrom: null,
      keptOf: null,
      clients: {},
    };
    session.kernel.record(
      { type: 'draft-opened', draft: { ...draft, replaces: told, visibility: 'live' } },
      owner,
    );
    expect(turnIds()).toEqual([]);
  });

  it('N13: a turn is queued again after a restart once; found a second time it fails and people are told', async () => {
    const turnId = await ask(ann);
    table.narrator.begin(turnId);
    await table.tick();
    for (const isKept of [true, false]) {
      await table.crash();
      session = await table.sessions.open(session.id);
      await table.tick();
      expect(turnIds()).toEqual(isKept ? [turnId] : []);
      expect(table.narrator.asked.map((entry) => entry.turn.turnId)).toEqual(isKept ? [turnId] : []);
      if (isKept) {
        const here = table.control(session, ann);
        await table.tick();
        expect(here.view?.narrator.turns).toMatchObject([{ state: 'queued', position: 1 }]);
      }
    }
    expect(table.observer.ends).toEqual(['failed']);
    const first = table.control(session, owner);
    await pass(15_000);
    const second = table.control(session, ann);
    await table.tick();
    const text =
      'The server has restarted twice while a request to the narrator waited. It was given up: ask again.';
    for (const control of [first, second])
      expect(control.heard('session:noticed')).toEqual([{ kind: 'narrator-failed', text }]);
    await pass(6_000);
    const late = table.control(session, ann);
    await table.tick();
    expect(late.heard('session:noticed')).toEqual([]);
  });

  it('N13: a turn in an old journal was not queued again yet', () => {
    const turn = { turnId: 't', askedBy: ann, askedAt: 1, state: 'queued', passageId: null };
    const rest = { alternativeId: null, direction: null, castId: null, maxTokens: null };
    expect(narratorTurnSchema.parse({ ...turn, ...rest }).isResumed).toBe(false);
  });

  it('N8: what the queue says when it gives a turn up is shown', async () => {
    const control = table.control(session, owner);
    const late = await ask(ann);
    const over = await ask(owner);
    table.narrator.breakDown(late, refuse('NARRATOR_LATE'));
    table.narrator.breakDown(over, refuse('NARRATOR_BUDGET', 'It goes on in 5 minutes.'));
    await table.tick();
    expect(control.heard('session:noticed').map(({ text }) => text)).toEqual([
      'The narrator did not get to this request in time. Ask again.',
      'It goes on in 5 minutes.',
    ]);
  });
});

describe('what a session sees of the queue', () => {
  it('N11: position, wait and pauses, in whole seconds', async () => {
    const control = table.control(session, owner);
    const [running, waiting] = [await ask(owner), await ask(ann)];
    table.narrator.begin(running);
    table.narrator.waitMs = 2_345;
    table.narrator.changed();
    await table.tick();
    expect(control.view?.narrator.turns).toMatchObject([
      { turnId: running, state: 'generating', position: 0, expectedWaitMs: 0, isPaused: false },
      { turnId: waiting, state: 'queued', position: 1, expectedWaitMs: 2_000, isPaused: false },
    ]);
    table.narrator.pause(running);
    await table.tick();
    expect(control.view?.narrator.turns).toMatchObject([
      { state: 'generating', position: 1, expectedWaitMs: 2_000, isPaused: true },
      { state: 'queued', position: 2 },
    ]);
    table.narrator.pause(running, false);
    await table.tick();
    expect(control.view?.narrator.turns).toMatchObject([{ position: 0, isPaused: false }, { position: 1 }]);
  });

  it('N11: changes of the queue that are no news for a session are not sent to it', async () => {
    const control = table.control(session, owner);
    const patches = () => control.heard('session:patched').length;
    await ask(ann);
    const before = patches();
    for (let i = 0; i < 5; i += 1) {
      table.narrator.waitMs += 50;
      table.narrator.changed();
      await table.tick();
    }
    expect(patches()).toBe(before);
    table.narrator.waitMs = 9_000;
    table.narrator.changed();
    await table.tick();
    expect(patches()).toBe(before + 1);
  });

  it('N11: somebody who came in between misses nothing', async () => {
    table.control(session, owner);
    await ask(ann);
    table.narrator.waitMs = 9_000;
    const late = table.control(session, ann);
    table.narrator.waitMs = 1_000;
    table.narrator.changed();
    await table.tick();
    expect(late.view?.narrator.turns).toMatchObject([{ expectedWaitMs: 1_000 }]);
  });

  it('N11: short passages and why the narrator is off are told to sessions without a turn too', async () => {
    const control = table.control(session, owner);
    await table.tick();
    const before = control.heard('session:patched').length;
    table.narrator.changed();
    await table.tick();
    expect(control.heard('session:patched')).toHaveLength(before);
    table.narrator.become({ isShort: true });
    await table.tick();
    expect(control.view?.narrator).toMatchObject({ status: 'ready', isShort: true });
    for (const reason of ['It broke.', 'It broke again.']) {
      table.narrator.become({ status: 'off', reason, isShort: false });
      await table.tick();
      expect(control.view?.narrator).toMatchObject({ status: 'off', reason, isShort: false });
    }
  });
});

describe('the fingerprint of a turn', () => {
  /** Of a turn that is asked for and taken back. */
  async function fingerprint(playerId: string, input: CommandInput<'narrator:ask'> = {}): Promise<string> {
    const turnId = await ask(playerId, input);
    const { turn } = table.narrator.asked.find((entry) => entry.turn.turnId === turnId)!;
    await table.must(session, playerId, 'narrator:stop', { turnId });
    return turn.fingerprint;
  }

  async function retried(passageId: string): Promise<string> {
    const { turnId } = await table.must(session, owner, 'narrator:retry', { passageId });
    const { fingerprint } = table.narrator.asked[0]!.turn;
    table.narrator.begin(turnId!);
    await table.durable(table.narrator.say(turnId!, 'Anew.'));
    table.narrator.finish(turnId!);
    await table.tick();
    return fingerprint;
  }

  it('N15: is the same while the same thing is asked, whoever talks and however often', async () => {
    await table.passageOf(session, owner, 'A lamp.');
    const first = await fingerprint(owner);
    await table.must(session, ann, 'talk:say', { text: 'Hello' });
    await table.draftWith(session, ann, 'Not yet in the story');
    expect(await fingerprint(owner)).toBe(first);
    expect(first).toMatch(/^[\da-f]{64}$/);
  });

  it('N15: differs by player, direction, speaker, passage, alternatives, settings, cast and story', async () => {
    const { castId } = await table.must(session, owner, 'cast:add', { name: 'Ida', description: 'keeper' });
    const seen = [await fingerprint(owner), await fingerprint(ann)];
    seen.push(await fingerprint(owner, { direction: 'A storm.' }));
    seen.push(await fingerprint(owner, { castId: castId! }));
    await table.must(session, owner, 'cast:play', { castId: castId!, isMine: true });
    seen.push(await fingerprint(owner));
    await table.must(session, owner, 'session:settings', { premise: 'Low tide.' });
    seen.push(await fingerprint(owner));
    const told = await table.narratorPassage(session, owner, 'Told.');
    seen.push(await fingerprint(owner), await retried(told), await retried(told), await fingerprint(owner));
    await table.passageOf(session, ann, 'After.');
    seen.push(await fingerprint(owner));
    await table.must(session, owner, 'passage:strike', { passageId: told });
    seen.push(await fingerprint(owner));
    expect(new Set(seen).size).toBe(seen.length);
  });
});
