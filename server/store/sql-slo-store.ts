import type { SloRow, SloStore } from '../observability/slo-keeper.ts';
import type { Database } from './database.ts';

/** What objectives have counted, hour by hour, in SQL. */
export class SqlSloStore implements SloStore {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  load(sinceHour: number): Promise<SloRow[]> {
    return this.database.db.selectFrom('slo_hours').selectAll().where('hour', '>=', sinceHour).execute();
  }

  async add(rows: readonly SloRow[]): Promise<void> {
    await this.database.db
      .insertInto('slo_hours')
      .values([...rows])
      .onConflict((conflict) =>
        conflict.columns(['slo', 'hour']).doUpdateSet((row) => ({
          good: row('slo_hours.good', '+', row.ref('excluded.good')),
          total: row('slo_hours.total', '+', row.ref('excluded.total')),
        })),
      )
      .execute();
  }

  async forget(beforeHour: number): Promise<void> {
    await this.database.db.deleteFrom('slo_hours').where('hour', '<', beforeHour).execute();
  }
}
