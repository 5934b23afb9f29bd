import { useEffect, useState } from 'react';
import { useSessionPart } from '../link/session-context.ts';
import { HISTORY } from './history-strings.ts';

const STEP_MS = 20_000;

/** Says how long ago something was by the server's clock; renewed three times a minute. */
export function useAgo(): (at: number) => string {
  const skewMs = useSessionPart((state) => state.skewMs);
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), STEP_MS);
    return () => clearInterval(timer);
  }, []);
  return (at) => HISTORY.ago(Math.max(0, now + skewMs - at));
}
