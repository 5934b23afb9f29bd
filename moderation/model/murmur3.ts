const C1 = 0xcc9e2d51;
const C2 = 0x1b873593;

function scramble(block: number): number {
  const k = Math.imul(block, C1);
  return Math.imul((k << 15) | (k >>> 17), C2);
}

/** The one to three bytes behind the last whole block, little endian; 0 when there are none. */
function tailOf(bytes: Uint8Array, from: number, end: number): number {
  let block = 0;
  for (let at = end - 1; at >= from; at -= 1) block = (block << 8) | (bytes[at] ?? 0);
  return block;
}

/**
 * MurmurHash3 (x86, 32 bit) of `bytes[start..end)`, an unsigned number. The weights of the model are stored by it:
 * it may never change.
 */
export function murmur3(bytes: Uint8Array, seed: number, start = 0, end = bytes.length): number {
  let hash = seed | 0;
  const tail = end - ((end - start) & 3);
  for (let at = start; at < tail; at += 4) {
    const block =
      (bytes[at] ?? 0) |
      ((bytes[at + 1] ?? 0) << 8) |
      ((bytes[at + 2] ?? 0) << 16) |
      ((bytes[at + 3] ?? 0) << 24);
    hash ^= scramble(block);
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  }
  if (tail < end) hash ^= scramble(tailOf(bytes, tail, end));
  hash ^= end - start;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
