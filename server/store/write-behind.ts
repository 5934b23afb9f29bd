import { AppError } from '../../sessions/errors.ts';
import type { Clock } from '../../sessions/ports.ts';

/** Rows that may wait, and characters in them; what comes beyond is lost. */
const MAX_WAITING = 5_000;
const MAX_WAITING_CHARS = 16 * 1024 * 1024;
/** Rows handed to `write` at once. */
const GROUP_ROWS = 200;
/** Time in which rows are gathered, and the pause after a failed write. */
const GATHER_MS = 500;
const RETRY_MS = 5_000;
const TROUBLE_EVERY_MS = 60_000;

export interface WriteBehindParts<Row> {
  clock: Clock;
  /** Stores a group whole or not at all. */
  write: (rows: readonly Row[]) => Promise<void>;
  /** Roughly how many characters a row holds. */
  sizeOf: (row: Row) => number;
  /** The error is the fault of a row in the group, not of the database. */
  isConflict: (error: unknown) => boolean;
  /** So many rows are lost for good. */
  onLost: (rows: number) => void;
  /** A write has failed; once a minute at most. */
  onTrouble: (error: unknown) => void;
}

/** Writes rows in the background, some at a time: who adds one neither waits nor hears of a failure. */
export class WriteBehind<Row> {
  readonly #parts: WriteBehindParts<Row>;
  readonly #waiting: Row[] = [];
  #waitingChars = 0;
  #writing: Promise<void> | null = null;
  #cancelTimer: (() => void) | null = null;
  #hasFailed = false;
  #toldAt = -Infinity;
  #closing: Promise<void> | null = null;

  constructor(parts: WriteBehindParts<Row>) {
    this.#parts = parts;
  }

  add(row: Row): void {
    const chars = this.#parts.sizeOf(row);
    const isFull = this.#waiting.length >= MAX_WAITING || this.#waitingChars + chars > MAX_WAITING_CHARS;
    if (isFull || this.#closing !== null) return this.#parts.onLost(1);
    this.#waiting.push(row);
    this.#waitingChars += chars;
    if (this.#waiting.length >= GROUP_ROWS && !this.#hasFailed) void this.flush();
    else this.#plan();
  }

  /** Resolves when all that waits now is written, or a write has failed; never rejects. */
  flush(): Promise<void> {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    this.#writing ??= this.#work().finally(() => {
      this.#writing = null;
      if (this.#waiting.length > 0) this.#plan();
    });
    return this.#writing;
  }

  /** Resolves when all that waits now is written, or lost. Throws AppError STORAGE_UNAVAILABLE when it cannot be now. */
  async drain(): Promise<void> {
    await this.flush();
    if (this.#hasFailed)
      throw new AppError('STORAGE_UNAVAILABLE', { detail: 'some of it is not written yet' });
  }

  /** Writes what waits; what cannot be written now is lost. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    // The write that is under way may have begun before the last rows came.
    await this.flush();
    await this.flush();
    const lost = this.#waiting.splice(0).length;
    if (lost > 0) this.#parts.onLost(lost);
  }

  #plan(): void {
    if (this.#cancelTimer !== null || this.#writing !== null || this.#closing !== null) return;
    this.#cancelTimer = this.#parts.clock.after(this.#hasFailed ? RETRY_MS : GATHER_MS, () => {
      this.#cancelTimer = null;
      void this.flush();
    });
  }

  async #work(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        const group = this.#waiting.slice(0, GROUP_ROWS);
        await this.#writeGroup(group);
        this.#waiting.splice(0, group.length);
        for (const row of group) this.#waitingChars -= this.#parts.sizeOf(row);
      }
      this.#hasFailed = false;
    } catch (error) {
      this.#hasFailed = true;
      this.#tell(error);
    }
  }

  async #writeGroup(group: readonly Row[]): Promise<void> {
    try {
      await this.#parts.write(group);
    } catch (error) {
      if (!this.#parts.isConflict(error)) throw error;
      if (group.length > 1) return this.#writeOneByOne(group);
      this.#tell(error);
      this.#parts.onLost(1);
    }
  }

  /** One row that the database will never take must not hold up the others. */
  async #writeOneByOne(group: readonly Row[]): Promise<void> {
    for (const row of group) await this.#writeGroup([row]);
  }

  #tell(error: unknown): void {
    const now = this.#parts.clock.now();
    if (now - this.#toldAt < TROUBLE_EVERY_MS) return;
    this.#toldAt = now;
    this.#parts.onTrouble(error);
  }
}
