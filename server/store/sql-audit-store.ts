import { sql, type Insertable, type Kysely, type Selectable, type Transaction } from 'kysely';
import { AppError } from '../../sessions/errors.ts';
import type { Database } from './database.ts';
import type { Tables } from './tables.ts';

/** Rows of one insert: few enough parameters for every engine. */
const ROWS_PER_INSERT = 100;

export type AuditRow<T extends keyof Tables> = Selectable<Tables[T]>;
export type AuditRecordRow = AuditRow<'audit_records'>;
export type AuditBlobRow = AuditRow<'audit_blobs'>;
export type AuditKeyRow = AuditRow<'audit_keys'>;
export type AuditHeadRow = AuditRow<'audit_head'>;
export type AuditCheckpointRow = AuditRow<'audit_checkpoints'>;
export type AuditProgressRow = AuditRow<'audit_progress'>;

/** Rows outside of the log that are told. */
const OUTSIDE = 20;

/** What is written in one transaction. */
export interface AuditGroup {
  records: readonly AuditRecordRow[];
  blobs: readonly AuditBlobRow[];
  keys: readonly AuditKeyRow[];
  tiles: readonly AuditRow<'audit_tiles'>[];
  checkpoints: readonly AuditCheckpointRow[];
  progress: readonly AuditProgressRow[];
  head: AuditHeadRow;
  /** Texts that go for good: of passages before a record, and all under these keys. */
  purges: readonly { sessionId: string; passageIds: readonly string[]; before: number }[];
  erasedKeyIds: readonly string[];
}

/** Rows of the audit log in SQL. Every method throws AppError STORAGE_UNAVAILABLE. */
export class SqlAuditStore {
  readonly #db: Kysely<Tables>;
  readonly #forget: (write: (transaction: Transaction<Tables>) => Promise<void>) => Promise<void>;

  /** `flavour` null: the file is only read. */
  constructor({ db, flavour }: Pick<Database, 'db'> & { flavour: Database['flavour'] | null }) {
    this.#db = db;
    this.#forget = (write) =>
      flavour === null
        ? Promise.reject(new AppError('STORAGE_UNAVAILABLE', { detail: 'it is open for reading only' }))
        : flavour.forget(db, write);
  }

  /** Writes all of it or nothing. What is purged or erased is overwritten in the files too. */
  async write(group: AuditGroup): Promise<void> {
    const isForgetting = group.purges.length > 0 || group.erasedKeyIds.length > 0;
    const work = (transaction: Transaction<Tables>) => writeGroup(transaction, group);
    if (isForgetting) await this.#forget(work);
    else await this.#db.transaction().execute(work);
  }

  /** Ends the overwriting that an earlier `write` could not end. */
  async overwrite(): Promise<void> {
    await this.#forget(() => Promise.resolve());
  }

