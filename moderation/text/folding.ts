/** A text under way to its folded form, with the offset in the literal text of each unit and of the end. */
export interface Folding {
  text: string;
  offsets: number[];
}

/** A part of a text: what a pattern has matched, or what a scan has found. */
export interface Part {
  index: number;
  0: string;
}

/**
 * Rewrites parts of the text, which come in order and do not overlap. `rewrite` says which units of the part remain, by
 * their index, and what each becomes; null leaves the part alone.
 */
export function rewriteParts<T extends Part>(
  from: Folding,
  parts: Iterable<T>,
  rewrite: (part: T) => { text: string; indices: number[] } | null,
): Folding {
  let text = '';
  let offsets: number[] | null = null;
  let done = 0;
  for (const part of parts) {
    const to = rewrite(part);
    if (to === null) continue;
    offsets ??= [];
    for (let at = done; at < part.index; at += 1) offsets.push(from.offsets[at] ?? 0);
    for (const index of to.indices) offsets.push(from.offsets[part.index + index] ?? 0);
    text += from.text.slice(done, part.index) + to.text;
    done = part.index + part[0].length;
  }
  if (offsets === null) return from;
  for (let at = done; at < from.offsets.length; at += 1) offsets.push(from.offsets[at] ?? 0);
  return { text: text + from.text.slice(done), offsets };
}

/** 0, 1, 2 and so on, `length` of them. */
export function upTo(length: number): number[] {
  const numbers: number[] = [];
  for (let index = 0; index < length; index += 1) numbers.push(index);
  return numbers;
}
