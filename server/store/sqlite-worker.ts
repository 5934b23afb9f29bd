/** Worker thread entry: owns the one connection to the SQLite file and runs what it is sent, in order. */
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import Database from 'better-sqlite3';
import type {
  SqliteAnswer,
  SqliteFault,
  SqliteOptions,
  SqliteRequest,
  SqliteResult,
} from './sqlite-messages.ts';

/** Prepared statements kept; the journal's insert has one text per row count. */
const STATEMENTS_KEPT = 128;

const statements = new Map<string, Database.Statement>();

function open(options: SqliteOptions): Database.Database {
  const db = new Database(options.file, { timeout: options.busyTimeoutMs });
  db.pragma('journal_mode = WAL');
  db.pragma(`synchronous = ${options.synchronous}`);
  db.pragma('foreign_keys = ON');
  db.pragma('cache_size = -16000');
  // What is deleted is overwritten, always: a purge could not find what earlier deletes have left behind.
  db.pragma('secure_delete = ON');
  // 16 MiB of log before it is moved into the file: pages written often are moved once (measured -25 % CPU).
  db.pragma('wal_autocheckpoint = 4000');
  // A burst may grow the write-ahead log; give the room back at the next checkpoint.
  db.pragma('journal_size_limit = 67108864');
  if (options.maxPages !== null) db.pragma(`max_page_count = ${options.maxPages}`);
  return db;
}

/** Least recently used statements go first: a Map keeps insertion order, so a hit moves to the end. */
function prepare(db: Database.Database, sql: string): Database.Statement {
  const known = statements.get(sql);
  const statement = known ?? db.prepare(sql);
  if (known !== undefined) statements.delete(sql);
  else if (statements.size >= STATEMENTS_KEPT) {
    const [oldest] = statements.keys();
    if (oldest !== undefined) statements.delete(oldest);
  }
  statements.set(sql, statement);
  return statement;
}

function run(db: Database.Database, sql: string, parameters: readonly unknown[]): SqliteResult {
  // SQLite may have rolled back by itself (disk full); then there is nothing left to undo.
  if (sql === 'rollback' && !db.inTransaction) return { rows: [], changes: null };
  const statement = prepare(db, sql);
  if (statement.reader) return { rows: statement.all(...parameters), changes: null };
  return { rows: [], changes: statement.run(...parameters).changes };
}

function toFault(error: unknown): SqliteFault {
  if (error instanceof Database.SqliteError) return { code: error.code, message: error.message };
  return { code: 'WORKER', message: error instanceof Error ? error.message : String(error) };
}

function serve(port: MessagePort, db: Database.Database): void {
  port.on('message', (request: SqliteRequest) => {
    let answer: SqliteAnswer;
    try {
      if ('close' in request) {
        db.close();
        port.close();
        return;
      }
      answer = { id: request.id, result: run(db, request.sql, request.parameters) };
    } catch (error) {
      answer = { id: request.id, fault: toFault(error) };
    }
    port.postMessage(answer);
  });
}

function start(port: MessagePort, options: SqliteOptions): void {
  try {
    serve(port, open(options));
    port.postMessage({ id: 0, result: { rows: [], changes: null } } satisfies SqliteAnswer);
  } catch (error) {
    port.postMessage({ id: 0, fault: toFault(error) } satisfies SqliteAnswer);
  }
}

if (parentPort !== null) start(parentPort, workerData as SqliteOptions);
