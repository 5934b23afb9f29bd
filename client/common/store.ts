import { useSyncExternalStore } from 'react';

/** A value that React can watch. Replaced, never mutated. */
export class Store<T> {
  #value: T;
  readonly #listeners = new Set<() => void>();

  constructor(value: T) {
    this.#value = value;
  }

  /** The present value. */
  readonly get = (): T => this.#value;

  /** Puts a new value in place and tells all watchers; the same value tells nobody. */
  set(value: T): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    for (const listener of [...this.#listeners]) listener();
  }

  /** Replaces the value by one made from it. */
  update(change: (value: T) => T): void {
    this.set(change(this.#value));
  }

  /** Calls the listener after each change; the returned function ends that. */
  readonly watch = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };
}

/** The value of a store inside React. */
export function useStore<T>(store: Store<T>): T {
  return useSyncExternalStore(store.watch, store.get);
}

/** A part of a store's value; the component renders again only when that part is another one. */
export function useStorePart<T, P>(store: Store<T>, pick: (value: T) => P): P {
  return useSyncExternalStore(store.watch, () => pick(store.get()));
}
