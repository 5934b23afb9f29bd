import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyBundle } from '../../server/audit/verify-bundle.ts';
import type { Verification } from '../../server/audit/verify-store.ts';
import { auditCommand } from '../../server/audit-cli.ts';
import { AuditFixture, journalOf, narratedFact, passageFact, reading } from '../support/audit-fixture.ts';
import { withSeed } from '../support/seeded-random.ts';

const SEED = Number(process.env.SEED ?? 4_711);
/** Positions changed in one long value, and bytes of the file. */
const POSITIONS = 16;
const FILE_FLIPS = Number(process.env.FLIPS ?? 80);
const TABLES = [
  'audit_records',
  'audit_tiles',
  'audit_head',
  'audit_checkpoints',
  'audit_blobs',
  'audit_keys',
  'audit_progress',
];

type Value = string | number | null | Buffer;
type Row = Record<string, Value> & { rowid: number };

let fixture: AuditFixture;
let base: Buffer;
let lines: string[];

/** A small log with everything in it: two sessions, the narrator, a purge, an erasure, checkpoints. */
beforeAll(async () => {
  fixture = await AuditFixture.open();
  await fixture.journal('s0', 2);
  await fixture.record([...journalOf('s1', 3), narratedFact({ seq: 4 })]);
  await fixture.record(journalOf('s2', 2).map((fact) => ({ ...fact, playerId: 'bert1' })));
  await fixture.audit.checkpoint();
  await fixture.record([
    { sessionId: 's1', seq: 5, at: 9, playerId: 'anna1', kind: 'purge', passageIds: ['p2'] },
  ]);
  await fixture.audit.erase({ sessionId: 's2', playerId: 'bert1', reason: 'request' });
  await fixture.record([passageFact({ seq: 6 })]);
  await fixture.audit.catchUp('s0', reading([]));
  lines = [];
  for await (const line of fixture.audit.export({ session: 's1' }, true)) lines.push(line);
  await fixture.close();
  const sqlite = new Sqlite(fixture.file);
  sqlite.pragma('wal_checkpoint(truncate)');
  sqlite.pragma('journal_mode = delete');
  base = sqlite.serialize();
  sqlite.close();
});
afterAll(() => fixture.remove());

/** What verification says of a copy of the log that something was done to. */
async function after(change: (sqlite: Sqlite.Database) => void): Promise<Verification> {
  const sqlite = new Sqlite(base);
  change(sqlite);
  const result = await fixture.verify(sqlite);
  sqlite.close();
  return result;
}

/** Values like the given one with one byte changed. */
function changes(value: Value, pick: (count: number) => number): Value[] {
  if (value === null) return ['x', 0];
  if (typeof value === 'number') return [value + 1, value ^ 4, -value - 1, null];
  const length = value.length;
  const positions =
    length <= 2 * POSITIONS
      ? [...Array(length).keys()]
      : Array.from({ length: POSITIONS }, () => pick(length));
  return positions.map((at) => {
    if (typeof value === 'string')
      return `${value.slice(0, at)}${String.fromCharCode(value.charCodeAt(at) ^ 1)}${value.slice(at + 1)}`;
    const changed = Buffer.from(value);
    changed[at]! ^= 1 << pick(8);
    return changed;
  });
}

function rowsOf(sqlite: Sqlite.Database, table: string): Row[] {
  return sqlite.prepare(`select rowid as rowid, * from ${table} order by rowid`).all() as Row[];
}

