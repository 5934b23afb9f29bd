import { randomBytes } from 'node:crypto';
import { newId, type Random } from '../../sessions/ids.ts';
import type { SessionFact } from '../../sessions/facts.ts';
import type {
  AuditBlobRow,
  AuditGroup,
  AuditKeyRow,
  AuditProgressRow,
  SqlAuditStore,
} from '../store/sql-audit-store.ts';
import { headRow, progressRow, recordRow, aboutKey } from './audit-rows.ts';
import type { AuditKeys } from './audit-keys.ts';
import type { ComplianceProfile } from './compliance.ts';
import { draftOf, narratorSubject, type DraftedRecord, type RecordDraft } from './record-of-fact.ts';
import { draftSchema, type AuditRecord } from './record.ts';
import { sealText } from './sealed-text.ts';
import type { TileTree } from './tile-tree.ts';

/** Why a text may not be read any more. */
export const ERASE_REASONS = ['request', 'retention', 'legal', 'other'] as const;
export type EraseReason = (typeof ERASE_REASONS)[number];

/** Where a record stands: its place in the tree, and the hash of its leaf in hex. */
export interface Receipt {
  leafIndex: number;
  leafHash: string;
}

/** What waits to be written. */
export type Entry = {
  /** Called once it is durable; null: it was recorded before, or there was nothing to do. */
  onWritten?: (receipt: Receipt | null) => void;
} & (
  | { kind: 'fact'; fact: SessionFact }
  /** Nothing more is to be recorded of a session up to a position. */
  | { kind: 'mark'; sessionId: string; seq: number }
  /** `playerId` null: what the narrator wrote in the session. */
  | {
      kind: 'erase';
      sessionId: string;
      playerId: string | null;
      reason: EraseReason;
      onFailed: (error: unknown) => void;
    }
  /** A server has begun to write. */
  | { kind: 'restart' }
);

/** What is in memory of what is stored. */
export interface LogState {
  tree: TileTree;
  checkpoints: number;
  sessions: number;
}

export interface BuilderParts {
  store: Pick<SqlAuditStore, 'progressOf' | 'keysOf'>;
  keys: AuditKeys;
  profile: ComplianceProfile;
  now: () => number;
  random: Random;
  /** Sessions of which nothing is recorded until their journal is read again. */
  isRefused: (sessionId: string) => boolean;
}

/** A group that is ready to be written, and what holds once it is. */
export interface BuiltGroup {
  group: AuditGroup;
  after: LogState;
  receipts: (Receipt | null)[];
  types: string[];
  /** Facts that make no record; what follows them in their session was left out too. */
  refused: { sessionId: string; seq: number; reason: string }[];
}

interface DataKey {
  keyId: string;
  key: Buffer;
}

