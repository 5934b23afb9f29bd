import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CreateAnswer, InviteView, JoinAnswer } from '../../sessions/protocol.ts';
import { gather, TestPlayer } from '../support/player.ts';
import { TestServer } from '../support/taleloom.ts';

const HOUR_MS = 3_600_000;
const SECRET = /^[0-9a-f]{32}$/;

describe('creating, looking, joining, recovering', () => {
  let server: TestServer;
  const all: TestPlayer[] = [];

  function browser(): TestPlayer {
    const player = new TestPlayer(server.url);
    all.push(player);
    return player;
  }

  /** A session with its owner's browser and the secret of its writers' invite. */
  async function session(): Promise<{ owner: TestPlayer; made: CreateAnswer; invite: string; path: string }> {
    const owner = browser();
    const made = await owner.create();
    const invite = made.invites.find(({ role }) => role === 'writer')!.secret;
    return { owner, made, invite, path: `/api/sessions/${made.sessionId}` };
  }

  function refusal(code: string) {
    return expect.objectContaining({ ok: false, code, message: expect.any(String) as string }) as unknown;
  }

  beforeAll(async () => {
    server = await TestServer.start();
  });
  afterAll(async () => {
    for (const player of all) player.close();
    await server.stop();
  });

  it('R1: the creator owns the session and gets a recovery secret and one invite for each role', async () => {
    const before = Date.now();
    const owner = browser();
    const { status, body, response } = await owner.http('POST', '/api/sessions', {
      title: 'Salt',
      ownerName: 'Ann',
    });
    expect(status).toBe(201);
    const made = body as CreateAnswer;
    expect(made.recoverySecret).toMatch(SECRET);
    expect(made.invites.map(({ role }) => role)).toEqual(['gm', 'writer', 'spectator']);
    for (const { secret, expiresAt } of made.invites) {
      expect(secret).toMatch(SECRET);
      expect(expiresAt - before).toBeGreaterThan(7 * 24 * HOUR_MS - 60_000);
    }
    const [cookie] = response.headers.getSetCookie();
    expect(cookie).toMatch(/^taleloom_id=[0-9a-f]{32}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax$/);
    const again = await owner.http('POST', '/api/sessions', { title: 'Second', ownerName: 'Ann' });
    expect(again.response.headers.getSetCookie()).toEqual([]);
    await owner.join(made.sessionId);
    expect(owner.joined?.role).toBe('owner');
    expect(owner.view?.players.map(({ name, role }) => [name, role])).toEqual([['Ann', 'owner']]);
  });

  it('L8: a request that is not understood or too large is refused with a code', async () => {
    const post = async (body: string, type = 'application/json') => {
      const response = await fetch(`${server.url}/api/sessions`, {
        method: 'POST',
        headers: { 'content-type': type },
        body,
      });
      return [response.status, ((await response.json()) as { code: string }).code];
    };
    expect(await post('{"title": "no owner"}')).toEqual([422, 'BAD_INPUT']);
    expect(await post('{"title": ')).toEqual([422, 'BAD_INPUT']);
    expect(await post('"text"')).toEqual([422, 'BAD_INPUT']);
    expect(await post('title=a&ownerName=b', 'application/x-www-form-urlencoded')).toEqual([
      422,
      'BAD_INPUT',
    ]);
    expect(await post(JSON.stringify({ title: '\u200b', ownerName: 'Ann' }))).toEqual([422, 'BAD_INPUT']);
    expect(await post(JSON.stringify({ title: 'a'.repeat(121), ownerName: 'Ann' }))).toEqual([
      422,
      'BAD_INPUT',
    ]);
    expect(await post(JSON.stringify({ title: 'a', ownerName: 'Ann', premise: 'x'.repeat(70_000) }))).toEqual(
      [413, 'TOO_LARGE'],
    );
  });

  it('R2: looking at a link tells the title and the role, and lets nobody in', async () => {
    const { owner, invite, path } = await session();
    const stranger = browser();
    const look = (body: unknown) => stranger.http('POST', `${path}/look`, body);
    expect((await look({ invite })).body).toEqual({
      title: 'The Lost Boat',
      you: null,
      invite: { role: 'writer' },
    });
    expect((await look({})).body).toEqual({ title: null, you: null, invite: null });
    expect((await look({ invite: 'f'.repeat(32) })).body).toEqual(refusal('INVITE_INVALID'));
    expect((await look({ invite: 7 })).body).toEqual(refusal('BAD_INPUT'));
    expect((await owner.http('POST', `${path}/look`, {})).body).toMatchObject({
      title: 'The Lost Boat',
      you: { name: 'Ann', role: 'owner' },
    });
    expect((await stranger.http('POST', `${path}/join`, {})).body).toEqual(refusal('INVITE_NEEDED'));
  });

  it('R2: a newcomer needs a usable invite and a free name', async () => {
    const { invite, path } = await session();
    const join = async (body: unknown) => {
      const answer = await browser().http('POST', `${path}/join`, body);
      return [answer.status, (answer.body as { code?: string }).code];
    };
    expect(await join({ name: 'Bo' })).toEqual([403, 'INVITE_NEEDED']);
    expect(await join({ name: 'Bo', invite: '0'.repeat(32) })).toEqual([403, 'INVITE_INVALID']);
    expect(await join({ name: 'Bo', invite: 'short' })).toEqual([422, 'BAD_INPUT']);
    expect(await join({ invite })).toEqual([422, 'NAME_NEEDED']);
    expect(await join({ name: ' \u200b\u202e ', invite })).toEqual([422, 'BAD_INPUT']);
    expect(await join({ name: 'b'.repeat(41), invite })).toEqual([422, 'BAD_INPUT']);
    expect(await join({ name: 'aNN', invite })).toEqual([409, 'NAME_TAKEN']);
    expect(await join({ name: 'Bo', invite })).toEqual([200, undefined]);
    expect(await join({ name: 'BO', invite })).toEqual([409, 'NAME_TAKEN']);
  });

  it('W11: a name is stored clean, so that it cannot pass for another', async () => {
    const { owner, invite, path } = await session();
    await owner.join();
    const guest = browser();
    const joined = await guest.http('POST', `${path}/join`, { name: ' Bo\u202e \n\t Lee\u0000 ', invite });
    const { playerId } = joined.body as JoinAnswer;
    await owner.must('talk:say', { text: 'welcome' });
    expect(owner.view?.players.find(({ id }) => id === playerId)?.name).toBe('Bo Lee');
    const twin = await browser().http('POST', `${path}/join`, { name: 'Bo\u200b Lee', invite });
    expect(twin.body).toEqual(refusal('NAME_TAKEN'));
  });

  it('R3: a revoked invite lets nobody in; players who came through it stay', async () => {
    const { owner, invite, path } = await session();
    const bo = browser();
    await bo.join(owner.sessionId, { name: 'Bo', invite });
    const list = (await owner.http('GET', `${path}/invites`)).body as { invites: InviteView[] };
    const used = list.invites.find(({ role }) => role === 'writer')!;
    expect(used).toMatchObject({ uses: 1, isRevoked: false });
    expect(JSON.stringify(list)).not.toMatch(/secret/i);
    expect((await owner.http('DELETE', `${path}/invites/${used.id}`)).status).toBe(200);
    const late = await browser().http('POST', `${path}/join`, { name: 'Cy', invite });
    expect([late.status, late.body]).toEqual([403, refusal('INVITE_REVOKED')]);
    expect((await browser().http('POST', `${path}/look`, { invite })).body).toEqual(
      refusal('INVITE_REVOKED'),
    );
    expect((await bo.http('POST', `${path}/join`, {})).status).toBe(200);
    expect((await owner.http('DELETE', `${path}/invites/nosuch`)).body).toEqual(refusal('INVITE_INVALID'));
    expect((await owner.http('DELETE', `${path}/invites/constructor`)).body).toEqual(
      refusal('INVITE_INVALID'),
    );
  });

  it('R3: a game master makes further invites, with an expiry of 1 hour to 90 days', async () => {
    const { owner, path } = await session();
    const make = (body: unknown) => owner.http('POST', `${path}/invites`, body);
    const made = await make({ role: 'spectator', expiresInHours: 1 });
    expect(made.status).toBe(201);
    const { invite, secret } = made.body as { invite: InviteView; secret: string };
    expect(Math.abs(invite.expiresAt - Date.now() - HOUR_MS)).toBeLessThan(60_000);
    for (const expiresInHours of [0, -1, 0.5, 24 * 91, '1', 1e99]) {
      expect((await make({ role: 'writer', expiresInHours })).body).toEqual(refusal('BAD_INPUT'));
    }
    expect((await make({ role: 'owner' })).body).toEqual(refusal('BAD_INPUT'));
    const guest = await browser().join(owner.sessionId, { name: 'Eye', invite: secret });
    expect(guest.joined?.role).toBe('spectator');
  });

  it('R2: a browser that was here is the same player, whatever invite it brings', async () => {
    const { owner, invite } = await session();
    const bo = await browser().join(owner.sessionId, { name: 'Bo', invite });
    const again = browser();
    again.cookie = bo.cookie;
    await again.join(owner.sessionId, { name: 'Somebody else', invite });
    expect(again.id).toBe(bo.id);
    expect(again.view?.players.map(({ name }) => name)).toEqual(['Ann', 'Bo']);
  });

  it('R4: the recovery link moves the owner to another browser, once, and is replaced', async () => {
    const { owner, made, invite, path } = await session();
    const recover = (by: TestPlayer, secret: string) => by.http('POST', `${path}/recover`, { secret });
    const laptop = browser();
    const first = await recover(laptop, made.recoverySecret);
    expect(first.status).toBe(200);
    const answer = first.body as JoinAnswer & { recoverySecret: string };
    expect(answer.role).toBe('owner');
    expect(answer.recoverySecret).toMatch(SECRET);
    expect(answer.recoverySecret).not.toBe(made.recoverySecret);
    expect((await recover(browser(), made.recoverySecret)).body).toEqual(refusal('RECOVERY_INVALID'));
    expect((await owner.http('POST', `${path}/join`, {})).body).toEqual(refusal('INVITE_NEEDED'));
    await laptop.join(made.sessionId);
    expect(laptop.joined?.role).toBe('owner');
    const bo = await browser().join(made.sessionId, { name: 'Bo', invite });
    expect((await recover(bo, answer.recoverySecret)).body).toEqual(refusal('RECOVERY_INVALID'));
    expect((await recover(browser(), answer.recoverySecret)).status).toBe(200);
  });

  it('R5: what each role may do over HTTP', async () => {
    const [owner, gm, writer, spectator] = (await gather(server.url, {}, [
      { name: 'Gil', role: 'gm' },
      { name: 'Wes', role: 'writer' },
      { name: 'Spy', role: 'spectator' },
    ])) as [TestPlayer, TestPlayer, TestPlayer, TestPlayer];
    const stranger = browser();
    all.push(owner, gm, writer, spectator);
    const path = `/api/sessions/${owner.sessionId}`;
    const statuses = async (player: TestPlayer) => {
      const made = await player.http('POST', `${path}/invites`, { role: 'writer' });
      const target = (await owner.http('POST', `${path}/invites`, { role: 'writer' })).body as {
        invite: InviteView;
      };
      return [
        made.status,
        (await player.http('GET', `${path}/invites`)).status,
        (await player.http('DELETE', `${path}/invites/${target.invite.id}`)).status,
        (await player.http('GET', `${path}/export.md`)).status,
        (await player.http('GET', `${path}/export.json`)).status,
      ];
    };
    expect(await statuses(owner)).toEqual([201, 200, 200, 200, 200]);
    expect(await statuses(gm)).toEqual([201, 200, 200, 200, 200]);
    expect(await statuses(writer)).toEqual([403, 403, 403, 200, 200]);
    expect(await statuses(spectator)).toEqual([403, 403, 403, 200, 200]);
    expect(await statuses(stranger)).toEqual([403, 403, 403, 403, 403]);
    expect((await spectator.http('POST', `${path}/invites`, { role: 'gm' })).body).toEqual(
      refusal('ROLE_FORBIDS'),
    );
    await owner.must('player:remove', { playerId: writer.id });
    expect((await writer.http('GET', `${path}/export.md`)).body).toEqual(refusal('PLAYER_REMOVED'));
    expect((await writer.http('POST', `${path}/join`, {})).body).toEqual(refusal('PLAYER_REMOVED'));
  });

  it('R9: a session that does not exist is refused by every address', async () => {
    const someone = browser();
    await someone.create();
    const tries: [string, string][] = [
      ['POST', 'look'],
      ['POST', 'join'],
      ['GET', 'invites'],
      ['POST', 'invites'],
      ['DELETE', 'invites/x'],
      ['GET', 'export.md'],
      ['GET', 'export.json'],
    ];
    for (const id of ['abcdefghij0123456789', 'constructor', '__proto__', '%00', 'A'.repeat(20)]) {
      for (const [method, action] of tries) {
        const body = method === 'POST' ? {} : undefined;
        const answer = await someone.http(method, `/api/sessions/${id}/${action}`, body);
        expect([id, action, answer.status, answer.body]).toEqual([
          id,
          action,
          404,
          refusal('SESSION_UNKNOWN'),
        ]);
      }
    }
    expect((await someone.http('GET', '/api/nothing')).body).toEqual(refusal('NOT_FOUND'));
  });
});
