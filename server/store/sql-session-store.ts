import { CompiledQuery, type Kysely } from 'kysely';
import { AppError } from '../../sessions/errors.ts';
import type { JournalRecord, SessionStore, Snapshot, StoredSession } from '../../sessions/ports.ts';
import { openDatabase, type Database } from './database.ts';
import { GroupCommit, MAX_GROUP_BYTES, MAX_GROUP_ROWS, type Append } from './group-commit.ts';
import { readJournal } from './journal-reader.ts';
import type { JournalTable, Tables } from './tables.ts';

/** More than one page of the file, so that a probe finds out whether the file can still grow. */
const PROBE_BYTES = 16 * 1024;

/** One transaction of appended records. */
export interface CommitReport {
  /** Calls of `append` that it served. */
  appends: number;
  rows: number;
  /** From the start of the transaction to its end. */
  seconds: number;
}

/** A store with a SQLite file of its own, see `openDatabase`; closing it closes the file. */
export async function openSqliteSessionStore(
  options: Parameters<typeof openDatabase>[0] & Pick<StoreOptions, 'onCommit'>,
): Promise<SessionStore> {
  const { onCommit, ...file } = options;
  return new SqlSessionStore(await openDatabase(file), { onCommit });
}

interface StoreOptions {
  /** Called after every transaction of appends that succeeded. */
  onCommit?: ((report: CommitReport) => void) | undefined;
}

/**
 * Sessions in SQL. Appends are gathered into one transaction (see GroupCommit); the caller waits for an
 * append of a session before it makes the next one of the same session.
 */
export class SqlSessionStore implements SessionStore {
  private readonly db: Kysely<Tables>;
  private readonly onCommit: (report: CommitReport) => void;
  private readonly database: Database;
  private readonly commits: GroupCommit;
  /** Text of the journal's insert by number of rows: compiling costs more than running it. */
  private readonly insertTexts: string[] = [];
  private closing: Promise<void> | null = null;

  /** It becomes the owner of the database: `close` closes it. */
  constructor(database: Database, { onCommit = () => undefined }: StoreOptions) {
    this.database = database;
    this.db = database.db;
    this.onCommit = onCommit;
    this.commits = new GroupCommit({
      write: (group) => this.write(group),
      isConflict: (error) => database.flavour.isConflict(error),
    });
  }

  async create(sessionId: string, createdAt: number): Promise<void> {
    await this.openDb.insertInto('sessions').values({ id: sessionId, created_at: createdAt }).execute();
  }

  async load(sessionId: string): Promise<StoredSession | null> {
    const session = await this.openDb
      .selectFrom('sessions')
      .select('created_at')
      .where('id', '=', sessionId)
      .executeTakeFirst();
    if (session === undefined) return null;
    const snapshots = await this.openDb
      .selectFrom('snapshots')
      .select(['doc', 'seq', 'data'])
      .where('session_id', '=', sessionId)
      .execute();
    const tail = await this.readAfter(sessionId, oldestNeeded(snapshots));
    return { createdAt: session.created_at, snapshots, tail };
  }

  append(sessionId: string, records: readonly JournalRecord[]): Promise<void> {
    if (this.closing !== null) return Promise.reject(closedError());
    return this.commits.append(sessionId, records);
  }

  async saveSnapshots(
    sessionId: string,
    snapshots: readonly Snapshot[],
    dropped: readonly string[],
  ): Promise<void> {
    const rows = snapshots.map(({ doc, seq, data }) => ({
      session_id: sessionId,
      doc,
      seq,
      data: whole(data),
    }));
    await this.openDb.transaction().execute(async (transaction) => {
      if (dropped.length > 0) {
        await transaction
          .deleteFrom('snapshots')
          .where('session_id', '=', sessionId)
          .where('doc', 'in', dropped)
          .execute();
      }
      if (rows.length === 0) return;
      await transaction
        .insertInto('snapshots')
        .values(rows)
        .onConflict((conflict) =>
          conflict.columns(['session_id', 'doc']).doUpdateSet((excluded) => ({
            seq: excluded.ref('excluded.seq'),
            data: excluded.ref('excluded.data'),
          })),
        )
        .execute();
    });
  }

