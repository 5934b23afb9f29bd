import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kysely, sql } from 'kysely';
import { afterAll, describe, expect, it } from 'vitest';
import { SqliteWorkerDialect } from './sqlite-dialect.ts';
import { SqliteThread } from './sqlite-thread.ts';

const folder = mkdtempSync(join(tmpdir(), 'taleloom-thread-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const options = (name: string) => ({
  file: join(folder, name),
  synchronous: 'NORMAL' as const,
  busyTimeoutMs: 1_000,
  maxPages: null,
});
const endless = sql`with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n`;

describe('SqliteThread', () => {
  it('rejects everything that waits when it dies, and everything later', async () => {
    const thread = await SqliteThread.open(options('a'));
    const waiting = [thread.run('select 1', []), thread.run('select 2', [])];
    thread.kill('test');
    for (const promise of waiting)
      await expect(promise).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    await expect(thread.run('select 3', [])).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    expect(thread.isDead).toBe(true);
    await thread.close();
    await thread.close();
  });
});

describe('SqliteWorkerDialect', () => {
  it('starts a new thread after the old one died, and a transaction never goes on in the new one', async () => {
    const db = new Kysely<Record<string, never>>({ dialect: new SqliteWorkerDialect(options('b')) });
    await sql`create table t (x integer)`.execute(db);
    const broken = db.transaction().execute(async (transaction) => {
      await sql`insert into t values (1)`.execute(transaction);
      const hanging = endless.execute(transaction);
      killNewestThread();
      await hanging.catch(() => undefined);
      await sql`insert into t values (2)`.execute(transaction);
    });
    await expect(broken).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    expect((await sql`select count(*) as n from t`.execute(db)).rows).toEqual([{ n: 0 }]);
    await db.destroy();
  });

  it('refuses what comes after destroy', async () => {
    const db = new Kysely<Record<string, never>>({ dialect: new SqliteWorkerDialect(options('c')) });
    await sql`select 1`.execute(db);
    await db.destroy();
    await expect(sql`select 1`.execute(db)).rejects.toThrow();
  });
});

/** Ends the thread as a crash would; the class has no way to reach the current one, and needs none. */
function killNewestThread(): void {
  newest?.kill('test');
}

let newest: SqliteThread | null = null;
const open = SqliteThread.open.bind(SqliteThread);
SqliteThread.open = async (given) => {
  newest = await open(given);
  return newest;
};
