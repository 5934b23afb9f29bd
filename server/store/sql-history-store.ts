import type { HistoryStore, JournalRange, Rewrite, StoryBase } from '../../sessions/history-ports.ts';
import { AppError } from '../../sessions/errors.ts';
import type { JournalRecord } from '../../sessions/ports.ts';
import type { Database } from './database.ts';
import { HistoryRewrite } from './history-rewrite.ts';
import { isCore, readJournal, readRows, recordsOf } from './journal-reader.ts';
import { KeyedLock } from '../../sessions/keyed-lock.ts';
import { packBytes, packRecords, unpackBytes } from './segment-codec.ts';

/** A segment is whole with so many records, or as soon as their data reaches so many bytes. */
const WHOLE = { records: 1_000, bytes: 4 * 1024 * 1024 };

/** The history of sessions in SQL: rows of the journal, and segments of those that were packed away. */
export class SqlHistoryStore implements HistoryStore {
  private readonly database: Database;
  private readonly whole: typeof WHOLE;
  /** What writes to the history of one session does so alone: a purge must meet no copy of what was before it. */
  private readonly lock = new KeyedLock();

  /** `whole`: when a segment is. */
  constructor(database: Database, whole = WHOLE) {
    this.database = database;
    this.whole = whole;
  }

  read(sessionId: string, range: JournalRange): AsyncIterable<readonly JournalRecord[]> {
    return readJournal(this.database.db, sessionId, range);
  }

  async positionAt(sessionId: string, time: number): Promise<number> {
    // From the newest back: the rows that are not packed are few, and almost always in order of time.
    const row = await this.database.db
      .selectFrom('journal')
      .select('seq')
      .where('session_id', '=', sessionId)
      .where('at', '<=', time)
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirst();
    if (row !== undefined) return row.seq;
    const segment = await this.database.db
      .selectFrom('history_segments')
      .select(['core', 'drafts'])
      .where('session_id', '=', sessionId)
      .where('from_at', '<=', time)
      .orderBy('to_seq', 'desc')
      .limit(1)
      .executeTakeFirst();
    const records = segment === undefined ? [] : await recordsOf(segment);
    return records.findLast(({ at }) => at <= time)?.seq ?? 0;
  }

  async baseAt(sessionId: string, seq: number): Promise<StoryBase | null> {
    const base = await this.database.db
      .selectFrom('history_bases')
      .select(['seq', 'data'])
      .where('session_id', '=', sessionId)
      .where('seq', '<=', seq)
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirst();
    return base === undefined ? null : { seq: base.seq, data: await unpackBytes(base.data) };
  }

  saveBase(sessionId: string, { seq, data }: StoryBase): Promise<void> {
    return this.lock.run(sessionId, async () => {
      const packed = await packBytes(data);
      await this.database.db
        .insertInto('history_bases')
        .values({ session_id: sessionId, seq, data: packed })
        .onConflict((conflict) => conflict.columns(['session_id', 'seq']).doUpdateSet({ data: packed }))
        .execute();
    });
  }

  compact(sessionId: string, upTo: number): Promise<number> {
    return this.lock.run(sessionId, async () => {
      for (let packed = 0; ;) {
        const records = await this.oldestRows(sessionId, upTo);
        if (records === null) return packed;
        await this.pack(sessionId, records);
        packed += records.length;
      }
    });
  }

  rewrite(sessionId: string, upTo: number, change: Rewrite): Promise<void> {
    return this.lock.run(sessionId, () =>
      new HistoryRewrite(this.database, { sessionId, upTo, change }).run(),
    );
  }

  /** The rows of the next segment; null: they are too few yet for a whole one. */
  private async oldestRows(sessionId: string, upTo: number): Promise<JournalRecord[] | null> {
    const rows: JournalRecord[] = [];
    let bytes = 0;
    for (let after = 0; ;) {
      const page = await readRows(this.database.db, sessionId, { after, upTo, docs: null });
      for (const row of page) {
        rows.push(row);
        bytes += row.data.byteLength;
        if (rows.length >= this.whole.records || bytes >= this.whole.bytes) return rows;
      }
      const last = page.at(-1);
      if (last === undefined) return null;
      after = last.seq;
    }
  }

  private async pack(sessionId: string, records: readonly JournalRecord[]): Promise<void> {
    const times = records.map(({ at }) => at);
    const from = records[0]?.seq ?? 0;
    const to = records.at(-1)?.seq ?? 0;
    const segment = {
      session_id: sessionId,
      from_seq: from,
      to_seq: to,
      from_at: Math.min(...times),
      to_at: Math.max(...times),
      core: await packRecords(records.filter(({ doc }) => isCore(doc))),
      drafts: await packRecords(records.filter(({ doc }) => !isCore(doc))),
    };
    await this.database.db.transaction().execute(async (transaction) => {
      await transaction.insertInto('history_segments').values(segment).execute();
      const { numDeletedRows } = await transaction
        .deleteFrom('journal')
        .where('session_id', '=', sessionId)
        .where('seq', '>=', from)
        .where('seq', '<=', to)
        .executeTakeFirstOrThrow();
      if (numDeletedRows !== BigInt(records.length))
        throw new AppError('STORAGE_UNAVAILABLE', { detail: 'the journal changed while it was packed' });
    });
  }
}
