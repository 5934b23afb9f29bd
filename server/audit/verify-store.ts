import { setImmediate } from 'node:timers/promises';
import { AppError } from '../../sessions/errors.ts';
import type { AuditBlobRow, AuditHeadRow, AuditRecordRow, SqlAuditStore } from '../store/sql-audit-store.ts';
import type { AuditKeys } from './audit-keys.ts';
import { Findings, type Finding } from './findings.ts';
import { EMPTY_ROOT, isSameHash, type Hash } from './merkle.ts';
import { TILE, TileTree } from './tile-tree.ts';
import { checkHead, checkProgress, readCheckpoints, readFileNotes, type Claim } from './verify-heads.ts';
import { RecordVerifier } from './verify-records.ts';
import { TextVerifier } from './verify-texts.ts';

/** Records looked at in one go; others get their turn between two. */
const PAGE = 50;

/** What a verification of the whole store says. */
export interface Verification {
  ok: boolean;
  /** Leaves that there should be. */
  size: number;
  /** Root over them, hex; null: it could not be computed. */
  root: string | null;
  /** All findings, of which the first are told, ordered by record. */
  count: number;
  findings: Finding[];
}

export interface VerifyParts {
  store: SqlAuditStore;
  keys: AuditKeys;
  /** Notes of the plain file; null: there is none. */
  notes: readonly string[] | null;
  /** What the server that writes has in memory; null: nobody writes. */
  expected?: () => { size: number; root: Hash } | null;
  /** Asked from time to time: true ends it with SHUTTING_DOWN. */
  isGivenUp?: () => boolean;
  /** Runs the last part while nobody writes. */
  alone?: (run: () => Promise<void>) => Promise<void>;
}

/**
 * Looks at everything in the store. Never throws for what is in it: what cannot be read is a finding. Throws AppError
 * SHUTTING_DOWN when it was given up.
 */
export async function verifyStore(parts: VerifyParts): Promise<Verification> {
  const findings = new Findings();
  const run = new Run(parts, findings);
  try {
    await run.all();
  } catch (error) {
    if (parts.isGivenUp?.() === true) throw new AppError('SHUTTING_DOWN');
    const detail = error instanceof AppError ? (error.detail ?? error.code) : String(error);
    findings.add('store', run.size, `it cannot be read: ${detail}`);
  }
  const { count } = findings;
  const root = run.root === null ? null : Buffer.from(run.root).toString('hex');
  return { ok: count === 0, size: run.headSize, root, count, findings: findings.sorted };
}

/** One verification. */
class Run {
  /** Null: a leaf is missing. */
  root: Hash | null = EMPTY_ROOT;
  readonly #parts: VerifyParts;
  readonly #findings: Findings;
  readonly #tree = TileTree.of([], []);
  #next = 0;
  #claims: Claim[] = [];
  #head: AuditHeadRow | null = null;

  constructor(parts: VerifyParts, findings: Findings) {
    this.#parts = parts;
    this.#findings = findings;
  }

  /** Leaves that there should be. */
  get headSize(): number {
    return this.#head?.size ?? 0;
  }

  /** Records seen so far. */
  get size(): number {
    return this.#next;
  }

