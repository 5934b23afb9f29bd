import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import pino from 'pino';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { StoredFlags } from '../../server/flags.ts';
import { operatorRouter } from '../../server/http/operator-router.ts';
import { openDatabase, type Database } from '../../server/store/database.ts';
import { SqlFlagStore } from '../../server/store/sql-flag-store.ts';
import { SqlModerationLog } from '../../server/store/sql-moderation-log.ts';
import { SqlSessionStore } from '../../server/store/sql-session-store.ts';
import type { DecisionEntry, LabelledRow } from '../../sessions/moderator.ts';
import { emptyPages } from '../support/empty-pages.ts';
import { FakeModerator } from '../support/fake-moderator.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { callOps, NO_SESSIONS, OPERATOR_TOKEN, OpsServer } from '../support/ops-server.ts';
import { gather } from '../support/player.ts';
import { TestServer } from '../support/taleloom.ts';
import { until } from '../support/wait.ts';

const DAY_MS = 86_400_000;
const SECRET = 'a secret of at least 32 characters';
const silent = pino({ level: 'silent' });
const folder = mkdtempSync(join(tmpdir(), 'taleloom-moderation-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const newFile = () => join(folder, `${(files += 1)}.sqlite`);

/** What a server of the version before moderation left behind, as it was. */
const FORMER = `
  create table "kysely_migration" ("name" varchar(255) not null primary key, "timestamp" varchar(255) not null);
  insert into kysely_migration values('0001-sessions', '2026-11-21T15:53:05.101Z');
  create table "kysely_migration_lock" ("id" varchar(255) not null primary key, "is_locked" integer default 0 not null);
  insert into kysely_migration_lock values('migration_lock', 0);
  create table "sessions" ("id" text primary key, "created_at" integer not null);
  insert into sessions values('s1', 1);
  create table "journal" ("session_id" text not null references "sessions" ("id"), "seq" integer not null,
    "at" integer not null, "kind" text not null, "doc" text not null, "author" text, "data" blob not null,
    constraint "journal_key" primary key ("session_id", "seq"));
  insert into journal values('s1', 1, 2, 'event', 'state', null, x'010203');
  create table "snapshots" ("session_id" text not null references "sessions" ("id"), "doc" text not null,
    "seq" integer not null, "data" blob not null, constraint "snapshots_key" primary key ("session_id", "doc"));
  create table "probes" ("id" integer primary key, "data" blob not null);
`;

function decision(
  of: Partial<DecisionEntry> = {},
  verdict: Partial<DecisionEntry['verdict']> = {},
): DecisionEntry {
  return {
    at: 1_000,
    sessionId: 's1',
    author: 'player-id',
    channel: 'story',
    rating: 'teen',
    length: 11,
    stage: 'input',
    verdict: { ...FakeModerator.verdict('once upon a'), ...verdict },
    ...of,
  };
}

const label = (of: Partial<LabelledRow> = {}): LabelledRow => ({
  at: 1_000,
  sessionId: 's1',
  text: 'a text, "quoted"\nand in two lines',
  channel: 'story',
  rating: 'teen',
  harm: 'violence',
  isHarmful: false,
  policyHash: 'policy',
  modelVersion: 'model',
  ...of,
});

describe('the moderation log', () => {
  const opened: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const one of opened.splice(0).reverse()) await one.close();
  });

  async function open(of: { file?: string; clock?: ManualClock; keepDays?: number; maxPages?: number } = {}) {
    const { file = newFile(), clock = new ManualClock(), keepDays = 90, maxPages } = of;
    const size = maxPages === undefined ? {} : { maxPages };
    const database = await openDatabase({ file, durability: 'process', ...size });
    const lost = { rows: 0 };
    const log = new SqlModerationLog({
      database,
      clock,
      log: silent,
      secret: SECRET,
      keepDays,
      onLost: (rows) => (lost.rows += rows),
    });
    opened.push(database, log);
    return { file, clock, database, log, lost };
  }

  async function serve(database: Database, log: SqlModerationLog): Promise<OpsServer> {
    const flags = await StoredFlags.load({
      store: new SqlFlagStore(database),
      clock: new ManualClock(),
      log: silent,
    });
    const server = await OpsServer.start([
      ['/api/ops', operatorRouter({ flags, log, sessions: NO_SESSIONS, token: OPERATOR_TOKEN })],
    ]);
    opened.push({ close: () => server.stop() });
    return server;
  }

  const all = { sessionId: null, harm: null, outcome: null, before: null, limit: 100 };

  it('M9: has each decision with all that led to it', async () => {
    const { log } = await open();
    const entry = decision(
      { stage: 'delivered', channel: 'narrator', author: 'narrator' },
      {
        outcome: 'hold_for_gm',
        action: 'hold',
        rules: ['violence.gore'],
        harm: 'violence',
        scores: { ...FakeModerator.verdict('').scores, violence: 0.123_456 },
        spans: [{ start: 1, end: 4, source: 'lexicon', label: 'gore' }],
        needsHelp: true,
        failedTiers: ['judge'],
        ms: 3.5,
      },
    );
    log.decided(entry);
    const [stored] = await log.decisions(all);
    expect(stored).toMatchObject({
      id: 1,
      at: 1_000,
      sessionId: 's1',
      author: 'narrator',
      channel: 'narrator',
      rating: 'teen',
      length: 11,
      stage: 'delivered',
      outcome: 'hold_for_gm',
      decision: 'hold',
      harm: 'violence',
      rules: ['violence.gore'],
      severities: entry.verdict.severities,
      scores: { violence: 0.1235, hate: 0 },
      spans: entry.verdict.spans,
      needsHelp: true,
      isStrike: false,
      policyHash: 'policy',
      modelVersion: 'model',
      failedTiers: ['judge'],
      ms: 3.5,
    });
  });

  it('O4: knows players by hash only, and holds no words of a table', async () => {
    const { file, log } = await open();
    const spans = [
      { start: 0, end: 4, source: 'table', label: 'spiders' },
      { start: 5, end: 9, source: 'judge', label: 'Somebody said this.' },
      { start: 5, end: 9, source: 'pii', label: 'email' },
    ] as const;
    log.decided(decision({ author: 'playerann' }, { spans: [...spans] }));
    log.decided(decision({ author: 'playerann', sessionId: 's2' }));
    log.decided(decision({ author: 'playerbo' }));
    log.reviewed({
      at: 5,
      sessionId: 's1',
      holdId: 'h1',
      reviewer: 'playerbo',
      review: 'approved',
      harm: 'violence',
      isOverturn: true,
      waitedMs: 7,
    });
    const [bo, again, ann] = await log.decisions(all);
    expect(ann?.author).toMatch(/^[0-9a-f]{16}$/);
    expect(again?.author).toBe(ann?.author);
    expect(bo?.author).not.toBe(ann?.author);
    expect(ann?.spans).toEqual([
      { start: 0, end: 4, source: 'table', label: 'table' },
      { start: 5, end: 9, source: 'judge', label: 'judge' },
      { start: 5, end: 9, source: 'pii', label: 'email' },
    ]);
    const raw = new Sqlite(file, { readonly: true });
    expect(raw.prepare('select * from moderation_reviews').all()).toEqual([
      {
        id: 1,
        at: 5,
        session_id: 's1',
        hold_id: 'h1',
        reviewer: bo?.author,
        review: 'approved',
        harm: 'violence',
        is_overturn: 1,
        waited_ms: 7,
      },
    ]);
    raw.close();
  });

  it('answers operators page by page, by session, harm and outcome', async () => {
    const { database, log } = await open();
    const server = await serve(database, log);
    for (let index = 1; index <= 25; index += 1) {
      const isOdd = index % 2 === 1;
      const harm = isOdd ? 'violence' : 'privacy';
      log.decided(decision({ sessionId: isOdd ? 's1' : 's2', at: index }, { harm, outcome: 'soften' }));
    }
    const get = async (query: string) =>
      (await server.call('GET', `/api/ops/moderation/decisions${query}`)).body as {
        decisions: { id: number; harm: string; sessionId: string }[];
        next: number | null;
      };
    const ids = (answer: { decisions: { id: number }[] }) => answer.decisions.map(({ id }) => id);
    const first = await get('?limit=10');
    expect(ids(first)).toEqual([25, 24, 23, 22, 21, 20, 19, 18, 17, 16]);
    const rest = await get(`?limit=20&before=${first.next}`);
    expect(ids(rest)).toEqual(Array.from({ length: 15 }, (_, index) => 15 - index));
    expect(rest.next).toBeNull();
    const some = await get('?session=s2&harm=privacy&outcome=soften');
    expect(some.decisions).toHaveLength(12);
    expect(some.decisions.every(({ sessionId }) => sessionId === 's2')).toBe(true);
    expect((await get('?session=s2&harm=violence')).decisions).toEqual([]);
    for (const query of [
      '?limit=0',
      '?limit=501',
      '?harm=all',
      '?outcome=warn',
      '?before=-1',
      '?session=S%27',
    ])
      expect((await server.call('GET', `/api/ops/moderation/decisions${query}`)).status).toBe(422);
    expect((await server.call('GET', '/api/ops/moderation/decisions', undefined, null)).status).toBe(401);
  });

  it('hands out labels as lines, more than fit one page, without the session', async () => {
    const { database, log } = await open();
    const server = await serve(database, log);
    expect((await server.call('GET', '/api/ops/moderation/labels')).text).toBe('');
    for (let index = 0; index < 1_100; index += 1) log.labelled(label({ at: index, isHarmful: index === 3 }));
    const { status, text } = await server.call('GET', '/api/ops/moderation/labels');
    expect(status).toBe(200);
    const rows = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as LabelledRow & { session: string });
    expect(rows.map(({ at }) => at)).toEqual(Array.from({ length: 1_100 }, (_, index) => index));
    expect(rows[3]).toEqual({
      at: 3,
      session: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
      text: label().text,
      channel: 'story',
      rating: 'teen',
      harm: 'violence',
      isHarmful: true,
      policyHash: 'policy',
      modelVersion: 'model',
    });
    expect((await server.call('GET', '/api/ops/moderation/labels', undefined, 'wrong')).status).toBe(401);
  });

  it('is there after a restart, what had not been written when it closed included', async () => {
    const first = await open();
    first.log.decided(decision());
    await first.log.close();
    await first.database.close();
    const { log } = await open({ file: first.file });
    expect(await log.decisions(all)).toHaveLength(1);
  });

  it('drops what is too old, at the start and while it runs', async () => {
    const clock = new ManualClock();
    const first = await open({ clock, keepDays: 30 });
    const now = clock.now();
    for (let index = 0; index < 1_200; index += 1) first.log.decided(decision({ at: now - 31 * DAY_MS }));
    first.log.decided(decision({ at: now - 29 * DAY_MS }));
    first.log.labelled(label({ at: now - 31 * DAY_MS }));
    await first.log.close();
    await first.database.close();

    const { log, database } = await open({ file: first.file, clock, keepDays: 30 });
    clock.advance(0);
    const rows = async () => (await log.decisions({ ...all, limit: 2_000 })).length;
    await until('the old rows to go', async () => (await rows()) === 1);
    const labels = database.db.selectFrom('moderation_labels').select('id');
    await until('the old label to go', async () => (await labels.execute()).length === 0);
    clock.advance(2 * DAY_MS);
    await until('the last row to go', async () => {
      clock.advance(DAY_MS / 4);
      return (await rows()) === 0;
    });
  });

  it('a full disk never throws; rows wait for room, and are lost only at the end', async () => {
    const { log, lost, database } = await open({ maxPages: (await emptyPages()) + 63 });
    const { db } = database;
    await db
      .insertInto('probes')
      .values({ id: 1, data: new Uint8Array(200_000) })
      .execute();
    for (let index = 0; index < 150; index += 1) log.labelled(label({ text: 'x'.repeat(1_000) }));
    const stored = async () => {
      // Reading writes what waits first.
      await log.decisions(all);
      return (await db.selectFrom('moderation_labels').select('id').execute()).length;
    };
    expect([await stored(), lost.rows]).toEqual([0, 0]);
    await db.deleteFrom('probes').execute();
    expect([await stored(), lost.rows]).toEqual([150, 0]);
    for (let index = 0; index < 150; index += 1) log.labelled(label({ text: 'x'.repeat(2_000) }));
    await log.close();
    expect(lost.rows).toBe(150);
  });

  it('a database of the version before keeps its stories and gets the new tables', async () => {
    const file = newFile();
    const former = new Sqlite(file);
    former.exec(FORMER);
    former.close();
    const { log, database } = await open({ file });
    const store = new SqlSessionStore(database, {});
    expect((await store.load('s1'))?.tail).toMatchObject([{ seq: 1, at: 2, kind: 'event', doc: 'state' }]);
    log.decided(decision());
    expect(await log.decisions(all)).toHaveLength(1);
    const flags = new SqlFlagStore(database);
    await flags.save({ flag: 'read_only', sessionId: null, setAt: 1, reason: '' });
    expect(await flags.load()).toHaveLength(1);
    const tablesOf = async (of: Database) =>
      (await of.db.introspection.getTables()).map(({ name }) => name).toSorted();
    const names = await tablesOf(database);
    expect(names).toEqual(await tablesOf((await open()).database));
    expect(names).toContain('moderation_decisions');
  });
});

