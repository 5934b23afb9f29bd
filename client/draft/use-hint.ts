import { useCallback, useEffect, useRef, useState } from 'react';

const SHOWN_MS = 4_000;

/** A short sentence beside an editor that goes by itself. */
export function useHint(): [hint: string, show: (text: string) => void] {
  const [hint, setHint] = useState('');
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const show = useCallback((text: string) => {
    if (timer.current !== null) clearTimeout(timer.current);
    setHint(text);
    timer.current = setTimeout(() => setHint(''), SHOWN_MS);
  }, []);
  useEffect(
    () => () => {
      if (timer.current !== null) clearTimeout(timer.current);
    },
    [],
  );
  return [hint, show];
}