/** Makes the rows of one transaction from what waits, in order. */
export class GroupBuilder {
  readonly #parts: BuilderParts;
  readonly #state: LogState;
  readonly #tree: TileTree;
  readonly #progress = new Map<string, Omit<AuditProgressRow, 'seal'>>();
  /** Journal positions that were recorded before this group. */
  readonly #known = new Map<string, number>();
  /** Sessions of which something changes. */
  readonly #touched = new Set<string>();
  readonly #dataKeys = new Map<string, DataKey>();
  readonly #group = {
    records: [] as ReturnType<typeof recordRow>[],
    blobs: [] as AuditBlobRow[],
    keys: [] as AuditKeyRow[],
    purges: [] as AuditGroup['purges'][number][],
    erasedKeyIds: [] as string[],
  };
  readonly #refused: BuiltGroup['refused'] = [];
  readonly #types: string[] = [];

  constructor(parts: BuilderParts, state: LogState) {
    this.#parts = parts;
    this.#state = state;
    this.#tree = state.tree.copy();
  }

  /** Throws AppError STORAGE_UNAVAILABLE, or Error when a stored key does not open. */
  async build(entries: readonly Entry[]): Promise<BuiltGroup> {
    await this.#loadProgress(entries);
    const drafts = entries.map((entry) => this.#draft(entry));
    await this.#loadKeys(drafts.flatMap((draft) => draft?.text?.subject ?? []));
    const receipts: (Receipt | null)[] = [];
    for (const [at, entry] of entries.entries()) receipts.push(await this.#add(entry, drafts[at] ?? null));
    const { keys } = this.#parts;
    const progress = [...this.#progress.values()].filter((row) => this.#touched.has(row.session_id));
    const sessions = this.#state.sessions + progress.filter((row) => !this.#known.has(row.session_id)).length;
    const after = { ...this.#state, tree: this.#tree, sessions };
    const head = { size: this.#tree.size, root: this.#tree.root(), checkpoints: after.checkpoints, sessions };
    const firstTile = this.#state.tree.tiles;
    const group: AuditGroup = {
      ...this.#group,
      checkpoints: [],
      tiles: this.#tree.tileRoots(firstTile).map((root, at) => ({ tile: firstTile + at, root })),
      progress: progress.map((row) => progressRow(row, keys)),
      head: headRow(head, keys),
    };
    return { group, after, receipts, types: this.#types, refused: this.#refused };
  }

  async #loadProgress(entries: readonly Entry[]): Promise<void> {
    const ids = new Set(entries.flatMap(sessionsOf));
    const rows = await this.#parts.store.progressOf([...ids]);
    for (const id of ids) {
      const row = rows.find((each) => each.session_id === id);
      this.#progress.set(id, { session_id: id, seq: row?.seq ?? 0, records: row?.records ?? 0 });
      if (row !== undefined) this.#known.set(id, row.seq);
    }
  }

  /** Null: it was recorded before, or is refused, or is made later. */
  #draft(entry: Entry): DraftedRecord | null {
    if (entry.kind !== 'fact') return null;
    const { sessionId, seq } = entry.fact;
    if (seq <= (this.#known.get(sessionId) ?? 0)) return null;
    if (this.#isRefused(sessionId)) return null;
    const { keys, profile } = this.#parts;
    const drafted = draftOf(entry.fact, { ref: (id) => keys.ref(id), profile });
    const parsed = draftSchema.safeParse(drafted.draft);
    if (parsed.success) return drafted;
    const reason = parsed.error.issues[0]?.path.join('.') ?? '';
    this.#refused.push({ sessionId, seq, reason });
    return null;
  }

  async #add(entry: Entry, drafted: DraftedRecord | null): Promise<Receipt | null> {
    switch (entry.kind) {
      case 'fact':
        if (drafted === null) return null;
        this.#advance(entry.fact.sessionId, entry.fact.seq);
        return this.#addFact(entry.fact, drafted);
      case 'mark':
        if (!this.#isRefused(entry.sessionId)) this.#advance(entry.sessionId, entry.seq);
        return null;
      case 'erase':
        return this.#addTombstone(entry);
      case 'restart':
        return this.#append(this.#ownDraft('restart'));
    }
  }

  #isRefused(sessionId: string): boolean {
    return (
      this.#parts.isRefused(sessionId) || this.#refused.some((refused) => refused.sessionId === sessionId)
    );
  }

  #advance(sessionId: string, seq: number): void {
    const row = this.#progress.get(sessionId);
    if (row === undefined || row.seq >= seq) return;
    row.seq = seq;
    this.#touched.add(sessionId);
  }

  #addFact(fact: SessionFact, { draft, text }: DraftedRecord): Receipt {
    const id = uuidv7(this.#parts.now(), this.#parts.random);
    const index = this.#tree.size;
    if (fact.kind === 'purge')
      this.#group.purges.push({ sessionId: fact.sessionId, passageIds: fact.passageIds, before: index });
    if (text === null) return this.#append(draft, id);
    const { keyId, key } = this.#keyOf(text.subject);
    const { commit, blob, data } = sealText(text.text, key, id);
    this.#group.blobs.push({
      leaf_index: index,
      session_id: fact.sessionId,
      passage_id: text.passageId,
      key_id: keyId,
      data,
    });
    const content = { commit, blob, keyId, chars: text.text.length, lang: text.lang };
    return this.#append({ ...draft, content }, id);
  }

  async #addTombstone(entry: Entry & { kind: 'erase' }): Promise<Receipt | null> {
    const { keys, store } = this.#parts;
    const ref = (id: string) => keys.ref(id);
    const { sessionId, playerId, reason } = entry;
    const subject = playerId === null ? narratorSubject(sessionId, ref) : ref(playerId);
    const rows = await store.keysOf([subject]);
    if (rows.length === 0) return null;
    const keyIds = rows.map((row) => row.key_id);
    this.#group.erasedKeyIds.push(...keyIds);
    return this.#append({
      ...this.#ownDraft('tombstone'),
      session: sessionId,
      journal: null,
      actor: { kind: 'operator', ref: null },
      erased: { subject, keyIds },
      decisions: [{ step: 'erase', rule: reason, inputsHash: null, output: null }],
    });
  }

  #ownDraft(type: 'restart' | 'tombstone'): RecordDraft {
    const { jurisdiction, retentionDays, basis } = this.#parts.profile;
    return {
      ts: this.#parts.now(),
      type,
      actor: { kind: 'system', ref: null },
      interaction: { kind: type, historyPassages: null },
      decisions: [],
      compliance: { jurisdiction, class: 'session', retentionDays, basis },
      trace: null,
    };
  }

  #append(
    draft: RecordDraft & Pick<AuditRecord, 'content'>,
    id = uuidv7(this.#parts.now(), this.#parts.random),
  ): Receipt {
    const progress = draft.session === undefined ? undefined : this.#progress.get(draft.session);
    if (progress !== undefined) {
      progress.records += 1;
      this.#touched.add(progress.session_id);
    }
    const nth = progress === undefined ? {} : { nth: progress.records };
    const row = recordRow({ v: 1, seq: this.#tree.size, id, ...nth, ...draft }, this.#parts.keys);
    this.#group.records.push(row);
    this.#types.push(draft.type);
    this.#tree.append(row.leaf_hash);
    return { leafIndex: row.leaf_index, leafHash: Buffer.from(row.leaf_hash).toString('hex') };
  }

  async #loadKeys(subjects: readonly string[]): Promise<void> {
    const { keys, store } = this.#parts;
    for (const row of await store.keysOf([...new Set(subjects)])) {
      const key = keys.unwrap(row.wrapped, aboutKey(row));
      this.#dataKeys.set(row.subject, { keyId: row.key_id, key });
    }
  }

  #keyOf(subject: string): DataKey {
    const known = this.#dataKeys.get(subject);
    if (known !== undefined) return known;
    const { keys, now, random } = this.#parts;
    const made: DataKey = { keyId: newId(random), key: randomBytes(32) };
    const row = { key_id: made.keyId, subject, made_at: now() };
    this.#group.keys.push({ ...row, wrapped: keys.wrap(made.key, aboutKey(row)) });
    this.#dataKeys.set(subject, made);
    return made;
  }
}

function sessionsOf(entry: Entry): string[] {
  if (entry.kind === 'restart') return [];
  return [entry.kind === 'fact' ? entry.fact.sessionId : entry.sessionId];
}

/** A UUID of version 7 (RFC 9562): 48 bits of the time, the rest random. */
function uuidv7(now: number, random: Random): string {
  const bytes = Buffer.from(random.bytes(16));
  bytes.writeUIntBE(now, 0, 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
