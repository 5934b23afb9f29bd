import type { Clock } from '../../sessions/ports.ts';

interface Timer {
  at: number;
  run: () => void;
}

/** A clock that stands still until `advance`. Timers run in order of their time, equal ones as they were set. */
export class ManualClock implements Clock {
  private current: number;
  private timers: Timer[] = [];

  constructor(startMs = 1_790_000_000_000) {
    this.current = startMs;
  }

  now(): number {
    return this.current;
  }

  after(delayMs: number, run: () => void): () => void {
    const timer = { at: this.current + Math.max(0, delayMs), run };
    const index = this.timers.findIndex((other) => other.at > timer.at);
    this.timers.splice(index < 0 ? this.timers.length : index, 0, timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  /** Moves time on and runs what falls due, also what is set meanwhile. */
  advance(ms: number): void {
    const end = this.current + ms;
    for (let [next] = this.timers; next !== undefined && next.at <= end; [next] = this.timers) {
      this.timers.shift();
      this.current = Math.max(this.current, next.at);
      next.run();
    }
    this.current = end;
  }

  /** Timers that are set. */
  get pending(): number {
    return this.timers.length;
  }

  /** A clock with the same time whose timers can all be dropped at once, as a killed process drops them. */
  process(): { clock: Clock; kill: () => void } {
    let isAlive = true;
    const clock: Clock = {
      now: () => this.now(),
      after: (delayMs, run) => this.after(delayMs, () => (isAlive ? run() : undefined)),
    };
    return { clock, kill: () => void (isAlive = false) };
  }
}
