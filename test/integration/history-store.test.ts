import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { openDatabase } from '../../server/store/database.ts';
import { SqlHistoryStore } from '../../server/store/sql-history-store.ts';
import { SqlSessionStore } from '../../server/store/sql-session-store.ts';
import { describeHistoryStore } from '../support/history-store-suite.ts';
import { MemoryHistory } from '../support/memory-history.ts';
import { MemoryStore } from '../support/memory-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'taleloom-history-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

async function openSql(whole?: { records: number; bytes: number }) {
  const file = join(folder, `${(files += 1)}.sqlite`);
  const database = await openDatabase({ file, durability: 'process' });
  return { store: new SqlSessionStore(database, {}), history: new SqlHistoryStore(database, whole) };
}

describeHistoryStore('memory', {
  segment: 1_000,
  open: () => {
    const store = new MemoryStore();
    return Promise.resolve({ store, history: new MemoryHistory(store) });
  },
});
describeHistoryStore('SQLite', { segment: 1_000, open: () => openSql() });
describeHistoryStore('SQLite with small segments', {
  segment: 16,
  open: () => openSql({ records: 16, bytes: 1_000_000 }),
});
