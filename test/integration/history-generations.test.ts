import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import Sqlite from 'better-sqlite3';
import pino from 'pino';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../server/store/database.ts';
import { SqlGenerationLog } from '../../server/store/sql-generation-log.ts';
import { SqlSessionStore } from '../../server/store/sql-session-store.ts';
import type { GenerationRecord, PromptPart } from '../../sessions/sight.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { emptyPages } from '../support/empty-pages.ts';

const folder = mkdtempSync(join(tmpdir(), 'taleloom-generations-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

const KINDS: PromptPart['kind'][] = [
  'rules',
  'title',
  'premise',
  'cast',
  'lines',
  'veils',
  'fact',
  'summary',
  'passage',
  'direction',
  'guidance',
  'request',
  'written',
];

const generation = (of: Partial<GenerationRecord> = {}): GenerationRecord => ({
  turnId: 't1',
  passageId: 'p1',
  alternativeId: 'a1',
  at: 1_790_000_000_000,
  waitMs: 12.5,
  memorySources: { f1: ['p0'] },
  model: 'demo',
  version: 'demo-v1',
  sampling: { temperature: 0.8, topP: 0.95, minP: 0.05 },
  seed: 2 ** 40,
  parts: KINDS.map((kind) => ({
    kind,
    id: kind === 'passage' ? 'p0' : null,
    text: `é ${kind}`,
    isClipped: false,
  })),
  droppedPassageIds: ['p3'],
  droppedMemoryIds: ['m1'],
  contextTokens: 4_096,
  promptTokens: 3_000,
  maxTokens: 256,
  outputTokens: 128,
  ...of,
});

describe('what the narrator saw, in SQL', () => {
  const opened: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const one of opened.splice(0).reverse()) await one.close();
  });

  async function open(file = join(folder, `${(files += 1)}.sqlite`), maxPages?: number) {
    const size = maxPages === undefined ? {} : { maxPages };
    const database = await openDatabase({ file, durability: 'process', ...size });
    const store = new SqlSessionStore(database, {});
    const lost = { records: 0 };
    const log = new SqlGenerationLog({
      database,
      clock: new ManualClock(),
      log: pino({ level: 'silent' }),
      onLost: (records) => (lost.records += records),
    });
    opened.push(store, log);
    return { file, store, log, lost };
  }

  it('E5: gives back a record as it was, also after a restart', async () => {
    const first = await open();
    await first.store.create('s1', 1);
    const record = generation();
    const other = generation({ alternativeId: 'a2', seed: null, parts: [], memorySources: {} });
    first.log.save('s1', record);
    first.log.save('s1', other);
    expect(await first.log.find('s1', 'p1', 'a1')).toEqual(record);
    await first.log.close();
    await first.store.close();
    const again = await open(first.file);
    expect(await again.log.find('s1', 'p1', 'a2')).toEqual(other);
    expect(await again.log.find('s1', 'p1', 'a3')).toBeNull();
    expect(await again.log.find('s2', 'p1', 'a1')).toBeNull();
  });

  it('E5: of two records about one alternative the newer one stays, written together or not', async () => {
    const { store, log } = await open();
    await store.create('s1', 1);
    for (const turnId of ['t1', 't2']) log.save('s1', generation({ turnId }));
    expect((await log.find('s1', 'p1', 'a1'))?.turnId).toBe('t2');
    log.save('s1', generation({ turnId: 't3', at: 5 }));
    expect(await log.find('s1', 'p1', 'a1')).toMatchObject({ turnId: 't3', at: 5 });
  });

  it('loses what belongs to no session, and nothing else', async () => {
    const { store, log, lost } = await open();
    await store.create('s1', 1);
    log.save('nobody', generation());
    log.save('s1', generation());
    expect(await log.find('s1', 'p1', 'a1')).not.toBeNull();
    expect(lost.records).toBe(1);
  });

  it('G1: rewrites and drops records of one session, those that wait and those of other versions too', async () => {
    const { file, store, log } = await open();
    for (const id of ['s1', 's2']) await store.create(id, 1);
    for (let at = 0; at < 120; at += 1) log.save('s1', generation({ passageId: `p${at}`, at }));
    log.save('s2', generation());
    await log.find('s1', 'p1', 'a1');
    const other = new Sqlite(file);
    const strange = brotliCompressSync('{"of":"another version"}');
    other
      .prepare(`update generations set data = ? where session_id = 's1' and passage_id = 'p6'`)
      .run(strange);
    other.close();
    log.save('s1', generation({ passageId: 'late' }));
    const seen: string[] = [];
    await log.rewrite('s1', (record) => {
      seen.push(record.passageId);
      if (record.at % 2 === 0 && record.passageId !== 'late') return null;
      return record.passageId === 'late' ? { ...record, parts: [] } : record;
    });
    expect(seen).toHaveLength(120);
    expect(seen).not.toContain('p6');
    expect((await log.find('s1', 'late', 'a1'))?.parts).toEqual([]);
    expect(await log.find('s1', 'p2', 'a1')).toBeNull();
    expect(await log.find('s1', 'p3', 'a1')).toEqual(generation({ passageId: 'p3', at: 3 }));
    expect(await log.find('s2', 'p1', 'a1')).toEqual(generation());
  });

  it('G1: says that it could not be done while records that wait cannot be written', async () => {
    const { store, log } = await open(undefined, (await emptyPages()) + 21);
    await store.create('s1', 1);
    const noise = Buffer.from(new SeededRandom(1).bytes(200_000)).toString('base64');
    log.save('s1', generation({ parts: [{ kind: 'rules', id: null, text: noise, isClipped: false }] }));
    await expect(log.rewrite('s1', () => null)).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
  });
});
