import { AppError } from '../../sessions/errors.ts';
import type { Clock } from '../../sessions/ports.ts';
import type { AuditGroup, AuditHeadRow, SqlAuditStore } from '../store/sql-audit-store.ts';
import {
  GroupBuilder,
  type BuilderParts,
  type BuiltGroup,
  type Entry,
  type LogState,
} from './group-builder.ts';
import { isSameHash } from './merkle.ts';

/** What may wait; facts beyond it are left to the journal. */
const MAX_WAITING = 5_000;
const MAX_WAITING_CHARS = 16 * 1024 * 1024;
/** One transaction; making its rows keeps the event loop for some 20 ms. */
const GROUP_ENTRIES = 100;
const GROUP_CHARS = 2 * 1024 * 1024;
const ENTRY_CHARS = 1_000;
/** Time in which entries are gathered, and the pause after a failed write. */
const GATHER_MS = 250;
const RETRY_MS = 5_000;

export interface WriterParts {
  builder: BuilderParts & { store: SqlAuditStore };
  clock: Clock;
  /** What the store holds; the writer is the only one to add to it. */
  state: LogState;
  /** A group is durable. */
  onWritten: (built: BuiltGroup) => void;
  /** A write has failed, or facts were refused. */
  onFailed: (error: unknown) => void;
}

/** What a write leaves, of which we do not know whether it came to pass. */
interface Unknown {
  head: AuditHeadRow;
  settle: () => void;
}

/** The one who writes to the audit log: gathers what comes and writes it in order, each group in one transaction. */
export class AuditWriter {
  readonly #parts: WriterParts;
  #state: LogState;
  #waiting: Entry[] = [];
  #waitingChars = 0;
  #working: Promise<void> | null = null;
  #cancelTimer: (() => void) | null = null;
  #failure: { error: unknown } | null = null;
  #unknown: Unknown | null = null;
  /** What was deleted may still be in the log of the database. */
  #mustOverwrite = false;
  #isClosed = false;

  constructor(parts: WriterParts) {
    this.#parts = parts;
    this.#state = parts.state;
  }

  /** What is durable. */
  get state(): LogState {
    return this.#state;
  }

  /** Why nothing can be written just now; null: it can. */
  get failure(): { error: unknown } | null {
    return this.#failure;
  }

