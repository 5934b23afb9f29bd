import { useEffect, useState } from 'react';

/** The time on the server's clock, renewed every second while `isRunning`; epoch ms. */
export function useNow(isRunning: boolean, skewMs: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!isRunning) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [isRunning]);
  return now + skewMs;
}
