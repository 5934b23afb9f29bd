import { expect } from 'vitest';
import { bookOf } from '../../sessions/book.ts';
import { storyNow } from '../../sessions/book-sources.ts';
import type { PastStory } from '../../sessions/history-ports.ts';
import type { Rollback } from '../../sessions/history-state.ts';
import { shownRevision } from '../../sessions/memory-shape.ts';
import { markdownOf } from '../../sessions/markdown.ts';
import type { StoryContext } from '../../sessions/ports.ts';
import { chosenText, type Passage } from '../../sessions/story-shape.ts';
import type { CollabRun } from './collab-run.ts';

/** Shorter texts may be in other passages too. */
const TELLING = 8;
/** Rollbacks of a game that are looked at in the journal. */
const LOOKED_AT = 6;

/** K9, E2: nothing of a struck passage, and of another branch, is in what the narrator is told. */
export function checkPrompt(run: CollabRun, context: StoryContext): void {
  const { story } = run.session.kernel;
  const line = new Set(story.line());
  const isTold = (id: string) => shownRevision(story.doc, id) !== null;
  for (const { id } of context.passages) expect(isTold(id), 'told what is not shown').toBe(true);
  for (const { passageIds } of context.memory.summaries)
    for (const id of passageIds) expect(isTold(id) && line.has(id), 'remembers what is not shown').toBe(true);
  const passages = story.passages();
  const all = JSON.stringify(context);
  const shown = passages.filter(({ state }) => state === 'shown').map(chosenText);
  for (const passage of passages.filter(({ state }) => state !== 'shown')) {
    const text = chosenText(passage);
    if (text.length < TELLING || shown.some((other) => other.includes(text))) continue;
    expect(all.includes(text), 'struck text in a prompt').toBe(false);
    run.counts['prompts searched'] = (run.counts['prompts searched'] ?? 0) + 1;
  }
}

function byId(story: PastStory | null): Map<string, Passage> {
  return new Map((story?.passages ?? []).map((passage) => [passage.id, passage]));
}

/** K9, X5: nothing of a passage that is not shown on the line is in what people take home. */
export function checkExport(run: CollabRun): void {
  const { state, story } = run.session.kernel;
  const part = storyNow(story.doc);
  if (part === null) throw new Error('There is no branch in play.');
  const text = markdownOf(bookOf({ ...part, state, now: 0 }));
  const shown = new Set(story.shownTexts(null).map(({ id }) => id));
  const told = story.shownTexts(null).map((passage) => passage.text);
  for (const passage of story.passages().filter(({ id }) => !shown.has(id))) {
    const other = chosenText(passage).trim();
    if (other.length < TELLING || told.some((one) => one.includes(other))) continue;
    expect(text.includes(other), 'exported what is not shown').toBe(false);
    run.counts['exports searched'] = (run.counts['exports searched'] ?? 0) + 1;
  }
}

/** K6, K8, B1: the journal shows that each rollback did what it says, all at once, and nothing else. */
export async function checkRollbacks(run: CollabRun): Promise<void> {
  const { history } = run.session.kernel.state;
  for (const rollback of history.rollbacks.slice(-LOOKED_AT)) {
    if (rollback.timing === 'branch') continue;
    const { past } = run.table;
    const before = byId(await past.storyAt(run.session.id, { seq: rollback.beforeSeq }));
    const after = byId(await past.storyAt(run.session.id, { seq: rollback.beforeSeq + 1 }));
    const touched = new Set([...rollback.struck, ...rollback.restored, ...rollback.changed]);
    for (const [id, passage] of after)
      if (!touched.has(id)) expect(passage, 'an untouched passage').toEqual(before.get(id));
    checkStruck(run, rollback, after);
    if (rollback.scope.kind === 'undo') await checkUndo(run, { rollback, before, after });
    run.counts['rollbacks checked'] = (run.counts['rollbacks checked'] ?? 0) + 1;
  }
}

function checkStruck(run: CollabRun, rollback: Rollback, after: ReadonlyMap<string, Passage>): void {
  // What its author let go later is among them too.
  const later = rollback.struck.filter((id) => after.get(id)?.state !== 'struck');
  for (const id of later) expect(run.session.kernel.story.passage(id), 'asked about').not.toBeNull();
  for (const id of rollback.restored) expect(after.get(id)?.state).toBe('shown');
}

async function checkUndo(
  run: CollabRun,
  of: { rollback: Rollback; before: ReadonlyMap<string, Passage>; after: ReadonlyMap<string, Passage> },
): Promise<void> {
  const { rollback, before, after } = of;
  if (rollback.scope.kind !== 'undo') return;
  const { rollbackId } = rollback.scope;
  const undone = run.session.kernel.state.history.rollbacks.find(({ id }) => id === rollbackId);
  if (undone === undefined) return;
  const was = byId(await run.table.past.storyAt(run.session.id, { seq: undone.beforeSeq }));
  const left = byId(await run.table.past.storyAt(run.session.id, { seq: undone.beforeSeq + 1 }));
  for (const id of [...undone.struck, ...undone.restored, ...undone.changed]) {
    // Of what somebody has changed since, and of what was asked about, nothing is promised.
    if (JSON.stringify(before.get(id)) !== JSON.stringify(left.get(id))) continue;
    if (run.purged.has(id) || run.session.kernel.state.history.sealed[id] !== undefined) continue;
    if (was.get(id)?.state === 'held') continue;
    expect(after.get(id), 'taken back exactly').toEqual(was.get(id));
    run.counts['exactly undone'] = (run.counts['exactly undone'] ?? 0) + 1;
  }
}
