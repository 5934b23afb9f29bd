import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SessionFact } from '../../sessions/facts.ts';
import type { LogLine, OpsIncident, OpsOverview } from '../../sessions/ops-view.ts';
import { OperatorDoor } from '../../server/http/operator-guard.ts';
import { opsRouter, type OpsParts } from '../../server/http/ops-router.ts';
import { IncidentSamples } from '../../server/incident-samples.ts';
import { Incidents, type BundleSources } from '../../server/incidents.ts';
import { LogRing } from '../../server/log-ring.ts';
import { createLog } from '../../server/log.ts';
import { openDatabase, type Database } from '../../server/store/database.ts';
import { SqlIncidentStore } from '../../server/store/sql-incident-store.ts';
import { TurnJournal } from '../../server/turn-journal.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { OPERATOR_TOKEN, OpsServer } from '../support/ops-server.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { generationFact, narratorPassage } from '../support/session-facts.ts';
import { until } from '../support/wait.ts';

const DAY = 24 * 60 * 60 * 1_000;
const HOUR = 60 * 60 * 1_000;
let folder = '';
let database: Database;
let server: OpsServer | null = null;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taleloom-incidents-'));
  database = await openDatabase({ file: join(folder, 'x.sqlite'), durability: 'process' });
});

afterEach(async () => {
  await server?.stop();
  server = null;
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

const level = { state: 'red', reasons: ['Disk full.'] } as const;
const status = {
  version: '1',
  at: 5,
  device: 'cpu',
  requestsPerMinute: 3,
  levels: {
    basic: { state: 'green', reasons: [] },
    cognitive: { state: 'green', reasons: [] },
    integration: level,
  },
};

/** Incidents over real SQL, behind the operators' router. */
async function open(of: { sources?: Partial<BundleSources>; consents?: Record<string, boolean> } = {}) {
  const clock = new ManualClock();
  const ring = new LogRing();
  const log = createLog('info', { ring, destination: { write: () => undefined } });
  const journal = new TurnJournal();
  const consents: Record<string, boolean | null> = of.consents ?? {};
  const samples = new IncidentSamples({
    mayUse: (id) => (id in consents ? (consents[id] ?? null) : false),
    redact: (text) => text.replaceAll('555-0100', '[phone]'),
  });
  const incidents = new Incidents({
    store: new SqlIncidentStore(database),
    clock,
    random: new SeededRandom(7),
    log: pino({ level: 'silent' }),
    sources: {
      versions: () => ({ server: '1', narrator: 'v1' }),
      status: () => Promise.resolve(structuredClone(status) as never),
      slo: () => [],
      flags: () => [{ flag: 'read_only' }],
      lines: () =>
        ring.find({ session: null, turn: null, request: null, level: null, event: null, limit: 100 }),
      turns: () => journal.list({ session: null, limit: 100 }),
      queue: () => ({ waiting: 3 }),
      audit: () => ({ size: 8, root: 'ab' }),
      samples: () => samples.newest(),
      ...of.sources,
    },
  });
  const door = new OperatorDoor({ token: OPERATOR_TOKEN, sessions: null, hasOidc: false, publicUrl: null });
  const parts: OpsParts = {
    only: door.only,
    overview: () => Promise.resolve({ status } as unknown as OpsOverview),
    sessions: () => [],
    versions: () => [],
    turns: (query) => journal.list(query),
    lines: (query) => ring.find(query),
    logLevel: { get: () => log.level, set: (name) => void (log.level = name) },
    incidents,
  };
  server = await OpsServer.start([['/api/ops', opsRouter(parts)]]);
  const ops = server;
  const call = async (method: string, path: string, body?: unknown) =>
    ops.call(method, `/api/ops${path}`, body);
  const openOne = async (kind = 'availability', title = 'The disk is full') =>
    (await call('POST', '/incidents', { title, kind })).body as OpsIncident;
  const bundleOf = async (id: string) =>
    (await call('GET', `/incidents/${id}`)).body as Record<string, unknown> & {
      samples: { passageId: string; text: string }[];
    };
  return { clock, log, ring, journal, samples, consents, incidents, call, openOne, bundleOf };
}

describe('Y9: incidents', () => {
  it('Y9: an incident keeps all parts of the server as it was', async () => {
    const { log, journal, samples, call, openOne, incidents } = await open({ consents: { session1: true } });
    log.warn({ session: 'session1' }, 'store-failed');
    const passage = narratorPassage({ text: 'Call me at 555-0100.' });
    journal.take(passage);
    samples.take(passage);
    const { id } = await openOne();
    const answer = await call('GET', `/incidents/${id}`);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      incident: expect.objectContaining({
        id,
        title: 'The disk is full',
        kind: 'availability',
        dueAt: null,
      }) as unknown,
      versions: { server: '1', narrator: 'v1' },
      status,
      slo: [],
      flags: [{ flag: 'read_only' }],
      lines: [expect.objectContaining({ event: 'store-failed', level: 'WARN' })],
      turns: [expect.objectContaining({ turn: 'turn1' })],
      queue: { waiting: 3 },
      audit: { size: 8, root: 'ab' },
      samples: [
        {
          sessionId: 'session1',
          passageId: 'passage1',
          version: 'v1',
          at: passage.at,
          text: 'Call me at [phone].',
          isFlagged: false,
        },
      ],
      postmortem: expect.stringMatching(/# The disk is full[^]*red: Disk full\.[^]*## Why/) as string,
    });
    await incidents.close();
  });

  it('Y9: guides through its steps, and two operators at once lose nothing', async () => {
    const { clock, call, openOne, bundleOf } = await open();
    const opened = await openOne('quality');
    expect(opened.steps.map(({ step }) => step)).toEqual([
      'triage',
      'isolate',
      'mitigate',
      'communicate',
      'postmortem',
    ]);
    expect(
      opened.steps.every(({ guide, doneAt, note }) => guide.length > 40 && doneAt === null && note === ''),
    ).toBe(true);
    clock.advance(HOUR);
    await Promise.all(
      opened.steps.map(({ step }) =>
        call('PATCH', `/incidents/${opened.id}/steps/${step}`, { note: `did ${step}` }),
      ),
    );
    clock.advance(HOUR);
    await call('PATCH', `/incidents/${opened.id}/steps/triage`, { note: 'other words' });
    expect((await call('POST', `/incidents/${opened.id}/close`, {})).status).toBe(200);
    const [listed] = ((await call('GET', '/incidents')).body as { incidents: OpsIncident[] }).incidents;
    expect(listed?.closedAt).toBe(opened.openedAt + 2 * HOUR);
    expect(listed?.steps.map(({ doneAt, note }) => [doneAt, note])).toEqual([
      [opened.openedAt + HOUR, 'other words'],
      ...['isolate', 'mitigate', 'communicate', 'postmortem'].map((step) => [
        opened.openedAt + HOUR,
        `did ${step}`,
      ]),
    ]);
    expect((await bundleOf(opened.id)).postmortem).toMatch(
      /: triage\. other words\n.*: isolate\. did isolate/,
    );
  });

  it('Y9: one about privacy has 72 hours', async () => {
    const { openOne } = await open();
    const opened = await openOne('privacy');
    expect(opened.dueAt).toBe(opened.openedAt + 72 * HOUR);
    expect((await openOne('safety')).dueAt).toBeNull();
  });

  it('Y9: without consent not a word is kept, and what is purged or too old goes', async () => {
    const { clock, samples, consents, incidents, openOne, bundleOf } = await open({
      consents: { yes: true, no: false, later: true },
    });
    for (const sessionId of ['yes', 'no', 'unknown', 'later'])
      for (const passageId of ['p1', 'p2'])
        samples.take(narratorPassage({ sessionId, passageId, text: `Words of ${sessionId}.` }));
    samples.take(
      narratorPassage({ sessionId: 'yes', passageId: 'p3', generation: null, text: 'Of a person.' }),
    );
    consents.later = false;
    const common = { seq: 9, at: 9, playerId: null };
    samples.take({
      ...common,
      kind: 'rollback',
      sessionId: 'yes',
      rollbackId: 'r',
      scope: 's',
      timing: 't',
      disruption: 0,
      struckIds: ['p1'],
      restoredIds: [],
    });
    const { id } = await openOne();
    const kept = (await bundleOf(id)).samples;
    expect(kept.map(({ passageId, text }) => [passageId, text])).toEqual([
      ['p1', 'Words of yes.'],
      ['p2', 'Words of yes.'],
    ]);
    const purge: SessionFact = { ...common, kind: 'purge', sessionId: 'yes', passageIds: ['p1'] };
    incidents.take(purge);
    samples.take(purge);
    await until('purged', async () => (await bundleOf(id)).samples.length === 1);
    const next = await openOne();
    expect((await bundleOf(next.id)).samples.map(({ passageId }) => passageId)).toEqual(['p2']);
    clock.advance(31 * DAY);
    await until('dropped', async () => (await bundleOf(next.id)).samples.length === 0);
    await incidents.close();
    expect(clock.pending).toBe(0);
  });

  it('Y9: consent that was withdrawn before a session went out of memory counts', async () => {
    const { samples, consents, openOne, bundleOf } = await open({ consents: { session1: true } });
    samples.take(narratorPassage());
    consents.session1 = false;
    const common = { sessionId: 'session1', seq: 9, at: 9, playerId: null };
    samples.take({ ...common, kind: 'gm-action', what: 'agreement-changed', targetId: null });
    Reflect.set(consents, 'session1', null);
    expect((await bundleOf((await openOne()).id)).samples).toEqual([]);
  });

  it('Y9: what is purged while an incident is opened is not in it', async () => {
    const purge: SessionFact = {
      ...{ sessionId: 'session1', seq: 9, at: 9, playerId: null },
      ...{ kind: 'purge', passageIds: ['passage1'] },
    };
    const opened = await open({
      consents: { session1: true },
      sources: {
        status: () => {
          for (const sink of [opened.samples, opened.incidents]) sink.take(purge);
          return Promise.resolve(structuredClone(status) as never);
        },
      },
    });
    opened.samples.take(narratorPassage());
    const { id } = await opened.openOne();
    await opened.incidents.close();
    expect((await opened.bundleOf(id)).samples).toEqual([]);
  });

  it('Y9: a part that cannot be told, or is too large, leaves the others', async () => {
    const line = (at: number): LogLine => ({
      at,
      level: 'INFO',
      event: 'x'.repeat(1_000),
      session: null,
      turn: null,
      request: null,
      fields: {},
    });
    const { openOne, bundleOf } = await open({
      sources: {
        status: () => Promise.reject(new Error('no status')),
        slo: () => {
          throw new Error('no objectives');
        },
        lines: () => Array.from({ length: 3_000 }, (_, at) => line(at)),
        queue: () => 'y'.repeat(2_000_000),
        samples: () => {
          throw new Error('no samples');
        },
      },
    });
    const { id } = await openOne();
    const bundle = await bundleOf(id);
    expect(bundle).toMatchObject({
      status: { unknown: 'no status' },
      slo: { unknown: 'no objectives' },
      queue: { unknown: 'too large' },
      flags: [{ flag: 'read_only' }],
      samples: [],
    });
    const lines = bundle.lines as LogLine[];
    expect(lines.length).toBeGreaterThan(500);
    expect(lines.at(-1)?.at).toBe(2_999);
  });

  it('Y9: outlives a restart, and the newest 500 stay with all that are open', async () => {
    const { openOne, clock } = await open();
    const first = await openOne();
    const store = new SqlIncidentStore(database);
    for (let n = 0; n < 520; n += 1) {
      clock.advance(1);
      await store.add({ ...first, id: `old${n}`, openedAt: clock.now(), closedAt: 5 }, {}, []);
    }
    await store.dropClosed(500);
    const ids = (await store.list(1_000)).map(({ id }) => id);
    expect(ids).toHaveLength(501);
    expect(ids.at(-1)).toBe(first.id);
    await server?.stop();
    const again = await open();
    expect(((await again.call('GET', '/incidents')).body as { incidents: unknown[] }).incidents).toHaveLength(
      200,
    );
  });
});

describe('Y9: what is asked for', () => {
  it('Y5: is for operators only', async () => {
    await open();
    const paths: [method: string, path: string][] = [
      ...[
        '/overview',
        '/sessions',
        '/versions',
        '/turns',
        '/logs',
        '/log-level',
        '/incidents',
        '/incidents/abc',
      ].map((path): [string, string] => ['GET', path]),
      ['PUT', '/log-level'],
      ['POST', '/incidents'],
      ['PATCH', '/incidents/abc/steps/triage'],
      ['POST', '/incidents/abc/close'],
    ];
    for (const [method, path] of paths) {
      const body = method === 'GET' ? undefined : {};
      expect((await server!.call(method, `/api/ops${path}`, body, null)).status, path).toBe(401);
    }
  });

  it('Y9: is looked at first', async () => {
    const { call, openOne } = await open();
    const { id } = await openOne();
    const refused: [method: string, path: string, body: unknown, status: number][] = [
      ['POST', '/incidents', { title: '', kind: 'quality' }, 422],
      ['POST', '/incidents', { title: 'x'.repeat(201), kind: 'quality' }, 422],
      ['POST', '/incidents', { title: 'x', kind: 'other' }, 422],
      ['PATCH', `/incidents/${id}/steps/nothing`, { note: 'x' }, 404],
      ['PATCH', `/incidents/${id}/steps/triage`, { note: 5 }, 422],
      ['PATCH', '/incidents/unknown/steps/triage', { note: 'x' }, 404],
      ['GET', '/incidents/unknown', undefined, 404],
      ['GET', '/incidents/UPPER', undefined, 404],
      ['POST', '/incidents/unknown/close', {}, 404],
      ['GET', '/logs?level=loud', undefined, 422],
      ['GET', '/logs?turn=a%20b', undefined, 422],
      ['GET', '/logs?limit=0', undefined, 422],
      ['GET', '/turns?limit=501', undefined, 422],
      ['PUT', '/log-level', { level: 'loud' }, 422],
    ];
    for (const [method, path, body, status] of refused)
      expect((await call(method, path, body)).status, `${method} ${path}`).toBe(status);
  });

  it('Y6: lines of the log by turn, session and level, and its level at once', async () => {
    const { call, log, journal } = await open();
    log.info({ turn: 't1', session: 's1' }, 'one');
    log.debug({ turn: 't1' }, 'hidden');
    expect((await call('PUT', '/log-level', { level: 'debug' })).body).toEqual({ level: 'debug' });
    log.debug({ turn: 't1' }, 'two');
    log.error({ session: 's1' }, 'three');
    const events = async (query: string) =>
      ((await call('GET', `/logs${query}`)).body as { lines: LogLine[] }).lines.map(({ event }) => event);
    expect(await events('?turn=t1')).toEqual(['one', 'two']);
    expect(await events('?session=s1')).toEqual(['one', 'three']);
    expect(await events('?level=error')).toEqual(['three']);
    expect(await events('?limit=1')).toEqual(['three']);
    expect((await call('GET', '/log-level')).body).toEqual({ level: 'debug' });
    journal.take(narratorPassage({ generation: generationFact({ turnId: 't9' }) }));
    expect((await call('GET', '/turns?session=session1')).body).toMatchObject({ turns: [{ turn: 't9' }] });
    expect((await call('GET', '/turns?session=other')).body).toEqual({ turns: [] });
  });
});
