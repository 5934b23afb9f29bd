import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SessionsRouter } from '../../server/http/sessions-router.ts';
import { Tickets } from '../../server/tickets.ts';
import type { CreateAnswer } from '../../sessions/protocol.ts';
import { OpsServer } from '../support/ops-server.ts';
import { SessionsFixture } from '../support/sessions-fixture.ts';
import { storyArchive } from '../support/story-archive.ts';

const PATH = '/api/sessions';

describe('sessions that begin with text', () => {
  let fixture: SessionsFixture;
  let server: OpsServer;
  beforeEach(async () => {
    fixture = SessionsFixture.inMemory();
    const { sessions, moderator, clock, random } = fixture;
    const tickets = new Tickets('a secret of at least 32 characters', clock);
    const options = { publicUrl: null, isHttps: false, sessionsPerMinute: 100, joinsPerMinute: 100 };
    const routes = new SessionsRouter({ sessions, moderator, tickets, clock, random, options });
    server = await OpsServer.start([[PATH, routes.router]]);
  });
  afterEach(async () => {
    await server.stop();
    await fixture.close();
  });

  async function stateOf(answer: { body: unknown }) {
    return (await fixture.sessions.open((answer.body as CreateAnswer).sessionId)).kernel.state;
  }

  it.each([
    ['title', { title: 'BLOCKED' }, 'Title: '],
    ['premise', { premise: 'It was HELD.' }, 'Premise: '],
    ['name of a cast member', { cast: [{ name: 'HELD' }] }, 'Name of a cast member: '],
    ['cast', { cast: [{ name: 'Mira', description: 'BLOCKED' }] }, 'Description of a cast member: '],
    ['own name', { ownerName: 'BANNED' }, 'Your name: '],
  ])('H7: a %s that is not fit makes no session', async (_what, of, detail) => {
    const answer = await server.call('POST', PATH, { title: 'Salt', ownerName: 'Ann', ...of });
    expect([answer.status, answer.body]).toMatchObject([422, { ok: false, code: 'TEXT_REFUSED' }]);
    expect((answer.body as { detail: string }).detail.startsWith(detail)).toBe(true);
    expect(answer.text).not.toMatch(/BLOCKED|HELD|BANNED/);
    expect(fixture.sessions.counts().sessions).toBe(0);
  });

  it('H7: masked words are masked before anything is stored', async () => {
    const made = await server.call('POST', PATH, {
      title: 'The MASKED boat',
      premise: 'MASKED seas.',
      cast: [{ name: 'Mira', description: 'Says MASKED.' }],
      ownerName: 'Ann',
    });
    expect(made.status).toBe(201);
    const state = await stateOf(made);
    expect(state.settings).toMatchObject({ title: 'The M••••• boat', premise: 'M••••• seas.' });
    expect(state.cast).toMatchObject([{ name: 'Mira', description: 'Says M•••••.' }]);
  });

  it('H7: what is not fit in an archive waits in the queue of the new session', async () => {
    const archive = storyArchive({ passages: 3, characters: 60 });
    archive.passages[1]!.alternatives[0]!.spans[0]!.text = 'It was HELD.';
    archive.session.title = 'BLOCKED';
    const made = await server.call('POST', `${PATH}/import`, { archive, ownerName: 'Ann' });
    expect(made.status).toBe(201);
    const session = await fixture.sessions.open((made.body as CreateAnswer).sessionId);
    const { safety, settings } = session.kernel.state;
    expect(settings.title).not.toContain('BLOCKED');
    expect(safety.holds.map(({ passageId, state }) => [passageId, state])).toEqual([['p1', 'open']]);
    expect(session.kernel.story.passages().map(({ state }) => state)).toEqual(['shown', 'held', 'shown']);
    const refused = await server.call('POST', `${PATH}/import`, { archive, ownerName: 'BLOCKED' });
    expect([refused.status, refused.body]).toMatchObject([422, { code: 'TEXT_REFUSED' }]);
  });
});
