import { Store } from './store.ts';

/** A short message at the edge of the page that goes by itself. */
export interface Toast {
  id: number;
  text: string;
  tone: 'plain' | 'problem';
  action: { label: string; run: () => void } | null;
}

const SHOWN = 4;
const LIFE_MS = 9_000;
let lastId = 0;

/** What is shown now. */
export const toasts = new Store<readonly Toast[]>([]);

/** Takes a toast away. */
export function dropToast(id: number): void {
  toasts.update((list) => list.filter((toast) => toast.id !== id));
}

/** Shows a toast, at most four at once, each for nine seconds. The same text is not shown twice. */
export function showToast(
  text: string,
  { tone = 'plain', action = null }: { tone?: Toast['tone']; action?: Toast['action'] } = {},
): void {
  lastId += 1;
  const id = lastId;
  toasts.update((list) => [
    ...list.filter((toast) => toast.text !== text).slice(1 - SHOWN),
    { id, text, tone, action },
  ]);
  setTimeout(() => dropToast(id), LIFE_MS);
}
