import * as Y from 'yjs';
import { DRAFT_TEXT } from '../../sessions/story-shape.ts';
import { Store } from '../common/store.ts';
import { DocumentLink } from '../link/document-link.ts';
import type { Ticket } from '../link/ticket.ts';
import { dropKept, keepDraft, restoreKept } from './draft-keep.ts';

const KEEP_AFTER_MS = 250;

/** What the player asked to happen to a draft as soon as its words are durable. */
export type Pending = 'draft:commit' | 'turn:submit' | null;

/** One open draft in this browser: its text, its connection, and its copy for bad times. */
export class DraftDocument {
  readonly id: string;
  readonly doc = new Y.Doc();
  readonly text: Y.Text;
  readonly link: DocumentLink;
  readonly pending = new Store<Pending>(null);
  readonly length = new Store(0);
  readonly #sessionId: string;
  readonly #keptKeys: Set<string>;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(sessionId: string, id: string, ticket: Ticket) {
    this.id = id;
    this.#sessionId = sessionId;
    this.text = this.doc.getText(DRAFT_TEXT);
    this.#keptKeys = new Set(restoreKept(sessionId, id, this.doc));
    this.length.set(this.text.length);
    this.text.observe(() => this.length.set(this.text.length));
    this.link = new DocumentLink({
      sessionId,
      name: `draft-${id}`,
      doc: this.doc,
      ticket,
      isDirty: this.#keptKeys.size > 0,
    });
    this.doc.on('update', this.#onUpdate);
    this.link.state.watch(() => {
      if (this.link.state.get().isSaved) this.#forget();
    });
    window.addEventListener('pagehide', this.#keepNow);
  }

  /** Ends it. `keep`: leave unsaved words in this browser's storage. */
  close(keep: boolean): void {
    if (keep) this.#keepNow();
    else this.#forget();
    if (this.#timer !== null) clearTimeout(this.#timer);
    window.removeEventListener('pagehide', this.#keepNow);
    this.link.close();
    this.doc.destroy();
  }

  /** Resolves when everything typed so far is durable, however long the line is down. */
  whenSaved(): Promise<void> {
    return new Promise((resolve) => {
      const { state } = this.link;
      const isDone = (): boolean => state.get().isSaved && state.get().isConnected;
      if (isDone()) return resolve();
      const stop = state.watch(() => {
        if (!isDone()) return;
        stop();
        resolve();
      });
    });
  }

  readonly #onUpdate = (): void => {
    if (this.link.state.get().isSaved) return;
    this.#timer ??= setTimeout(this.#keepNow, KEEP_AFTER_MS);
  };

  readonly #keepNow = (): void => {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.link.state.get().isSaved) return;
    this.#keptKeys.add(keepDraft(this.#sessionId, this.id, this.doc));
  };

  #forget(): void {
    dropKept(this.#keptKeys);
    this.#keptKeys.clear();
  }
}
