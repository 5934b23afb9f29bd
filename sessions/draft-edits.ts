import * as Y from 'yjs';
import type { Char, DraftEdit } from './conflict-ledger.ts';

function charOf(id: Y.ID | null): Char | null {
  return id === null ? null : { client: id.client, clock: id.clock };
}

const encoder = new TextEncoder();

/** UTF-8 bytes of the text of an item. */
function bytesOf({ content, length }: Y.Item): number {
  return content instanceof Y.ContentString ? encoder.encode(content.str).byteLength : length;
}

/** What one client put in with a transaction: its items from `before` on. */
function insertedBy(doc: Y.Doc, client: number, before: number): DraftEdit['inserted'] {
  const structs = doc.store.clients.get(client) ?? [];
  const inserted = [];
  for (let at = structs.length - 1; at >= 0; at -= 1) {
    const struct = structs[at];
    if (struct === undefined || struct.id.clock < before) break;
    if (!(struct instanceof Y.Item) || struct.deleted) continue;
    const { clock } = struct.id;
    inserted.push({
      client,
      from: clock,
      to: clock + struct.length,
      bytes: bytesOf(struct),
      left: charOf(struct.origin),
      right: charOf(struct.rightOrigin),
    });
  }
  return inserted.reverse();
}

/** What a transaction did to a draft, in characters; to be called before Yjs tidies up behind it. */
export function draftEdit(
  transaction: Y.Transaction,
  of: Pick<DraftEdit, 'draftId' | 'playerId' | 'at'>,
): DraftEdit {
  const { doc, beforeState, afterState, deleteSet } = transaction;
  const inserted = [...afterState].flatMap(([client, clock]) => {
    const before = beforeState.get(client) ?? 0;
    return clock > before ? insertedBy(doc, client, before) : [];
  });
  const deleted = [...deleteSet.clients].flatMap(([client, ranges]) =>
    ranges.map(({ clock, len }) => ({ client, from: clock, to: clock + len })),
  );
  return { ...of, inserted, deleted };
}
