import { AppError } from '../../sessions/errors.ts';
import type { JournalRecord } from '../../sessions/ports.ts';

/** Rows of one transaction that gathers several appends (7 parameters each, so under 4,000 parameters). */
export const MAX_GROUP_ROWS = 500;
/** Bytes of one such transaction. */
export const MAX_GROUP_BYTES = 8 * 1024 * 1024;
/** Bytes that may wait for the disk; an append beyond is refused with STORAGE_UNAVAILABLE. */
const MAX_WAITING_BYTES = 128 * 1024 * 1024;
/** Counted per record, so that very many tiny ones are bounded too. */
const RECORD_OVERHEAD_BYTES = 200;

/** One call of `append` that waits for the disk. */
export interface Append {
  readonly sessionId: string;
  readonly records: readonly JournalRecord[];
}

interface WaitingAppend extends Append {
  readonly bytes: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

function sizeOf(records: readonly JournalRecord[]): number {
  let bytes = 0;
  for (const record of records) bytes += record.data.byteLength + RECORD_OVERHEAD_BYTES;
  return bytes;
}

/**
 * Gathers appends that arrive together, or while a write is running, and hands them to `write` as one group:
 * one transaction and one fsync for all. A group that breaks a key is written again one append at a time, so
 * that only the append at fault is refused.
 */
export class GroupCommit {
  private readonly write: (group: readonly Append[]) => Promise<void>;
  private readonly isConflict: (error: unknown) => boolean;
  private waiting: WaitingAppend[] = [];
  private waitingBytes = 0;
  private working: Promise<void> | null = null;

  constructor(options: {
    /** Stores a group whole or not at all. A group over the row or byte limit is a single append. */
    write: (group: readonly Append[]) => Promise<void>;
    /** The error is the fault of an append in the group, not of the database. */
    isConflict: (error: unknown) => boolean;
  }) {
    this.write = options.write;
    this.isConflict = options.isConflict;
  }

  /** Resolves when the records are durable; rejects with AppError STORAGE_UNAVAILABLE when none of them is. */
  append(sessionId: string, records: readonly JournalRecord[]): Promise<void> {
    if (records.length === 0) return Promise.resolve();
    const bytes = sizeOf(records);
    if (this.waiting.length > 0 && this.waitingBytes + bytes > MAX_WAITING_BYTES) {
      const detail = 'the disk is too slow: too much waits to be written';
      return Promise.reject(new AppError('STORAGE_UNAVAILABLE', { detail }));
    }
    return new Promise((resolve, reject) => {
      this.waiting.push({ sessionId, records, bytes, resolve, reject });
      this.waitingBytes += bytes;
      this.working ??= this.work();
    });
  }

  /** Resolves when nothing waits any more. */
  async drain(): Promise<void> {
    while (this.working !== null) await this.working;
  }

  private async work(): Promise<void> {
    // Everybody who appends in the same turn of the event loop comes along.
    await Promise.resolve();
    while (this.waiting.length > 0) await this.commit(this.takeGroup());
    this.working = null;
  }

  /** As many waiting appends as fit, at least one. */
  private takeGroup(): WaitingAppend[] {
    let rows = 0;
    let bytes = 0;
    let count = 0;
    for (const append of this.waiting) {
      rows += append.records.length;
      if (count > 0 && (rows > MAX_GROUP_ROWS || bytes + append.bytes > MAX_GROUP_BYTES)) break;
      bytes += append.bytes;
      count += 1;
    }
    this.waitingBytes -= bytes;
    if (count === this.waiting.length) {
      const all = this.waiting;
      this.waiting = [];
      return all;
    }
    return this.waiting.splice(0, count);
  }

  private async commit(group: readonly WaitingAppend[]): Promise<void> {
    try {
      await this.write(group);
    } catch (error) {
      if (group.length > 1 && this.isConflict(error)) return this.commitOneByOne(group);
      for (const append of group) append.reject(error);
      return;
    }
    for (const append of group) append.resolve();
  }

  private async commitOneByOne(group: readonly WaitingAppend[]): Promise<void> {
    const failed = new Map<string, unknown>();
    for (const append of group) {
      // What follows a refused append of the same session would leave a hole in its journal.
      if (failed.has(append.sessionId)) {
        append.reject(failed.get(append.sessionId));
        continue;
      }
      try {
        await this.write([append]);
        append.resolve();
      } catch (error) {
        failed.set(append.sessionId, error);
        append.reject(error);
      }
    }
  }
}
