import { useCallback, useEffect, useRef, useState } from 'react';
import type { Failure } from '../common/failure.ts';
import { Store, useStore } from '../common/store.ts';
import { askOps } from './ops-api.ts';
import type { Shape } from './shape.ts';

/** How often the figures in view are renewed. */
const REFRESH_MS = 15_000;

/** The operator wants the figures to stand still. */
export const isPaused = new Store(false);

/** Figures that renew themselves. The last ones stay when the server cannot be reached. */
export interface Live<T> {
  value: T | null;
  /** When `value` came, epoch ms. */
  at: number | null;
  failure: Failure | null;
  isBusy: boolean;
  refresh: () => void;
}

interface Held<T> {
  path: string;
  value: T | null;
  at: number | null;
  failure: Failure | null;
  isBusy: boolean;
}

/** The answer of this path, asked anew every 15 seconds while the page is in view and not paused. */
export function useLive<T>(path: string, shape: Shape): Live<T> {
  const [held, setHeld] = useState<Held<T>>({ path, value: null, at: null, failure: null, isBusy: true });
  const stopped = useStore(isPaused);
  const shapeRef = useRef(shape);
  const lastAsked = useRef(0);
  const load = useCallback(
    async (signal: AbortSignal): Promise<void> => {
      lastAsked.current = Date.now();
      setHeld((now) =>
        now.path === path
          ? { ...now, isBusy: true }
          : { path, value: null, at: null, failure: null, isBusy: true },
      );
      const answer = await askOps<T>(path, { shape: shapeRef.current, signal });
      if (signal.aborted) return;
      setHeld((now) =>
        answer.ok
          ? { path, value: answer.value, at: Date.now(), failure: null, isBusy: false }
          : { ...now, failure: answer, isBusy: false },
      );
    },
    [path],
  );
  // What was asked for one page ends when another is shown.
  const leaving = useRef(new AbortController());
  useEffect(() => {
    leaving.current = new AbortController();
    void load(leaving.current.signal);
    return () => leaving.current.abort();
  }, [load]);
  const refresh = useCallback(() => void load(leaving.current.signal), [load]);
  useEffect(() => {
    if (stopped) return;
    const look = (): void => {
      // A tab that nobody sees asks nothing; who comes back sees new figures at once.
      if (!document.hidden && Date.now() - lastAsked.current >= REFRESH_MS) refresh();
    };
    const timer = setInterval(look, 1_000);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [refresh, stopped]);
  const isThis = held.path === path;
  return {
    value: isThis ? held.value : null,
    at: isThis ? held.at : null,
    failure: isThis ? held.failure : null,
    isBusy: held.isBusy || !isThis,
    refresh,
  };
}
