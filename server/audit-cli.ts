/** `taleloom audit`: verifies exported files and whole data folders, and exports, without a running server. */
import { createReadStream, existsSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import Sqlite from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { AuditKeys } from './audit/audit-keys.ts';
import { auditPaths } from './audit/audit-opening.ts';
import { bundleLines, type ExportRange } from './audit/bundle.ts';
import { CheckpointFile } from './audit/checkpoint-file.ts';
import { loadTree, ProofReader } from './audit/proof-reader.ts';
import { verifyBundle, type BundleVerification } from './audit/verify-bundle.ts';
import { verifyStore } from './audit/verify-store.ts';
import { SqlAuditStore } from './store/sql-audit-store.ts';
import type { Tables } from './store/tables.ts';

const USAGE = `Usage:
  taleloom audit verify FILE [--key KEY]   an exported file; KEY: the public key of the log it has to be from
  taleloom audit verify --data DIR         the whole log in a data folder (the server may be running)
  taleloom audit export --data DIR --out FILE (--session ID | --from MS --to MS) [--text]

Ends with 0 when everything holds, 1 when something was changed, 2 when it could not be looked at.`;

const HOLDS = 0;
const CHANGED = 1;
const FAILED = 2;

/** What cannot be done as it was asked for. */
class UsageError extends Error {}

type Print = (line: string) => void;

/** Runs the command; answers the exit code. Prints what it found in plain words. */
export async function auditCommand(args: readonly string[], print: Print): Promise<number> {
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        data: { type: 'string' },
        key: { type: 'string' },
        out: { type: 'string' },
        session: { type: 'string' },
        from: { type: 'string' },
        to: { type: 'string' },
        text: { type: 'boolean', default: false },
      },
    });
    const [command, file, ...rest] = positionals;
    if (rest.length > 0) throw new UsageError(USAGE);
    if (command === 'verify' && values.data !== undefined && file === undefined)
      return await verifyFolder(values.data, print);
    if (command === 'verify' && file !== undefined) return await verifyFile(file, values.key ?? null, print);
    if (command === 'export' && values.data !== undefined && values.out !== undefined && file === undefined)
      return await exportFolder(
        { data: values.data, out: values.out, range: rangeOf(values), text: values.text },
        print,
      );
    throw new UsageError(USAGE);
  } catch (error) {
    print(error instanceof Error ? error.message : String(error));
    return FAILED;
  }
}

function rangeOf({ session, from, to }: { session?: string; from?: string; to?: string }): ExportRange {
  if (session !== undefined && from === undefined && to === undefined) return { session };
  const range = { from: Number(from ?? NaN), to: Number(to ?? NaN) };
  if (session === undefined && Number.isFinite(range.from) && Number.isFinite(range.to)) return range;
  throw new UsageError(USAGE);
}

async function verifyFile(file: string, key: string | null, print: Print): Promise<number> {
  // Opened first: a stream would tell of a missing file in the middle of the reading.
  const handle = await open(file);
  const lines = createInterface({ input: createReadStream('', { fd: handle }), crlfDelay: Infinity });
  const result = await verifyBundle(lines, key);
  await handle.close().catch(() => undefined);
  printBundle(result, key !== null, print);
  return result.ok ? HOLDS : CHANGED;
}

function printBundle(result: BundleVerification, isKeyGiven: boolean, print: Print): void {
  const { checkpoint, faults, records, texts, vkey } = result;
  for (const { line, index, what } of faults)
    print(`Line ${line}${index === null ? '' : `, record ${index}`}: ${what}.`);
  if (!result.ok) return print('This file does NOT hold: it was changed, or is not whole.');
  print(`This file holds: ${records} records, ${texts} of them with text, all in the signed log`);
  print(`of ${checkpoint?.size ?? 0} records (root ${Buffer.from(checkpoint?.root ?? []).toString('hex')}).`);
  if (isKeyGiven) return;
  print(`It is signed by the key ${vkey}.`);
  print('Compare that with the key you know of this server, or give it with --key: whoever writes');
  print('a file can sign it with a key of their own.');
}

/** Opens a log for reading. Throws UsageError when there is none. */
async function openFolder(data: string) {
  const paths = auditPaths(data);
  const database = join(data, 'taleloom.sqlite');
  for (const path of [database, paths.secret])
    if (!existsSync(path)) throw new UsageError(`There is no audit log in ${data}: ${path} is missing.`);
  const sqlite = new Sqlite(database, { readonly: true, fileMustExist: true });
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: sqlite }) });
  return {
    sqlite,
    store: new SqlAuditStore({ db, flavour: null }),
    keys: new AuditKeys((await readFile(paths.secret, 'utf8')).trim()),
    file: new CheckpointFile(paths.checkpoints),
    close: () => db.destroy(),
  };
}

/** What SQLite itself finds wrong with the tables of the log. */
function damageOf(sqlite: Sqlite.Database): string[] {
  const tables = sqlite
    .prepare<[], { name: string }>(
      "select name from sqlite_master where type = 'table' and name like 'audit_%'",
    )
    .all();
  return tables.flatMap(({ name }) =>
    sqlite
      .prepare<[], { integrity_check: string }>(`pragma integrity_check(${name})`)
      .all()
      .map((row) => row.integrity_check)
      .filter((line) => line !== 'ok'),
  );
}

async function verifyFolder(data: string, print: Print): Promise<number> {
  const { sqlite, store, keys, file, close } = await openFolder(data);
  try {
    // One moment for everything that is read, also while a server writes.
    sqlite.exec('begin');
    const notes = await file.read();
    const result = await verifyStore({ store, keys, notes });
    const damage = result.findings.some(({ part }) => part === 'store') ? [] : tryDamage(sqlite);
    for (const { part, index, what } of result.findings)
      print(`${index === null ? part : `Record ${index} (${part})`}: ${what}.`);
    if (result.count > result.findings.length)
      print(`... and ${result.count - result.findings.length} more.`);
    for (const line of damage.slice(0, 10)) print(`The database file is damaged: ${line}`);
    if (!result.ok || damage.length > 0) {
      print('The audit log does NOT hold. Keep a copy of the data folder as it is.');
      return CHANGED;
    }
    print(`The audit log holds: ${result.size} records, root ${result.root}.`);
    print(`Key: ${keys.verifier.vkey}`);
    return HOLDS;
  } finally {
    await close();
  }
}

function tryDamage(sqlite: Sqlite.Database): string[] {
  try {
    return damageOf(sqlite);
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

async function exportFolder(
  of: { data: string; out: string; range: ExportRange; text: boolean },
  print: Print,
): Promise<number> {
  const { store, keys, close } = await openFolder(of.data);
  try {
    const checkpoint = await store.newestCheckpoint();
    if (checkpoint === null)
      throw new UsageError('Nothing is signed yet: start the server once, and stop it.');
    const proofs = new ProofReader(await loadTree(store, checkpoint.size), store);
    const out = await open(of.out, 'wx', 0o600);
    try {
      const parts = { store, keys, proofs, checkpoint, of: of.range, withText: of.text };
      for await (const line of bundleLines(parts)) await out.appendFile(line);
    } finally {
      await out.close();
    }
    print(
      `Written to ${of.out}. Verify it with: taleloom audit verify ${of.out} --key ${keys.verifier.vkey}`,
    );
    return HOLDS;
  } finally {
    await close();
  }
}

const entry = process.argv[1];
if (entry !== undefined && import.meta.url === pathToFileURL(resolve(entry)).href)
  process.exitCode = await auditCommand(process.argv.slice(2), (line) => process.stdout.write(`${line}\n`));
