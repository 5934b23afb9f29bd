import { EditorState, type Extension, type Transaction, type TransactionSpec } from '@codemirror/state';
import { ySyncAnnotation } from 'y-codemirror.next';
import { LIMITS } from '../../sessions/limits.ts';
import { TEXT } from '../strings.ts';
import { authorRuns, foreignAuthors, ownParts, type AuthorRun } from './draft-authors.ts';
import { draftDesk, guarded, type DraftDesk } from './draft-desk.ts';

interface Change {
  from: number;
  to: number;
  insert: string;
}

/**
 * Keeps local typing inside the rules that the server enforces by closing the connection: nobody but a
 * draft's opener and game masters deletes words of others, and a passage has a longest length.
 */
export const changeGuard: Extension = EditorState.transactionFilter.of((transaction) => {
  const desk = transaction.startState.facet(draftDesk);
  const isLocal =
    transaction.annotation(ySyncAnnotation) === undefined && transaction.annotation(guarded) === undefined;
  if (desk === null || !transaction.docChanged || !isLocal) return transaction;
  if (isTooLong(transaction)) {
    later(() => desk.hint(TEXT.draft.full(LIMITS.passageLength)));
    return [];
  }
  return desk.mayDeleteForeign ? transaction : withoutForeignDeletes(transaction, desk);
});

function isTooLong(transaction: Transaction): boolean {
  const { newDoc, startState } = transaction;
  return newDoc.length > LIMITS.passageLength && newDoc.length > startState.doc.length;
}

function withoutForeignDeletes(
  transaction: Transaction,
  desk: DraftDesk,
): Transaction | readonly TransactionSpec[] {
  const runs = authorRuns(desk.text, desk.authorOf);
  const wanted: Change[] = [];
  transaction.changes.iterChanges((...[from, to, , , insert]) => {
    wanted.push({ from, to, insert: insert.toString() });
  });
  const others = new Set(wanted.flatMap((change) => foreignAuthors(runs, desk.you, change)));
  if (others.size === 0) return transaction;
  const allowed = wanted.flatMap((change) => allowedParts(change, runs, desk.you));
  later(() => desk.hint(hintText([...others], allowed.length > 0, desk)));
  if (allowed.length === 0) return [];
  const userEvent = transaction.isUserEvent('delete') ? 'delete' : 'input';
  return [{ changes: allowed, userEvent, annotations: guarded.of(true), scrollIntoView: true }];
}

/** A change with its deletions cut down to the player's own words; what is typed stays. */
function allowedParts(change: Change, runs: readonly AuthorRun[], you: string): Change[] {
  const parts = ownParts(runs, you, change).map((part): Change => ({ ...part, insert: '' }));
  if (change.insert === '') return parts;
  const [first, ...rest] = parts;
  if (first?.from === change.from) return [{ ...first, insert: change.insert }, ...rest];
  return [{ from: change.from, to: change.from, insert: change.insert }, ...parts];
}

function hintText(others: string[], isPartDone: boolean, desk: DraftDesk): string {
  if (isPartDone) return TEXT.draft.theirWordsMany;
  return TEXT.draft.theirWords(TEXT.app.listed(others.map(desk.nameOf)));
}

/** A filter must stay pure while CodeMirror runs it; showing something waits until it is done. */
function later(run: () => void): void {
  queueMicrotask(run);
}
