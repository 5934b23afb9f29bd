import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { StoredFlags } from '../../server/flags.ts';
import { operatorRouter } from '../../server/http/operator-router.ts';
import { openDatabase } from '../../server/store/database.ts';
import { SqlFlagStore } from '../../server/store/sql-flag-store.ts';
import { SqlModerationLog } from '../../server/store/sql-moderation-log.ts';
import { SqlSessionStore } from '../../server/store/sql-session-store.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { callOps, NO_SESSIONS, OPERATOR_TOKEN, OpsServer } from '../support/ops-server.ts';
import { gather, TestPlayer } from '../support/player.ts';
import { TestServer } from '../support/taleloom.ts';
import { until } from '../support/wait.ts';

const folder = mkdtempSync(join(tmpdir(), 'taleloom-flags-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

/** The flags of a server with its real database, over HTTP. */
async function open(file = join(folder, `${(files += 1)}.sqlite`), token: string | null = OPERATOR_TOKEN) {
  const clock = new ManualClock();
  const silent = pino({ level: 'silent' });
  const database = await openDatabase({ file, durability: 'process' });
  const flags = await StoredFlags.load({ store: new SqlFlagStore(database), clock, log: silent });
  const log = new SqlModerationLog({
    database,
    clock,
    log: silent,
    secret: 'a secret of at least 32 characters',
    keepDays: 90,
    onLost: () => undefined,
  });
  const server = await OpsServer.start([
    ['/api/ops', operatorRouter({ flags, log, sessions: NO_SESSIONS, token })],
  ]);
  const close = async () => {
    await server.stop();
    await log.close();
    await database.close();
  };
  return { file, flags, server, store: new SqlSessionStore(database, {}), close };
}

describe('/api/ops/flags', () => {
  let opened: Awaited<ReturnType<typeof open>>;
  afterEach(() => opened.close());

  it('turns a flag on and off, for all and for one session', async () => {
    opened = await open();
    const { server, flags, store } = opened;
    await store.create('s1', 1);
    const on = await server.call('PUT', '/api/ops/flags/narrator_off', { reason: 'The model went mad.' });
    expect([on.status, on.body]).toMatchObject([
      200,
      { flag: 'narrator_off', sessionId: null, reason: 'The model went mad.' },
    ]);
    expect(flags.isOn('narrator_off', 's1')).toBe(true);
    await server.call('PUT', '/api/ops/flags/human_only', { sessionId: 's1' });
    expect([flags.isOn('human_only', 's1'), flags.isOn('human_only', 's2')]).toEqual([true, false]);
    const list = (await server.call('GET', '/api/ops/flags')).body as { flags: { flag: string }[] };
    expect(list.flags.map(({ flag }) => flag)).toEqual(['narrator_off', 'human_only']);
    const off = await server.call('DELETE', '/api/ops/flags/narrator_off');
    expect([off.status, off.body]).toEqual([200, { flag: 'narrator_off', sessionId: null, wasOn: true }]);
    // Not what is on for the session alone.
    expect((await server.call('DELETE', '/api/ops/flags/human_only')).body).toMatchObject({ wasOn: false });
    expect(flags.isOn('human_only', 's1')).toBe(true);
    await server.call('DELETE', '/api/ops/flags/human_only', { sessionId: 's1' });
    await server.call('PUT', '/api/ops/flags/read_only', { sessionId: 's1' });
    await server.call('DELETE', '/api/ops/flags/read_only?sessionId=s1');
    expect(flags.list()).toEqual([]);
  });

  it('O2: a flag survives a restart, its reason included', async () => {
    opened = await open();
    await opened.store.create('s1', 1);
    await opened.server.call('PUT', '/api/ops/flags/safe_responder', { sessionId: 's1', reason: 'why' });
    await opened.server.call('PUT', '/api/ops/flags/read_only', {});
    await opened.server.call('PUT', '/api/ops/flags/human_only', {});
    await opened.server.call('DELETE', '/api/ops/flags/human_only', {});
    await opened.close();
    opened = await open(opened.file);
    const { flags } = opened;
    expect(flags.isOn('safe_responder', 's1')).toBe(true);
    expect(flags.isOn('safe_responder', 's2')).toBe(false);
    expect(flags.isOn('read_only', 's2')).toBe(true);
    expect(flags.isOn('human_only', 's1')).toBe(false);
    expect(flags.list()[0]).toMatchObject({ flag: 'safe_responder', sessionId: 's1', reason: 'why' });
  });

  it.each([
    { what: 'an unknown flag', flag: 'chaos', refused: [404, 'FLAG_UNKNOWN'] },
    { what: 'a name of JavaScript', flag: 'constructor', refused: [404, 'FLAG_UNKNOWN'] },
    { what: 'an unknown session', body: { sessionId: 'nobody' }, refused: [404, 'SESSION_UNKNOWN'] },
    { what: 'an id that is none', body: { sessionId: "'; drop" }, refused: [422, 'BAD_INPUT'] },
    { what: 'a long reason', body: { reason: 'x'.repeat(501) }, refused: [422, 'BAD_INPUT'] },
    { what: 'garbage', body: '{"reason": ', refused: [422, 'BAD_INPUT'] },
    { what: 'too much', body: { reason: 'x'.repeat(20_000) }, refused: [413, 'TOO_LARGE'] },
  ])('refuses $what', async ({ flag = 'read_only', body = {}, refused }) => {
    opened = await open();
    const { server, flags } = opened;
    const answer = await server.call('PUT', `/api/ops/flags/${flag}`, body);
    expect([answer.status, (answer.body as { code: string }).code]).toEqual(refused);
    expect([flags.list(), server.faults]).toEqual([[], []]);
  });

  it('O1: is closed without the token of the operator, and to everybody where none is set', async () => {
    opened = await open();
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const path = method === 'GET' ? '/api/ops/flags' : '/api/ops/flags/read_only';
      for (const token of [null, 'wrong']) {
        const answer = await opened.server.call(method, path, undefined, token);
        expect([answer.status, answer.body]).toMatchObject([401, { code: 'OPERATOR_ONLY' }]);
      }
    }
    expect(opened.flags.list()).toEqual([]);
    await opened.close();
    opened = await open(opened.file, null);
    const closed = await opened.server.call('PUT', '/api/ops/flags/read_only', {});
    expect([closed.status, closed.body]).toMatchObject([401, { code: 'OPERATOR_ONLY' }]);
  });
});

describe('flags in a running server', () => {
  let server: TestServer;
  const all: TestPlayer[] = [];
  beforeAll(async () => {
    server = await TestServer.start({ OPERATOR_TOKEN, METRICS_TOKEN: 'metrics-token-of-tests' });
  });
  afterAll(async () => {
    for (const player of all) player.close();
    await server.stop();
  });
  const call = (method: string, path: string, body?: unknown) => callOps(server.url, { method, path, body });
  const flagsOf = (player: TestPlayer) => player.view?.safety.flags ?? [];

  it('S10 and O2: reach a session within two seconds, stop what they name, and outlive the server', async () => {
    const [ann] = await gather(server.url);
    const [other] = await gather(server.url);
    all.push(ann!, other!);
    const began = performance.now();
    await call('PUT', '/api/ops/flags/read_only', { sessionId: ann!.sessionId });
    await until('the flag', () => flagsOf(ann!).includes('read_only'));
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(await ann!.command('talk:say', { text: 'Hello.' })).toMatchObject({ ok: false });
    expect(await other!.command('talk:say', { text: 'Hello.' })).toMatchObject({ ok: true });

    await server.kill('SIGKILL');
    await server.restart();
    const back = new TestPlayer(server.url);
    all.push(back);
    back.cookie = ann!.cookie;
    await back.join(ann!.sessionId);
    expect(flagsOf(back)).toContain('read_only');
    await call('DELETE', '/api/ops/flags/read_only', { sessionId: ann!.sessionId });
    await until('the end of it', () => !flagsOf(back).includes('read_only'));
    expect(await back.command('talk:say', { text: 'Hello.' })).toMatchObject({ ok: true });

    await call('PUT', '/api/ops/flags/narrator_off', {});
    await until('the flag for all', () => flagsOf(back).includes('narrator_off'));
    await call('DELETE', '/api/ops/flags/narrator_off');
  });

  it('O1: are not opened by the token of the metrics, nor by a request from this machine', async () => {
    for (const token of ['metrics-token-of-tests', null]) {
      const answer = await callOps(server.url, { method: 'GET', path: '/api/ops/flags', token });
      expect([answer.status, answer.body]).toMatchObject([401, { code: 'OPERATOR_ONLY' }]);
    }
    const status = { method: 'GET', path: '/api/ops/status', token: 'metrics-token-of-tests' };
    expect((await callOps(server.url, status)).status).toBe(200);
  });
});
