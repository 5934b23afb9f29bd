/** Two branches of a story: what they share, and what each goes on with. */
export interface Comparison {
  trunk: string[];
  left: string[];
  right: string[];
}

/** Where two lines of a story part. */
export function compareLines(left: readonly string[], right: readonly string[]): Comparison {
  let shared = 0;
  while (shared < left.length && shared < right.length && left[shared] === right[shared]) shared += 1;
  return { trunk: left.slice(0, shared), left: left.slice(shared), right: right.slice(shared) };
}
