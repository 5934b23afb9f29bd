import { readStored, writeStored } from '../common/browser-storage.ts';
import { Store } from '../common/store.ts';

/** Words that could not join the story, kept for copying. */
export interface AsideText {
  id: string;
  text: string;
  at: number;
}

const KEPT = 10;

/** The texts set aside in one session, in this browser. */
export class WordsAside {
  readonly list: Store<readonly AsideText[]>;
  readonly #key: string;

  constructor(sessionId: string) {
    this.#key = `taleloom:aside:${sessionId}`;
    const stored = readStored<AsideText[]>(this.#key);
    this.list = new Store<readonly AsideText[]>(Array.isArray(stored) ? stored : []);
  }

  /** Sets a text aside, unless it is blank or already there; the oldest of more than ten is let go. */
  add(text: string): boolean {
    if (text.trim() === '' || this.list.get().some((aside) => aside.text === text)) return false;
    this.#put([...this.list.get(), { id: crypto.randomUUID(), text, at: Date.now() }].slice(-KEPT));
    return true;
  }

  /** Lets a text go. */
  drop(id: string): void {
    this.#put(this.list.get().filter((aside) => aside.id !== id));
  }

  #put(list: readonly AsideText[]): void {
    this.list.set(list);
    writeStored(this.#key, list);
  }
}
