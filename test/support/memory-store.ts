import { AppError } from '../../sessions/errors.ts';
import type { JournalRecord, SessionStore, Snapshot, StoredSession } from '../../sessions/ports.ts';

interface Stored {
  createdAt: number;
  journal: JournalRecord[];
  positions: Set<number>;
  snapshots: Map<string, Snapshot>;
}

/** A session store in memory that keeps the promises of the port (session-store-suite.ts), for speed in tests. */
export class MemoryStore implements SessionStore {
  private readonly sessions = new Map<string, Stored>();
  private isClosed = false;

  async create(sessionId: string, createdAt: number): Promise<void> {
    this.assertOpen();
    if (this.sessions.has(sessionId)) throw new AppError('STORAGE_UNAVAILABLE', { detail: 'taken' });
    this.sessions.set(sessionId, { createdAt, journal: [], positions: new Set(), snapshots: new Map() });
    return Promise.resolve();
  }

  async load(sessionId: string): Promise<StoredSession | null> {
    this.assertOpen();
    await Promise.resolve();
    const stored = this.sessions.get(sessionId);
    if (stored === undefined) return null;
    const snapshots = [...stored.snapshots.values()];
    const hasBase = stored.snapshots.has('state') && stored.snapshots.has('story');
    const oldest = hasBase ? Math.min(...snapshots.map((snapshot) => snapshot.seq)) : 0;
    const tail = stored.journal.filter((record) => record.seq > oldest).map((record) => ({ ...record }));
    return { createdAt: stored.createdAt, snapshots: snapshots.map((snapshot) => ({ ...snapshot })), tail };
  }

  async append(sessionId: string, records: readonly JournalRecord[]): Promise<void> {
    this.assertOpen();
    const stored = this.sessions.get(sessionId);
    if (stored === undefined) throw new AppError('STORAGE_UNAVAILABLE', { detail: 'unknown session' });
    const added = new Set(records.map((record) => record.seq));
    if (added.size < records.length || records.some((record) => stored.positions.has(record.seq)))
      throw new AppError('STORAGE_UNAVAILABLE', { detail: 'position taken' });
    for (const record of records) {
      stored.positions.add(record.seq);
      stored.journal.push({ ...record, data: record.data.slice() });
    }
    return Promise.resolve();
  }

  async saveSnapshots(
    sessionId: string,
    snapshots: readonly Snapshot[],
    dropped: readonly string[],
  ): Promise<void> {
    this.assertOpen();
    const stored = this.sessions.get(sessionId);
    for (const doc of dropped) stored?.snapshots.delete(doc);
    for (const snapshot of snapshots) stored?.snapshots.set(snapshot.doc, { ...snapshot });
    return Promise.resolve();
  }

  async probe(): Promise<void> {
    this.assertOpen();
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.isClosed = true;
    return Promise.resolve();
  }

  /** Everything ever appended to a session, for tests that look behind the snapshots. */
  journal(sessionId: string): readonly JournalRecord[] {
    return this.sessions.get(sessionId)?.journal ?? [];
  }

  /** Replaces data of snapshots; null keeps it. */
  rewriteSnapshots(sessionId: string, change: (snapshot: Snapshot) => Uint8Array | null): void {
    const snapshots = this.sessions.get(sessionId)?.snapshots ?? new Map<string, Snapshot>();
    for (const [doc, snapshot] of snapshots)
      snapshots.set(doc, { ...snapshot, data: change(snapshot) ?? snapshot.data });
  }

  private assertOpen(): void {
    if (this.isClosed) throw new AppError('STORAGE_UNAVAILABLE', { detail: 'closed' });
  }
}
