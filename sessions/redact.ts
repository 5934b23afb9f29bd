import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';

/** Positions in a Yjs document: client id -> ranges of clocks, `from` inclusive, `to` exclusive. */
export type IdRanges = Map<number, { from: number; to: number }[]>;

/** Adds the items of a list, deleted ones too: text, or the values that a map key ever had. */
export function addItems(
  ranges: IdRanges,
  first: Y.Item | null,
  next: (item: Y.Item) => Y.Item | null,
): void {
  for (let item = first; item !== null; item = next(item)) {
    const { client, clock } = item.id;
    const of = ranges.get(client) ?? [];
    of.push({ from: clock, to: clock + item.length });
    ranges.set(client, of);
  }
}

function isIn(ranges: IdRanges, { client, clock }: Y.ID): boolean {
  return ranges.get(client)?.some(({ from, to }) => clock >= from && clock < to) === true;
}

type Struct = ReturnType<typeof Y.decodeUpdate>['structs'][number];

function groups(structs: readonly Struct[]): Struct[][] {
  const lists: Struct[][] = [];
  for (const struct of structs) {
    const last = lists.at(-1);
    if (last?.[0]?.id.client === struct.id.client) last.push(struct);
    else lists.push([struct]);
  }
  return lists;
}

function encode({ structs, ds }: ReturnType<typeof Y.decodeUpdate>): Uint8Array {
  const encoder = new Y.UpdateEncoderV1();
  const lists = groups(structs);
  encoding.writeVarUint(encoder.restEncoder, lists.length);
  for (const list of lists) {
    const first = list[0];
    if (first === undefined) continue;
    encoding.writeVarUint(encoder.restEncoder, list.length);
    encoder.writeClient(first.id.client);
    encoding.writeVarUint(encoder.restEncoder, first.id.clock);
    for (const struct of list) struct.write(encoder, 0);
  }
  encoding.writeVarUint(encoder.restEncoder, ds.clients.size);
  for (const [client, deletes] of ds.clients) {
    encoder.resetDsCurVal();
    encoding.writeVarUint(encoder.restEncoder, client);
    encoding.writeVarUint(encoder.restEncoder, deletes.length);
    for (const { clock, len } of deletes) {
      encoder.writeDsClock(clock);
      encoder.writeDsLen(len);
    }
  }
  return encoder.toUint8Array();
}

/**
 * A Yjs update (v1) in which the content at some positions was never more than something deleted: places, order and
 * all other content stay as they are. Null: it has none of those positions.
 */
export function redactUpdate(update: Uint8Array, ranges: IdRanges): Uint8Array | null {
  const decoded = Y.decodeUpdate(update);
  let isChanged = false;
  for (const struct of decoded.structs) {
    if (!(struct instanceof Y.Item) || struct.content instanceof Y.ContentDeleted) continue;
    if (!isIn(ranges, struct.id)) continue;
    struct.content = new Y.ContentDeleted(struct.length);
    isChanged = true;
  }
  return isChanged ? encode(decoded) : null;
}
