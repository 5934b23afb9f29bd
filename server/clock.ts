import { randomBytes } from 'node:crypto';
import type { Random } from '../sessions/ids.ts';
import type { Clock } from '../sessions/ports.ts';

/** Wall time and real timers. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after: (delayMs, run) => {
    // Node takes delays up to 2^31-1 ms; a longer turn timer does not exist.
    const timer = setTimeout(run, Math.min(delayMs, 0x7fffffff));
    return () => clearTimeout(timer);
  },
};

/** The same with fractions of milliseconds, for what is shorter than one. */
export const preciseClock: Clock = {
  ...systemClock,
  now: () => performance.timeOrigin + performance.now(),
};

/** The operating system's random bytes. */
export const systemRandom: Random = { bytes: (count) => randomBytes(count) };