  /** False: there is no room; nothing was taken. */
  add(entry: Entry): boolean {
    const chars = charsOf(entry);
    const isFull = this.#waiting.length >= MAX_WAITING || this.#waitingChars + chars > MAX_WAITING_CHARS;
    if (isFull || this.#isClosed) return false;
    this.#waiting.push(entry);
    this.#waitingChars += chars;
    if (this.#waiting.length >= GROUP_ENTRIES && this.#failure === null) void this.flush();
    else this.#plan();
    return true;
  }

  /** Resolves when all that waits now is written, or a write has failed; never rejects. */
  flush(): Promise<void> {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    this.#working ??= this.#work().finally(() => this.#rest());
    return this.#working;
  }

  /** Resolves when all that waits now is written. Throws what keeps it from that. */
  async drain(): Promise<void> {
    // The write that is under way may have begun before the last entries came.
    await this.flush();
    await this.flush();
    if (this.#failure !== null) throw this.#failure.error;
  }

  /** Runs something while nothing is written. */
  async alone<T>(run: () => Promise<T>): Promise<T> {
    while (this.#working !== null) await this.#working;
    const running = run();
    this.#working = running
      .then(
        () => undefined,
        () => undefined,
      )
      .finally(() => this.#rest());
    return running;
  }

  /** Writes one more group that was made elsewhere, while nothing else is written (`alone`). */
  async writeOwn(group: AuditGroup, after: LogState): Promise<void> {
    await this.#resolveUnknown();
    await this.#write(group, after, () => undefined);
  }

  /** Writes what waits, as far as it can. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.flush();
    await this.flush();
    this.#cancelTimer?.();
    this.#rejectOrders(this.#failure?.error ?? new AppError('SHUTTING_DOWN'));
  }

  #rest(): void {
    this.#working = null;
    if (this.#waiting.length > 0 || this.#failure !== null) this.#plan();
  }

  #plan(): void {
    if (this.#cancelTimer !== null || this.#working !== null || this.#isClosed) return;
    this.#cancelTimer = this.#parts.clock.after(this.#failure === null ? GATHER_MS : RETRY_MS, () => {
      this.#cancelTimer = null;
      void this.flush();
    });
  }

  async #work(): Promise<void> {
    // Everybody who adds in the same turn of the event loop comes along.
    await Promise.resolve();
    try {
      await this.#resolveUnknown();
      while (this.#waiting.length > 0) await this.#writeSome(groupOf(this.#waiting));
      if (this.#mustOverwrite) await this.#parts.builder.store.overwrite();
      this.#mustOverwrite = false;
      this.#failure = null;
    } catch (error) {
      this.#failure = { error };
      this.#rejectOrders(error);
      this.#parts.onFailed(error);
    }
  }

  async #writeSome(entries: readonly Entry[]): Promise<void> {
    const built = await new GroupBuilder(this.#parts.builder, this.#state).build(entries);
    await this.#write(built.group, built.after, () => this.#settle(entries, built));
  }

  #settle(entries: readonly Entry[], built: BuiltGroup): void {
    this.#waiting.splice(0, entries.length);
    for (const entry of entries) this.#waitingChars -= charsOf(entry);
    for (const [at, entry] of entries.entries()) entry.onWritten?.(built.receipts[at] ?? null);
    this.#parts.onWritten(built);
  }

  async #write(group: AuditGroup, after: LogState, onDurable: () => void): Promise<void> {
    const settle = () => {
      this.#state = after;
      onDurable();
    };
    const isForgetting = group.purges.length > 0 || group.erasedKeyIds.length > 0;
    try {
      await this.#parts.builder.store.write(group);
    } catch (error) {
      // Whether it was committed before it failed is told by the head, as soon as that can be read.
      this.#unknown = { head: group.head, settle };
      this.#mustOverwrite ||= isForgetting;
      await this.#resolveUnknown().catch(() => undefined);
      throw error;
    }
    settle();
  }

  async #resolveUnknown(): Promise<void> {
    if (this.#unknown === null) return;
    const { head, settle } = this.#unknown;
    const stored = await this.#parts.builder.store.head();
    if (stored === null) throw new AppError('STORAGE_UNAVAILABLE', { detail: 'the audit log has no head' });
    this.#unknown = null;
    if (stored.checkpoints === head.checkpoints && isSameHash(stored.seal, head.seal)) settle();
  }

  /** Who gave an order is told that it failed; facts wait for the next try. */
  #rejectOrders(error: unknown): void {
    const orders = this.#waiting.filter((entry) => entry.kind === 'erase');
    this.#waiting = this.#waiting.filter((entry) => entry.kind !== 'erase');
    for (const order of orders) {
      this.#waitingChars -= charsOf(order);
      order.onFailed(error);
    }
  }
}

function charsOf(entry: Entry): number {
  if (entry.kind !== 'fact' || entry.fact.kind !== 'passage') return ENTRY_CHARS;
  return ENTRY_CHARS + (entry.fact.text?.length ?? 0);
}

/** As many as fit, at least one; what deletes stands alone; facts of one event are never parted. */
function groupOf(waiting: readonly Entry[]): Entry[] {
  const group: Entry[] = [];
  let chars = 0;
  for (const entry of waiting) {
    chars += charsOf(entry);
    const last = group.at(-1);
    const isFull = group.length >= GROUP_ENTRIES || chars > GROUP_CHARS;
    if (last !== undefined && (isFull || isAlone(last) || isAlone(entry)) && !isOfOneEvent(last, entry))
      break;
    group.push(entry);
  }
  return group;
}

const isAlone = (entry: Entry) => entry.kind === 'erase';

function isOfOneEvent(one: Entry, other: Entry): boolean {
  if (one.kind !== 'fact' || other.kind !== 'fact') return false;
  return one.fact.sessionId === other.fact.sessionId && one.fact.seq === other.fact.seq;
}
