import type { Kysely, Transaction } from 'kysely';
import type { Rewrite } from '../../sessions/history-ports.ts';
import type { JournalRecord } from '../../sessions/ports.ts';
import type { Database } from './database.ts';
import { isCore, readRows, recordsOf } from './journal-reader.ts';
import { packBytes, packRecords, unpackBytes } from './segment-codec.ts';
import type { SegmentTable, Tables } from './tables.ts';

/** What is rewritten, and how. */
interface Task {
  sessionId: string;
  upTo: number;
  change: Rewrite;
}

type Part = { seq: number; data: Uint8Array };
type NewSegment = Pick<SegmentTable, 'to_seq'> & Partial<Pick<SegmentTable, 'core' | 'drafts'>>;

/**
 * One rewriting of a session's history. What changes is found and made beforehand, so that the transaction, in which
 * nobody else can write, is short. Nobody may pack rows or save bases of the session meanwhile; snapshots may be saved.
 */
export class HistoryRewrite {
  private readonly database: Database;
  private readonly task: Task;

  constructor(database: Database, task: Task) {
    this.database = database;
    this.task = task;
  }

  /** See `HistoryStore.rewrite`. */
  async run(): Promise<void> {
    const rows = await this.changedRows();
    const segments = await this.changedSegments();
    const bases = await this.changedBases();
    const snapshots = await this.changedSnapshots(this.database.db, new Map());
    const { sessionId } = this.task;
    await this.database.flavour.forget(this.database.db, async (transaction) => {
      for (const { seq, data } of rows) await this.writePart(transaction, 'journal', { seq, data });
      for (const { seq, data } of bases) await this.writePart(transaction, 'history_bases', { seq, data });
      for (const { to_seq: toSeq, ...halves } of segments) {
        await transaction
          .updateTable('history_segments')
          .set(halves)
          .where('session_id', '=', sessionId)
          .where('to_seq', '=', toSeq)
          .execute();
      }
      await this.writeSnapshots(transaction, snapshots);
    });
  }

  private async writePart(
    transaction: Transaction<Tables>,
    table: 'journal' | 'history_bases',
    { seq, data }: Part,
  ): Promise<void> {
    await transaction
      .updateTable(table)
      .set({ data })
      .where('session_id', '=', this.task.sessionId)
      .where('seq', '=', seq)
      .execute();
  }

  private async changedRows(): Promise<Part[]> {
    const { sessionId, upTo, change } = this.task;
    const changed: Part[] = [];
    for (let after = 0; ;) {
      const page = await readRows(this.database.db, sessionId, { after, upTo, docs: null });
      for (const record of page) {
        const data = change(record);
        if (data !== null) changed.push({ seq: record.seq, data });
      }
      const last = page.at(-1);
      if (last === undefined) return changed;
      after = last.seq;
    }
  }

  private async changedSegments(): Promise<NewSegment[]> {
    const changed: NewSegment[] = [];
    for (let after = 0; ;) {
      const segment = await this.database.db
        .selectFrom('history_segments')
        .selectAll()
        .where('session_id', '=', this.task.sessionId)
        .where('to_seq', '>', after)
        .where('from_seq', '<=', this.task.upTo)
        .orderBy('to_seq')
        .limit(1)
        .executeTakeFirst();
      if (segment === undefined) return changed;
      after = segment.to_seq;
      const rewritten = await this.changedSegment(segment);
      if (rewritten !== null) changed.push(rewritten);
    }
  }

  private async changedSegment(segment: SegmentTable): Promise<NewSegment | null> {
    const { change, upTo } = this.task;
    const touched = { core: false, drafts: false };
    const records = (await recordsOf(segment)).map((record): JournalRecord => {
      const data = record.seq <= upTo ? change(record) : null;
      if (data === null) return record;
      touched[isCore(record.doc) ? 'core' : 'drafts'] = true;
      return { ...record, data };
    });
    if (!touched.core && !touched.drafts) return null;
    const pack = (ofCore: boolean) => packRecords(records.filter(({ doc }) => isCore(doc) === ofCore));
    return {
      to_seq: segment.to_seq,
      ...(touched.core ? { core: await pack(true) } : {}),
      ...(touched.drafts ? { drafts: await pack(false) } : {}),
    };
  }

  private async changedBases(): Promise<Part[]> {
    const { sessionId, upTo, change } = this.task;
    const changed: Part[] = [];
    for (let after = -1; ;) {
      const base = await this.database.db
        .selectFrom('history_bases')
        .select(['seq', 'data'])
        .where('session_id', '=', sessionId)
        .where('seq', '>', after)
        .where('seq', '<=', upTo)
        .orderBy('seq')
        .limit(1)
        .executeTakeFirst();
      if (base === undefined) return changed;
      after = base.seq;
      const data = change({ kind: 'update', doc: 'story', data: await unpackBytes(base.data) });
      if (data !== null) changed.push({ seq: base.seq, data: await packBytes(data) });
    }
  }

  /** By document: what each snapshot becomes (null: it stays), but those that are in `known` as they stand. */
  private async changedSnapshots(
    db: Kysely<Tables>,
    known: ReadonlyMap<string, SnapshotChange>,
  ): Promise<Map<string, SnapshotChange>> {
    const { sessionId, upTo, change } = this.task;
    const found = await db
      .selectFrom('snapshots')
      .select(['doc', 'seq'])
      .where('session_id', '=', sessionId)
      .where('seq', '<=', upTo)
      .execute();
    const changes = new Map<string, SnapshotChange>();
    for (const { doc, seq } of found) {
      if (known.get(doc)?.seq === seq) continue;
      const row = await db
        .selectFrom('snapshots')
        .select(['seq', 'data'])
        .where('session_id', '=', sessionId)
        .where('doc', '=', doc)
        .executeTakeFirst();
      if (row === undefined || row.seq > upTo) continue;
      const kind = doc === 'state' ? 'event' : 'update';
      changes.set(doc, { seq: row.seq, data: change({ kind, doc, data: row.data }) });
    }
    return changes;
  }

  private async writeSnapshots(
    transaction: Transaction<Tables>,
    known: ReadonlyMap<string, SnapshotChange>,
  ): Promise<void> {
    // Those that were saved in the meantime; what they replaced is no longer there to be written.
    const late = await this.changedSnapshots(transaction, known);
    for (const [doc, { seq, data }] of [...known, ...late]) {
      if (data === null) continue;
      await transaction
        .updateTable('snapshots')
        .set({ data })
        .where('session_id', '=', this.task.sessionId)
        .where('doc', '=', doc)
        .where('seq', '=', seq)
        .execute();
    }
  }
}

/** What becomes of the snapshot of a document as of `seq`; null: it stays. */
interface SnapshotChange {
  seq: number;
  data: Uint8Array | null;
}