  async all(): Promise<void> {
    const { store, keys, alone = (run) => run() } = this.#parts;
    const parts = { store, keys, findings: this.#findings };
    const records = new RecordVerifier(keys, this.#findings);
    const texts = new TextVerifier({ keys, findings: this.#findings });
    this.#fileClaims();
    if (await this.#readOn(records, texts)) return;
    // What was written meanwhile, and all that can only be compared while nobody writes.
    await alone(async () => {
      await this.#readOn(records, texts);
      const head = this.#head;
      if (head === null) return;
      checkHead(head, parts);
      await this.#checkEdges(head);
      texts.end();
      await this.#checkTree(head);
      await checkProgress(parts, head, records);
    });
  }

  /** Reads from where it stands to the head as it is now. Answers whether there is none. */
  async #readOn(records: RecordVerifier, texts: TextVerifier): Promise<boolean> {
    const { store, keys } = this.#parts;
    const head = await store.head();
    if (head === null) {
      this.#findings.add('head', null, 'the head of the log (audit_head) is missing');
      return true;
    }
    const after = this.#head?.checkpoints ?? 0;
    this.#head = head;
    this.#claims.push(...(await readCheckpoints({ store, keys, findings: this.#findings }, after, head)));
    this.#claims.sort((a, b) => a.size - b.size);
    await texts.read(store, head.size);
    await this.#readRecords(head, records, texts);
    return false;
  }

  #fileClaims(): void {
    const { notes, keys } = this.#parts;
    if (notes !== null) this.#claims.push(...readFileNotes(notes, keys.verifier, this.#findings));
  }

  async #readRecords(head: AuditHeadRow, records: RecordVerifier, texts: TextVerifier): Promise<void> {
    const { store } = this.#parts;
    this.#compareClaims();
    while (this.#next < head.size) {
      const rows = await store.records(this.#next, Math.min(PAGE, head.size - this.#next));
      const end = Math.min(head.size, (rows.at(-1)?.leaf_index ?? head.size - 1) + 1);
      const blobs = await store.blobs(this.#next, end);
      this.#readPage(rows, blobs, { end, records, texts });
      await setImmediate();
      if (this.#parts.isGivenUp?.() === true) throw new AppError('SHUTTING_DOWN');
    }
  }

  #readPage(
    rows: readonly AuditRecordRow[],
    blobs: readonly AuditBlobRow[],
    of: { end: number; records: RecordVerifier; texts: TextVerifier },
  ): void {
    const left = new Map(blobs.map((blob) => [blob.leaf_index, blob]));
    for (const row of rows) {
      if (row.leaf_index >= of.end) break;
      this.#missing(row.leaf_index);
      const { leaf, record } = of.records.check(row);
      if (record !== null) of.texts.check(record, left.get(row.leaf_index) ?? null);
      left.delete(row.leaf_index);
      this.#tree.append(leaf);
      this.#next = row.leaf_index + 1;
      this.#compareClaims();
    }
    this.#missing(of.end);
    for (const index of left.keys()) this.#findings.add('text', index, 'there is a text without a record');
  }

  /** Up to `index` there are no records; the tree cannot be computed any further. */
  #missing(index: number): void {
    if (index <= this.#next) return;
    this.root = null;
    const last = index - 1;
    const which = last === this.#next ? 'the record is missing' : `the records up to ${last} are missing`;
    this.#findings.add('record', this.#next, which);
    this.#next = index;
  }

  #compareClaims(): void {
    while (this.#claims[0] !== undefined && this.#claims[0].size <= this.#next) {
      const { part, name, size, root } = this.#claims[0];
      this.#claims.shift();
      if (this.root === null || isSameHash(this.#tree.root(), root)) continue;
      this.#findings.add(part, null, `the first ${size} records are not those that ${name} was signed over`);
    }
  }

  async #checkEdges(head: AuditHeadRow): Promise<void> {
    const { store, notes } = this.#parts;
    // The first one may have met a crash just before it was written there.
    if (notes === null && head.checkpoints > 1)
      this.#findings.add('file', null, 'the file of checkpoints is gone');
    const checkpoints = await store.count('audit_checkpoints');
    if (checkpoints !== head.checkpoints)
      this.#findings.add(
        'checkpoint',
        null,
        `there are ${checkpoints} checkpoints instead of ${head.checkpoints}`,
      );
    for (const { name, size } of this.#claims)
      if (size > head.size)
        this.#findings.add(
          'record',
          head.size,
          `the log has ${head.size} records, but ${name} was signed over ${size}: the newest are missing`,
        );
    const outside = await store.outside(head.size);
    for (const index of outside.records)
      this.#findings.add('record', index, 'the record was added from outside');
    for (const index of outside.blobs) this.#findings.add('text', index, 'there is a text without a record');
  }

  async #checkTree(head: AuditHeadRow): Promise<void> {
    const { store, expected = () => null } = this.#parts;
    if (this.root === null) return;
    const stored = new Map((await store.tiles()).map(({ tile, root }) => [tile, root]));
    for (const [tile, root] of this.#tree.tileRoots(0).entries()) {
      const found = stored.get(tile);
      stored.delete(tile);
      if (found === undefined || !isSameHash(found, root))
        this.#findings.add(
          'tree',
          tile * TILE,
          `the stored root of ${TILE} records (audit_tiles ${tile}) is not theirs`,
        );
    }
    for (const tile of stored.keys())
      this.#findings.add('tree', null, `there is a row ${tile} in audit_tiles that belongs to no records`);
    this.root = this.#tree.root();
    if (!isSameHash(this.root, head.root))
      this.#findings.add('head', null, 'the records are not those that the head of the log speaks of');
    const memory = expected();
    if (memory !== null && (memory.size !== head.size || !isSameHash(this.root, memory.root)))
      this.#findings.add('tree', null, 'the records are not those that the running server has written');
  }
}
