import type { Logger } from 'pino';
import { AppError } from '../../sessions/errors.ts';
import type { FactSink, SessionFact } from '../../sessions/facts.ts';
import type { Random } from '../../sessions/ids.ts';
import type { OpsOverview } from '../../sessions/ops-view.ts';
import type { Clock } from '../../sessions/ports.ts';
import type { Metrics } from '../metrics.ts';
import { loadSecret } from '../secret.ts';
import type { SqlAuditStore } from '../store/sql-audit-store.ts';
import { AuditKeys } from './audit-keys.ts';
import { auditPaths, openTree, type OpenedTree } from './audit-opening.ts';
import { AuditWriter } from './audit-writer.ts';
import { Backlog } from './backlog.ts';
import { bundleLines, type ExportRange } from './bundle.ts';
import { CatchUp } from './catch-up.ts';
import { CheckpointFile } from './checkpoint-file.ts';
import { Checkpointer, type SignedCheckpoint } from './checkpointer.ts';
import { PROFILES, type ComplianceProfile } from './compliance.ts';
import type { BuiltGroup, EraseReason, Receipt } from './group-builder.ts';
import type { Hash } from './merkle.ts';
import { ProofReader } from './proof-reader.ts';
import { profileSchema } from './record.ts';
import { verifyStore, type Verification } from './verify-store.ts';

type AuditMetrics = Pick<
  Metrics,
  'auditRecords' | 'auditAppendFailures' | 'auditTreeSize' | 'auditVerifiedAt' | 'auditVerifyFailures'
>;

export interface AuditParts {
  store: SqlAuditStore;
  /** The secret and the file of checkpoints are in its folder `audit`. */
  dataDir: string;
  clock: Clock;
  random: Random;
  log: Logger;
  metrics: AuditMetrics;
  /** Default: `consumer`. */
  profile?: ComplianceProfile;
}

interface Opened extends OpenedTree {
  keys: AuditKeys;
  file: CheckpointFile;
  behind: string[];
}

/**
 * The audit log: one record per fact in a tree of hashes, texts under keys of their authors, signed checkpoints. Facts
 * are written in the background; what cannot be written is left to the journal and read from there later (U7).
 */
export class AuditLog implements FactSink {
  readonly #parts: AuditParts;
  readonly #opened: Opened;
  readonly #writer: AuditWriter;
  readonly #checkpointer: Checkpointer;
  readonly #backlog: Backlog;
  readonly #catching: CatchUp;
  /** Sessions of which a fact makes no record. */
  readonly #refused = new Set<string>();
  #verified: { at: number; ok: boolean } | null = null;
  #verifying: Promise<Verification> | null = null;
  #closing: Promise<void> | null = null;

