import { AppError, refuse } from './errors.ts';
import type { SessionEvent } from './events.ts';
import { newId, type Random } from './ids.ts';
import { Journal, Ticker } from './journal.ts';
import { SessionKernel } from './kernel.ts';
import type { SessionObserver } from './peers.ts';
import type {
  Clock,
  FlagBoard,
  JournalRecord,
  Narrator,
  SessionStore,
  Snapshot,
  StoredSession,
} from './ports.ts';
import type { ModerationLog, Moderator } from './moderator.ts';
import type { FactSink } from './facts.ts';
import type { FeedbackStore } from './feedback.ts';
import type { HistoryParts } from './history-ports.ts';
import type { QualityAssessor } from './quality.ts';
import type { Purge } from './history-state.ts';
import { HistoryWriter } from './history-writer.ts';
import { widening } from './purge.ts';
import { isWaiting } from './safety-events.ts';
import { CLOSE } from './wire-constants.ts';
import { Session } from './session.ts';
import type { CommandAnswer } from './session-commands.ts';
import { loadSession } from './snapshots.ts';
import type { SessionHealth } from './session-monitor.ts';
import type { SessionState } from './state.ts';
import { steadyClock } from './steady-clock.ts';

export interface SessionsParts {
  store: SessionStore;
  clock: Clock;
  random: Random;
  narrator: Narrator;
  moderator: Moderator;
  moderationLog: ModerationLog;
  flags: FlagBoard;
  observer: SessionObserver;
  history: HistoryParts;
  quality: QualityAssessor;
  feedback: FeedbackStore;
  /** Hears of everything that has durably happened. */
  facts: FactSink;
  options: {
    /** Time between the first arrival and the write of a batch, ms. */
    tickMs: number;
    /** How long an unused session stays in memory, ms. */
    idleUnloadMs: number;
    /** Hears of trouble: the code and a cause, for the log. */
    onTrouble: (
      what: 'store-failed' | 'snapshot-failed' | 'telling-failed' | 'purge-failed',
      sessionId: string,
      cause: unknown,
    ) => void;
  };
}

/** How often a store that failed is asked whether it works again, ms. */
const PROBE_MS = 2_000;
/** When a purge that could not be finished is tried again, ms. */
const PURGE_AGAIN_MS = 30_000;

/** The sessions in memory: loads them when somebody comes, unloads them when nobody is left. */
export class Sessions {
  private readonly parts: SessionsParts;
  private readonly ticker: Ticker;
  private readonly loaded = new Map<string, Session>();
  private readonly loading = new Map<string, Promise<Session>>();
  private readonly saving = new Set<Promise<void>>();
  private readonly snapshotDocs = new Map<string, Set<string>>();
  private readonly writers = new Map<string, HistoryWriter>();
  private readonly purging = new Map<string, Promise<void>>();
  private readonly idleTimers = new Map<string, () => void>();
  private readonly loadedAt = new Map<string, number>();
  private cancelProbe: (() => void) | null = null;
  private isWritable = true;
  private isClosed = false;

  constructor(parts: SessionsParts) {
    this.parts = parts;
    this.ticker = new Ticker(parts.clock, parts.options.tickMs);
  }

  /** False while the store refuses writes. */
  get storeWorks(): boolean {
    return this.isWritable;
  }

  /** Sessions in memory, and players connected to them. */
  counts(): { sessions: number; active: number; players: number } {
    let active = 0;
    let players = 0;
    for (const session of this.loaded.values()) {
      const present = session.presentCount;
      players += present;
      if (present > 0 || session.kernel.state.narratorTurns.length > 0) active += 1;
    }
    return { sessions: this.loaded.size, active, players };
  }

  /** S3.23: texts that wait for game masters in the loaded sessions, and since when the oldest does (epoch ms). */
  reviewQueue(): { items: number; oldestAt: number | null } {
    const waiting = [...this.loaded.values()].flatMap(({ kernel: { state } }) =>
      state.safety.holds.length === 0 ? [] : state.safety.holds.filter(isWaiting),
    );
    const oldestAt = waiting.reduce((oldest, { at }) => Math.min(oldest, at), Infinity);
    return { items: waiting.length, oldestAt: waiting.length === 0 ? null : oldestAt };
  }

  /** A session that is in memory; null: it is not. */
  loadedSession(sessionId: string): Session | null {
    return this.loaded.get(sessionId) ?? null;
  }

  /** How the loaded sessions do, as of their last look. */
  *healths(): Iterable<SessionHealth & { session: Session }> {
    for (const session of this.loaded.values()) yield { ...session.health(), session };
  }

