import type { AuditBlobRow, AuditKeyRow, SqlAuditStore } from '../store/sql-audit-store.ts';
import type { AuditKeys } from './audit-keys.ts';
import { aboutKey } from './audit-rows.ts';
import type { Findings } from './findings.ts';
import type { AuditRecord } from './record.ts';
import { commitTo, openText, sha256 } from './sealed-text.ts';
import { readRecord } from './verify-records.ts';

const PAGE = 200;

/** Which texts were taken away on purpose. */
class Removals {
  readonly #purged = new Map<string, number>();
  readonly erasedKeys = new Map<string, number>();

  static async read(store: SqlAuditStore, size: number): Promise<Removals> {
    const removals = new Removals();
    for (let from = 0; ;) {
      const rows = await store.removals(from, PAGE);
      for (const row of rows) {
        const record = readRecord(row.record);
        if (typeof record !== 'string' && row.leaf_index < size) removals.#add(record);
      }
      const last = rows.at(-1);
      if (last === undefined || rows.length < PAGE) return removals;
      from = last.leaf_index + 1;
    }
  }

  /** Whether the text of a record was purged after it. */
  isPurged({ session = '', passage = '', seq }: AuditRecord): boolean {
    return (this.#purged.get(`${session} ${passage}`) ?? -1) > seq;
  }

  #add({ session, purged, erased, seq }: AuditRecord): void {
    for (const passage of purged?.passages ?? []) this.#purged.set(`${session} ${passage}`, seq);
    for (const keyId of erased?.keyIds ?? []) this.erasedKeys.set(keyId, seq);
  }
}

/** Looks at the encrypted texts of records and at the keys they are under. */
export class TextVerifier {
  readonly #keys: AuditKeys;
  readonly #findings: Findings;
  #removals = new Removals();
  readonly #dataKeys = new Map<string, Buffer>();
  readonly #unused = new Set<string>();
  readonly #missingKeys = new Set<string>();

  constructor(of: { keys: AuditKeys; findings: Findings }) {
    this.#keys = of.keys;
    this.#findings = of.findings;
  }

  /** Reads what was taken away, and opens the keys of all subjects; those that it has seen are not looked at again. */
  async read(store: SqlAuditStore, size: number): Promise<void> {
    this.#removals = await Removals.read(store, size);
    for (let after = ''; ;) {
      const rows = await store.keys(after, PAGE);
      for (const row of rows) this.#addKey(row);
      const last = rows.at(-1);
      if (last === undefined || rows.length < PAGE) return;
      after = last.key_id;
    }
  }

  /** The text of a record that could be read; `blob` null: there is none. */
  check(record: AuditRecord, blob: AuditBlobRow | null): void {
    const { content, seq } = record;
    const wrong = (what: string) => this.#findings.add('text', seq, what);
    if (content === undefined) {
      if (blob !== null) wrong('there is a text that the record does not speak of');
      return;
    }
    this.#unused.delete(content.keyId);
    const isGone = this.#removals.isPurged(record);
    if (blob === null) {
      if (!isGone) this.#findings.addFollowing('text', seq, 'its text is missing, and no purge is recorded');
    } else if (isGone) this.#findings.addFollowing('text', seq, 'its text was purged, but is there');
    else if (!isOf(blob, record)) wrong('the row of its text belongs to something else');
    else this.#open(record, blob, content);
    this.#checkKey(content.keyId, seq);
  }

  /** Keys that no record speaks of. */
  end(): void {
    for (const keyId of this.#unused) this.#findings.add('key', null, `no record speaks of the key ${keyId}`);
  }

  #addKey(row: AuditKeyRow): void {
    if (this.#dataKeys.has(row.key_id) || this.#missingKeys.has(row.key_id)) return;
    this.#unused.add(row.key_id);
    const erasedAt = this.#removals.erasedKeys.get(row.key_id);
    if (erasedAt !== undefined)
      this.#findings.addFollowing('key', erasedAt, `the key ${row.key_id} was erased, but is there`);
    try {
      this.#dataKeys.set(row.key_id, this.#keys.unwrap(row.wrapped, aboutKey(row)));
    } catch {
      this.#missingKeys.add(row.key_id);
      this.#findings.add('key', null, `the key ${row.key_id} does not open: its row was changed`);
    }
  }

  #checkKey(keyId: string, index: number): void {
    const isKnown = this.#dataKeys.has(keyId) || this.#removals.erasedKeys.has(keyId);
    if (isKnown || this.#missingKeys.has(keyId)) return;
    this.#missingKeys.add(keyId);
    this.#findings.addFollowing('key', index, `the key ${keyId} is missing, and no erasure is recorded`);
  }

  #open(record: AuditRecord, { data }: AuditBlobRow, content: NonNullable<AuditRecord['content']>): void {
    const wrong = (what: string) => this.#findings.add('text', record.seq, what);
    if (sha256(data) !== content.blob) return wrong('its text was changed');
    const key = this.#dataKeys.get(content.keyId);
    if (key === undefined) return;
    try {
      const { text, salt } = openText(data, key, record.id);
      if (commitTo(text, salt) !== content.commit) wrong('its text is not the one it is bound to');
      if (text.length !== content.chars) wrong('its text has another length');
    } catch {
      wrong('its text does not open with its key');
    }
  }
}

function isOf(blob: AuditBlobRow, { session, passage, content }: AuditRecord): boolean {
  return blob.session_id === session && blob.passage_id === passage && blob.key_id === content?.keyId;
}
