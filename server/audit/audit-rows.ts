// Rows of the store that carry a seal, and what it is over.
import type {
  AuditCheckpointRow,
  AuditHeadRow,
  AuditKeyRow,
  AuditProgressRow,
  AuditRecordRow,
} from '../store/sql-audit-store.ts';
import type { AuditKeys } from './audit-keys.ts';
import { canonicalJson } from './canonical-json.ts';
import { leafHash, type Hash } from './merkle.ts';
import type { AuditRecord } from './record.ts';
import { sha256 } from './sealed-text.ts';

const HEAD_ID = 1;

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** The row of a record. */
export function recordRow(record: AuditRecord, keys: AuditKeys): AuditRecordRow {
  const text = canonicalJson(record);
  const hash = leafHash(text);
  return {
    leaf_index: record.seq,
    session_id: record.session ?? null,
    seq: record.journal ?? null,
    at: record.ts,
    type: record.type,
    record: text,
    leaf_hash: hash,
    seal: recordSeal(record.seq, hash, keys),
  };
}

/** Seal of a leaf in its place. */
export function recordSeal(index: number, leaf: Hash, keys: AuditKeys): Buffer {
  return keys.seal('record', index, hex(leaf));
}

export function headRow(of: Omit<AuditHeadRow, 'id' | 'seal'>, keys: AuditKeys): AuditHeadRow {
  const seal = keys.seal('head', of.size, hex(of.root), of.checkpoints, of.sessions);
  return { id: HEAD_ID, ...of, seal };
}

export function checkpointRow(of: Omit<AuditCheckpointRow, 'seal'>, keys: AuditKeys): AuditCheckpointRow {
  return { ...of, seal: keys.seal('checkpoint', of.id, of.size, of.at, sha256(of.note)) };
}

export function progressRow(of: Omit<AuditProgressRow, 'seal'>, keys: AuditKeys): AuditProgressRow {
  return { ...of, seal: keys.seal('progress', of.session_id, of.seq, of.records) };
}

/** What a wrapped key belongs to. */
export function aboutKey(of: Omit<AuditKeyRow, 'wrapped'>): string {
  return JSON.stringify(['key', of.key_id, of.subject, of.made_at]);
}
