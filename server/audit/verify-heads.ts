import type { AuditCheckpointRow, AuditHeadRow, SqlAuditStore } from '../store/sql-audit-store.ts';
import type { AuditKeys } from './audit-keys.ts';
import { checkpointRow, headRow, progressRow } from './audit-rows.ts';
import type { Findings } from './findings.ts';
import { isSameHash, type Hash } from './merkle.ts';
import { openCheckpoint, type NoteVerifier } from './note.ts';
import type { RecordVerifier } from './verify-records.ts';

const PAGE = 200;

interface Parts {
  store: SqlAuditStore;
  keys: AuditKeys;
  findings: Findings;
}

/** A checkpoint that the tree has to agree with when it has grown so far. */
export interface Claim {
  part: 'checkpoint' | 'file';
  name: string;
  size: number;
  root: Hash;
}

/** Whether the head is one that this server has written. */
export function checkHead(head: AuditHeadRow, { keys, findings }: Parts): void {
  const seal = headRow(head, keys).seal;
  if (head.id !== 1 || !isSameHash(seal, head.seal))
    findings.add('head', null, 'the head of the log (audit_head) was changed');
}

/** Checkpoints of the store behind one, up to the newest of the head; those that are none are findings. */
export async function readCheckpoints(parts: Parts, from: number, head: AuditHeadRow): Promise<Claim[]> {
  const claims: Claim[] = [];
  let last = from;
  while (last < head.checkpoints) {
    const rows = await parts.store.checkpoints(last, PAGE);
    for (const row of rows) {
      if (row.id > head.checkpoints) break;
      if (row.id !== last + 1) parts.findings.add('checkpoint', null, `checkpoint ${last + 1} is missing`);
      last = row.id;
      claims.push(...claimOf(row, parts));
    }
    if (rows.length < PAGE) break;
  }
  if (last < head.checkpoints) parts.findings.add('checkpoint', null, `checkpoint ${last + 1} is missing`);
  return claims;
}

function claimOf(row: AuditCheckpointRow, { keys, findings }: Parts): Claim[] {
  const name = `checkpoint ${row.id}`;
  const note = openCheckpoint(row.note, keys.verifier);
  if (note === null) {
    findings.add('checkpoint', null, `${name} is not signed by this log`);
    return [];
  }
  if (note.size !== row.size || !isSameHash(checkpointRow(row, keys).seal, row.seal))
    findings.add('checkpoint', null, `the row of ${name} was changed`);
  return [{ part: 'checkpoint', name, size: note.size, root: note.root }];
}

/** Checkpoints of the plain file; those that are none are findings. */
export function readFileNotes(notes: readonly string[], by: NoteVerifier, findings: Findings): Claim[] {
  return notes.flatMap((note, at) => {
    const name = `checkpoint ${at + 1} of the file`;
    const checkpoint = openCheckpoint(note, by);
    if (checkpoint === null) {
      findings.add('file', null, `${name} is not signed by this log`);
      return [];
    }
    return [{ part: 'file' as const, name, size: checkpoint.size, root: checkpoint.root }];
  });
}

/** Compares how far sessions are said to be recorded with what was seen of them. */
export async function checkProgress(parts: Parts, head: AuditHeadRow, seen: RecordVerifier): Promise<void> {
  const { store, keys, findings } = parts;
  const open = new Set(seen.sessions.keys());
  let count = 0;
  for (let after = ''; ;) {
    const rows = await store.progress(after, PAGE);
    for (const row of rows) {
      count += 1;
      open.delete(row.session_id);
      const told = seen.sessions.get(row.session_id) ?? { records: 0, journal: 0 };
      const isSealed = row.seal !== null && isSameHash(progressRow(row, keys).seal ?? row.seal, row.seal);
      if (!isSealed) wrong(row.session_id, 'was changed');
      else if (row.records !== told.records) wrong(row.session_id, 'counts other records than there are');
      else if (row.seq < told.journal) wrong(row.session_id, 'stands before its newest record');
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) break;
    after = last.session_id;
  }
  for (const session of open) wrong(session, 'is missing');
  if (count !== head.sessions)
    findings.add('progress', null, `there are ${count} rows of progress instead of ${head.sessions}`);

  function wrong(session: string, what: string): void {
    findings.add('progress', null, `the progress of session ${session} ${what}`);
  }
}