  /** A fresh id for a session that `create` will make. */
  newSessionId(): string {
    return newId(this.parts.random);
  }

  /** Makes a session durable. `story` is written in the same batch (imports). Throws STORAGE_UNAVAILABLE. */
  async create(state: SessionState, story: Uint8Array | null): Promise<Session> {
    this.assertOpen();
    const { store, clock } = this.parts;
    await store.create(state.id, state.createdAt);
    const created: SessionEvent = { type: 'session-created', state };
    const at = clock.now();
    const records: JournalRecord[] = [
      {
        seq: 1,
        at,
        kind: 'event',
        doc: 'state',
        author: null,
        data: new TextEncoder().encode(JSON.stringify(created)),
      },
    ];
    if (story !== null) records.push({ seq: 2, at, kind: 'update', doc: 'story', author: null, data: story });
    await store.append(state.id, records);
    return this.open(state.id);
  }

  /** The session, from memory or loaded. Throws AppError SESSION_UNKNOWN, INTERNAL or SHUTTING_DOWN. */
  async open(sessionId: string): Promise<Session> {
    this.assertOpen();
    const known = this.loaded.get(sessionId);
    if (known !== undefined) return known;
    let loading = this.loading.get(sessionId);
    if (loading === undefined) {
      loading = this.load(sessionId).finally(() => this.loading.delete(sessionId));
      this.loading.set(sessionId, loading);
    }
    return loading;
  }

  /** D20: what was said of the session before; without it the figure begins anew. */
  private rate(session: Session): void {
    const { feedback, options } = this.parts;
    feedback
      .ratings(session.id)
      .then((ratings) => session.rateFrom(ratings))
      .catch((cause: unknown) => options.onTrouble('telling-failed', session.id, cause));
  }

  private assertOpen(): void {
    if (this.isClosed) throw new AppError('SHUTTING_DOWN');
  }

  private async load(sessionId: string): Promise<Session> {
    const stored = await this.parts.store.load(sessionId);
    if (stored === null) throw new AppError('SESSION_UNKNOWN');
    this.assertOpen();
    const session = this.revive(sessionId, stored);
    this.loaded.set(sessionId, session);
    this.loadedAt.set(sessionId, this.parts.clock.now());
    this.rate(session);
    session.resume();
    this.finishPurges(session);
    this.watchIdle(session);
    return session;
  }

  private revive(sessionId: string, stored: StoredSession): Session {
    const { store, random, narrator, observer, moderator, moderationLog, flags, history } = this.parts;
    const { quality, feedback, facts } = this.parts;
    const { state, story, drafts, lastSeq, snapshotSeq, lastAt } = loadSession(stored);
    const clock = steadyClock(this.parts.clock, lastAt);
    this.writers.set(sessionId, new HistoryWriter(history, sessionId));
    this.snapshotDocs.set(sessionId, new Set(stored.snapshots.map((snapshot) => snapshot.doc)));
    const journal = new Journal({
      sessionId,
      lastSeq,
      store,
      clock,
      ticker: this.ticker,
      hooks: {
        beforeFlush: () => session.beforeFlush(),
        onDead: (cause) => this.storeFailed(session, cause),
        onFault: (cause) => this.parts.options.onTrouble('telling-failed', sessionId, cause),
      },
    });
    const kernel = new SessionKernel({ state, story, drafts, journal, clock, random });
    const session: Session = new Session(kernel, {
      narrator,
      moderator,
      moderationLog,
      flags,
      observer,
      history,
      quality,
      feedback,
      facts,
      onPurge: () => this.finishPurges(session),
      snapshotSeq,
      isReadOnly: !this.isWritable,
      saveSnapshots: (snapshots) => this.save(sessionId, snapshots),
    });
    return session;
  }

  private save(sessionId: string, snapshots: Snapshot[]): void {
    const before = this.snapshotDocs.get(sessionId) ?? new Set();
    const now = new Set(snapshots.map((snapshot) => snapshot.doc));
    this.snapshotDocs.set(sessionId, now);
    const dropped = [...before].filter((doc) => !now.has(doc));
    const writer = this.writers.get(sessionId);
    const save = this.parts.store
      .saveSnapshots(sessionId, snapshots, dropped)
      .then(() => writer?.follow(snapshots))
      // Snapshots only save time: the journal has everything, and the next ones come with the next records.
      .catch((cause: unknown) => this.parts.options.onTrouble('snapshot-failed', sessionId, cause))
      .finally(() => this.saving.delete(save));
    this.saving.add(save);
  }

