import type { FlagSetting, FlagStore } from '../flags.ts';
import { FLAGS, type Flag } from '../../sessions/ports.ts';
import type { Database } from './database.ts';

/** Stands for all sessions; ids of sessions are longer. */
const GLOBAL = 'global';

const isFlag = (name: string): name is Flag => FLAGS.some((flag) => flag === name);

/** The operators' switches in SQL. */
export class SqlFlagStore implements FlagStore {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  async load(): Promise<FlagSetting[]> {
    const rows = await this.database.db.selectFrom('flags').selectAll().execute();
    return rows.flatMap(({ scope, flag, set_at: setAt, reason }) =>
      // A flag of another version of the server means nothing to this one, and stays for the other.
      isFlag(flag) ? [{ flag, sessionId: scope === GLOBAL ? null : scope, setAt, reason }] : [],
    );
  }

  async save({ flag, sessionId, setAt, reason }: FlagSetting): Promise<void> {
    await this.database.db
      .insertInto('flags')
      .values({ scope: sessionId ?? GLOBAL, flag, set_at: setAt, reason })
      .onConflict((conflict) => conflict.columns(['scope', 'flag']).doUpdateSet({ set_at: setAt, reason }))
      .execute();
  }

  async remove(flag: Flag, sessionId: string | null): Promise<void> {
    await this.database.db
      .deleteFrom('flags')
      .where('scope', '=', sessionId ?? GLOBAL)
      .where('flag', '=', flag)
      .execute();
  }

  async hasSession(sessionId: string): Promise<boolean> {
    const { db } = this.database;
    const found = db.selectFrom('sessions').select('id').where('id', '=', sessionId);
    return (await found.executeTakeFirst()) !== undefined;
  }
}
