import { refuse, type Refusal } from './errors.ts';
import type { SessionEvent } from './events.ts';
import type { Clock, JournalRecord, SessionStore } from './ports.ts';

/** Something that waits for durability: exactly one of its ends is called. */
export interface Effect {
  run: () => void;
  fail: (refusal: Refusal) => void;
}

const encoder = new TextEncoder();
const ignore = (): void => undefined;

/**
 * Gathers what many sessions have to write and lets all of them write at the same moment, at whole multiples of
 * `tickMs` of the clock, so that the store can put it into one transaction (group commit). A fixed beat makes an
 * edit wait half a tick on average; counting from the first arrival would make it wait a whole one.
 */
export class Ticker {
  private readonly clock: Clock;
  private readonly tickMs: number;
  private dirty = new Set<Journal>();
  private cancelTimer: (() => void) | null = null;

  constructor(clock: Clock, tickMs: number) {
    this.clock = clock;
    this.tickMs = tickMs;
  }

  /** The journal has something to write; it is flushed at the next tick. */
  mark(journal: Journal): void {
    this.dirty.add(journal);
    const leftMs = this.tickMs - (this.clock.now() % this.tickMs);
    this.cancelTimer ??= this.clock.after(leftMs, () => this.fire());
  }

  /** Stops the beat; whoever marks a journal later starts it again. */
  close(): void {
    this.cancelTimer?.();
    this.cancelTimer = null;
  }

  private fire(): void {
    this.cancelTimer = null;
    const due = this.dirty;
    this.dirty = new Set();
    for (const journal of due) void journal.flush();
  }
}

/**
 * The one way to durability of a session: records go out in order, batch by batch, one batch at a time, and
 * effects (acks, fan-out, closed sockets) happen only once the batch they belong to is stored. When a batch
 * cannot be stored the journal is dead: all waiting effects fail, `onDead` is called once, and the session has
 * to be loaded again, since its memory is ahead of the store. A dead or closed journal takes nothing in.
 */
export class Journal {
  private readonly sessionId: string;
  private readonly store: SessionStore;
  private readonly clock: Clock;
  private readonly ticker: Ticker;
  private readonly beforeFlush: () => void;
  private readonly onDead: (cause: unknown) => void;
  private readonly onFault: (cause: unknown) => void;
  private lastSeq: number;
  private records: JournalRecord[] = [];
  private effects: Effect[] = [];
  private flushing: Promise<void> | null = null;
  /** Why nothing is taken in any more; null while all is well. */
  private ended: Refusal | null = null;

  constructor(options: {
    sessionId: string;
    /** Position of the last stored record. */
    lastSeq: number;
    store: SessionStore;
    clock: Clock;
    ticker: Ticker;
    hooks: {
      /** Called just before a batch is taken: the moment to add what should go out with it. */
      beforeFlush: () => void;
      onDead: (cause: unknown) => void;
      /** An effect threw; the others were run all the same. */
      onFault: (cause: unknown) => void;
    };
  }) {
    this.sessionId = options.sessionId;
    this.lastSeq = options.lastSeq;
    this.store = options.store;
    this.clock = options.clock;
    this.ticker = options.ticker;
    this.beforeFlush = options.hooks.beforeFlush;
    this.onDead = options.hooks.onDead;
    this.onFault = options.hooks.onFault;
  }

  /** Position of the newest record, durable or not. */
  get seq(): number {
    return this.lastSeq;
  }

  /** Nothing waits to be written or is being written. */
  get isSettled(): boolean {
    return this.records.length === 0 && this.effects.length === 0 && this.flushing === null;
  }

  /** Notes a domain event. */
  event(event: SessionEvent, author: string | null): void {
    this.append('event', { doc: 'state', author, data: encoder.encode(JSON.stringify(event)) });
  }

  /** Notes a Yjs update of a document. */
  update(doc: string, author: string | null, data: Uint8Array): void {
    this.append('update', { doc, author, data });
  }

  /** Whether anything waits for the store. */
  get hasPending(): boolean {
    return this.flushing !== null || this.records.length > 0 || this.effects.length > 0;
  }

  private append(kind: JournalRecord['kind'], of: Pick<JournalRecord, 'doc' | 'author' | 'data'>): void {
    if (this.ended !== null) return;
    this.lastSeq += 1;
    this.records.push({ seq: this.lastSeq, at: this.clock.now(), kind, ...of });
    this.ticker.mark(this);
  }

  /** Runs once everything noted until now is durable; `fail` if it never will be. */
  whenDurable(run: () => void, fail: (refusal: Refusal) => void = ignore): void {
    if (this.ended !== null) return fail(this.ended);
    this.effects.push({ run, fail });
    this.ticker.mark(this);
  }

  /** The answer, once everything noted until now is durable; the refusal if it never will be. */
  durable<T>(answer: T): Promise<T | Refusal> {
    return new Promise((resolve) => this.whenDurable(() => resolve(answer), resolve));
  }

  /** Asks for a tick even if nothing is to be stored (cursors, presence). */
  wake(): void {
    if (this.ended === null) this.ticker.mark(this);
  }

  /** Writes all there is, now; resolves when it is durable or the journal is dead. */
  async flush(): Promise<void> {
    while (this.flushing !== null) await this.flushing;
    if (this.ended !== null) return;
    try {
      this.beforeFlush();
    } catch (cause) {
      return this.die(cause, []);
    }
    if (this.records.length === 0 && this.effects.length === 0) return;
    const records = this.records;
    const effects = this.effects;
    this.records = [];
    this.effects = [];
    this.flushing = this.write(records, effects).finally(() => {
      this.flushing = null;
    });
    await this.flushing;
  }

  private async write(records: readonly JournalRecord[], effects: readonly Effect[]): Promise<void> {
    try {
      if (records.length > 0) await this.store.append(this.sessionId, records);
    } catch (error) {
      return this.die(error, effects);
    }
    for (const effect of effects) this.run(effect);
  }

  private run(effect: Effect): void {
    try {
      effect.run();
    } catch (cause) {
      this.onFault(cause);
    }
  }

  /** Takes nothing in any more; what still waits fails with SHUTTING_DOWN. Flush before. */
  close(): void {
    this.end(refuse('SHUTTING_DOWN'), []);
  }

  private die(cause: unknown, lost: readonly Effect[]): void {
    const isNews = this.ended === null;
    this.end(refuse('STORAGE_UNAVAILABLE'), lost);
    if (isNews) this.onDead(cause);
  }

  private end(refusal: Refusal, lost: readonly Effect[]): void {
    this.ended ??= refusal;
    for (const effect of [...lost, ...this.effects]) effect.fail(refusal);
    this.effects = [];
    this.records = [];
  }
}
