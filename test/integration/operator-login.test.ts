import { Router, type Request, type Response } from 'express';
import { afterEach, describe, expect, it } from 'vitest';
import type { OpsMe } from '../../sessions/ops-view.ts';
import { OperatorDoor } from '../../server/http/operator-guard.ts';
import { operatorLogin } from '../../server/http/operator-login.ts';
import { OperatorOidc } from '../../server/http/operator-oidc.ts';
import { OperatorSessions } from '../../server/http/operator-session.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { OidcIssuer, type Login } from '../support/oidc-issuer.ts';
import { OPERATOR_TOKEN, OpsServer } from '../support/ops-server.ts';

const SECRET = 'a secret of at least 32 characters';
const HOUR = 60 * 60 * 1_000;
const stops: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

interface Setup {
  token?: string | null;
  issuer?: OidcIssuer | null;
  operators?: string[];
}

/** The operators' door with a page behind it that only operators see and change. */
async function open({ token = OPERATOR_TOKEN, issuer = null, operators = ['sub-of-ann'] }: Setup = {}) {
  const clock = new ManualClock(Date.now());
  const settings = { token, operators };
  const sessions = new OperatorSessions({ secret: SECRET, settings, clock, isSecure: false });
  const troubles: unknown[] = [];
  const oidc =
    issuer === null
      ? null
      : new OperatorOidc({
          settings: {
            issuer: issuer.url,
            clientId: issuer.clientId,
            clientSecret: issuer.clientSecret,
            operators,
          },
          clock,
          onTrouble: (error) => troubles.push(error),
        });
  const door = new OperatorDoor({ token, sessions, hasOidc: oidc !== null, publicUrl: null });
  const router = Router();
  router.use(operatorLogin({ door, sessions, oidc, publicUrl: null, isHttps: false }));
  router.all('/guarded', door.only, (_request: Request, response: Response) => {
    response.json({ in: true });
  });
  const server = await OpsServer.start([['/api/ops', router]]);
  stops.push(() => server.stop());
  return { server, clock, troubles, browser: new Browser(server.url) };
}

async function openIssuer(): Promise<OidcIssuer> {
  const issuer = await OidcIssuer.start();
  stops.push(() => issuer.stop());
  return issuer;
}

/** A browser as far as cookies and their paths go. */
class Browser {
  readonly #url: string;
  readonly cookies = new Map<string, string>();
  lastSetCookies: string[] = [];

  constructor(url: string) {
    this.#url = url;
  }

