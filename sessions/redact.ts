import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';

interface Range {
  from: number;
  /** Exclusive. */
  to: number;
}

/** Positions in a Yjs document. A purge may ask about hundreds of thousands: that takes a search each, no walk. */
export class IdRanges {
  private readonly byClient = new Map<number, Range[]>();
  private isSorted = true;

  /** Adds the items of a list, deleted ones too: text, or the values that a map key ever had. */
  addItems(first: Y.Item | null, next: (item: Y.Item) => Y.Item | null): void {
    for (let item = first; item !== null; item = next(item)) {
      const { client, clock } = item.id;
      const of = this.byClient.get(client) ?? [];
      of.push({ from: clock, to: clock + item.length });
      this.byClient.set(client, of);
    }
    this.isSorted = false;
  }

  has({ client, clock }: Y.ID): boolean {
    if (!this.isSorted) for (const ranges of this.byClient.values()) ranges.sort((a, b) => a.from - b.from);
    this.isSorted = true;
    const ranges = this.byClient.get(client) ?? [];
    let low = 0;
    for (let high = ranges.length; low < high;) {
      const middle = (low + high) >>> 1;
      if ((ranges[middle]?.from ?? 0) <= clock) low = middle + 1;
      else high = middle;
    }
    return clock < (ranges[low - 1]?.to ?? 0);
  }
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
    if (!ranges.has(struct.id)) continue;
    struct.content = new Y.ContentDeleted(struct.length);
    isChanged = true;
  }
  return isChanged ? encode(decoded) : null;
}