  async probe(): Promise<void> {
    await this.openDb.transaction().execute(async (transaction) => {
      const row = { id: 1, data: new Uint8Array(PROBE_BYTES) };
      await transaction.insertInto('probes').values(row).execute();
      await transaction.deleteFrom('probes').execute();
    });
  }

  /** Waits for appends that are under way, then closes the file. Idempotent. */
  close(): Promise<void> {
    this.closing ??= this.commits.drain().then(() => this.database.close());
    return this.closing;
  }

  private get openDb(): Kysely<Tables> {
    if (this.closing !== null) throw closedError();
    return this.db;
  }

  private async readAfter(sessionId: string, position: number): Promise<JournalRecord[]> {
    const tail: JournalRecord[] = [];
    const range = { after: position, upTo: Infinity, docs: null };
    for await (const page of readJournal(this.openDb, sessionId, range))
      for (const record of page) tail.push(record);
    return tail;
  }

  private async write(group: readonly Append[]): Promise<void> {
    const start = performance.now();
    const chunks = toChunks(group);
    const [first] = chunks;
    if (chunks.length === 1 && first !== undefined) await this.db.executeQuery(this.insert(first));
    else {
      await this.db.transaction().execute(async (transaction) => {
        for (const chunk of chunks) await transaction.executeQuery(this.insert(chunk));
      });
    }
    const rows = chunks.reduce((sum, chunk) => sum + chunk.rows, 0);
    this.onCommit({ appends: group.length, rows, seconds: (performance.now() - start) / 1000 });
  }

  private insert(chunk: Chunk): CompiledQuery {
    const text = (this.insertTexts[chunk.rows] ??= this.compileInsert(chunk.rows));
    return CompiledQuery.raw(text, chunk.parameters);
  }

  private compileInsert(rows: number): string {
    const rowOf: JournalTable = {
      session_id: '',
      seq: 0,
      at: 0,
      kind: 'event',
      doc: '',
      author: '',
      data: new Uint8Array(0),
    };
    const values = Array.from({ length: rows }, () => rowOf);
    return this.db.insertInto('journal').values(values).compile().sql;
  }
}

function closedError(): AppError {
  return new AppError('STORAGE_UNAVAILABLE', { detail: 'the database is closed' });
}

/** Rows of one insert statement. */
interface Chunk {
  rows: number;
  bytes: number;
  /** In the order of the columns of JournalTable, row by row. */
  parameters: unknown[];
}

function toChunks(group: readonly Append[]): Chunk[] {
  let chunk: Chunk = { rows: 0, bytes: 0, parameters: [] };
  const chunks = [chunk];
  for (const { sessionId, records } of group) {
    for (const { seq, at, kind, doc, author, data } of records) {
      const isFull = chunk.rows === MAX_GROUP_ROWS || chunk.bytes + data.byteLength > MAX_GROUP_BYTES;
      if (isFull && chunk.rows > 0) {
        chunk = { rows: 0, bytes: 0, parameters: [] };
        chunks.push(chunk);
      }
      chunk.rows += 1;
      chunk.bytes += data.byteLength;
      chunk.parameters.push(sessionId, seq, at, kind, doc, author, whole(data));
    }
  }
  return chunks;
}

/** A view into a larger buffer would drag all of that buffer to the worker: such a view is copied. */
function whole(data: Uint8Array): Uint8Array {
  return data.byteLength === data.buffer.byteLength ? data : new Uint8Array(data);
}

/** Position after which the journal has to be replayed; 0 while state or story have no snapshot. */
function oldestNeeded(snapshots: readonly Snapshot[]): number {
  const hasBase = ['state', 'story'].every((doc) => snapshots.some((snapshot) => snapshot.doc === doc));
  return hasBase ? Math.min(...snapshots.map((snapshot) => snapshot.seq)) : 0;
}
