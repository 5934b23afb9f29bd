import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JoinAnswer } from '../../sessions/protocol.ts';
import { gather, TestPlayer } from '../support/player.ts';
import { addressOf, RawDocument } from '../support/raw-document.ts';
import { TestServer } from '../support/taleloom.ts';
import { until } from '../support/wait.ts';

const hasClient = existsSync('dist/client/index.html');
if (!hasClient) console.warn('!!! The client is not built: its page is NOT checked. Run: npm run build');

/** What a failed connection to the command channel says. */
async function connectError(url: string, auth: object, headers = {}): Promise<Error & { data?: unknown }> {
  const socket = io(url, { transports: ['websocket'], auth, forceNew: true, extraHeaders: headers });
  const error = await new Promise<Error>((resolve, reject) => {
    socket.once('connect_error', resolve);
    socket.once('connect', () => reject(new Error('It connected.')));
  });
  socket.disconnect();
  return error;
}

describe('tickets, origins and headers', () => {
  let server: TestServer;
  const all: TestPlayer[] = [];

  async function players(guests: Parameters<typeof gather>[2] = []): Promise<TestPlayer[]> {
    const gathered = await gather(server.url, {}, guests);
    all.push(...gathered);
    return gathered;
  }

  /** A ticket as the server signs it, but as the test wants it. */
  async function ticket(claims: object, of: { expires?: number; secret?: string } = {}): Promise<string> {
    const secret = of.secret ?? (await readFile(join(server.dataDir, 'secret'), 'utf8')).trim();
    const now = Math.floor(Date.now() / 1_000);
    return new SignJWT({ ...claims })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer('taleloom')
      .setAudience('taleloom-session')
      .setIssuedAt(now - 700)
      .setExpirationTime(of.expires ?? now + 60)
      .sign(new TextEncoder().encode(secret));
  }

  /** How both sockets answer a ticket: the code of the command channel, the close code of the story. */
  async function answers(player: TestPlayer, pass: string): Promise<[unknown, number]> {
    const error = await connectError(server.url, { ticket: pass });
    const base = server.url.replace('http', 'ws');
    const raw = new RawDocument(`${base}/collab/${player.sessionId}/story?ticket=${pass}`);
    return [(error.data as { code?: unknown } | undefined)?.code, await raw.closing()];
  }

  beforeAll(async () => {
    server = await TestServer.start();
  });
  afterAll(async () => {
    for (const player of all) player.close();
    await server.stop();
  });

  it('C1: a missing, wrong, forged or expired ticket opens neither socket', async () => {
    const [ann] = (await players()) as [TestPlayer];
    const claims = { sessionId: ann.sessionId, playerId: ann.id, role: 'owner' };
    const [head = '', body = '', signature = ''] = ann.ticket.split('.');
    const unsigned = Buffer.from('{"alg":"none"}').toString('base64url');
    const refused = [
      '',
      'garbage',
      `${head}.${body}.${signature.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))}`,
      `${unsigned}.${body}.`,
      await ticket(claims, { expires: Math.floor(Date.now() / 1_000) - 1 }),
      await ticket(claims, { secret: 'x'.repeat(64) }),
      await ticket({ ...claims, role: 'king' }),
    ];
    for (const pass of refused) expect(await answers(ann, pass)).toEqual(['TICKET_INVALID', 4401]);
    expect((await connectError(server.url, {})).data).toMatchObject({ ok: false, code: 'TICKET_INVALID' });
    expect((await connectError(server.url, { ticket: ['a'] })).data).toMatchObject({
      code: 'TICKET_INVALID',
    });
    const good = new RawDocument(addressOf(ann, 'story').replace(ann.ticket, await ticket(claims)));
    await until('open with a ticket of our own making', () => good.frames.length > 0);
    good.socket.close();
  });

  it('C1: a ticket is good for its own session only', async () => {
    const [ann] = (await players()) as [TestPlayer];
    const [eve] = (await players()) as [TestPlayer];
    const foreign = new RawDocument(addressOf(ann, 'story').replace(ann.ticket, eve.ticket));
    expect(await foreign.closing()).toBe(4401);
    expect(foreign.closed?.reason).toMatch(/^TICKET_INVALID/);
    const nowhere = { sessionId: 'nosuchsession', playerId: ann.id, role: 'owner' };
    const error = await connectError(server.url, { ticket: await ticket(nowhere) });
    expect(error.data).toMatchObject({ code: 'SESSION_UNKNOWN' });
    const lost = new RawDocument(
      addressOf(ann, 'story')
        .replace(ann.sessionId, 'nosuchsession')
        .replace(ann.ticket, await ticket(nowhere)),
    );
    expect(await lost.closing()).toBe(4404);
  });

  it('R7: a removed player gets in nowhere, also with a ticket that has not run out', async () => {
    const [ann, bo] = (await players([{ name: 'Bo' }])) as [TestPlayer, TestPlayer];
    await ann.write('Only for those at the table.');
    await ann.must('player:remove', { playerId: bo.id });
    await until('farewell', () => bo.closings.length > 0);
    expect(bo.closings[0]).toMatchObject({ code: 4403, refusal: { code: 'PLAYER_REMOVED' } });
    const story = await RawDocument.open(bo, 'story');
    expect(await story.closing()).toBe(4403);
    expect(story.closed?.reason).toMatch(/^PLAYER_REMOVED/);
    expect(story.doc.share.size).toBe(0);
    const again = new TestPlayer(server.url);
    again.joined = bo.joined;
    all.push(again);
    await Promise.race([again.connect().catch(() => undefined), until('refusal', () => again.closings[0])]);
    expect(again.view).toBeNull();
    expect(again.closings[0]).toMatchObject({ code: 4403, refusal: { code: 'PLAYER_REMOVED' } });
  });

  it('C1: an answer with a ticket is never kept by a cache', async () => {
    const [ann] = (await players()) as [TestPlayer];
    const { response, body } = await ann.http('POST', `/api/sessions/${ann.sessionId}/join`, {});
    expect(response.headers.get('cache-control')).toBe('no-store');
    const { ticketExpiresAt } = body as JoinAnswer;
    expect(ticketExpiresAt - Date.now()).toBeLessThanOrEqual(600_000);
  });

  it('C11: a page of another origin reaches neither sockets nor commands', async () => {
    const [ann] = (await players()) as [TestPlayer];
    const { host } = new URL(server.url);
    const auth = { ticket: ann.ticket };
    for (const origin of [
      'https://evil.example',
      'null',
      `${server.url}.evil.example`,
      'http://localhost:1',
    ]) {
      const error = await connectError(server.url, auth, { origin });
      expect(error.data).toBeUndefined();
      const raw = new RawDocument(addressOf(ann, 'story'), { origin });
      await raw.closing();
      expect(raw.status).toBe(403);
      for (const path of ['', '/import', `/${ann.sessionId}/join`, `/${ann.sessionId}/invites`]) {
        const refused = await fetch(`${server.url}/api/sessions${path}`, {
          method: 'POST',
          headers: { origin, 'content-type': 'application/json', 'cookie': ann.cookie ?? '' },
          body: '{}',
        });
        expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([
          403,
          'BAD_ORIGIN',
        ]);
        expect(refused.headers.get('access-control-allow-origin')).toBeNull();
      }
    }
    const own = new RawDocument(addressOf(ann, 'story'), { origin: `http://${host}` });
    await until('own origin', () => own.frames.length > 0);
    own.socket.close();
  });

  it('C2: an upgrade to any other address is turned away', async () => {
    for (const path of ['/', '/nothing', '/collab/../../etc', '/collab//', '/collab/%ff/story']) {
      const raw = new RawDocument(`${server.url.replace('http', 'ws')}${path}`);
      const { code } = await until('end', () => raw.closed);
      expect([404, 4404, 4401]).toContain(raw.status ?? code);
    }
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
  });

  it('C12: every answer carries the security headers', async () => {
    for (const path of ['/api/status', '/nothing', '/']) {
      const { headers } = await fetch(`${server.url}${path}`);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('x-powered-by')).toBeNull();
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toMatch(/default-src 'self'/);
      expect(policy).toMatch(/script-src 'self'(;|$)/);
      expect(policy).toMatch(/object-src 'none'/);
      expect(policy).toMatch(/frame-ancestors 'none'/);
      expect(policy).not.toMatch(/unsafe/);
    }
  });

  it.skipIf(!hasClient)(
    'C12: the page carries the nonce of its own policy, a new one each time',
    async () => {
      const nonces = new Set<string>();
      for (const path of ['/', '/s/abc']) {
        const response = await fetch(`${server.url}${path}`);
        expect(response.headers.get('cache-control')).toBe('no-store');
        const nonce =
          /'nonce-([^']+)'/.exec(response.headers.get('content-security-policy') ?? '')?.[1] ?? '';
        expect(nonce).toMatch(/^[A-Za-z0-9+/]{22}==$/);
        const html = await response.text();
        expect(html).toContain(nonce);
        expect(html).not.toContain('__CSP_NONCE__');
        nonces.add(nonce);
      }
      expect(nonces.size).toBe(2);
    },
  );

  it('C12: metrics are for this machine only, and not through a proxy', async () => {
    expect((await fetch(`${server.url}/metrics`)).status).toBe(200);
    const proxied = await fetch(`${server.url}/metrics`, { headers: { 'x-forwarded-for': '127.0.0.1' } });
    const quietly = await fetch(`${server.url}/metrics`, { headers: { 'x-real-ip': '127.0.0.1' } });
    expect(quietly.status).toBe(403);
    expect(proxied.status).toBe(403);
  });

  it('L8: a request that breaks off or lies about its length harms nobody', async () => {
    await new Promise<void>((resolve) => {
      const broken = request(`${server.url}/api/sessions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'content-length': '1000' },
      });
      broken.on('error', () => resolve());
      broken.write('{"title":');
      broken.on('socket', (socket) => socket.on('connect', () => socket.destroy()));
    });
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
  });
});

describe('rate limits at the doors', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await TestServer.start({ SESSIONS_PER_MINUTE: '2', JOINS_PER_MINUTE: '3' });
  });
  afterAll(() => server.stop());

  it('C5: creating and joining too often is refused, with the time to come again', async () => {
    const ann = new TestPlayer(server.url);
    const { sessionId } = await ann.create();
    const path = `/api/sessions/${sessionId}`;
    await ann.create();
    for (const where of ['/api/sessions', '/api/sessions/import']) {
      const third = await ann.http('POST', where, { title: 'Third', ownerName: 'Ann' });
      if (where.endsWith('import') && third.status !== 429) continue;
      expect([third.status, third.body]).toEqual([429, expect.objectContaining({ code: 'RATE_LIMITED' })]);
      const seconds = Number(third.response.headers.get('retry-after'));
      expect(seconds).toBeGreaterThan(0);
      expect(seconds).toBeLessThanOrEqual(60);
      expect((third.body as { retryAfterMs: number }).retryAfterMs).toBeLessThanOrEqual(60_000);
    }
    const statuses: number[] = [];
    for (const action of ['join', 'look', 'recover', 'join', 'look', 'recover']) {
      statuses.push((await ann.http('POST', `${path}/${action}`, {})).status);
    }
    expect(statuses).toEqual([200, 200, 422, 429, 429, 429]);
    expect((await ann.http('GET', `${path}/export.md`)).status).toBe(200);
  });
});

describe('secrets', () => {
  it('R1: no secret, ticket, name or story text is in the output, and no raw secret in the database', async () => {
    const server = await TestServer.startScripted(['The lighthouse keeper counted kelpies.'], {
      LOG_LEVEL: 'debug',
    });
    const owner = new TestPlayer(server.url);
    const made = await owner.create({ title: 'Zanzibarleycorn', ownerName: 'Annabellissima' });
    await owner.join();
    const secrets = [made.recoverySecret, ...made.invites.map(({ secret }) => secret)];
    const writer = await new TestPlayer(server.url).join(made.sessionId, {
      name: 'Boudewijnkwartier',
      invite: made.invites[1]!.secret,
    });
    await writer.write('The quick brown fjord.');
    await owner.must('talk:say', { text: 'Psst, wobblegong.' });
    await owner.must('narrator:ask', { direction: 'a snallygaster lands' });
    await until('the narrator', async () => (await owner.story()).length === 2);
    const recovery = await new TestPlayer(server.url).http(
      'POST',
      `/api/sessions/${made.sessionId}/recover`,
      {
        secret: made.recoverySecret,
      },
    );
    const fresh = recovery.body as JoinAnswer & { recoverySecret: string };
    secrets.push(fresh.recoverySecret);
    await connectError(server.url, { ticket: `${writer.ticket}x` });
    await new RawDocument(addressOf(writer, 'draft-nosuch')).closing();
    const forbidden = [
      ...secrets,
      ...[owner.cookie, writer.cookie].map((cookie) => cookie!.split('=')[1]!),
      owner.ticket,
      writer.ticket,
      fresh.ticket,
      (await readFile(join(server.dataDir, 'secret'), 'utf8')).trim(),
    ];
    const words = ['Zanzibarleycorn', 'Annabellissima', 'Boudewijnkwartier', 'fjord', 'kelpies'];
    words.push('wobblegong', 'snallygaster');
    owner.close();
    writer.close();
    expect(await server.kill('SIGTERM')).toBe(0);
    for (const text of [...forbidden, ...words]) expect(server.output).not.toContain(text);
    expect(server.output).toContain('stopped');
    const files = (await readdir(server.dataDir)).filter((name) => name.startsWith('taleloom.sqlite'));
    const stored = await Promise.all(files.map((name) => readFile(join(server.dataDir, name), 'latin1')));
    const database = stored.join('');
    expect(database).toContain('Zanzibarleycorn');
    for (const text of forbidden) expect(database).not.toContain(text);
    await server.stop();
  });
});
