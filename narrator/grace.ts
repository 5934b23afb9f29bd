import type { Clock } from '../sessions/ports.ts';

/**
 * The result of `work`; null when `signal` was aborted and `work` did not end within `graceMs` from then on. What
 * it does afterwards is nobody's concern; rejects as `work` does before.
 */
export async function withinGrace<T>(
  work: Promise<T>,
  signal: AbortSignal,
  { clock, graceMs }: { clock: Clock; graceMs: number },
): Promise<T | null> {
  let cancelGrace = () => {};
  let listener = () => {};
  const cut = new Promise<null>((resolve) => {
    listener = () => {
      cancelGrace = clock.after(graceMs, () => resolve(null));
    };
    if (signal.aborted) listener();
    else signal.addEventListener('abort', listener, { once: true });
  });
  try {
    return await Promise.race([work, cut]);
  } finally {
    signal.removeEventListener('abort', listener);
    cancelGrace();
  }
}
