import { Router, type Request, type Response } from 'express';
import { afterEach, describe, expect, it } from 'vitest';
import { AppError } from '../../sessions/errors.ts';
import type { LogLine } from '../../sessions/ops-view.ts';
import { LogRing } from '../../server/log-ring.ts';
import { aroundCommands, requestLog } from '../../server/log-requests.ts';
import { createLog } from '../../server/log.ts';
import { TurnTraces } from '../../server/tracing-context.ts';
import { OpsServer } from '../support/ops-server.ts';
import { until } from '../support/wait.ts';

const TRACE = 'a'.repeat(32);
const TRACEPARENT = `00-${TRACE}-${'b'.repeat(16)}-01`;
const SECRET_WORDS = 'canary-invite-secret';
let server: OpsServer | null = null;

afterEach(async () => {
  await server?.stop();
  server = null;
});

function openLog(level = 'debug') {
  const ring = new LogRing();
  const log = createLog(level, { ring, destination: { write: () => undefined } });
  const query = { session: null, turn: null, request: null, level: null, event: null, limit: 1_000 };
  return { log, lines: (): LogLine[] => ring.find(query) };
}

describe('requests', () => {
  async function open() {
    const { log, lines } = openLog();
    const router = Router();
    router.get('/:id/:secret', async (_request: Request, response: Response) => {
      await Promise.resolve();
      log.info('inside');
      if (response.req.query.fault === 'yes') throw new AppError('NOT_FOUND');
      response.status(response.req.query.status === '500' ? 500 : 200).json({});
    });
    server = await OpsServer.start([
      ['/', requestLog(log)],
      ['/api/sessions', router],
    ]);
    return { lines, url: server.url };
  }

  it('Y6: have an id, sent back, on all of their lines, with session and trace', async () => {
    const { lines, url } = await open();
    const response = await fetch(`${url}/api/sessions/s1/${SECRET_WORDS}?x=${SECRET_WORDS}`, {
      headers: { traceparent: TRACEPARENT },
    });
    const id = response.headers.get('x-request-id');
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    await until('answered', () => lines().length === 2);
    const [inside, answered] = lines();
    expect(inside).toMatchObject({ event: 'inside', request: id, session: 's1', fields: { trace: TRACE } });
    expect(answered).toMatchObject({
      event: 'request-answered',
      level: 'DEBUG',
      request: id,
      session: 's1',
      fields: { trace: TRACE, method: 'GET', route: '/api/sessions/:id/:secret', status: 200 },
    });
    expect(JSON.stringify(lines())).not.toContain(SECRET_WORDS);
  });

  it('Y6: keep the id that a proxy gave, when it is one; faults of ours are told louder', async () => {
    const { lines, url } = await open();
    const given = '0af7651916cd43dd8448eb211c80319c';
    const ask = (id: string, query = '') =>
      fetch(`${url}/api/sessions/s1/x${query}`, { headers: { 'x-request-id': id } });
    expect((await ask(given, '?status=500')).headers.get('x-request-id')).toBe(given);
    expect((await ask('Ann was here')).headers.get('x-request-id')).not.toContain('Ann');
    await until('answered', () => lines().length === 4);
    await ask(given, '?fault=yes');
    await until('answered', () => lines().length === 6);
    expect(lines().at(-1)?.fields).toMatchObject({ route: '/api/sessions/:id/:secret', status: 404 });
    expect(lines().find(({ request, event }) => request === given && event !== 'inside')?.level).toBe('WARN');
  });
});

describe('commands', () => {
  function open(level = 'debug') {
    const { log, lines } = openLog(level);
    const traces = new TurnTraces();
    const around = aroundCommands({ log, pseudonym: (id) => `hash-of-${id}`, traces });
    const call = { command: 'narrator:ask', sessionId: 's1', playerId: 'p1', traceparent: TRACEPARENT };
    return { log, lines, traces, around, call };
  }

  it('Y6: one that begins a turn is told with its id, and hands its trace on', async () => {
    const { log, lines, traces, around, call } = open('info');
    await around(call, async () => {
      await Promise.resolve();
      log.warn('inside');
      return { ok: true, value: { turnId: 't1' } };
    });
    await around({ ...call, command: 'talk:say' }, () => Promise.resolve({ ok: true, value: {} }));
    expect(lines()).toHaveLength(2);
    const [inside, answered] = lines();
    expect(inside).toMatchObject({ session: 's1', fields: { trace: TRACE, player: 'hash-of-p1' } });
    expect(answered).toMatchObject({
      event: 'command-answered',
      level: 'INFO',
      turn: 't1',
      request: inside?.request,
      fields: { command: 'narrator:ask', ok: true, player: 'hash-of-p1', trace: TRACE },
    });
    expect(traces.of('t1')).toEqual({ traceId: TRACE, parentId: 'b'.repeat(16) });
  });

  it('Y6: all others at level debug; without a trace a turn has its own', async () => {
    const { lines, traces, around, call } = open();
    await around({ ...call, traceparent: undefined }, () =>
      Promise.resolve({ ok: true, value: { turnId: 't2' } }),
    );
    await around({ ...call, command: 'talk:say' }, () =>
      Promise.resolve({ ok: false, code: 'RATE_LIMITED' }),
    );
    const [asked, said] = lines();
    expect(asked?.fields.trace).toBe(traces.of('t2').traceId);
    expect(said).toMatchObject({ level: 'DEBUG', turn: null, fields: { ok: false, code: 'RATE_LIMITED' } });
    await around({ ...call, command: 'safety:x-card' }, () => Promise.resolve({ ok: true }));
    expect(lines().at(-1)?.fields).toMatchObject({ command: 'safety:x-card', ok: true });
    expect(lines().at(-1)?.fields).not.toHaveProperty('player');
    const failing = around(call, () => Promise.reject(new Error('broken')));
    await expect(failing).rejects.toThrow('broken');
  });
});