  async ask(method: string, path: string, of: { body?: unknown; headers?: Record<string, string> } = {}) {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(path.startsWith('http') ? path : `${this.#url}${path}`, {
      method,
      redirect: 'manual',
      headers: { cookie, 'content-type': 'application/json', ...of.headers },
      ...(of.body === undefined ? {} : { body: JSON.stringify(of.body) }),
    });
    this.lastSetCookies = response.headers.getSetCookie();
    for (const line of this.lastSetCookies) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=', 2);
      if (/Max-Age=0/.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    const text = await response.text();
    return { status: response.status, text, location: response.headers.get('location') ?? '' };
  }

  async me(): Promise<OpsMe> {
    return JSON.parse((await this.ask('GET', '/api/ops/me')).text) as OpsMe;
  }

  /** As the page does it. */
  post(path: string, body: unknown = {}) {
    return this.ask('POST', path, { body, headers: { origin: this.#url } });
  }
}

describe('Y5: login by the token', () => {
  it('Y5: gives a cookie for eight hours that scripts and other sites do not get', async () => {
    const { browser, clock } = await open();
    expect((await browser.ask('GET', '/api/ops/guarded')).status).toBe(401);
    expect((await browser.post('/api/ops/login', { token: OPERATOR_TOKEN })).status).toBe(200);
    expect(browser.lastSetCookies).toEqual([
      expect.stringMatching(/; Path=\/api; Max-Age=28800; HttpOnly; SameSite=Strict$/) as string,
    ]);
    expect((await browser.ask('GET', '/api/ops/guarded')).status).toBe(200);
    expect(await browser.me()).toEqual({
      name: 'operator',
      how: 'token',
      ways: { token: true, oidc: false },
    });
    clock.advance(8 * HOUR + 1_000);
    expect((await browser.ask('GET', '/api/ops/guarded')).status).toBe(401);
    expect(await browser.me()).toMatchObject({ name: null, how: null });
  });

  it('Y5: takes no wrong token, and after many says when to come again', async () => {
    const { browser } = await open();
    const statuses = [];
    for (let n = 0; n < 25; n += 1)
      statuses.push((await browser.post('/api/ops/login', { token: `no-${n}` })).status);
    expect(statuses.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 401));
    expect(statuses.slice(20)).toEqual(Array.from({ length: 5 }, () => 429));
    expect(browser.cookies.size).toBe(0);
  });

  it('Y5: a page whose session has run out is told so, however often it asks', async () => {
    const { browser } = await open();
    browser.cookies.set('taleloom_operator', 'old');
    for (let n = 0; n < 30; n += 1) expect((await browser.ask('GET', '/api/ops/guarded')).status).toBe(401);
  });

  it('Y5: the bearer goes on working, also beside a cookie', async () => {
    const { browser } = await open();
    const headers = { authorization: `Bearer ${OPERATOR_TOKEN}` };
    expect((await browser.ask('PUT', '/api/ops/guarded', { headers })).status).toBe(200);
    await browser.post('/api/ops/login', { token: OPERATOR_TOKEN });
    const wrong = { authorization: 'Bearer wrong' };
    expect((await browser.ask('GET', '/api/ops/guarded', { headers: wrong })).status).toBe(401);
  });

  it('Y5: with the cookie, only our own page changes anything', async () => {
    const { browser, server } = await open();
    await browser.post('/api/ops/login', { token: OPERATOR_TOKEN });
    const put = async (headers: Record<string, string>) =>
      (await browser.ask('PUT', '/api/ops/guarded', { headers })).status;
    expect(await put({ origin: server.url })).toBe(200);
    expect(await put({ 'sec-fetch-site': 'same-origin' })).toBe(200);
    expect(await put({ origin: 'https://elsewhere.example' })).toBe(403);
    expect(await put({ 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await put({})).toBe(403);
    const foreign = { origin: 'https://elsewhere.example' };
    const login = { body: { token: OPERATOR_TOKEN }, headers: foreign };
    expect((await browser.ask('POST', '/api/ops/login', login)).status).toBe(403);
  });

  it('Y5: a logged out session stays out, also with a copy of its cookie', async () => {
    const { browser } = await open();
    await browser.post('/api/ops/login', { token: OPERATOR_TOKEN });
    const copy = new Map(browser.cookies);
    expect((await browser.post('/api/ops/logout')).status).toBe(200);
    expect(browser.cookies.size).toBe(0);
    for (const [name, value] of copy) browser.cookies.set(name, value);
    expect((await browser.ask('GET', '/api/ops/guarded')).status).toBe(401);
  });

  it('Y5: a cookie that was changed, or is of other settings, is none', async () => {
    const { browser } = await open();
    const other = await open({ token: 'another-token-of-tests' });
    await other.browser.post('/api/ops/login', { token: 'another-token-of-tests' });
    const [name = '', value = ''] = [...other.browser.cookies][0] ?? [];
    for (const forged of [value, `${value}x`, value.replace(/\.[^.]+\./, '.e30.'), 'x', '']) {
      browser.cookies.set(name, forged);
      expect((await browser.ask('GET', '/api/ops/guarded')).status).toBe(401);
    }
  });

  it('Y5: without token and login server it is closed, and says how to open it', async () => {
    const { browser } = await open({ token: null });
    for (const answer of [
      await browser.ask('GET', '/api/ops/guarded'),
      await browser.post('/api/ops/login', { token: 'anything' }),
    ]) {
      expect(answer.status).toBe(401);
      expect(answer.text).toContain('Set OPERATOR_TOKEN');
    }
    const oidc = await browser.ask('GET', '/api/ops/login/oidc');
    expect([oidc.status, oidc.text]).toEqual([404, expect.stringContaining('OIDC_ISSUER') as string]);
    expect(await browser.me()).toEqual({ name: null, how: null, ways: { token: false, oidc: false } });
  });
});

describe('Y5: login at a login server', () => {
  /** Goes there, logs in, and comes back. */
  async function logIn(browser: Browser, issuer: OidcIssuer, login: Login) {
    const sent = await browser.ask('GET', '/api/ops/login/oidc');
    expect(sent.status).toBe(303);
    return browser.ask('GET', issuer.authorise(sent.location, login).href);
  }

  it('Y5: lets in who is on the list, by verified address or subject', async () => {
    const issuer = await openIssuer();
    const { browser } = await open({ token: null, issuer, operators: ['Ann@Example.org', 'sub-of-bob'] });
    const back = await logIn(browser, issuer, { sub: 'x1', email: 'ann@example.org', emailVerified: true });
    expect([back.status, back.location]).toEqual([303, '/ops']);
    expect(await browser.me()).toEqual({
      name: 'ann@example.org',
      how: 'oidc',
      ways: { token: false, oidc: true },
    });
    expect((await browser.ask('GET', '/api/ops/guarded')).status).toBe(200);
    await browser.post('/api/ops/logout');
    await logIn(browser, issuer, { sub: 'sub-of-bob' });
    expect((await browser.me()).name).toBe('sub-of-bob');
  });

  it('Y5: keeps out who is not on the list, or whose address is not verified', async () => {
    const issuer = await openIssuer();
    const { browser } = await open({ issuer, operators: ['ann@example.org'] });
    for (const login of [
      { sub: 'mallory', email: 'mallory@example.org', emailVerified: true },
      { sub: 'mallory', email: 'ann@example.org', emailVerified: false },
      { sub: 'mallory', email: 'ann@example.org' },
    ]) {
      const back = await logIn(browser, issuer, login);
      expect([back.status, back.text]).toEqual([403, expect.stringContaining('OIDC_OPERATORS') as string]);
      expect((await browser.me()).name).toBeNull();
    }
  });

  it('Y5: takes no token that is expired, forged, for somebody else or for another request', async () => {
    const issuer = await openIssuer();
    const { browser, troubles } = await open({ issuer });
    for (const flaw of [
      { expiresIn: -300 },
      { isForged: true },
      { audience: 'others' },
      { nonce: 'another' },
    ]) {
      const back = await logIn(browser, issuer, { sub: 'sub-of-ann', ...flaw });
      expect([back.status, back.text]).toEqual([403, expect.stringContaining('vouch') as string]);
      expect((await browser.me()).name).toBeNull();
    }
    expect(troubles).toHaveLength(4);
    await logIn(browser, issuer, { sub: 'sub-of-ann' });
    expect((await browser.me()).name).toBe('sub-of-ann');
  });

  it('Y5: takes no answer with a wrong state, from another browser, twice, or too late', async () => {
    const issuer = await openIssuer();
    const { browser, server, clock } = await open({ issuer });
    const login = { sub: 'sub-of-ann' };
    const begin = async () =>
      issuer.authorise((await browser.ask('GET', '/api/ops/login/oidc')).location, login);

    const wrong = await begin();
    wrong.searchParams.set('state', 'made-up');
    expect((await browser.ask('GET', wrong.href)).text).toContain('expired or was used');

    const stranger = new Browser(server.url);
    const theirs = await begin();
    expect((await stranger.ask('GET', theirs.href)).text).toContain('another browser');
    // Used up by that, also for the right browser.
    expect((await browser.ask('GET', theirs.href)).text).toContain('expired or was used');

    const late = await begin();
    clock.advance(10 * 60 * 1_000);
    expect((await browser.ask('GET', late.href)).text).toContain('expired or was used');

    const good = await begin();
    const attempt = new Map(browser.cookies);
    expect((await browser.ask('GET', good.href)).status).toBe(303);
    const replay = new Browser(server.url);
    for (const [name, value] of attempt) replay.cookies.set(name, value);
    expect((await replay.ask('GET', good.href)).text).toContain('expired or was used');
    expect((await replay.me()).name).toBeNull();
    expect((await browser.me()).name).toBe('sub-of-ann');
  });

  it('Y5: somebody who was refused there is not in, and a login server that is gone says so', async () => {
    const issuer = await openIssuer();
    const { browser } = await open({ issuer });
    const sent = await browser.ask('GET', '/api/ops/login/oidc');
    const back = issuer.authorise(sent.location, { sub: 'sub-of-ann' });
    back.searchParams.delete('code');
    back.searchParams.set('error', 'access_denied');
    expect((await browser.ask('GET', back.href)).status).toBe(403);
    await issuer.stop();
    const gone = await open({ issuer });
    expect((await gone.browser.ask('GET', '/api/ops/login/oidc')).status).toBe(502);
  });
});
