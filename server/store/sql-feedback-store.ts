import { sql } from 'kysely';
import { FEEDBACK_TYPES, type Feedback, type FeedbackStore } from '../../sessions/feedback.ts';
import type { FeedbackSum } from '../feedback-stats.ts';
import type { Database } from './database.ts';
import type { FeedbackTable } from './tables.ts';

/** Rows told of one player, the newest ones. */
const MOST_OWN = 2_000;
/** Groups of version and type that are told, the largest ones. */
const MOST_SUMS = 400;

const typeOf = (name: string) => FEEDBACK_TYPES.find((type) => type === name) ?? null;

/** A row of a type that this version of the server does not know tells nothing. */
function feedbackOf(row: FeedbackTable): Feedback[] {
  const type = typeOf(row.type);
  if (type === null) return [];
  const { session_id: sessionId, passage_id: passageId, alternative_id: alternativeId } = row;
  const { player_id: playerId, at, rating, comment, version, model } = row;
  return [{ sessionId, passageId, alternativeId, playerId, at, type, rating, comment, version, model }];
}

/** What players think of passages, in SQL. All methods throw AppError STORAGE_UNAVAILABLE. */
export class SqlFeedbackStore implements FeedbackStore {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  async put({ sessionId, passageId, alternativeId, playerId, ...said }: Feedback): Promise<void> {
    const { at, type, rating, comment, version, model } = said;
    const values = { at, type, rating, comment, version, model };
    await this.database.db
      .insertInto('feedback')
      .values({
        session_id: sessionId,
        passage_id: passageId,
        alternative_id: alternativeId,
        player_id: playerId,
        ...values,
      })
      .onConflict((conflict) =>
        conflict.columns(['session_id', 'passage_id', 'alternative_id', 'player_id']).doUpdateSet(values),
      )
      .execute();
  }

  /** The newest 2,000, newest first. */
  async ofPlayer(sessionId: string, playerId: string): Promise<Feedback[]> {
    const rows = await this.database.db
      .selectFrom('feedback')
      .selectAll()
      .where('session_id', '=', sessionId)
      .where('player_id', '=', playerId)
      .orderBy('at', 'desc')
      .orderBy('passage_id')
      .limit(MOST_OWN)
      .execute();
    return rows.flatMap(feedbackOf);
  }

  async ratings(sessionId: string): Promise<{ count: number; sum: number }> {
    const { count, sum } = await this.database.db
      .selectFrom('feedback')
      .select(({ fn }) => [fn.count<number>('rating').as('count'), fn.sum<number | null>('rating').as('sum')])
      .where('session_id', '=', sessionId)
      .executeTakeFirstOrThrow();
    return { count: Number(count), sum: Number(sum ?? 0) };
  }

  /** After it nothing of the comments is left in the files. */
  async purge(sessionId: string, passageIds: readonly string[]): Promise<void> {
    if (passageIds.length === 0) return;
    const { db, flavour } = this.database;
    await flavour.forget(db, async (transaction) => {
      await transaction
        .deleteFrom('feedback')
        .where('session_id', '=', sessionId)
        .where('passage_id', 'in', [...passageIds])
        .execute();
    });
  }

  /** What was said since then (epoch ms), by version and type; of very many versions the most spoken of. */
  async sums(since: number): Promise<FeedbackSum[]> {
    const rows = await this.database.db
      .selectFrom('feedback')
      .select(({ fn }) => [
        'version',
        'type',
        fn.countAll<number>().as('count'),
        fn.count<number>('rating').as('ratings'),
        fn.sum<number | null>('rating').as('ratingSum'),
        sql<number>`sum(case when comment = '' then 0 else 1 end)`.as('comments'),
      ])
      .where('at', '>=', since)
      .groupBy(['version', 'type'])
      .orderBy('count', 'desc')
      .limit(MOST_SUMS)
      .execute();
    return rows.flatMap(({ version, type: name, count, ratings, ratingSum, comments }) => {
      const type = typeOf(name);
      if (type === null) return [];
      const figures = { count: Number(count), comments: Number(comments), ratings: Number(ratings) };
      return [{ version, type, ...figures, ratingSum: Number(ratingSum ?? 0) }];
    });
  }
}
