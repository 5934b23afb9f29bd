import type { PastPassage, PastView } from '../../sessions/history-view.ts';
import type { Failure, Result } from '../common/failure.ts';
import { Store } from '../common/store.ts';
import { pastStory, type PastStory } from './past-story.ts';

/** How far the story of a moment has come. The last one stays while the next is on its way. */
export interface PastState {
  past: PastStory | null;
  isLoading: boolean;
  failure: Failure | null;
}

/** What a past reader needs. */
export interface PastReaderParts {
  ask: (time: number, signal: AbortSignal) => Promise<Result<PastView>>;
  /** All passages as they stand now. */
  freeze: () => ReadonlyMap<string, PastPassage>;
  /** How long a moment has to be wanted before the server is asked. */
  pauseMs: number;
}

/** Fetches the story of moments: one request at a time, and only for the moment that was wanted last. */
export class PastReader {
  readonly state = new Store<PastState>({ past: null, isLoading: true, failure: null });
  readonly #of: PastReaderParts;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #request: AbortController | null = null;

  constructor(of: PastReaderParts) {
    this.#of = of;
  }

  /** Fetches the story of a moment (epoch ms); whatever was wanted before is given up. */
  read(time: number): void {
    this.close();
    this.state.update((state) => ({ ...state, isLoading: true, failure: null }));
    this.#timer = setTimeout(() => void this.#ask(time), this.#of.pauseMs);
  }

  /** Gives up what is wanted. May be called again and again. */
  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#request?.abort();
    this.#request = null;
  }

  async #ask(time: number): Promise<void> {
    const request = new AbortController();
    this.#request = request;
    // Before the server looks: what changes in between is among what it says was otherwise.
    const live = this.#of.freeze();
    const answer = await this.#of.ask(time, request.signal);
    if (this.#request !== request) return;
    this.#request = null;
    this.state.update(({ past }) =>
      answer.ok
        ? { past: pastStory(time, answer.value, live), isLoading: false, failure: null }
        : { past, isLoading: false, failure: answer },
    );
  }
}
