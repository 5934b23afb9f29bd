import type * as Y from 'yjs';

/** A stretch of a draft written by one author, in offsets of the text. */
export interface AuthorRun {
  from: number;
  to: number;
  author: string;
}

/** Which author stands behind a Yjs client id. */
export type AuthorOfClient = (clientId: number) => string;

/** Who wrote which stretch of a draft, in order and without gaps. */
export function authorRuns(text: Y.Text, authorOf: AuthorOfClient): AuthorRun[] {
  const runs: AuthorRun[] = [];
  let at = 0;
  for (let item = text._start; item !== null; item = item.right) {
    if (item.deleted || !item.countable) continue;
    const author = authorOf(item.id.client);
    const last = runs.at(-1);
    if (last?.author === author) last.to += item.length;
    else runs.push({ from: at, to: at + item.length, author });
    at += item.length;
  }
  return runs;
}

/** The parts of a range that one author wrote. */
export function ownParts(
  runs: readonly AuthorRun[],
  author: string,
  range: { from: number; to: number },
): { from: number; to: number }[] {
  return runs
    .filter((run) => run.author === author && run.to > range.from && run.from < range.to)
    .map((run) => ({ from: Math.max(run.from, range.from), to: Math.min(run.to, range.to) }));
}

/** The authors of a range other than one, in order of appearance. */
export function foreignAuthors(
  runs: readonly AuthorRun[],
  author: string,
  range: { from: number; to: number },
): string[] {
  const touched = runs.filter((run) => run.author !== author && run.to > range.from && run.from < range.to);
  return [...new Set(touched.map((run) => run.author))];
}
