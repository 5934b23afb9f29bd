import { expect } from 'vitest';
import * as Y from 'yjs';
import { draftDocument } from '../../sessions/kernel.ts';
import { loadSession } from '../../sessions/snapshots.ts';
import { NARRATOR, spansText, type Span } from '../../sessions/story-shape.ts';
import type { MemoryStore } from '../support/memory-store.ts';
import { settled } from '../support/sessions-fixture.ts';
import { TestControl } from '../support/test-control.ts';
import { NARRATOR_LETTER, type CollabRun, type Person } from './collab-run.ts';

/** D1: what any replica got from the server, and what was acked, is on the server. */
export function checkNothingShownIsLost(run: CollabRun): void {
  const { documents } = run.session.kernel;
  for (const person of run.people) {
    for (const [name, writer] of person.writers) {
      const document = documents.get(name);
      if (document === undefined) continue;
      for (const [client, clock] of Y.decodeStateVector(Y.encodeStateVector(writer.doc))) {
        if (client === writer.doc.clientID) continue;
        const has = Y.getState(document.doc.store, client);
        expect(has, `${name} lost what was shown`).toBeGreaterThanOrEqual(clock);
      }
    }
  }
  for (const [name, clients] of run.acked) {
    const document = documents.get(name);
    for (const [client, clock] of document === undefined ? [] : clients) {
      const has = Y.getState(document!.doc.store, client);
      expect(has, `${name} lost what was acked`).toBeGreaterThanOrEqual(clock);
    }
  }
}

/** Everything that must be true when all have come to rest and everybody is connected to everything. */
export async function checkAll(run: CollabRun): Promise<void> {
  checkNothingShownIsLost(run);
  const { state, story, documents } = run.session.kernel;
  expect(state.narratorTurns, 'narrator turns left behind').toEqual([]);
  for (const person of run.people) {
    checkReplicas(run, person);
    expect(person.control!.view, 'view').toEqual(await freshView(run, person));
  }
  for (const draft of Object.values(state.drafts)) {
    const spans = run.session.kernel.draftSpans(draft.id);
    expect(spansText(spans)).toBe(documents.get(draftDocument(draft.id))!.doc.getText('text').toJSON());
    checkAuthors(run, spans);
  }
  for (const passage of story.passages()) {
    for (const alternative of passage.alternatives) checkAuthors(run, alternative.spans);
  }
  // Honest clients are refused only when they wrote in a draft that was closed to them meanwhile.
  expect(run.table.observer.faults.filter((fault) => fault !== 'not-a-writer')).toEqual([]);
  checkCommits(run);
  await checkReplay(run);
}

function checkReplicas(run: CollabRun, person: Person): void {
  for (const [name, writer] of person.writers) {
    const server = run.session.kernel.documents.get(name)!.doc;
    expect(writer.doc.store.pendingStructs, `${name} pending`).toBeNull();
    expect(Y.encodeStateVector(writer.doc), `${name} of ${person.letters}`).toEqual(
      Y.encodeStateVector(server),
    );
    if (name === 'story') expect(readable(writer.doc)).toEqual(readable(server));
    else expect(writer.string).toBe(server.getText('text').toJSON());
  }
}

function readable(doc: Y.Doc): unknown {
  return [doc.getArray('order').toJSON(), doc.getMap('passages').toJSON()];
}

/** The view as a newcomer is told it. */
async function freshView(run: CollabRun, person: Person) {
  const control = new TestControl(run.session, person.playerId).connect();
  run.table.clock.advance(10);
  await settled();
  const { view } = control;
  control.leave();
  return view;
}

function checkAuthors(run: CollabRun, spans: readonly Span[]): void {
  for (const span of spans) {
    const person = run.people.find((candidate) => candidate.playerId === span.author);
    const letters = span.author === NARRATOR ? NARRATOR_LETTER : person!.letters;
    for (const letter of span.text.replaceAll(' ', ''))
      expect(letters, `author of ${letter}`).toContain(letter);
  }
}

function mergeSpans(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of spans) {
    const last = merged.at(-1);
    if (last?.author === span.author) last.text += span.text;
    else merged.push({ ...span });
  }
  return merged;
}

function checkCommits(run: CollabRun): void {
  for (const [passageId, list] of run.committed) {
    const firstPossible = list.findLastIndex((entry) => entry.isAcked);
    if (firstPossible < 0 || run.forgotten.has(passageId)) continue;
    const passage = run.session.kernel.story.passage(passageId);
    expect(passage, 'a committed passage').not.toBeNull();
    // A retry may have added another alternative since.
    const now = passage!.alternatives.map((alternative) => JSON.stringify(mergeSpans(alternative.spans)));
    const possible = list.slice(firstPossible).map((entry) => JSON.stringify(mergeSpans(entry.spans)));
    const isThere = now.some((text) => possible.includes(text));
    expect(isThere, `committed ${possible.join(' or ')} in ${now.join(' and ')}`).toBe(true);
  }
}

/** The journal, with snapshots and without, gives what is in memory. */
async function checkReplay(run: CollabRun): Promise<void> {
  const { kernel, id } = run.session;
  await run.table.tick();
  const store = run.table.inner as MemoryStore;
  const stored = (await store.load(id))!;
  const fromStart = { ...stored, snapshots: [], tail: [...store.journal(id)] };
  for (const loaded of [loadSession(stored), loadSession(fromStart)]) {
    expect(loaded.state).toEqual(kernel.state);
    expect(loaded.lastSeq).toBe(kernel.journal.seq);
    expect(loaded.story.passages()).toEqual(kernel.story.passages());
    for (const [draftId, doc] of loaded.drafts) {
      const live = kernel.documents.get(draftDocument(draftId))!.doc;
      expect(doc.getText('text').toJSON()).toBe(live.getText('text').toJSON());
      expect(Y.encodeStateVector(doc)).toEqual(Y.encodeStateVector(live));
    }
  }
}
