import type { Clock } from './ports.ts';

/**
 * A clock that never goes back, whatever the machine's does: when that is set back, this one goes on from where it was.
 * What came later is never earlier, so that moments of the past mean the same for everybody. `from`: the newest time
 * known, epoch ms.
 */
export function steadyClock(clock: Clock, from: number): Clock {
  let latest = from;
  let ahead = 0;
  return {
    now: () => {
      const read = clock.now();
      ahead = Math.max(ahead, latest - read);
      latest = read + ahead;
      return latest;
    },
    after: (delayMs, run) => clock.after(delayMs, run),
  };
}
