import Database from 'better-sqlite3';
import { AppError } from '../../sessions/errors.ts';

/**
 * Makes sure that no other server uses a database file: holds `<file>.lock` until `release` is called or the
 * process ends, however it ends. The database itself stays readable for backups. Throws AppError
 * STORAGE_UNAVAILABLE when somebody else holds it or the folder is not writable.
 */
export function lockFile(file: string): { release: () => void } {
  try {
    const held = new Database(`${file}.lock`, { timeout: 0 });
    // An exclusive SQLite transaction is a lock that the operating system takes back from dead processes.
    held.pragma('journal_mode = MEMORY');
    held.exec('BEGIN EXCLUSIVE');
    return { release: () => held.close() };
  } catch (cause) {
    const isBusy = cause instanceof Database.SqliteError && cause.code === 'SQLITE_BUSY';
    const detail = isBusy
      ? 'another Taleloom server is using this data folder'
      : 'the data folder is not writable';
    throw new AppError('STORAGE_UNAVAILABLE', { detail: `${detail} (${file})`, cause });
  }
}
