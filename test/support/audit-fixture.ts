import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import pino from 'pino';
import { Registry } from 'prom-client';
import { AuditKeys } from '../../server/audit/audit-keys.ts';
import { AuditLog, type AuditParts } from '../../server/audit/audit-log.ts';
import { auditPaths } from '../../server/audit/audit-opening.ts';
import { CheckpointFile } from '../../server/audit/checkpoint-file.ts';
import { recordSchema, type AuditRecord } from '../../server/audit/record.ts';
import { verifyStore, type Verification } from '../../server/audit/verify-store.ts';
import { systemRandom } from '../../server/clock.ts';
import { createAll } from '../../server/metric-definition.ts';
import { CATALOGUE } from '../../server/metrics.ts';
import { loadSecret } from '../../server/secret.ts';
import { openDatabase, type Database } from '../../server/store/database.ts';
import { SqlAuditStore } from '../../server/store/sql-audit-store.ts';
import { SqlSessionStore } from '../../server/store/sql-session-store.ts';
import type { Tables } from '../../server/store/tables.ts';
import type { PassageFact, SessionFact } from '../../sessions/facts.ts';
import { ManualClock } from './manual-clock.ts';

const silent = pino({ level: 'silent' });

/** A passage that a player has written. */
export function passageFact(of: Partial<PassageFact> = {}): PassageFact {
  const seq = of.seq ?? 1;
  return {
    kind: 'passage',
    sessionId: 's1',
    seq,
    at: 1_790_000_000_000 + seq,
    playerId: 'anna1',
    passageId: `p${seq}`,
    alternativeId: `p${seq}`,
    turnId: `t${seq}`,
    castId: null,
    authorKind: 'player',
    isReplacement: false,
    isHeld: false,
    text: `The ferry of ${seq} lanterns crossed the river, and nobody spoke of the storm.`,
    historyPassages: seq - 1,
    generation: null,
    ...of,
  };
}

/** A passage of the narrator. */
export function narratedFact(of: Partial<PassageFact> = {}): PassageFact {
  const fact = passageFact({ authorKind: 'narrator', playerId: null, ...of });
  return {
    ...fact,
    generation: {
      turnId: fact.turnId,
      askedBy: 'anna1',
      outcome: 'committed',
      finish: 'end',
      sight: {
        model: 'demo',
        version: 'demo/1',
        sampling: { temperature: 0.8, topP: 0.95, minP: 0.05 },
        seed: 7,
        droppedPassageIds: ['p0'],
        droppedMemoryIds: [],
        contextTokens: 4_096,
        promptTokens: 512,
        maxTokens: 200,
        outputTokens: 80,
      },
      promptHash: 'ab'.repeat(32),
      reusedTokens: 400,
      timing: { queueMs: 1.25, prefillMs: 20.5, decodeMs: 300, postMs: 4.25, totalMs: 326 },
    },
  };
}

/** Facts of a session as its journal would tell them, one for every position. */
export function journalOf(sessionId: string, count: number, from = 1): SessionFact[] {
  return Array.from({ length: count }, (_, at) =>
    passageFact({ sessionId, seq: from + at, passageId: `p${from + at}` }),
  );
}

/** What a catch-up reads. */
export async function* reading(facts: readonly SessionFact[]): AsyncGenerator<SessionFact> {
  for (const fact of facts) {
    await Promise.resolve();
    yield fact;
  }
}

/** The metrics that the log needs, in a registry of their own. */
function testMetrics() {
  return createAll(CATALOGUE, new Registry(), 'test');
}

/** An audit log with a database and a data folder of its own. */
export class AuditFixture {
  readonly folder = mkdtempSync(join(tmpdir(), 'taleloom-audit-'));
  readonly clock = new ManualClock();
  readonly metrics = testMetrics();
  database!: Database;
  store!: SqlAuditStore;
  sessions!: SqlSessionStore;
  audit!: AuditLog;
  private options: Partial<AuditParts> = {};

  static async open(options: Partial<AuditParts> = {}): Promise<AuditFixture> {
    const fixture = new AuditFixture();
    fixture.options = options;
    await fixture.openAgain();
    return fixture;
  }

  get file(): string {
    return join(this.folder, 'taleloom.sqlite');
  }

  get checkpointFile(): string {
    return auditPaths(this.folder).checkpoints;
  }

  async openDatabase(): Promise<void> {
    this.database = await openDatabase({ file: this.file, durability: 'process' });
    this.store = new SqlAuditStore(this.database);
    this.sessions = new SqlSessionStore(this.database, {});
  }

  /** Opens the log, after `close` or `crash`. */
  async openAgain(options = this.options): Promise<void> {
    await this.openDatabase();
    const { folder: dataDir, store, clock, metrics } = this;
    this.audit = await AuditLog.open({
      store,
      dataDir,
      clock,
      metrics,
      random: systemRandom,
      log: silent,
      ...options,
    });
  }

  /** Gives the log so many facts and waits until they are durable. */
  async record(facts: readonly SessionFact[]): Promise<void> {
    await this.written(Promise.all(facts.map((fact) => this.audit.append(fact))));
  }

  /** Moves the clock on until it is done. */
  async written<T>(done: Promise<T>): Promise<T> {
    let isDone = false;
    void done.finally(() => (isDone = true)).catch(() => undefined);
    while (!isDone) {
      this.clock.advance(300);
      await setImmediate();
    }
    return done;
  }

  /** A session with that many events in its journal. */
  async journal(sessionId: string, events: number, from = 1): Promise<void> {
    if (from === 1) await this.sessions.create(sessionId, 1);
    const data = new Uint8Array([1]);
    const rows = Array.from({ length: events }, (_, at) => ({
      seq: from + at,
      at: 1,
      kind: 'event' as const,
      doc: 'state',
      author: null,
      data,
    }));
    await this.sessions.append(sessionId, rows);
  }

  async records(): Promise<AuditRecord[]> {
    const rows = await this.store.records(0, 100_000);
    return rows.map((row) => recordSchema.parse(JSON.parse(row.record)));
  }

  /** Ends without a last checkpoint, as a killed process does. */
  async crash(): Promise<void> {
    await this.database.close();
  }

  async close(): Promise<void> {
    await this.audit.close();
    await this.database.close();
  }

  async keys(): Promise<AuditKeys> {
    return new AuditKeys(await loadSecret(auditPaths(this.folder).folder, null));
  }

  /** Verifies a database, as somebody with the data folder would; default: the one of the log. */
  async verify(sqlite?: Sqlite.Database): Promise<Verification> {
    const database = sqlite ?? new Sqlite(this.file, { readonly: true });
    const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database }) });
    const notes = await new CheckpointFile(this.checkpointFile).read();
    const result = await verifyStore({
      store: new SqlAuditStore({ db, flavour: null }),
      keys: await this.keys(),
      notes,
    });
    if (sqlite === undefined) database.close();
    return result;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
