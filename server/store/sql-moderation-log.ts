import type { Insertable, Selectable } from 'kysely';
import type { Logger } from 'pino';
import type {
  DecisionEntry,
  Harm,
  LabelledRow,
  ModerationLog,
  Outcome,
  ReviewEntry,
} from '../../sessions/moderator.ts';
import type { Clock } from '../../sessions/ports.ts';
import type { Database } from './database.ts';
import { decisionRow, decisionView, keyedHash, labelRow, labelView, reviewRow } from './moderation-rows.ts';
import type { DecisionView, LabelView } from './moderation-rows.ts';
import type { Tables } from './tables.ts';
import { WriteBehind } from './write-behind.ts';

/** Rows read or deleted at once; others get their turn with the database in between. */
const PAGE_ROWS = 500;
/** A row without its text, about. */
const ROW_CHARS = 1_000;
const PRUNE_EVERY_MS = 6 * 3_600_000;
const DAY_MS = 86_400_000;

const TABLES = ['moderation_decisions', 'moderation_reviews', 'moderation_labels'] as const;
type LogTable = (typeof TABLES)[number];
type Row = { [T in LogTable]: { table: T; values: Insertable<Tables[T]> } }[LogTable];

export interface ModerationLogParts {
  database: Database;
  clock: Clock;
  log: Logger;
  /** Keys the hashes of player ids. */
  secret: string;
  keepDays: number;
  /** So many rows are lost for good. */
  onLost: (rows: number) => void;
}

/** Which decisions an operator wants to see. */
export interface DecisionQuery {
  sessionId: string | null;
  harm: Harm | null;
  outcome: Outcome | null;
  /** Id of a decision: only earlier ones. */
  before: number | null;
  limit: number;
}

/**
 * Decisions, reviews and labels in SQL. Rows are gathered and written beside the game: a disk that is slow or full
 * costs rows of this log, never a turn. Rows go after `keepDays`.
 */
export class SqlModerationLog implements ModerationLog {
  readonly #parts: ModerationLogParts;
  readonly #hash: (id: string) => string;
  readonly #rows: WriteBehind<Row>;
  #cancelPrune: (() => void) | null = null;
  #pruning: Promise<void> | null = null;
  #isClosed = false;

  constructor(parts: ModerationLogParts) {
    this.#parts = parts;
    this.#hash = keyedHash(parts.secret);
    this.#rows = new WriteBehind<Row>({
      clock: parts.clock,
      write: (rows) => this.#write(rows),
      sizeOf: ({ table, values }) => (table === 'moderation_labels' ? values.text.length : 0) + ROW_CHARS,
      isConflict: (error) => parts.database.flavour.isConflict(error),
      onLost: parts.onLost,
      onTrouble: (error) => parts.log.error({ err: error }, 'moderation-log-failed'),
    });
    this.#planPrune(0);
  }

  decided(entry: DecisionEntry): void {
    this.#rows.add({ table: 'moderation_decisions', values: decisionRow(entry, this.#hash) });
  }

  reviewed(entry: ReviewEntry): void {
    this.#rows.add({ table: 'moderation_reviews', values: reviewRow(entry, this.#hash) });
  }

  labelled(row: LabelledRow): void {
    this.#rows.add({ table: 'moderation_labels', values: labelRow(row) });
  }

  /** Deletes labels of a session by their text, in the file too. Throws AppError STORAGE_UNAVAILABLE. */
  async purge(sessionId: string, texts: readonly string[]): Promise<void> {
    await this.#rows.drain();
    const { db, flavour } = this.#parts.database;
    await flavour.forget(db, async (transaction) => {
      for (let from = 0; from < texts.length; from += PAGE_ROWS) {
        await transaction
          .deleteFrom('moderation_labels')
          .where('session_id', '=', sessionId)
          .where('text', 'in', texts.slice(from, from + PAGE_ROWS))
          .execute();
      }
    });
  }

  /** Newest first, `limit` at most. Throws AppError STORAGE_UNAVAILABLE. */
  async decisions(of: DecisionQuery): Promise<DecisionView[]> {
    await this.#rows.flush();
    let query = this.#parts.database.db.selectFrom('moderation_decisions').selectAll();
    if (of.sessionId !== null) query = query.where('session_id', '=', of.sessionId);
    if (of.harm !== null) query = query.where('harm', '=', of.harm);
    if (of.outcome !== null) query = query.where('outcome', '=', of.outcome);
    if (of.before !== null) query = query.where('id', '<', of.before);
    const rows = await query.orderBy('id', 'desc').limit(of.limit).execute();
    return rows.map(decisionView);
  }

  /** All labelled texts, oldest first, page by page. Throws AppError STORAGE_UNAVAILABLE. */
  async *labels(): AsyncGenerator<LabelView[]> {
    await this.#rows.flush();
    for (let after = 0; ;) {
      const page: Selectable<Tables['moderation_labels']>[] = await this.#parts.database.db
        .selectFrom('moderation_labels')
        .selectAll()
        .where('id', '>', after)
        .orderBy('id')
        .limit(PAGE_ROWS)
        .execute();
      if (page.length > 0) yield page.map((row) => labelView(row, this.#hash));
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE_ROWS) return;
      after = last.id;
    }
  }

  /** Writes what waits, or gives it up. To be called while the database is open. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelPrune?.();
    await this.#rows.close();
    await this.#pruning;
  }

  async #write(rows: readonly Row[]): Promise<void> {
    await this.#parts.database.db.transaction().execute(async (transaction) => {
      for (const table of TABLES) {
        const values = rows.filter((row) => row.table === table).map((row) => row.values);
        if (values.length > 0) await transaction.insertInto(table).values(values).execute();
      }
    });
  }

  #planPrune(ms: number): void {
    this.#cancelPrune = this.#parts.clock.after(ms, () => {
      this.#pruning = this.#prune()
        .catch((error: unknown) => this.#parts.log.error({ err: error }, 'moderation-log-not-pruned'))
        .finally(() => {
          if (!this.#isClosed) this.#planPrune(PRUNE_EVERY_MS);
        });
    });
  }

  async #prune(): Promise<void> {
    const { clock, keepDays } = this.#parts;
    const oldest = clock.now() - keepDays * DAY_MS;
    for (const table of TABLES) while (!this.#isClosed && (await this.#pruneSome(table, oldest)));
  }

  /** Answers whether there may be more. */
  async #pruneSome(table: LogTable, oldest: number): Promise<boolean> {
    const { db } = this.#parts.database;
    const old = db.selectFrom(table).select('id').where('at', '<', oldest).limit(PAGE_ROWS);
    const { numDeletedRows } = await db.deleteFrom(table).where('id', 'in', old).executeTakeFirstOrThrow();
    return numDeletedRows >= BigInt(PAGE_ROWS);
  }
}
