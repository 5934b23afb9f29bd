import { join } from 'node:path';
import { AppError } from '../../sessions/errors.ts';
import type { AuditHeadRow, SqlAuditStore } from '../store/sql-audit-store.ts';
import type { AuditKeys } from './audit-keys.ts';
import { headRow, progressRow } from './audit-rows.ts';
import type { SignedCheckpoint } from './checkpointer.ts';
import { EMPTY_ROOT, isSameHash } from './merkle.ts';
import { openCheckpoint } from './note.ts';
import { loadTree, ProofReader } from './proof-reader.ts';
import { TileTree } from './tile-tree.ts';

/** Rows of progress sealed at once when the log begins. */
const PAGE = 500;

/** Where the parts of the log are in the data folder. */
export function auditPaths(dataDir: string): { folder: string; secret: string; checkpoints: string } {
  const folder = join(dataDir, 'audit');
  return { folder, secret: join(folder, 'secret'), checkpoints: join(folder, 'checkpoints.txt') };
}

/** What the store holds, as it is when the log is opened. */
export interface OpenedTree {
  tree: TileTree;
  head: AuditHeadRow;
  newest: SignedCheckpoint | null;
  /** What forbids to go on from here; null: nothing. */
  fault: string | null;
  /** The newest checkpoint does not speak of these records. */
  contradiction: string | null;
}

/** Reads where the log stands; begins it where there is none. Throws AppError STORAGE_UNAVAILABLE. */
export async function openTree(store: SqlAuditStore, keys: AuditKeys): Promise<OpenedTree> {
  const head = (await store.head()) ?? (await begin(store, keys));
  const { tree, fault } = await checkedTree(store, keys, head);
  const newest = await store.newestCheckpoint();
  const proofs = new ProofReader(tree, store);
  const contradiction = await newestFault(newest, keys, { proofs, size: tree.size });
  return { tree, head, newest, fault, contradiction };
}

/** The first head, over nothing; sessions that were there before are recorded from here on. */
async function begin(store: SqlAuditStore, keys: AuditKeys): Promise<AuditHeadRow> {
  if ((await store.count('audit_records')) > 0)
    throw new AppError('STORAGE_UNAVAILABLE', { detail: 'the head of the audit log is missing' });
  const sealed: ReturnType<typeof progressRow>[] = [];
  for (let after = ''; ;) {
    const rows = await store.progress(after, PAGE);
    for (const { session_id, seq, records } of rows)
      sealed.push(progressRow({ session_id, seq, records }, keys));
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) break;
    after = last.session_id;
  }
  const head = headRow({ size: 0, root: EMPTY_ROOT, checkpoints: 0, sessions: sealed.length }, keys);
  await store.begin(head, sealed);
  return head;
}

/** The stored tree, and whether it is what the head says. */
async function checkedTree(store: SqlAuditStore, keys: AuditKeys, head: AuditHeadRow) {
  const tree = await loadTree(store, head.size).catch((error: unknown) => {
    if (error instanceof AppError && error.cause === undefined) return null;
    throw error;
  });
  if (tree === null) return { tree: TileTree.of([], []), fault: 'records are missing' };
  if (!isSameHash(headRow(head, keys).seal, head.seal)) return { tree, fault: 'the head was changed' };
  const outside = await store.outside(head.size);
  if (outside.records.length > 0) return { tree, fault: 'records were added from outside' };
  const isWhole = isSameHash(tree.root(), head.root);
  return { tree, fault: isWhole ? null : 'the tree is not the one of the head' };
}

/** What is wrong between the newest checkpoint and the tree; null: nothing. */
async function newestFault(
  row: SignedCheckpoint | null,
  keys: AuditKeys,
  { proofs, size }: { proofs: ProofReader; size: number },
): Promise<string | null> {
  if (row === null) return null;
  const checkpoint = openCheckpoint(row.note, keys.verifier);
  if (checkpoint === null) return 'the newest checkpoint is not signed by this log';
  if (checkpoint.size > size) return 'the newest checkpoint speaks of more records than there are';
  const root = await proofs.rootAt(checkpoint.size);
  return isSameHash(root, checkpoint.root) ? null : 'the newest checkpoint speaks of other records';
}