describe('moderation in a running server', () => {
  it('M9 and O4: is recorded and counted, without words and names', async () => {
    const server = await TestServer.start({ OPERATOR_TOKEN });
    const [ann] = await gather(server.url);
    await ann!.must('talk:say', { text: 'Shall we begin with the lighthouse?' });
    const get = (path: string) => callOps(server.url, { method: 'GET', path });
    const log = await get(`/api/ops/moderation/decisions?session=${ann!.sessionId}`);
    const { decisions } = log.body as { decisions: { channel: string; author: string; decision: string }[] };
    const talk = decisions.filter(({ channel }) => channel === 'talk');
    expect(talk).toMatchObject([{ decision: 'allow', stage: 'input', length: 35 }]);
    expect(talk[0]?.author).toMatch(/^[0-9a-f]{16}$/);
    expect(log.text).not.toContain('lighthouse');
    expect(log.text).not.toContain(ann!.id);

    const status = (await get('/api/ops/status')).body as { moderation: Record<string, unknown> };
    expect(status.moderation).toMatchObject({
      policyHash: expect.any(String) as string,
      modelVersion: expect.any(String) as string,
      hasJudge: false,
      queue: { items: 0, oldestSeconds: 0 },
      overturned: 0,
      safety: { status: 'insufficient', violations: 0, passRatio: null },
    });
    const { text } = await get('/metrics');
    expect(text).toMatch(
      /story_moderation_decisions_total\{action="allow",category="none",source="talk"\} 1\n/,
    );
    expect(text).toMatch(/story_moderation_seconds_count\{stage="screen"\} [1-9]/);
    expect(text).toMatch(/story_review_queue_items 0\n/);
    expect(server.output).not.toContain('lighthouse');
    ann!.close();
    await server.stop();
  });

  it.each([
    { MODERATION_JUDGE: 'endpoint', MODERATION_ENDPOINT_URL: 'http://127.0.0.1:9/v1' },
    { MODERATION_JUDGE: 'narrator' },
  ])('M7: has the judge that is set, and works without its answer: $MODERATION_JUDGE', async (env) => {
    const server = await TestServer.start({ OPERATOR_TOKEN, MODERATION_ENCODER: 'off', ...env });
    const status = await callOps(server.url, { method: 'GET', path: '/api/ops/status' });
    expect(status.body).toMatchObject({ moderation: { hasJudge: true, hasEncoder: false } });
    const items = Array.from({ length: 8 }, (_, index) => ({
      text: `Sword number ${index} bit deep, and the fool bled and cursed.`,
      channel: 'story',
      rating: 'everyone',
    }));
    const path = '/api/moderation/screen';
    const { body } = await callOps(server.url, { method: 'POST', path, body: { items } });
    const { results } = body as { results: { modelVersion: string; failedTiers: string[] }[] };
    expect(results).toHaveLength(8);
    for (const { modelVersion, failedTiers } of results) {
      expect(modelVersion).toMatch(/judge-1/);
      expect(failedTiers.filter((tier) => tier !== 'judge')).toEqual([]);
    }
    await server.stop();
  });

  it('does not start with a policy that cannot be used, and says which setting it is', async () => {
    await expect(TestServer.start({ MODERATION_POLICY: join(folder, 'none.yaml') })).rejects.toThrow(
      /MODERATION_POLICY\n\s+policy: cannot read/,
    );
  });
});
