import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Rating } from '../../sessions/protocol.ts';
import { gather, TestPlayer, textOf } from '../support/player.ts';
import { TestServer } from '../support/taleloom.ts';
import { until } from '../support/wait.ts';

// The real policy and model, and all bytes of both sockets.

const CALM = 'The sun rose over the harbour.';
const GORE = 'He tore the entrails out of the guard and the intestines slid over the floor.';
const NEVER = 'The fourteen-year-old undressed and he touched her breasts.';

let server: TestServer;
let players: TestPlayer[] = [];

async function table(rating: Rating = 'everyone'): Promise<[TestPlayer, TestPlayer, TestPlayer]> {
  players = await gather(server.url, { rating }, [{ name: 'Ben' }, { name: 'Cat' }]);
  for (const player of players) await player.story();
  return players as [TestPlayer, TestPlayer, TestPlayer];
}

afterEach(() => {
  for (const player of players.splice(0)) player.close();
});

describe('what people write', () => {
  beforeAll(async () => {
    server = await TestServer.start({ MODERATION_ENCODER: 'auto' });
  });
  afterAll(() => server.stop());

  it('H1: a held passage is on nobody else’s wire before it is approved, and on everybody’s after that', async () => {
    const [owner, ben, cat] = await table();
    const draft = await ben.draft();
    const other = await cat.document(`draft-${draft.draftId}`);
    draft.text.insert(0, 'Night fell. ');
    await until('live typing', () => cat.hasHeard('Night fell.'));
    draft.text.insert(12, GORE);
    await until('the shield', () => cat.view?.drafts[0]?.isShielded);
    const committed = await until('commit', async () => {
      const answer = await ben.command('draft:commit', { draftId: draft.draftId });
      return answer.ok ? answer.value : null;
    });
    expect(committed).toMatchObject({ isHeld: true });
    const hold = await until('the review queue', () => owner.desk?.review?.holds[0]);
    expect(hold).toMatchObject({ state: 'open', by: ben.id, text: `Night fell. ${GORE}` });
    expect(hold.why?.rules[0]).toMatch(/^violence/);
    await until('the placeholder', async () => (await cat.story()).some(({ state }) => state === 'held'));
    await ben.must('talk:say', { text: 'Done.' });
    await until('talk', () => cat.talk.length > 0);
    expect(cat.hasHeard('entrails')).toBe(false);
    expect(JSON.stringify(cat.desk)).not.toContain('entrails');
    expect(ben.desk?.notes).toMatchObject([{ state: 'open', mayAppeal: true }]);

    await ben.must('hold:appeal', { holdId: hold.id, text: 'It is a battlefield.' });
    await until('the appeal', () => owner.desk?.review?.holds[0]?.appeal);
    await owner.must('hold:decide', { holdId: hold.id, decision: 'approve' });
    await until('the passage', async () =>
      (await cat.story()).find((passage) => textOf(passage).includes(GORE)),
    );
    expect(cat.hasHeard('entrails')).toBe(true);
    expect(server.output).not.toContain('entrails');
    other.provider.destroy();
  });

  it('M11, H9: personal data is a placeholder for everybody, in the story, in talk and in the log', async () => {
    const [owner, ben, cat] = await table();
    await ben.must('talk:say', { text: 'Write to zoe.miller@example.org or call +1 212 555 0147.' });
    await until('talk', () => cat.talk.length > 0);
    expect(cat.talk[0]!.text).toContain('[e-mail]');
    const draft = await ben.draft();
    draft.text.insert(0, 'The letter said: zoe.miller@example.org.');
    await until('commit', async () => (await ben.command('draft:commit', { draftId: draft.draftId })).ok);
    const passage = await until('the passage', async () =>
      (await owner.story()).find((one) => textOf(one) !== ''),
    );
    expect(textOf(passage)).toBe('The letter said: [e-mail].');
    expect(server.output).not.toContain('zoe.miller');
    expect(cat.talk.map(({ text }) => text).join()).not.toContain('zoe.miller');
    expect(JSON.stringify(owner.desk)).not.toContain('zoe.miller');
  });

  it('S7: a stricter table holds what it let through before', async () => {
    const [owner, ben] = await table('teen');
    const fight = 'Her sword cut his arm and blood ran down to his hand.';
    await ben.write(fight);
    await owner.must('session:zero', { lines: ['swords'] });
    const draft = await ben.draft();
    draft.text.insert(0, fight);
    const answer = await until('commit', async () => {
      const given = await ben.command('draft:commit', { draftId: draft.draftId });
      return given.ok || given.code !== 'PASSAGE_EMPTY' ? given : null;
    });
    expect(answer).toMatchObject({ code: 'TEXT_REFUSED' });
    const note = await until('the note', () => ben.desk?.notes[0]);
    expect(note).toMatchObject({ state: 'refused', rule: expect.stringMatching(/^table\.line/) as string });
  });

  it('S1: after the X-card a newcomer’s wire has no trace of the passage', async () => {
    const [owner, ben] = await table();
    await ben.write('A carousel of porcelain horses turned.');
    await ben.must('safety:x-card', {});
    await until('hidden', async () => (await owner.story()).some(({ state }) => state === 'held'));
    const late = new TestPlayer(server.url);
    players.push(late);
    late.cookie = owner.cookie;
    await late.join(owner.sessionId);
    const story = await late.story();
    expect(story).toMatchObject([{ state: 'held' }]);
    const ofDocuments = late.wire.filter((frame) => !frame.includes('session:desk'));
    expect(Buffer.concat(ofDocuments).includes('porcelain')).toBe(false);
  });
});

