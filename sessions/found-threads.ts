/** What the id of a thread that was found begins with; its name as written follows. */
const FOUND = 'found:';

/** The id of a found thread: the same for the same name, so that what people say of it stays. */
export function foundThreadId(name: string): string {
  return `${FOUND}${name}`;
}

/** The name in the id of a found thread; null: it is none. */
export function foundThreadTitle(threadId: string): string | null {
  return threadId.startsWith(FOUND) && threadId.length > FOUND.length ? threadId.slice(FOUND.length) : null;
}