  private constructor(parts: AuditParts, opened: Opened) {
    const { clock, log, random, store, profile = PROFILES.consumer } = parts;
    const { keys, file, tree, head } = opened;
    this.#parts = parts;
    this.#opened = opened;
    this.#backlog = new Backlog(opened.behind);
    this.#writer = new AuditWriter({
      builder: {
        store,
        keys,
        profile,
        random,
        now: () => Math.floor(clock.now()),
        isRefused: (sessionId) => this.#refused.has(sessionId),
      },
      clock,
      state: { tree, checkpoints: head.checkpoints, sessions: head.sessions },
      onWritten: (built) => this.#written(built),
      onFailed: (error) => this.#failed(error),
    });
    const writer = this.#writer;
    this.#catching = new CatchUp({ store, writer, backlog: this.#backlog });
    this.#checkpointer = new Checkpointer({ writer, keys, clock, log, file }, opened.newest);
  }

  /**
   * Reads where the log stands and compares it with the newest checkpoint. Where the two do not agree it is open, but
   * not writable: facts are left to the journal. Throws AppError STORAGE_UNAVAILABLE when the store cannot be read.
   */
  static async open(parts: AuditParts): Promise<AuditLog> {
    const paths = auditPaths(parts.dataDir);
    const keys = new AuditKeys(await loadSecret(paths.folder, null));
    const file = new CheckpointFile(paths.checkpoints);
    const opened = await openTree(parts.store, keys);
    const behind = await parts.store.behind();
    const fault = opened.fault ?? profileFault(parts.profile);
    const audit = new AuditLog(parts, { ...opened, fault, keys, file, behind });
    await audit.#start();
    return audit;
  }

  /** Takes a fact that is durable in its session's journal; it is recorded within a second, or later (U7). */
  take(fact: SessionFact): void {
    this.#take(fact, () => undefined);
  }

  /** The same; answers where the record stands, once it is durable. Null: it was left to the journal, or is known. */
  append(fact: SessionFact): Promise<Receipt | null> {
    return new Promise((resolve) => this.#take(fact, resolve));
  }

  /** Sessions of which something is missing: to be given to `catchUp`. */
  behind(): Promise<string[]> {
    return Promise.resolve(this.#backlog.sessionIds);
  }

  /** Journal position up to which a session is recorded. Throws AppError STORAGE_UNAVAILABLE. */
  async lastSeq(sessionId: string): Promise<number> {
    const [row] = await this.#parts.store.progressOf([sessionId]);
    return row?.seq ?? 0;
  }

  /**
   * Records what a session's journal has behind `lastSeq`; `facts` has to read the journal while it is iterated, up to
   * its end. Answers whether nothing is missing now; false: do it again later. Throws AppError STORAGE_UNAVAILABLE.
   */
  async catchUp(sessionId: string, facts: AsyncIterable<SessionFact>): Promise<boolean> {
    if (this.#opened.fault !== null) throw damaged();
    await this.#writer.drain();
    this.#refused.delete(sessionId);
    const missed = await this.#catching.run(sessionId, facts);
    if (this.#refused.has(sessionId)) this.#backlog.leave(sessionId, 0);
    for (const fact of missed ?? []) this.take(fact);
    return missed !== null && !this.#refused.has(sessionId);
  }

  /** It was not as it was written when it was opened: nothing is added to it. */
  get isDamaged(): boolean {
    return this.#opened.fault !== null;
  }

  /** Whether records can be written just now. */
  get isWritable(): boolean {
    return this.#opened.fault === null && this.#writer.failure === null && this.#refused.size === 0;
  }

  status(): OpsOverview['audit'] {
    const { tree } = this.#writer.state;
    return {
      size: tree.size,
      root: Buffer.from(tree.root()).toString('hex'),
      checkpointAt: this.#checkpointer.newest?.at ?? null,
      verifiedAt: this.#verified?.at ?? null,
      ok: this.isWritable && this.#verified?.ok !== false,
    };
  }

  /** The newest signed checkpoint, and the public key to verify it with; signs first what is not signed. */
  async checkpoint(): Promise<{ vkey: string; checkpoint: SignedCheckpoint | null }> {
    const checkpoint = await this.#signed();
    return { vkey: this.#opened.keys.verifier.vkey, checkpoint };
  }

  /** Audit path of a record in the tree of the newest checkpoint. Null: there is no such record in it. */
  async proof(index: number) {
    const checkpoint = await this.#signed();
    if (checkpoint === null || index >= checkpoint.size) return null;
    const [record] = await this.#parts.store.records(index, 1);
    if (record?.leaf_index !== index) return null;
    const proof = await this.#proofs().inclusion(index, checkpoint.size);
    return { index, record: record.record, proof: proof.map(base64), checkpoint: checkpoint.note };
  }

  /** Proof that the log of `to` records begins with that of `from`. Null: it is not so long, or `from` > `to`. */
  async consistency(from: number, to: number) {
    if (from > to || to > this.#writer.state.tree.size || to === 0) return null;
    const proofs = this.#proofs();
    const roots = { from: base64(await proofs.rootAt(from)), to: base64(await proofs.rootAt(to)) };
    return { from, to, roots, proof: (await proofs.consistency(from, to)).map(base64) };
  }

  /** The lines of a bundle that proves itself. `withText`: with what was written, as far as it can be read. */
  async *export(of: ExportRange, withText: boolean): AsyncGenerator<string> {
    const { store } = this.#parts;
    const checkpoint = await this.#signed();
    if (checkpoint === null) throw new AppError('NOT_FOUND', { detail: 'Nothing is recorded yet.' });
    const { keys } = this.#opened;
    yield* bundleLines({ store, keys, proofs: this.#proofs(), checkpoint, of, withText });
  }

  /** Verifies the whole store, a page at a time. */
  verify(): Promise<Verification> {
    this.#verifying ??= this.#verify().finally(() => (this.#verifying = null));
    return this.#verifying;
  }

  /**
   * Makes what a player wrote in a session unreadable in this log (not in the story); `playerId` null: what the narrator
   * wrote there. Null: there is nothing of theirs. Throws AppError STORAGE_UNAVAILABLE: do it again.
   */
  erase(of: { sessionId: string; playerId: string | null; reason: EraseReason }): Promise<Receipt | null> {
    return new Promise((resolve, reject) => {
      const failed = (error: unknown) =>
        reject(error instanceof Error ? error : new AppError('STORAGE_UNAVAILABLE'));
      const isTaken =
        this.#opened.fault === null &&
        this.#writer.add({ kind: 'erase', ...of, onWritten: resolve, onFailed: failed });
      if (!isTaken) return failed(damaged());
      void this.#writer.flush();
    });
  }

  /** Writes what waits and signs it. To be called while the database is open. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #start(): Promise<void> {
    const { log, metrics } = this.#parts;
    const { fault, contradiction, head } = this.#opened;
    metrics.auditTreeSize.set(head.size);
    const problem = fault ?? contradiction;
    if (fault !== null) metrics.auditAppendFailures.inc();
    if (problem !== null) {
      log.error({ problem }, 'audit-log-not-sound');
      // Names the first bad record, and counts it.
      this.verify().catch((error: unknown) => log.error({ err: error }, 'audit-not-verified'));
    }
    if (fault !== null) return;
    await this.#checkpointer.completeFile();
    this.#writer.add({ kind: 'restart' });
  }

  #take(fact: SessionFact, onWritten: (receipt: Receipt | null) => void): void {
    if (this.#backlog.takes(fact)) return onWritten(null);
    if (this.#opened.fault === null && this.#writer.add({ kind: 'fact', fact, onWritten })) return;
    this.#backlog.leave(fact.sessionId, fact.seq);
    onWritten(null);
  }

  async #verify(): Promise<Verification> {
    const { store, metrics, clock, log } = this.#parts;
    const { keys, file, fault } = this.#opened;
    const state = () => this.#writer.state.tree;
    const expected = () => (fault === null ? { size: state().size, root: state().root() } : null);
    // The end of the server does not wait for it.
    const of = { store, keys, expected, isGivenUp: () => this.#closing !== null };
    const alone = (run: () => Promise<void>) => this.#writer.alone(run);
    let result = await verifyStore({ ...of, alone, notes: await file.read() });
    // What was purged while it was looked at looks like a fault: once more, while nobody writes.
    if (!result.ok)
      result = await this.#writer.alone(async () => verifyStore({ ...of, notes: await file.read() }));
    this.#verified = { at: Math.floor(clock.now()), ok: result.ok };
    if (result.ok) metrics.auditVerifiedAt.set(clock.now() / 1_000);
    else {
      metrics.auditVerifyFailures.inc();
      log.error({ count: result.count, first: result.findings[0] }, 'audit-verify-failed');
    }
    return result;
  }

  #written({ types, refused, after }: BuiltGroup): void {
    const { metrics, log } = this.#parts;
    for (const type of types) metrics.auditRecords.inc({ type });
    metrics.auditTreeSize.set(after.tree.size);
    for (const { sessionId, seq, reason } of refused) {
      this.#refused.add(sessionId);
      this.#backlog.leave(sessionId, seq);
      metrics.auditAppendFailures.inc();
      log.error({ session: sessionId, seq, reason }, 'audit-record-refused');
    }
    this.#checkpointer.grown();
  }

  #failed(error: unknown): void {
    this.#parts.metrics.auditAppendFailures.inc();
    this.#parts.log.error({ err: error }, 'audit-append-failed');
  }

  /** The newest checkpoint, over all there is. */
  async #signed(): Promise<SignedCheckpoint | null> {
    if (this.#opened.fault !== null) return this.#checkpointer.newest;
    await this.#writer.drain();
    return this.#checkpointer.sign();
  }

  #proofs(): ProofReader {
    return new ProofReader(this.#writer.state.tree, this.#parts.store);
  }

  async #close(): Promise<void> {
    await this.#verifying?.catch(() => undefined);
    await this.#writer.close();
    if (this.#opened.fault === null) await this.#checkpointer.close();
  }
}

const base64 = (hash: Hash): string => Buffer.from(hash).toString('base64');

/** S0.29: without all of them no record is written. */
function profileFault(profile: ComplianceProfile = PROFILES.consumer): string | null {
  return profileSchema.safeParse(profile).success
    ? null
    : 'the profile names no legal basis, term or jurisdiction';
}

function damaged(): AppError {
  return new AppError('STORAGE_UNAVAILABLE', { detail: 'the audit log cannot be written' });
}