describe('verification of the audit log', () => {
  it('U4: finds nothing in a log that nobody has touched', async () => {
    expect(await after(() => undefined)).toMatchObject({ ok: true, size: 10, findings: [] });
    const sqlite = new Sqlite(base);
    for (const table of TABLES.filter((each) => each !== 'audit_tiles'))
      expect(rowsOf(sqlite, table).length, table).toBeGreaterThan(0);
    sqlite.close();
  });

  it('U4: finds a changed byte in any column of any row, and names the record', async () => {
    let tried = 0;
    await withSeed(SEED, async (random) => {
      const sqlite = new Sqlite(base);
      for (const table of TABLES) {
        for (const row of rowsOf(sqlite, table)) {
          for (const [column, value] of Object.entries(row)) {
            if (column === 'rowid') continue;
            for (const changed of changes(value, (count) => random.int(0, count - 1))) {
              const update = sqlite.prepare(`update ${table} set ${column} = ? where rowid = ?`);
              // A key or a column that is not null refuses some values by itself.
              sqlite.exec('savepoint before');
              let isRefused = false;
              try {
                update.run(changed, row.rowid);
              } catch {
                isRefused = true;
              }
              if (!isRefused) {
                tried += 1;
                const result = await fixture.verify(sqlite);
                const where = `${table}.${column} of row ${row.rowid}: ${String(value)} -> ${String(changed)}`;
                expect(result.ok, where).toBe(false);
                if (table === 'audit_records' && column !== 'leaf_index')
                  expect(result.findings[0]?.index, where).toBe(row.rowid);
              }
              sqlite.exec('rollback to before; release before');
            }
          }
        }
      }
      sqlite.close();
    });
    expect(tried).toBeGreaterThan(1_000);
  }, 240_000);

  it('U4: finds each removed row', async () => {
    const sqlite = new Sqlite(base);
    const rows = TABLES.flatMap((table) => rowsOf(sqlite, table).map((row) => [table, row] as const));
    sqlite.close();
    expect(rows.length).toBeGreaterThan(20);
    for (const [table, { rowid }] of rows) {
      const result = await after((db) => db.prepare(`delete from ${table} where rowid = ?`).run(rowid));
      expect(result.ok, `${table} ${rowid}`).toBe(false);
      if (table === 'audit_records') expect(result.findings[0]).toMatchObject({ index: rowid });
    }
  });

  it('U4: finds records that were moved, cut off or added, and names the first', async () => {
    const swapped = await after((db) =>
      db.exec(`update audit_records set leaf_index = -1 where leaf_index = 3;
        update audit_records set leaf_index = 3 where leaf_index = 5;
        update audit_records set leaf_index = 5 where leaf_index = -1;`),
    );
    expect(swapped.findings[0]).toMatchObject({ index: 3, part: 'record' });
    const cut = await after((db) =>
      db.exec(
        'delete from audit_records where leaf_index >= 9; delete from audit_blobs where leaf_index >= 9',
      ),
    );
    expect(cut.findings[0]).toMatchObject({ index: 9, what: expect.stringContaining('missing') as string });
    for (const at of [10, 12, -1]) {
      const added = await after((db) =>
        db.exec(`insert into audit_records select ${at}, session_id, seq, at, type, record, leaf_hash, seal
          from audit_records where leaf_index = 3`),
      );
      expect(added.findings[0], String(at)).toMatchObject({ index: at, part: 'record' });
    }
  });

  it('U4: finds an earlier state of the whole database by the checkpoints that others have', async () => {
    const older = await after((db) => {
      const row = db.prepare('select note from audit_checkpoints where id = 1').get() as { note: string };
      expect(row.note).toContain('\n7\n');
      db.exec('delete from audit_records where leaf_index >= 8; delete from audit_checkpoints where id > 1');
    });
    expect(older.findings.some(({ index, what }) => index === 8 && what.includes('missing'))).toBe(true);
    const copy = await AuditFixture.open();
    await copy.record(journalOf('s1', 2));
    await copy.audit.checkpoint();
    await copy.database.close();
    copyFileSync(copy.file, join(copy.folder, 'backup'));
    if (existsSync(`${copy.file}-wal`)) copyFileSync(`${copy.file}-wal`, join(copy.folder, 'backup-wal'));
    await copy.openAgain();
    await copy.record(journalOf('s1', 5));
    await copy.close();
    expect(await copy.verify()).toMatchObject({ ok: true });
    copyFileSync(join(copy.folder, 'backup'), copy.file);
    expect((await copy.verify()).findings[0]).toMatchObject({
      index: 3,
      what: expect.stringContaining('the newest are missing') as string,
    });
    copy.remove();
  });

  it('U4: a server that finds its log changed says so, writes nothing over it, and loses nothing', async () => {
    const copy = await AuditFixture.open();
    await copy.journal('s1', 3);
    await copy.record(journalOf('s1', 3));
    await copy.close();
    const sqlite = new Sqlite(copy.file);
    sqlite.exec("update audit_records set leaf_hash = x'00' where leaf_index = 2");
    sqlite.close();
    await copy.openAgain();
    expect(copy.audit.isWritable).toBe(false);
    expect(copy.audit.status().ok).toBe(false);
    copy.audit.take(passageFact({ seq: 4 }));
    expect(await copy.audit.behind()).toEqual(['s1']);
    expect((await copy.audit.verify()).findings[0]).toMatchObject({ index: 2 });
    expect((await copy.metrics.auditVerifyFailures.get()).values[0]?.value).toBeGreaterThan(0);
    await copy.close();
    expect((await copy.verify()).size).toBe(4);
    copy.remove();
  });

  it('U4: finds changed roots of tiles', async () => {
    const big = await AuditFixture.open();
    await big.record(journalOf('s1', 520));
    await big.close();
    const sqlite = new Sqlite(big.file);
    expect(await big.verify(sqlite)).toMatchObject({ ok: true, size: 521 });
    for (const change of [
      "update audit_tiles set root = x'00' where tile = 1",
      'delete from audit_tiles where tile = 1',
      'update audit_tiles set tile = 2 where tile = 1',
    ]) {
      sqlite.exec(`begin; ${change}`);
      expect((await big.verify(sqlite)).findings[0], change).toMatchObject({ part: 'tree', index: 256 });
      sqlite.exec('rollback');
    }
    sqlite.close();
    big.remove();
  });

  it('U4: a changed byte of the database file is found, or is part of no row', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'taleloom-flips-'));
    const dump = (sqlite: Sqlite.Database) =>
      JSON.stringify(TABLES.map((table) => sqlite.prepare(`select * from ${table} not indexed`).all()));
    const whole = new Sqlite(base);
    const truth = dump(whole);
    whole.close();
    let found = 0;
    await withSeed(SEED, async (random) => {
      for (let flip = 0; flip < FILE_FLIPS; flip += 1) {
        const copy = Buffer.from(base);
        const at = random.int(0, copy.length - 1);
        copy[at]! ^= 1 << random.int(0, 7);
        const file = join(folder, `${flip}.sqlite`);
        writeFileSync(file, copy);
        let isFound = true;
        try {
          const sqlite = new Sqlite(file, { readonly: true });
          isFound = !(await fixture.verify(sqlite)).ok;
          if (!isFound) expect(dump(sqlite), `byte ${at}`).toBe(truth);
          sqlite.close();
        } catch (error) {
          expect(error).toBeInstanceOf(Sqlite.SqliteError);
        }
        if (isFound) found += 1;
      }
    });
    rmSync(folder, { recursive: true, force: true });
    expect(found).toBeGreaterThan(0);
  }, 120_000);
});

