/** A text under way to its folded form, with the offset in the literal text of each unit and of the end. */
export interface Folding {
  text: string;
  offsets: number[];
}

/**
 * Rewrites all matches of a global pattern. `rewrite` says which units of the match remain, by their index, and what
 * each becomes; null leaves the match alone.
 */
export function rewriteMatches(
  from: Folding,
  pattern: RegExp,
  rewrite: (match: RegExpExecArray) => { text: string; indices: number[] } | null,
): Folding {
  let text = '';
  let offsets: number[] | null = null;
  let done = 0;
  for (const match of from.text.matchAll(pattern)) {
    const to = rewrite(match);
    if (to === null) continue;
    offsets ??= [];
    for (let at = done; at < match.index; at += 1) offsets.push(from.offsets[at] ?? 0);
    for (const index of to.indices) offsets.push(from.offsets[match.index + index] ?? 0);
    text += from.text.slice(done, match.index) + to.text;
    done = match.index + match[0].length;
  }
  if (offsets === null) return from;
  for (let at = done; at < from.offsets.length; at += 1) offsets.push(from.offsets[at] ?? 0);
  return { text: text + from.text.slice(done), offsets };
}