describe('what the narrator writes', () => {
  afterEach(() => server.stop());

  it('H8, N17: unsafe text is on nobody’s wire; it is tried once more, then the turn ends with what stands', async () => {
    server = await TestServer.startScripted([`${CALM} ${NEVER} And so it went on.`]);
    const [owner, ben, cat] = await table();
    await ben.must('narrator:ask', {});
    const passage = await until('the end', async () =>
      (await cat.story()).find(({ alternatives }) => alternatives[0]?.info.finish === 'held'),
    );
    expect(textOf(passage).startsWith(CALM)).toBe(true);
    for (const player of [owner, ben, cat]) {
      expect(player.hasHeard('harbour')).toBe(true);
      expect(player.hasHeard('undressed')).toBe(false);
      expect(player.hasHeard('went on')).toBe(false);
    }
    expect(server.output).not.toContain('undressed');
  });

  it('H8: what is only too much for the table waits for the game master, on no other wire', async () => {
    server = await TestServer.startScripted([`${CALM} ${GORE}`, `${GORE}`]);
    const [owner, ben, cat] = await table();
    await ben.must('narrator:ask', {});
    const hold = await until('the review queue', () => owner.desk?.review?.holds[0]);
    expect(hold).toMatchObject({ kind: 'narrator', by: 'narrator' });
    expect(hold.text).toContain('entrails');
    await until('the end', () => (cat.view?.narrator.turns.length === 0 ? true : null));
    expect([ben.hasHeard('entrails'), cat.hasHeard('entrails')]).toEqual([false, false]);
    await owner.must('hold:decide', { holdId: hold.id, decision: 'reject' });
    expect(cat.hasHeard('entrails')).toBe(false);
  });

  it('S10, N18: the operator’s flags act on a running session at once', async () => {
    const token = 'an-operator-token-of-some-length';
    server = await TestServer.startScripted([CALM], { OPERATOR_TOKEN: token });
    const [owner, ben] = await table();
    const flag = (method: string, name: string) =>
      fetch(`${server.url}/api/ops/flags/${name}`, {
        method,
        headers: { 'authorization': `Bearer ${token}`, 'content-type': 'application/json' },
        ...(method === 'PUT' ? { body: '{}' } : {}),
      });
    expect((await flag('PUT', 'narrator_off')).ok).toBe(true);
    await until('told', () => ben.view?.safety.flags.includes('narrator_off'));
    expect(await ben.command('narrator:ask', {})).toMatchObject({ code: 'NARRATOR_OFF' });
    await flag('DELETE', 'narrator_off');
    await flag('PUT', 'safe_responder');
    await until('told', () => (ben.view?.safety.flags.join() === 'safe_responder' ? true : null));
    await ben.must('narrator:ask', {});
    const passage = await until('a passage', async () =>
      (await owner.story()).find(({ alternatives }) => alternatives[0]?.info.finish === 'end'),
    );
    expect(passage.alternatives[0]!.info.model).toBe('safe-responder');
    expect(textOf(passage)).not.toContain(CALM);
  });
});
