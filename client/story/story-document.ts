import * as Y from 'yjs';
import { passageMap, passageOrder, readPassage, type Passage } from '../../sessions/story-shape.ts';
import { Store } from '../common/store.ts';
import { DocumentLink } from '../link/document-link.ts';
import type { Ticket } from '../link/ticket.ts';

type StoryEvent = Y.YEvent<Y.AbstractType<unknown>>;

/**
 * The story as React reads it. Each passage has its own store, and only passages that changed are read
 * again, so that a long story costs nothing while its last passage grows.
 */
export class StoryDocument {
  readonly order = new Store<readonly string[]>([]);
  readonly link: DocumentLink;
  /** For readers of what is around the passages: branches, scenes, memory. Nobody writes in it here. */
  readonly doc = new Y.Doc();
  readonly #passages = new Map<string, Store<Passage | null>>();

  constructor(sessionId: string, ticket: Ticket) {
    passageOrder(this.doc).observe(() => this.order.set(passageOrder(this.doc).toArray()));
    passageMap(this.doc).observeDeep((events: StoryEvent[]) => this.#onChanged(events));
    this.link = new DocumentLink({ sessionId, name: 'story', doc: this.doc, ticket, isDirty: false });
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

  /** Ends the connection. */
  close(): void {
    this.link.close();
    this.doc.destroy();
  }

  #read(id: string): Passage | null {
    const map = passageMap(this.doc).get(id);
    return map === undefined ? null : readPassage(id, map);
  }

  #put(id: string): void {
    this.#passages.get(id)?.set(this.#read(id));
  }

  #onChanged(events: StoryEvent[]): void {
    const changed = new Set<string>();
    for (const event of events) {
      const [id] = event.path;
      if (typeof id === 'string') changed.add(id);
      else for (const key of event.changes.keys.keys()) changed.add(key);
    }
    for (const id of changed) this.#put(id);
  }
}
