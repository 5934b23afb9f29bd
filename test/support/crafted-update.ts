import * as encoding from 'lib0/encoding';

type At = readonly [client: number, clock: number];

/** One struct of a hand-made update. Without any of the places it would be unreadable, so give one. */
export interface CraftedStruct {
  content: readonly [kind: 'text', text: string] | readonly [kind: 'gc' | 'skip' | 'deleted', length: number];
  origin?: At;
  rightOrigin?: At;
  /** Name of a root, or the id of a parent item. */
  parent?: string | At;
  key?: string;
}

/** Structs of one client, from a clock on. */
export interface CraftedRun {
  client: number;
  clock: number;
  structs: readonly CraftedStruct[];
}

const REFS = { gc: 0, deleted: 1, text: 4, skip: 10 } as const;

function writeAt(encoder: encoding.Encoder, [client, clock]: At): void {
  encoding.writeVarUint(encoder, client);
  encoding.writeVarUint(encoder, clock);
}

function writeStruct(encoder: encoding.Encoder, struct: CraftedStruct): void {
  const [kind, value] = struct.content;
  const isItem = kind === 'text' || kind === 'deleted';
  let info: number = REFS[kind];
  if (isItem && struct.origin !== undefined) info |= 0x80;
  if (isItem && struct.rightOrigin !== undefined) info |= 0x40;
  if (isItem && struct.key !== undefined) info |= 0x20;
  encoding.writeUint8(encoder, info);
  if (isItem) writePlace(encoder, struct);
  if (typeof value === 'string') encoding.writeVarString(encoder, value);
  else encoding.writeVarUint(encoder, value);
}

function writePlace(encoder: encoding.Encoder, { origin, rightOrigin, parent, key }: CraftedStruct): void {
  if (origin !== undefined) writeAt(encoder, origin);
  if (rightOrigin !== undefined) writeAt(encoder, rightOrigin);
  if (origin !== undefined || rightOrigin !== undefined) return;
  if (typeof parent === 'object') {
    encoding.writeVarUint(encoder, 0);
    writeAt(encoder, parent);
  } else {
    encoding.writeVarUint(encoder, 1);
    encoding.writeVarString(encoder, parent ?? 'text');
  }
  if (key !== undefined) encoding.writeVarString(encoder, key);
}

/** A Yjs v1 update byte by byte, also such as no honest client would send. Deletes: client -> [clock, length]. */
export function craftUpdate(
  runs: readonly CraftedRun[],
  deletes: readonly (readonly [
    client: number,
    ranges: readonly (readonly [clock: number, length: number])[],
  ])[] = [],
): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, runs.length);
    for (const { client, clock, structs } of runs) {
      encoding.writeVarUint(encoder, structs.length);
      encoding.writeVarUint(encoder, client);
      encoding.writeVarUint(encoder, clock);
      for (const struct of structs) writeStruct(encoder, struct);
    }
    encoding.writeVarUint(encoder, deletes.length);
    for (const [client, ranges] of deletes) {
      encoding.writeVarUint(encoder, client);
      encoding.writeVarUint(encoder, ranges.length);
      for (const at of ranges) writeAt(encoder, at);
    }
  });
}
