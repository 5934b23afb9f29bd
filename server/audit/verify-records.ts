import type { AuditRecordRow } from '../store/sql-audit-store.ts';
import type { AuditKeys } from './audit-keys.ts';
import { recordSeal } from './audit-rows.ts';
import { canonicalJson } from './canonical-json.ts';
import type { Findings } from './findings.ts';
import { isSameHash, leafHash, type Hash } from './merkle.ts';
import { recordSchema, type AuditRecord } from './record.ts';

/** How far a session was seen in its records. */
interface SeenSession {
  records: number;
  journal: number;
}

/** A record in its canonical form; a sentence says why it is none. */
export function readRecord(text: string): AuditRecord | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'it is not JSON';
  }
  const parsed = recordSchema.safeParse(value);
  if (!parsed.success) return `it has not the form of a record (${parsed.error.issues[0]?.path.join('.')})`;
  return canonicalJson(parsed.data) === text ? parsed.data : 'it is not in canonical form';
}

/** Looks at records one by one, in order. */
export class RecordVerifier {
  /** By id of the session. */
  readonly sessions = new Map<string, SeenSession>();
  readonly #keys: AuditKeys;
  readonly #findings: Findings;

  constructor(keys: AuditKeys, findings: Findings) {
    this.#keys = keys;
    this.#findings = findings;
  }

  /** The hash of its leaf as it has to be; the record where it could be read. */
  check(row: AuditRecordRow): { leaf: Hash; record: AuditRecord | null } {
    const index = row.leaf_index;
    const wrong = (what: string) => this.#findings.add('record', index, what);
    const leaf = leafHash(row.record);
    if (!isSameHash(leaf, row.leaf_hash)) wrong('the record is not the one that its leaf hash was made of');
    if (!isSameHash(row.seal, recordSeal(index, leaf, this.#keys)))
      wrong('its seal does not fit: the record or its place was changed');
    const record = readRecord(row.record);
    if (typeof record === 'string') {
      wrong(record);
      return { leaf, record: null };
    }
    for (const column of differing(row, record)) wrong(`the column ${column} is not what the record says`);
    this.#follow(index, record);
    return { leaf, record };
  }

  #follow(index: number, { session, nth, journal }: AuditRecord): void {
    if (session === undefined) return;
    const seen = this.sessions.get(session) ?? { records: 0, journal: 0 };
    this.sessions.set(session, seen);
    seen.records += 1;
    seen.journal = Math.max(seen.journal, journal ?? 0);
    if (nth !== seen.records)
      this.#findings.add(
        'record',
        index,
        `it says to be number ${nth} of its session, but is number ${seen.records}`,
      );
  }
}

function differing(row: AuditRecordRow, record: AuditRecord): string[] {
  const pairs = {
    leaf_index: [row.leaf_index, record.seq],
    session_id: [row.session_id, record.session ?? null],
    seq: [row.seq, record.journal ?? null],
    at: [row.at, record.ts],
    type: [row.type, record.type],
  } as const;
  return Object.entries(pairs).flatMap(([column, [stored, told]]) => (stored === told ? [] : [column]));
}