async function* from(list: readonly string[]): AsyncGenerator<string> {
  for (const line of list) {
    await Promise.resolve();
    yield line.trimEnd();
  }
}

describe('exports of the audit log', () => {
  it('U6: prove themselves, with the texts that can still be read', async () => {
    const result = await verifyBundle(from(lines), null);
    expect(result).toMatchObject({ ok: true, records: 6, texts: 4, faults: [] });
    expect(result.checkpoint?.size).toBe(10);
    expect(lines.join('')).toContain('lanterns');
    expect((await verifyBundle(from(lines), result.vkey)).ok).toBe(true);
    const other = await verifyBundle(from(lines), 'taleloom/audit/0+00000000+AA==');
    expect(other.faults[0]?.what).toContain('another log');
  });

  it('U6: any changed byte, and any line taken out, added or moved, is found', async () => {
    await withSeed(SEED, async (random) => {
      for (const [number, line] of lines.entries()) {
        const bytes = Buffer.from(line.trimEnd());
        for (let time = 0; time < 25; time += 1) {
          const at = random.int(0, bytes.length - 1);
          const changed = Buffer.from(bytes);
          changed[at]! ^= 1 << random.int(0, 5);
          const result = await verifyBundle(from(lines.with(number, changed.toString())), null);
          expect(result.ok, `line ${number}, byte ${at}: ${changed.toString().slice(at - 20, at + 20)}`).toBe(
            false,
          );
        }
        expect((await verifyBundle(from(lines.toSpliced(number, 1)), null)).ok, `without ${number}`).toBe(
          false,
        );
        expect((await verifyBundle(from(lines.toSpliced(number, 0, line)), null)).ok).toBe(false);
      }
    });
    expect((await verifyBundle(from([]), null)).ok).toBe(false);
    expect((await verifyBundle(from(['{', 'null', '[]']), null)).ok).toBe(false);
  });

  it('U6: the program says so in plain words, with an exit code', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'taleloom-cli-'));
    const whole = join(folder, 'whole.jsonl');
    const changed = join(folder, 'changed.jsonl');
    writeFileSync(whole, lines.join(''));
    writeFileSync(changed, lines.join('').replace('lanterns', 'lantern5'));
    const run = (...args: string[]) => {
      const entry = join(import.meta.dirname, '../../server/audit-cli.ts');
      const { status, stdout } = spawnSync(process.execPath, ['--import', 'tsx', entry, ...args], {
        encoding: 'utf8',
      });
      return { status, stdout };
    };
    expect(run('verify', whole)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('This file holds: 6 records, 4 of them with text') as string,
    });
    const found = run('verify', changed);
    expect(found.status).toBe(1);
    expect(found.stdout).toMatch(
      /Line \d, record \d+: the text is not the one that the record is bound to\./,
    );
    expect(run('verify', '--data', fixture.folder)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('The audit log holds: 10 records') as string,
    });
    const said: string[] = [];
    const command = (...args: string[]) => auditCommand(args, (line) => said.push(line));
    expect(await command('verify', join(folder, 'none'))).toBe(2);
    expect(await command('verify', '--data', folder)).toBe(2);
    expect(await command('verify')).toBe(2);
    expect(await command('verify', '--what')).toBe(2);
    const out = join(folder, 'out.jsonl');
    expect(await command('export', '--data', fixture.folder, '--out', out, '--session', 's2', '--text')).toBe(
      0,
    );
    expect(await command('verify', out)).toBe(0);
    expect(readFileSync(out, 'utf8')).toContain('"text":null');
    const all = join(folder, 'all.jsonl');
    expect(
      await command('export', '--data', fixture.folder, '--out', all, '--from', '0', '--to', '9999999999999'),
    ).toBe(0);
    expect(await command('verify', all)).toBe(0);
    expect(readFileSync(all, 'utf8').trim().split('\n')).toHaveLength(12);
    rmSync(folder, { recursive: true, force: true });
  });
});
