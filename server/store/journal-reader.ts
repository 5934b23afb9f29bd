import type { Kysely } from 'kysely';
import type { JournalRange } from '../../sessions/history-ports.ts';
import type { JournalRecord } from '../../sessions/ports.ts';
import { unpackRecords } from './segment-codec.ts';
import type { SegmentTable, Tables } from './tables.ts';

/** Rows of the journal read at once; other callers get their turn between two pages. */
const PAGE_ROWS = 256;

/** Which half of a segment a document's records are in. */
export function isCore(doc: string): boolean {
  return doc === 'state' || doc === 'story';
}

/**
 * Records of a session in order, packed or not, page by page. A segment that is made meanwhile changes nothing of what
 * is read. Throws AppError STORAGE_UNAVAILABLE.
 */
export async function* readJournal(
  db: Kysely<Tables>,
  sessionId: string,
  range: JournalRange,
): AsyncGenerator<JournalRecord[]> {
  const { upTo, docs } = range;
  if (docs?.length === 0) return;
  let { after } = range;
  while (after < upTo) {
    const segment = await nextSegment(db, sessionId, { after, docs });
    if (segment !== undefined) {
      const records = await recordsOf(segment);
      const wanted = records.filter(
        ({ seq, doc }) => seq > after && seq <= upTo && (docs?.includes(doc) ?? true),
      );
      if (wanted.length > 0) yield wanted;
      after = segment.to_seq;
      continue;
    }
    const page = await readRows(db, sessionId, { after, upTo, docs });
    // Packed since it was looked for: its records are no longer among the rows, or not all of them.
    if (await hasSegment(db, sessionId, after)) continue;
    if (page.length > 0) yield page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE_ROWS) return;
    after = last.seq;
  }
}

/** The records of one segment in order; of the halves that were read. */
export async function recordsOf({ core, drafts }: Partial<SegmentTable>): Promise<JournalRecord[]> {
  const halves = [core, drafts].filter((half) => half !== undefined);
  const records = await Promise.all(halves.map((half) => unpackRecords(half)));
  return records.flat().sort((a, b) => a.seq - b.seq);
}

/** The first page of the rows of a range that are not packed. */
export async function readRows(
  db: Kysely<Tables>,
  sessionId: string,
  { after, upTo, docs }: JournalRange,
): Promise<JournalRecord[]> {
  let query = db
    .selectFrom('journal')
    .select(['seq', 'at', 'kind', 'doc', 'author', 'data'])
    .where('session_id', '=', sessionId)
    .where('seq', '>', after)
    .orderBy('seq')
    .limit(PAGE_ROWS);
  if (Number.isFinite(upTo)) query = query.where('seq', '<=', upTo);
  if (docs !== null) query = query.where('doc', 'in', docs);
  return query.execute();
}

/** The first segment that ends behind a position, with the halves in which the documents are. */
async function nextSegment(
  db: Kysely<Tables>,
  sessionId: string,
  { after, docs }: Pick<JournalRange, 'after' | 'docs'>,
): Promise<(Pick<SegmentTable, 'to_seq'> & Partial<SegmentTable>) | undefined> {
  const halves: ('core' | 'drafts')[] = [];
  if (docs?.some(isCore) ?? true) halves.push('core');
  if (docs?.some((doc) => !isCore(doc)) ?? true) halves.push('drafts');
  return db
    .selectFrom('history_segments')
    .select(['to_seq', ...halves])
    .where('session_id', '=', sessionId)
    .where('to_seq', '>', after)
    .orderBy('to_seq')
    .limit(1)
    .executeTakeFirst();
}

async function hasSegment(db: Kysely<Tables>, sessionId: string, after: number): Promise<boolean> {
  const found = await db
    .selectFrom('history_segments')
    .select('to_seq')
    .where('session_id', '=', sessionId)
    .where('to_seq', '>', after)
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
}
