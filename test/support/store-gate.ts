import { AppError } from '../../sessions/errors.ts';
import type { JournalRecord, SessionStore, Snapshot, StoredSession } from '../../sessions/ports.ts';

interface Waiting {
  store: () => Promise<void>;
  resolve: () => void;
  reject: (cause: unknown) => void;
}

/** Stands before a store and decides when its writes happen, fail, or die with the process. */
export class StoreGate implements SessionStore {
  private readonly inner: SessionStore;
  private waiting: Waiting[] = [];
  private isHeld = false;
  private isCut = false;
  /** Appends, probes and snapshots fail while true. */
  isBroken = false;
  /** Writes that the store behind is doing now. */
  busy = 0;
  /** Records of each append that reached the gate. */
  readonly batches: JournalRecord[][] = [];

  constructor(inner: SessionStore) {
    this.inner = inner;
  }

  /** From now on appends wait for `release`. */
  hold(): void {
    this.isHeld = true;
  }

  /** Lets everything through that waits, and what comes. */
  async release(): Promise<void> {
    this.isHeld = false;
    await this.letThrough(this.waiting.length);
  }

  /** Lets the oldest waiting appends through. */
  async letThrough(count: number): Promise<void> {
    for (const { store, resolve, reject } of this.waiting.splice(0, count))
      await store().then(resolve, reject);
  }

  /** Fails what waits and, until `repair`, everything that comes. */
  break(): void {
    this.isBroken = true;
    this.isHeld = false;
    for (const { reject } of this.waiting.splice(0)) reject(this.fault());
  }

  repair(): void {
    this.isBroken = false;
  }

  /** The process dies: of what waits, the oldest `survivors` are stored; nobody hears of any of it. */
  async cut(survivors: number): Promise<void> {
    this.isCut = true;
    for (const { store } of this.waiting.splice(0).slice(0, survivors)) await store();
  }

  get waitingCount(): number {
    return this.waiting.length;
  }

  create(sessionId: string, createdAt: number): Promise<void> {
    return this.isBroken ? Promise.reject(this.fault()) : this.inner.create(sessionId, createdAt);
  }

  load(sessionId: string): Promise<StoredSession | null> {
    return this.inner.load(sessionId);
  }

  append(sessionId: string, records: readonly JournalRecord[]): Promise<void> {
    if (this.isCut) return new Promise(() => undefined);
    if (this.isBroken) return Promise.reject(this.fault());
    this.batches.push([...records]);
    if (!this.isHeld) return this.counted(this.inner.append(sessionId, records));
    return new Promise((resolve, reject) => {
      this.waiting.push({ store: () => this.inner.append(sessionId, records), resolve, reject });
    });
  }

  saveSnapshots(
    sessionId: string,
    snapshots: readonly Snapshot[],
    dropped: readonly string[],
  ): Promise<void> {
    if (this.isCut) return new Promise(() => undefined);
    if (this.isBroken) return Promise.reject(this.fault());
    return this.counted(this.inner.saveSnapshots(sessionId, snapshots, dropped));
  }

  probe(): Promise<void> {
    return this.isBroken ? Promise.reject(this.fault()) : this.inner.probe();
  }

  close(): Promise<void> {
    return this.inner.close();
  }

  private async counted(write: Promise<void>): Promise<void> {
    this.busy += 1;
    try {
      await write;
    } finally {
      this.busy -= 1;
    }
  }

  private fault(): AppError {
    return new AppError('STORAGE_UNAVAILABLE', { detail: 'the test broke it' });
  }
}
