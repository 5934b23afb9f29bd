import type { Logger } from 'pino';
import type { Clock } from '../../sessions/ports.ts';
import type { AuditGroup } from '../store/sql-audit-store.ts';
import { checkpointRow, headRow } from './audit-rows.ts';
import type { AuditKeys } from './audit-keys.ts';
import type { AuditWriter } from './audit-writer.ts';
import type { CheckpointFile } from './checkpoint-file.ts';
import { checkpointText, openCheckpoint, signNote } from './note.ts';

/** Records after which one is signed, and the time after which there is one when anything is new. */
const EVERY_RECORDS = 256;
const EVERY_MS = 60_000;

export interface CheckpointerParts {
  writer: AuditWriter;
  keys: AuditKeys;
  clock: Clock;
  log: Logger;
  file: CheckpointFile;
}

/** A signed tree head. */
export interface SignedCheckpoint {
  size: number;
  /** Epoch ms. */
  at: number;
  note: string;
}

/** Signs the head of the tree every 256 records or 60 s with news. */
export class Checkpointer {
  readonly #parts: CheckpointerParts;
  #newest: SignedCheckpoint | null;
  #cancelTimer: (() => void) | null = null;
  #isClosed = false;

  constructor(parts: CheckpointerParts, newest: SignedCheckpoint | null) {
    this.#parts = parts;
    this.#newest = newest;
  }

  /** Null: nothing was signed yet. */
  get newest(): SignedCheckpoint | null {
    return this.#newest;
  }

  /** The log has grown. */
  grown(): void {
    if (this.#isClosed) return;
    const news = this.#parts.writer.state.tree.size - (this.#newest?.size ?? 0);
    if (news >= EVERY_RECORDS) this.#signSoon(0);
    else if (news > 0) this.#signSoon(EVERY_MS);
  }

  /** Signs what is there, unless nothing is new; answers the newest. Throws AppError STORAGE_UNAVAILABLE. */
  sign(): Promise<SignedCheckpoint | null> {
    this.#cancel();
    return this.#parts.writer.alone(() => this.#signNow());
  }

  /** A file that a crash has left behind gets the newest note. */
  async completeFile(): Promise<void> {
    const { file, keys, log } = this.#parts;
    if (this.#newest === null) return;
    try {
      const last = (await file.read())?.at(-1);
      const known = last === undefined ? null : openCheckpoint(last, keys.verifier);
      if ((known?.size ?? -1) < this.#newest.size) await file.append(this.#newest.note);
    } catch (error) {
      log.error({ err: error }, 'audit-checkpoint-file-failed');
    }
  }

  /** Signs the last one. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancel();
    await this.sign().catch((error: unknown) => this.#trouble(error));
  }

  #signSoon(ms: number): void {
    if (this.#cancelTimer !== null && ms > 0) return;
    this.#cancel();
    this.#cancelTimer = this.#parts.clock.after(ms, () => {
      this.#cancelTimer = null;
      this.sign().catch((error: unknown) => {
        this.#trouble(error);
        if (!this.#isClosed) this.#signSoon(EVERY_MS);
      });
    });
  }

  async #signNow(): Promise<SignedCheckpoint | null> {
    const { writer, keys, clock, file, log } = this.#parts;
    const { tree, sessions, checkpoints } = writer.state;
    if (tree.size === (this.#newest?.size ?? 0)) return this.#newest;
    const root = tree.root();
    const text = checkpointText({ origin: keys.verifier.name, size: tree.size, root });
    const signed = {
      size: tree.size,
      at: clock.now(),
      note: signNote(text, keys.verifier, (data) => keys.sign(data)),
    };
    const after = { tree, sessions, checkpoints: checkpoints + 1 };
    const group: AuditGroup = {
      ...NOTHING,
      checkpoints: [checkpointRow({ id: after.checkpoints, ...signed }, keys)],
      head: headRow({ size: tree.size, root, sessions, checkpoints: after.checkpoints }, keys),
    };
    await writer.writeOwn(group, after);
    this.#newest = signed;
    await file
      .append(signed.note)
      .catch((error: unknown) => log.error({ err: error }, 'audit-checkpoint-file-failed'));
    return signed;
  }

  #cancel(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }

  #trouble(error: unknown): void {
    this.#parts.log.error({ err: error }, 'audit-checkpoint-failed');
  }
}

const NOTHING = {
  records: [],
  blobs: [],
  keys: [],
  tiles: [],
  checkpoints: [],
  progress: [],
  purges: [],
  erasedKeyIds: [],
} satisfies Omit<AuditGroup, 'head'>;
