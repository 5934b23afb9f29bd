import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, it } from 'vitest';
import { record, records } from '../../test/support/journal-records.ts';
import { describeSessionStore } from '../../test/support/session-store-suite.ts';
import { openSqliteSessionStore, type CommitReport } from './sql-session-store.ts';
import { emptyPages } from '../../test/support/empty-pages.ts';

const folder = mkdtempSync(join(tmpdir(), 'taleloom-store-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const newFile = (): string => join(folder, `${(files += 1)}`, 'story.sqlite');
const blob = (seq: number, bytes: number) => record(seq, '', { data: new Uint8Array(bytes) });

describeSessionStore('SQLite', () => openSqliteSessionStore({ file: newFile(), durability: 'process' }));

describe('SQLite session store', () => {
  it('gathers concurrent appends into one transaction, and those that arrive meanwhile into the next', async () => {
    const reports: CommitReport[] = [];
    const onCommit = (report: CommitReport) => reports.push(report);
    const store = await openSqliteSessionStore({ file: newFile(), durability: 'power', onCommit });
    const ids = Array.from({ length: 50 }, (_, index) => `s${index}`);
    for (const id of ids) await store.create(id, 1);
    const first = ids.map((id) => store.append(id, records(1, 2)));
    await new Promise((resolve) => setImmediate(resolve));
    const second = ids.map((id) => store.append(id, records(3, 3)));
    await Promise.all([...first, ...second]);
    expect(reports.map(({ appends, rows }) => ({ appends, rows }))).toEqual([
      { appends: 50, rows: 100 },
      { appends: 50, rows: 50 },
    ]);
    await store.close();
  });

  it('splits a group at the row limit between two appends', async () => {
    const reports: CommitReport[] = [];
    const onCommit = (report: CommitReport) => reports.push(report);
    const store = await openSqliteSessionStore({ file: newFile(), durability: 'process', onCommit });
    const ids = ['a', 'b', 'c'];
    for (const id of ids) await store.create(id, 1);
    await Promise.all(ids.map((id) => store.append(id, records(1, 300))));
    expect(reports.map(({ rows }) => rows)).toEqual([300, 300, 300]);
    await store.close();
  });

  it('a full disk refuses the append, stores nothing of it, and writes go on once space is free', async () => {
    const file = newFile();
    const store = await openSqliteSessionStore({
      file,
      durability: 'process',
      maxPages: (await emptyPages()) + 43,
    });
    await store.create('filler', 1);
    await store.create('s1', 1);
    await store.append('filler', [blob(1, 150_000)]);
    await store.append('s1', records(1, 2));
    const full = { code: 'STORAGE_UNAVAILABLE', detail: 'no space is left for the database' };
    await expect(store.append('s1', [...records(3, 9), blob(10, 200_000)])).rejects.toMatchObject(full);
    await expect(store.append('filler', [blob(2, 90_000)])).rejects.toMatchObject(full);
    expect((await store.load('s1'))?.tail.map((row) => row.seq)).toEqual([1, 2]);

    const other = new Database(file);
    other.exec(`delete from journal where session_id = 'filler'`);
    other.close();
    await store.append('s1', [blob(3, 90_000)]);
    expect((await store.load('s1'))?.tail.map((row) => row.seq)).toEqual([1, 2, 3]);
    await store.close();

    const larger = await openSqliteSessionStore({ file, durability: 'process', maxPages: 500 });
    await larger.append('s1', [blob(4, 900_000)]);
    expect((await larger.load('s1'))?.tail.length).toBe(4);
    await larger.close();
  });

  it('a probe fails on a full disk', async () => {
    const store = await openSqliteSessionStore({
      file: newFile(),
      durability: 'process',
      maxPages: (await emptyPages()) + 12,
    });
    await store.create('s1', 1);
    const fill = async (seq: number): Promise<void> => {
      await store.append('s1', [blob(seq, 3_000)]);
      await fill(seq + 1);
    };
    await expect(fill(1)).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    await expect(store.probe()).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    await store.close();
  });

  it('opens an existing file again with everything in it', async () => {
    const file = newFile();
    const first = await openSqliteSessionStore({ file, durability: 'power' });
    await first.create('s1', 7);
    await first.append('s1', records(1, 3));
    await first.close();
    const again = await openSqliteSessionStore({ file, durability: 'power' });
    expect((await again.load('s1'))?.tail.length).toBe(3);
    await again.close();
    const raw = new Database(file);
    expect(raw.prepare('select count(*) as runs from kysely_migration').get()).toEqual({ runs: 7 });
    expect(raw.pragma('journal_mode', { simple: true })).toBe('wal');
    raw.close();
  });

  it('names the file and the fault when the file is not a database', async () => {
    const file = join(folder, 'broken.sqlite');
    writeFileSync(file, 'This is not a database, it only looks like a file of some length. '.repeat(100));
    await expect(openSqliteSessionStore({ file, durability: 'power' })).rejects.toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
      detail: `the database file is damaged or not a SQLite database (${file})`,
    });
  });

  it('lets one server use a file at a time, and the next one after it', async () => {
    const file = newFile();
    const first = await openSqliteSessionStore({ file, durability: 'process' });
    await expect(openSqliteSessionStore({ file, durability: 'process' })).rejects.toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
      detail: `another Taleloom server is using this data folder (${file})`,
    });
    await first.close();
    await (await openSqliteSessionStore({ file, durability: 'process' })).close();
  });

  it('names the folder when it cannot be made', async () => {
    const file = join(folder, 'broken.sqlite', 'below', 'story.sqlite');
    await expect(openSqliteSessionStore({ file, durability: 'power' })).rejects.toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
    });
  });

  it('reads a session by one range of its key', async () => {
    const file = newFile();
    await (await openSqliteSessionStore({ file, durability: 'process' })).close();
    const raw = new Database(file);
    const plan = raw
      .prepare('explain query plan select * from journal where session_id = ? and seq > ? order by seq')
      .all('s1', 1);
    expect(plan).toMatchObject([
      { detail: 'SEARCH journal USING INDEX sqlite_autoindex_journal_1 (session_id=? AND seq>?)' },
    ]);
    raw.close();
  });
});
