import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import pino from 'pino';
import { afterAll, describe, expect, it } from 'vitest';
import Sqlite from 'better-sqlite3';
import { openDatabase, type Database } from '../../server/store/database.ts';
import { SqlGenerationLog } from '../../server/store/sql-generation-log.ts';
import { SqlHistoryStore } from '../../server/store/sql-history-store.ts';
import { SqlModerationLog } from '../../server/store/sql-moderation-log.ts';
import { SqlSessionStore } from '../../server/store/sql-session-store.ts';
import type { Rewrite } from '../../sessions/history-ports.ts';
import type { JournalRecord } from '../../sessions/ports.ts';
import type { GenerationRecord } from '../../sessions/sight.ts';
import { ManualClock } from '../support/manual-clock.ts';

const folder = mkdtempSync(join(tmpdir(), 'taleloom-trace-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

const MARKER = 'the secret of the drowned bell';
const MARKED = Buffer.from(MARKER);
const GONE = 'x'.repeat(9);
const WHOLE = { records: 20, bytes: 1_000_000 };
const encoder = new TextEncoder();
const silent = pino({ level: 'silent' });

/** Text that nothing can compress well, so that packed bytes are those of no other text. */
const noise = (seed: number, length: number) =>
  Array.from({ length }, (_, at) =>
    String.fromCharCode(33 + (Math.imul(at + 1, 2_654_435_761 + seed * 40_503) >>> 25)),
  ).join('');

const sessionRecord = (seq: number, isMarked: boolean, doc: string): JournalRecord => ({
  seq,
  at: 1_000 + seq,
  kind: doc === 'state' ? 'event' : 'update',
  doc,
  author: null,
  data: encoder.encode(`${noise(seq, 60)}${isMarked ? MARKER : ''}${noise(seq + 1, 20)}`),
});

const forget: Rewrite = ({ data }) => {
  const text = Buffer.from(data).toString();
  return text.includes(MARKER) ? encoder.encode(text.replaceAll(MARKER, GONE)) : null;
};

/** The bytes of the database with its log and index, as they are on the disk. */
function onDisk(file: string): Buffer {
  const parts = ['', '-wal', '-shm'].map((end) => `${file}${end}`).filter((path) => existsSync(path));
  return Buffer.concat(parts.map((path) => readFileSync(path)));
}

const sight = (of: Partial<GenerationRecord>): GenerationRecord => ({
  turnId: 't1',
  passageId: 'p1',
  alternativeId: 'a1',
  at: 5,
  waitMs: 1,
  memorySources: {},
  model: 'demo',
  version: 'v1',
  sampling: { temperature: 1, topP: 0.9, minP: 0.1 },
  seed: null,
  parts: [{ kind: 'passage', id: 'p0', text: `${noise(9, 50)} ${MARKER}`, isClipped: false }],
  droppedPassageIds: [],
  droppedMemoryIds: [],
  contextTokens: 10,
  promptTokens: 10,
  maxTokens: 10,
  outputTokens: 10,
  ...of,
});

const withoutParts = (record: GenerationRecord): GenerationRecord => ({ ...record, parts: [] });

function openLogs(database: Database) {
  const parts = { database, clock: new ManualClock(), log: silent };
  const onLost = (rows: number) => expect(rows).toBe(0);
  return {
    generations: new SqlGenerationLog({ ...parts, onLost }),
    labels: new SqlModerationLog({
      ...parts,
      onLost,
      secret: 'a secret of at least 32 characters',
      keepDays: 90,
    }),
  };
}

async function open() {
  const file = join(folder, `${(files += 1)}.sqlite`);
  const database = await openDatabase({ file, durability: 'process' });
  const store = new SqlSessionStore(database, {});
  return { file, database, store, history: new SqlHistoryStore(database, WHOLE) };
}

/** All packed bytes of a table as they are now. */
function packedOf(file: string, query: string): Buffer[] {
  const raw = new Sqlite(file, { readonly: true });
  const rows = raw.prepare(query).raw().all() as Buffer[][];
  raw.close();
  return rows.flat();
}

const PACKED = [
  'select core, drafts from history_segments',
  'select data from history_bases',
  'select data from generations',
];

describe('what was removed for good', () => {
  it('G1: is not in the file, its log or its index, wherever it was', async () => {
    const { file, database, store, history } = await open();
    const { generations, labels } = openLogs(database);
    await store.create('s1', 1);
    await store.create('s2', 1);
    const docs = ['state', 'story', 'draft-a'];
    const rows = Array.from({ length: 70 }, (_, index) =>
      sessionRecord(index + 1, index % 5 === 0, docs[index % 3]!),
    );
    for (const row of rows) await store.append('s1', [row]);
    await store.append('s2', [sessionRecord(1, false, 'state')]);
    for (const seq of [10, 30]) await history.saveBase('s1', { seq, data: rows[0]!.data });
    const large = encoder.encode(`${noise(3, 30_000)} ${MARKER} ${noise(4, 9_000)}`);
    const snapshots = ['state', 'story', 'draft-a'].map((doc) => ({ doc, seq: 60, data: large }));
    await store.saveSnapshots('s1', snapshots, []);
    await store.saveSnapshots('s1', [{ doc: 'state', seq: 65, data: large.slice(20_000) }], ['draft-a']);
    await history.compact('s1', 60);
    generations.save('s1', sight({}));
    generations.save('s1', sight({ alternativeId: 'a2' }));
    const label = { at: 1, sessionId: 's1', channel: 'story', rating: 'teen', harm: null } as const;
    labels.labelled({ ...label, text: MARKER, isHarmful: false, policyHash: 'p', modelVersion: 'm' });
    labels.labelled({ ...label, text: 'stays', isHarmful: false, policyHash: 'p', modelVersion: 'm' });
    await generations.find('s1', 'p1', 'a1');
    for await (const page of labels.labels()) expect(page).toHaveLength(2);

    expect(onDisk(file).includes(MARKED)).toBe(true);
    const before = PACKED.flatMap((query) => packedOf(file, query));
    expect(before).toHaveLength(3 * 2 + 2 + 2);

    await history.rewrite('s1', 70, forget);
    await generations.rewrite('s1', (record) =>
      record.alternativeId === 'a1' ? withoutParts(record) : null,
    );
    await labels.purge('s1', ['another', MARKER]);

    const disk = onDisk(file);
    expect(disk.includes(MARKED)).toBe(false);
    // Of what is packed, nothing that is no longer in use is left either.
    const after = Buffer.concat(PACKED.flatMap((query) => packedOf(file, query)));
    for (const packed of before) {
      for (let at = 0; at + 16 <= packed.byteLength; at += 16) {
        const piece = packed.subarray(at, at + 16);
        if (!after.includes(piece)) expect(disk.includes(piece)).toBe(false);
      }
    }
    const left: JournalRecord[] = [];
    for await (const page of history.read('s1', { after: 0, upTo: 1e9, docs: null })) left.push(...page);
    expect(left.map(({ seq, data }) => [seq, Buffer.from(data).toString()])).toEqual(
      rows.map(({ seq, data }) => [seq, Buffer.from(data).toString().replaceAll(MARKER, GONE)]),
    );
    expect((await generations.find('s1', 'p1', 'a1'))?.parts).toEqual([]);
    expect(await generations.find('s1', 'p1', 'a2')).toBeNull();
    for await (const page of labels.labels()) expect(page.map(({ text }) => text)).toEqual(['stays']);
    await generations.close();
    await labels.close();
    await store.close();
    expect(onDisk(file).includes(MARKED)).toBe(false);
  });

  it('G1: is not left by anything that was written, replaced and packed before', async () => {
    const step = fc.record({
      session: fc.nat(2),
      do: fc.constantFrom('append', 'append', 'snapshot', 'snapshot', 'drop', 'base', 'compact'),
      doc: fc.constantFrom('state', 'story', 'draft-a'),
      size: fc.constantFrom(10, 300, 900, 3_000, 4_050, 9_000, 40_000),
      isMarked: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 120 }), async (steps) => {
        const { file, store, history } = await open();
        const seqs = [0, 0, 0];
        const idOf = (session: number) => `s${session}`;
        for (const session of [0, 1, 2]) await store.create(idOf(session), 1);
        for (const [index, { session, do: what, doc, size, isMarked }] of steps.entries()) {
          const id = idOf(session);
          const text = `${noise(index, size / 2)}${isMarked ? MARKER : ''}${noise(index + 1, size / 2)}`;
          const data = encoder.encode(text);
          if (what === 'append') {
            const records = Array.from({ length: 1 + (index % 9) }, (): JournalRecord => {
              seqs[session]! += 1;
              return { ...sessionRecord(seqs[session]!, false, doc), data };
            });
            await store.append(id, records);
          } else if (what === 'snapshot')
            await store.saveSnapshots(id, [{ doc, seq: seqs[session]!, data }], []);
          else if (what === 'drop') await store.saveSnapshots(id, [], [doc]);
          else if (what === 'base') await history.saveBase(id, { seq: seqs[session]!, data });
          else await history.compact(id, seqs[session]!);
        }
        for (const session of [0, 1, 2]) await history.rewrite(idOf(session), seqs[session]!, forget);
        const isLeft = onDisk(file).includes(MARKED);
        await store.close();
        rmSync(file);
        return !isLeft;
      }),
      { numRuns: 25 },
    );
  }, 120_000);

  it('G1: nor by what was deleted before this server knew how to forget', async () => {
    const { file, store } = await open();
    await store.create('s1', 1);
    await store.append('s1', [sessionRecord(1, true, 'state'), sessionRecord(2, false, 'state')]);
    await store.close();
    const former = new Sqlite(file);
    former.pragma('secure_delete = OFF');
    const later = former
      .prepare<[], { name: string }>(
        `select name from sqlite_schema where type = 'table' and not name glob 'kysely*' and not name glob 'sqlite*'
         and not name glob 'moderation*' and name not in ('sessions', 'journal', 'snapshots', 'probes', 'flags')`,
      )
      .all();
    expect(later.length).toBeGreaterThan(2);
    former.exec(`
      ${later.map(({ name }) => `drop table ${name};`).join('')}
      delete from kysely_migration where name >= '0003';
      delete from journal where seq = 1;
    `);
    former.close();
    expect(onDisk(file).includes(MARKED)).toBe(true);
    const database = await openDatabase({ file, durability: 'process' });
    expect(onDisk(file).includes(MARKED)).toBe(false);
    const again = new SqlSessionStore(database, {});
    expect((await again.load('s1'))!.tail.map(({ seq }) => seq)).toEqual([2]);
    await again.close();
  });

  it('G1: snapshots that are saved while it is removed are neither lost nor do they bring it back', async () => {
    const { file, store, history } = await open();
    await store.create('s1', 1);
    await store.append(
      's1',
      Array.from({ length: 50 }, (_, at) => sessionRecord(at + 1, at === 7, 'story')),
    );
    const save = (doc: string, seq: number, text: string) =>
      store.saveSnapshots('s1', [{ doc, seq, data: encoder.encode(text) }], []);
    await save('state', 40, `state ${MARKER}`);
    await save('story', 40, `story ${MARKER}`);
    const rewriting = history.rewrite('s1', 50, forget);
    await Promise.all([rewriting, save('state', 45, `late state ${MARKER}`), save('story', 55, 'new story')]);
    const snapshots = (await store.load('s1'))!.snapshots.map(({ doc, seq, data }) => [
      doc,
      seq,
      Buffer.from(data).toString(),
    ]);
    expect(snapshots.toSorted()).toEqual([
      ['state', 45, `late state ${GONE}`],
      ['story', 55, 'new story'],
    ]);
    expect(onDisk(file).includes(MARKED)).toBe(false);
    await store.close();
  });

  it('G1: is refused while another program keeps the log, and done when asked again', async () => {
    const { file, store, history } = await open();
    await store.create('s1', 1);
    await store.append('s1', [sessionRecord(1, true, 'state')]);
    const reader = new Sqlite(file, { readonly: true });
    reader.exec('begin');
    reader.prepare('select count(*) from journal').get();
    await expect(history.rewrite('s1', 1, forget)).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    reader.exec('commit');
    reader.close();
    await history.rewrite('s1', 1, forget);
    expect(onDisk(file).includes(MARKED)).toBe(false);
    await store.close();
  }, 30_000);
});