  /** The first head, and seals for the sessions that were there before the log. */
  async begin(head: AuditHeadRow, sealed: readonly AuditProgressRow[]): Promise<void> {
    await this.#db.transaction().execute(async (transaction) => {
      await transaction.insertInto('audit_head').values(head).execute();
      await saveProgress(transaction, sealed);
    });
  }

  async head(): Promise<AuditHeadRow | null> {
    return (await this.#db.selectFrom('audit_head').selectAll().executeTakeFirst()) ?? null;
  }

  /** How many rows there are. */
  async count(table: keyof Tables & `audit_${string}`): Promise<number> {
    const { rows } = await sql<{ count: number }>`select count(*) as count from ${sql.table(table)}`.execute(
      this.#db,
    );
    return Number(rows[0]?.count ?? 0);
  }

  /** Some records from `from` on, in order. */
  records(from: number, limit: number): Promise<AuditRecordRow[]> {
    return this.#db
      .selectFrom('audit_records')
      .selectAll()
      .where('leaf_index', '>=', from)
      .orderBy('leaf_index')
      .limit(limit)
      .execute();
  }

  /** Some records of a session, or of a time (epoch ms, both ends included), in order. */
  recordsOf(
    of: { session: string } | { from: number; to: number },
    range: { after: number; before: number; limit: number },
  ): Promise<AuditRecordRow[]> {
    let query = this.#db.selectFrom('audit_records').selectAll();
    if ('session' in of) query = query.where('session_id', '=', of.session);
    else query = query.where('at', '>=', of.from).where('at', '<=', of.to);
    return query
      .where('leaf_index', '>', range.after)
      .where('leaf_index', '<', range.before)
      .orderBy('leaf_index')
      .limit(range.limit)
      .execute();
  }

  /** Leaf hashes from one index to before another. */
  async leaves(from: number, before: number): Promise<Uint8Array[]> {
    const rows = await this.#db
      .selectFrom('audit_records')
      .select('leaf_hash')
      .where('leaf_index', '>=', from)
      .where('leaf_index', '<', before)
      .orderBy('leaf_index')
      .execute();
    return rows.map((row) => row.leaf_hash);
  }

  /** Some of the records, from `from` on, that tell of texts taken away. */
  removals(from: number, limit: number): Promise<AuditRecordRow[]> {
    return this.#db
      .selectFrom('audit_records')
      .selectAll()
      .where('leaf_index', '>=', from)
      .where('type', 'in', ['purge', 'tombstone'])
      .orderBy('leaf_index')
      .limit(limit)
      .execute();
  }

  /** Indexes of rows, some of them, that stand outside of a log of `size` records. */
  async outside(size: number): Promise<{ records: number[]; blobs: number[] }> {
    const of = async (table: 'audit_records' | 'audit_blobs') => {
      const rows = await this.#db
        .selectFrom(table)
        .select('leaf_index')
        .where((is) => is.or([is('leaf_index', '<', 0), is('leaf_index', '>=', size)]))
        .orderBy('leaf_index')
        .limit(OUTSIDE)
        .execute();
      return rows.map((row) => row.leaf_index);
    };
    return { records: await of('audit_records'), blobs: await of('audit_blobs') };
  }

  tiles(): Promise<AuditRow<'audit_tiles'>[]> {
    return this.#db.selectFrom('audit_tiles').selectAll().orderBy('tile').execute();
  }

  /** Encrypted texts of records from one index to before another. */
  blobs(from: number, before: number): Promise<AuditBlobRow[]> {
    return this.#db
      .selectFrom('audit_blobs')
      .selectAll()
      .where('leaf_index', '>=', from)
      .where('leaf_index', '<', before)
      .orderBy('leaf_index')
      .execute();
  }

  /** Some checkpoints, those with ids above `after`, in order. */
  checkpoints(after: number, limit: number): Promise<AuditCheckpointRow[]> {
    return this.#db
      .selectFrom('audit_checkpoints')
      .selectAll()
      .where('id', '>', after)
      .orderBy('id')
      .limit(limit)
      .execute();
  }

  async newestCheckpoint(): Promise<AuditCheckpointRow | null> {
    const query = this.#db.selectFrom('audit_checkpoints').selectAll().orderBy('id', 'desc').limit(1);
    return (await query.executeTakeFirst()) ?? null;
  }

  keysOf(subjects: readonly string[]): Promise<AuditKeyRow[]> {
    if (subjects.length === 0) return Promise.resolve([]);
    return this.#db.selectFrom('audit_keys').selectAll().where('subject', 'in', subjects).execute();
  }

  keysById(keyIds: readonly string[]): Promise<AuditKeyRow[]> {
    if (keyIds.length === 0) return Promise.resolve([]);
    return this.#db.selectFrom('audit_keys').selectAll().where('key_id', 'in', keyIds).execute();
  }

  /** Some keys, those with ids above `after`, in order. */
  keys(after: string, limit: number): Promise<AuditKeyRow[]> {
    return this.#db
      .selectFrom('audit_keys')
      .selectAll()
      .where('key_id', '>', after)
      .orderBy('key_id')
      .limit(limit)
      .execute();
  }

  progressOf(sessionIds: readonly string[]): Promise<AuditProgressRow[]> {
    if (sessionIds.length === 0) return Promise.resolve([]);
    return this.#db.selectFrom('audit_progress').selectAll().where('session_id', 'in', sessionIds).execute();
  }

  /** Some rows of progress, those of sessions above `after`, in order. */
  progress(after: string, limit: number): Promise<AuditProgressRow[]> {
    return this.#db
      .selectFrom('audit_progress')
      .selectAll()
      .where('session_id', '>', after)
      .orderBy('session_id')
      .limit(limit)
      .execute();
  }

  /** Newest position of a session's journal, packed or not; 0: it has none. */
  async journalHead(sessionId: string): Promise<number> {
    const { rows } = await sql<{ head: number }>`
      select coalesce(
        (select max(seq) from journal where session_id = ${sessionId}),
        (select max(to_seq) from history_segments where session_id = ${sessionId}), 0) as head`.execute(
      this.#db,
    );
    return Number(rows[0]?.head ?? 0);
  }

  /** Sessions with an event beyond what is recorded of them. */
  async behind(): Promise<string[]> {
    const { rows } = await sql<{ id: string }>`
      select sessions.id as id from sessions
      left join audit_progress on audit_progress.session_id = sessions.id
      where exists (
        select 1 from journal where journal.session_id = sessions.id
        and journal.seq > coalesce(audit_progress.seq, 0) and journal.kind = 'event')
      or exists (
        select 1 from history_segments where history_segments.session_id = sessions.id
        and history_segments.to_seq > coalesce(audit_progress.seq, 0))`.execute(this.#db);
    return rows.map(({ id }) => id);
  }
}

async function writeGroup(transaction: Transaction<Tables>, group: AuditGroup): Promise<void> {
  await insert(transaction, 'audit_records', group.records);
  await insert(transaction, 'audit_keys', group.keys);
  await insert(transaction, 'audit_blobs', group.blobs);
  await insert(transaction, 'audit_tiles', group.tiles);
  await insert(transaction, 'audit_checkpoints', group.checkpoints);
  await saveProgress(transaction, group.progress);
  for (const { sessionId, passageIds, before } of group.purges) {
    if (passageIds.length === 0) continue;
    await transaction
      .deleteFrom('audit_blobs')
      .where('session_id', '=', sessionId)
      .where('passage_id', 'in', passageIds)
      .where('leaf_index', '<', before)
      .execute();
  }
  if (group.erasedKeyIds.length > 0)
    await transaction.deleteFrom('audit_keys').where('key_id', 'in', group.erasedKeyIds).execute();
  const { id, ...head } = group.head;
  await transaction.updateTable('audit_head').set(head).where('id', '=', id).execute();
}

async function insert<T extends keyof Tables>(
  transaction: Transaction<Tables>,
  table: T,
  rows: readonly Insertable<Tables[T]>[],
): Promise<void> {
  for (let from = 0; from < rows.length; from += ROWS_PER_INSERT)
    await transaction
      .insertInto(table)
      .values(rows.slice(from, from + ROWS_PER_INSERT))
      .execute();
}

async function saveProgress(
  transaction: Transaction<Tables>,
  rows: readonly AuditProgressRow[],
): Promise<void> {
  for (let from = 0; from < rows.length; from += ROWS_PER_INSERT) {
    await transaction
      .insertInto('audit_progress')
      .values(rows.slice(from, from + ROWS_PER_INSERT))
      .onConflict((conflict) =>
        conflict.column('session_id').doUpdateSet((excluded) => ({
          seq: excluded.ref('excluded.seq'),
          records: excluded.ref('excluded.records'),
          seal: excluded.ref('excluded.seal'),
        })),
      )
      .execute();
  }
}
