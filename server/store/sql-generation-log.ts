import type { ExpressionBuilder } from 'kysely';
import type { Logger } from 'pino';
import type { GenerationLog } from '../../sessions/history-ports.ts';
import type { Clock } from '../../sessions/ports.ts';
import type { GenerationRecord } from '../../sessions/sight.ts';
import type { Database } from './database.ts';
import { packGeneration, unpackGeneration } from './generation-rows.ts';
import type { GenerationTable, Tables } from './tables.ts';
import { WriteBehind } from './write-behind.ts';

/** Rows read at once; others get their turn with the database in between. */
const PAGE_ROWS = 50;
/** A record without its texts, about. */
const RECORD_CHARS = 1_000;

interface Entry {
  sessionId: string;
  record: GenerationRecord;
}

export interface GenerationLogParts {
  database: Database;
  clock: Clock;
  log: Logger;
  /** So many records are lost for good. */
  onLost: (records: number) => void;
}

/** What the narrator saw, in SQL; written beside the game, as the moderation log is. */
export class SqlGenerationLog implements GenerationLog {
  private readonly database: Database;
  private readonly waiting: WriteBehind<Entry>;

  constructor({ database, clock, log, onLost }: GenerationLogParts) {
    this.database = database;
    this.waiting = new WriteBehind<Entry>({
      clock,
      write: (entries) => this.write(entries),
      sizeOf: ({ record }) => record.parts.reduce((sum, part) => sum + part.text.length, RECORD_CHARS),
      isConflict: (error) => database.flavour.isConflict(error),
      onLost,
      onTrouble: (error) => log.error({ err: error }, 'generation-log-failed'),
    });
  }

  save(sessionId: string, record: GenerationRecord): void {
    this.waiting.add({ sessionId, record });
  }

  async find(sessionId: string, passageId: string, alternativeId: string): Promise<GenerationRecord | null> {
    await this.waiting.flush();
    const row = await this.database.db
      .selectFrom('generations')
      .select('data')
      .where('session_id', '=', sessionId)
      .where('passage_id', '=', passageId)
      .where('alternative_id', '=', alternativeId)
      .executeTakeFirst();
    return row === undefined ? null : unpackGeneration(row.data);
  }

  /** A record that cannot be read goes too: nobody can tell what is in it. Throws AppError STORAGE_UNAVAILABLE. */
  async rewrite(
    sessionId: string,
    change: (record: GenerationRecord) => GenerationRecord | null,
  ): Promise<void> {
    await this.waiting.drain();
    const changes: { row: GenerationTable; data: Uint8Array | null }[] = [];
    for await (const row of this.rows(sessionId)) {
      const before = await unpackGeneration(row.data);
      const after = before === null ? null : change(before);
      if (after === null) changes.push({ row, data: null });
      else if (after !== before) changes.push({ row, data: await packGeneration(after) });
    }
    await this.database.flavour.forget(this.database.db, async (transaction) => {
      for (const { row, data } of changes) {
        // Not one that took its place meanwhile.
        const isSame = (is: ExpressionBuilder<Tables, 'generations'>) =>
          is.and({
            session_id: sessionId,
            passage_id: row.passage_id,
            alternative_id: row.alternative_id,
            turn_id: row.turn_id,
            at: row.at,
          });
        if (data === null) await transaction.deleteFrom('generations').where(isSame).execute();
        else await transaction.updateTable('generations').set({ data }).where(isSame).execute();
      }
    });
  }

  /** Writes what waits, or gives it up. To be called while the database is open. Idempotent. */
  close(): Promise<void> {
    return this.waiting.close();
  }

  private async *rows(sessionId: string): AsyncGenerator<GenerationTable> {
    for (let offset = 0; ; offset += PAGE_ROWS) {
      const page = await this.database.db
        .selectFrom('generations')
        .selectAll()
        .where('session_id', '=', sessionId)
        .orderBy('passage_id')
        .orderBy('alternative_id')
        .limit(PAGE_ROWS)
        .offset(offset)
        .execute();
      yield* page;
      if (page.length < PAGE_ROWS) return;
    }
  }

  private async write(entries: readonly Entry[]): Promise<void> {
    // One row cannot be written twice by one statement: of two records about the same text the newer one stays.
    const rows = new Map<string, GenerationTable>();
    for (const { sessionId, record } of entries) {
      const { passageId, alternativeId, turnId, at } = record;
      rows.set(`${sessionId} ${passageId} ${alternativeId}`, {
        session_id: sessionId,
        passage_id: passageId,
        alternative_id: alternativeId,
        turn_id: turnId,
        at,
        data: await packGeneration(record),
      });
    }
    await this.database.db
      .insertInto('generations')
      .values([...rows.values()])
      .onConflict((conflict) =>
        conflict.columns(['session_id', 'passage_id', 'alternative_id']).doUpdateSet((excluded) => ({
          turn_id: excluded.ref('excluded.turn_id'),
          at: excluded.ref('excluded.at'),
          data: excluded.ref('excluded.data'),
        })),
      )
      .execute();
  }
}
