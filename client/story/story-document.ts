import * as Y from 'yjs';
import {
  branchInPlay,
  branchMap,
  MAIN_BRANCH,
  playMap,
  readBranches,
  readLine,
  readScenes,
  sceneMap,
  type Branch,
  type Scene,
} from '../../sessions/story-lines.ts';
import {
  passageMap,
  passageOrder,
  readPassage,
  type Passage,
  type PassageMeta,
} from '../../sessions/story-shape.ts';
import { Store } from '../common/store.ts';
import { DocumentLink } from '../link/document-link.ts';
import type { Ticket } from '../link/ticket.ts';

type StoryEvent = Y.YEvent<Y.AbstractType<unknown>>;

/** The branches of the story and the scenes of the one in play. */
export interface StoryLines {
  /** The branch in play. */
  branchId: string;
  branches: readonly Branch[];
  scenes: readonly Scene[];
  /** The scenes of all branches, in no order. */
  allScenes: readonly Scene[];
  /** Ids of the passages of all branches, in story order. */
  all: readonly string[];
}

/** What is known of a passage without reading its text. */
export interface PassageStamp {
  id: string;
  kind: 'player' | 'narrator';
  by: string;
  createdAt: number;
  branchId: string;
}

/**
 * The story as React reads it. Each passage has its own store, and only passages that changed are read
 * again, so that a long story costs nothing while its last passage grows.
 */
export class StoryDocument {
  /** The passages of the branch in play, struck ones included. */
  readonly order = new Store<readonly string[]>([]);
  readonly lines = new Store<StoryLines>({
    branchId: MAIN_BRANCH,
    branches: [],
    scenes: [],
    allScenes: [],
    all: [],
  });
  /** Passages that a rollback took back: passage id -> rollback id. */
  readonly takenBack = new Store<ReadonlyMap<string, string>>(new Map());
  readonly link: DocumentLink;
  /** For readers of what is around the passages: branches, scenes, memory. Nobody writes in it here. */
  readonly doc = new Y.Doc();
  readonly #passages = new Map<string, Store<Passage | null>>();
  #stamps: { of: readonly string[]; list: readonly PassageStamp[] } = { of: [], list: [] };

  constructor(sessionId: string, ticket: Ticket) {
    const doc = this.doc;
    passageOrder(doc).observe(() => this.#readLines());
    for (const map of [branchMap(doc), playMap(doc), sceneMap(doc)]) map.observe(() => this.#readLines());
    passageMap(doc).observeDeep((events: StoryEvent[]) => this.#onChanged(events));
    this.link = new DocumentLink({ sessionId, name: 'story', doc, ticket, isDirty: false });
    // Readers of the story have no cursor in it.
    this.link.awareness.setLocalState(null);
  }

  /** The store of one passage; null while its content has not arrived. */
  passage(id: string): Store<Passage | null> {
    const known = this.#passages.get(id);
    if (known !== undefined) return known;
    const store = new Store(this.#read(id));
    this.#passages.set(id, store);
    return store;
  }

  /** The last passage of the narrator that is part of the story. */
  latestNarrated(): Passage | null {
    for (const id of [...this.order.get()].reverse()) {
      const passage = this.passage(id).get();
      if (passage?.kind === 'narrator' && passage.state === 'shown') return passage;
    }
    return null;
  }

  /** The passages of a branch in story order, struck ones included, and its scenes. */
  branchLine(branchId: string): { line: string[]; scenes: Scene[] } {
    const line = readLine(this.doc, branchId);
    return { line, scenes: readScenes(this.doc, branchId) };
  }

  /** All passages of all branches, in story order, without their texts; the same list until there is another one. */
  stamps(): readonly PassageStamp[] {
    const { all } = this.lines.get();
    if (this.#stamps.of !== all) this.#stamps = { of: all, list: all.flatMap((id) => this.#stamp(id)) };
    return this.#stamps.list;
  }

  /** Ends the connection. */
  close(): void {
    this.link.close();
    this.doc.destroy();
  }

  #stamp(id: string): PassageStamp[] {
    const meta = passageMap(this.doc).get(id)?.get('meta') as PassageMeta | undefined;
    if (meta === undefined) return [];
    const { kind, by, createdAt, branchId = MAIN_BRANCH } = meta;
    return [{ id, kind, by, createdAt, branchId }];
  }

  #read(id: string): Passage | null {
    const map = passageMap(this.doc).get(id);
    return map === undefined ? null : readPassage(id, map);
  }

  #readLines(): void {
    const doc = this.doc;
    const branchId = branchInPlay(doc);
    const line = readLine(doc, branchId);
    this.lines.set({
      branchId,
      branches: readBranches(doc),
      scenes: readScenes(doc, branchId),
      allScenes: [...sceneMap(doc)].map(([id, scene]) => ({ id, ...scene })),
      all: passageOrder(doc).toArray(),
    });
    const before = this.order.get();
    const isSame = before.length === line.length && before.every((id, index) => id === line[index]);
    if (!isSame) this.order.set(line);
  }

  #onChanged(events: StoryEvent[]): void {
    const changed = new Set<string>();
    for (const event of events) {
      const [id] = event.path;
      if (typeof id === 'string') changed.add(id);
      else for (const key of event.changes.keys.keys()) changed.add(key);
    }
    this.#readTakenBack(changed);
    for (const id of changed) this.#passages.get(id)?.set(this.#read(id));
  }

  #readTakenBack(ids: ReadonlySet<string>): void {
    const before = this.takenBack.get();
    const after = new Map(before);
    for (const id of ids) {
      const map = passageMap(this.doc).get(id);
      const rollbackId = map?.get('state') === 'struck' ? map.get('rollbackId') : undefined;
      if (typeof rollbackId === 'string') after.set(id, rollbackId);
      else after.delete(id);
    }
    const isSame = after.size === before.size && [...after].every(([id, of]) => before.get(id) === of);
    if (!isSame) this.takenBack.set(after);
  }
}