  /** G1: the operator removes texts of a session for good. Throws AppError SESSION_UNKNOWN. */
  async purge(sessionId: string, of: Pick<Purge, 'by' | 'passageIds' | 'talkIds'>): Promise<CommandAnswer> {
    const session = await this.open(sessionId);
    return session.purge(of);
  }

  /** G1, G3: what is stored of purges follows what is live; one session at a time, again later when it fails. */
  private finishPurges(session: Session): void {
    const { id } = session;
    if (session.kernel.state.history.purges.length === 0 || this.purging.has(id) || !this.isLive(session))
      return;
    const run = this.purgeStored(session)
      .catch((cause: unknown) => {
        this.parts.options.onTrouble('purge-failed', id, cause);
        if (this.isLive(session)) this.parts.clock.after(PURGE_AGAIN_MS, () => this.finishPurges(session));
      })
      .finally(() => {
        this.purging.delete(id);
        // It was loaded anew meanwhile, and found this one at work.
        const successor = this.loaded.get(id);
        if (successor !== undefined && successor !== session) this.finishPurges(successor);
      });
    this.purging.set(id, run);
  }

  private isLive(session: Session): boolean {
    return !this.isClosed && this.loaded.get(session.id) === session;
  }

  private async purgeStored(session: Session): Promise<void> {
    const { kernel } = session;
    for (;;) {
      const [purge] = kernel.state.history.purges;
      const writer = this.writers.get(session.id);
      if (purge === undefined || writer === undefined || !this.isLive(session)) return;
      await session.settle();
      const finds = await writer.find(purge, kernel.journal.seq);
      for (const event of widening(kernel.state, purge, finds)) kernel.record(event, null);
      await session.settle();
      await Promise.allSettled(this.saving);
      if (!this.isLive(session)) return;
      await this.parts.feedback.purge(session.id, purge.passageIds);
      this.rate(session);
      await writer.purge(finds, { upTo: kernel.journal.seq, log: this.parts.moderationLog });
      kernel.record({ type: 'purge-finished', purgeId: purge.id }, null);
      await kernel.journal.flush();
    }
  }

  /** D4: nothing unstored is shown; the session leaves memory and everybody resyncs from the store. */
  private storeFailed(session: Session, cause: unknown): void {
    this.parts.options.onTrouble('store-failed', session.id, cause);
    this.isWritable = false;
    this.drop(session);
    session.close(CLOSE.storageUnavailable, refuse('STORAGE_UNAVAILABLE'));
    session.abandonNarrator();
    if (!this.isClosed) this.cancelProbe ??= this.parts.clock.after(PROBE_MS, () => void this.probe());
  }

  private async probe(): Promise<void> {
    this.cancelProbe = null;
    try {
      await this.parts.store.probe();
    } catch {
      if (!this.isClosed) this.cancelProbe ??= this.parts.clock.after(PROBE_MS, () => void this.probe());
      return;
    }
    this.isWritable = true;
    for (const session of this.loaded.values()) session.setWritable();
  }

  private watchIdle(session: Session): void {
    const cancel = this.parts.clock.after(
      this.parts.options.idleUnloadMs,
      () => void this.unloadIfIdle(session),
    );
    this.idleTimers.set(session.id, cancel);
  }

  private async unloadIfIdle(session: Session): Promise<void> {
    if (this.loaded.get(session.id) !== session) return;
    if (!session.isInUse) await session.settle();
    if (this.loaded.get(session.id) !== session) return;
    if (session.isInUse || session.kernel.journal.hasPending || this.purging.has(session.id))
      return this.watchIdle(session);
    this.drop(session);
    session.close(CLOSE.restart, refuse('SHUTTING_DOWN'));
  }

  private drop(session: Session): void {
    this.idleTimers.get(session.id)?.();
    this.idleTimers.delete(session.id);
    this.snapshotDocs.delete(session.id);
    this.writers.delete(session.id);
    const loadedAt = this.loadedAt.get(session.id);
    if (loadedAt !== undefined)
      this.parts.observer.sessionUnloaded((this.parts.clock.now() - loadedAt) / 1_000);
    this.loadedAt.delete(session.id);
    if (this.loaded.get(session.id) === session) this.loaded.delete(session.id);
  }

  /** Writes everything and closes all sockets with a reason. The narrator must have been closed before. */
  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    this.cancelProbe?.();
    await Promise.allSettled(this.loading.values());
    const sessions = [...this.loaded.values()];
    await Promise.allSettled(sessions.map((session) => session.settle()));
    for (const session of sessions) {
      this.drop(session);
      session.close(CLOSE.restart, refuse('SHUTTING_DOWN'));
    }
    this.ticker.close();
    await Promise.allSettled([...this.saving, ...this.purging.values()]);
  }
}
