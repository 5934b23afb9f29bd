// What is handed out of the log: records with their proofs and a signed checkpoint, one JSON value a line.
import { z } from 'zod';
import type { AuditBlobRow, AuditRecordRow, SqlAuditStore } from '../store/sql-audit-store.ts';
import type { AuditKeys } from './audit-keys.ts';
import { aboutKey } from './audit-rows.ts';
import type { ProofReader } from './proof-reader.ts';
import { readRecord } from './verify-records.ts';
import { openText } from './sealed-text.ts';

const BUNDLE_FORMAT = 'taleloom-audit/1';
const PAGE = 100;
/** Records of one bundle. */
const MAX_RECORDS = 100_000;

/** Records of a session, or those of a time (epoch ms, both ends included). */
export type ExportRange = { session: string } | { from: number; to: number };

const base64 = z.string().max(100);

export const headerSchema = z.strictObject({
  format: z.literal(BUNDLE_FORMAT),
  /** Name and public key of the log (C2SP). */
  vkey: z.string().max(300),
  /** The signed note that all proofs lead to. */
  checkpoint: z.string().max(2_000),
  of: z.union([
    z.strictObject({ session: z.string().max(40) }),
    z.strictObject({ from: z.number(), to: z.number() }),
  ]),
});
export const lineSchema = z.strictObject({
  record: z.string().max(1_000_000),
  /** Audit path, from the leaf up. */
  proof: z.array(base64).max(64),
  /** The text and what its commitment is salted with; null: it cannot be read any more. */
  text: z
    .strictObject({ salt: base64, text: z.string().max(1_000_000) })
    .nullable()
    .optional(),
});
export const trailerSchema = z.strictObject({
  end: z.literal(true),
  records: z.number().int(),
  /** The next record that was left out because the bundle is full; null: it is whole. */
  next: z.number().int().nullable(),
});

export interface BundleParts {
  store: SqlAuditStore;
  keys: AuditKeys;
  proofs: ProofReader;
  checkpoint: { size: number; note: string };
  of: ExportRange;
  withText: boolean;
}

/** The lines of a bundle. Throws AppError STORAGE_UNAVAILABLE on the way. */
export async function* bundleLines(parts: BundleParts): AsyncGenerator<string> {
  const { store, keys, checkpoint, of } = parts;
  const { vkey } = keys.verifier;
  yield line({ format: BUNDLE_FORMAT, vkey, checkpoint: checkpoint.note, of } satisfies z.infer<
    typeof headerSchema
  >);
  let records = 0;
  let next: number | null = null;
  for (let after = -1; ;) {
    const rows = await store.recordsOf(of, { after, before: checkpoint.size, limit: PAGE });
    const last = rows.at(-1);
    if (last === undefined) break;
    if (records + rows.length > MAX_RECORDS) {
      next = rows[0]?.leaf_index ?? null;
      break;
    }
    const texts = parts.withText ? await textsOf(rows, parts) : null;
    for (const row of rows) yield line(await lineOf(row, texts, parts));
    records += rows.length;
    after = last.leaf_index;
  }
  yield line({ end: true, records, next } satisfies z.infer<typeof trailerSchema>);
}

const line = (value: unknown): string => `${JSON.stringify(value)}\n`;

async function lineOf(
  row: AuditRecordRow,
  texts: ReadonlyMap<number, { salt: string; text: string }> | null,
  { proofs, checkpoint }: BundleParts,
): Promise<z.infer<typeof lineSchema>> {
  const path = await proofs.inclusion(row.leaf_index, checkpoint.size);
  const proof = path.map((hash) => Buffer.from(hash).toString('base64'));
  const hasText = texts !== null && row.record.includes('"content":{');
  return { record: row.record, proof, ...(hasText ? { text: texts.get(row.leaf_index) ?? null } : {}) };
}

/** Texts that can still be read, by index of their record. */
async function textsOf(
  rows: readonly AuditRecordRow[],
  { store, keys }: BundleParts,
): Promise<Map<number, { salt: string; text: string }>> {
  const wanted = new Map(rows.map((row) => [row.leaf_index, row.record]));
  const found = await store.blobs(rows[0]?.leaf_index ?? 0, (rows.at(-1)?.leaf_index ?? -1) + 1);
  const blobs = found.filter((blob) => wanted.has(blob.leaf_index));
  const dataKeys = new Map<string, Buffer>();
  for (const row of await store.keysById([...new Set(blobs.map((blob) => blob.key_id))]))
    dataKeys.set(row.key_id, keys.unwrap(row.wrapped, aboutKey(row)));
  return new Map(blobs.flatMap((blob) => opened(blob, wanted.get(blob.leaf_index) ?? '', dataKeys)));
}

function opened(
  blob: AuditBlobRow,
  stored: string,
  dataKeys: ReadonlyMap<string, Buffer>,
): [number, { salt: string; text: string }][] {
  const key = dataKeys.get(blob.key_id);
  const record = readRecord(stored);
  if (key === undefined || typeof record === 'string') return [];
  const { salt, text } = openText(blob.data, key, record.id);
  return [[blob.leaf_index, { salt: salt.toString('base64'), text }]];
}
