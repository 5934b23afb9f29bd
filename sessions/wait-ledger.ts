/** The window of contention (D12), and the waits whose median tells what is usual. */
const WINDOW_MS = 5 * 60_000;
const MOST_TURNS = 50;
/** A wait counts as too long from this factor over the median, and not before this, ms. */
const STARVED_FACTOR = 3;
const LEAST_STARVED_MS = 15_000;
const LEAST_WAITS = 5;

interface Ran {
  at: number;
  waitMs: number;
  runMs: number;
}

/** How long narrator turns of a session wait and run. */
export class WaitLedger {
  private turns: Ran[] = [];

  ended(at: number, waitMs: number, runMs: number): void {
    this.turns.push({ at, waitMs: Math.max(0, waitMs), runMs: Math.max(0, runMs) });
    if (this.turns.length > MOST_TURNS) this.turns.shift();
  }

  /** Waiting over waiting and running, and (wait + run) / run, of the last five minutes; null: nothing ran. */
  figures(now: number): { contention: number | null; slowdown: number | null } {
    const lately = this.turns.filter(({ at }) => at > now - WINDOW_MS);
    const wait = lately.reduce((sum, { waitMs }) => sum + waitMs, 0);
    const run = lately.reduce((sum, { runMs }) => sum + runMs, 0);
    if (run === 0) return { contention: null, slowdown: null };
    return { contention: wait / (wait + run), slowdown: (wait + run) / run };
  }

  /** From which wait on a request is starved, ms; null: too few to know what is usual. */
  starvedAfterMs(): number | null {
    if (this.turns.length < LEAST_WAITS) return null;
    const waits = this.turns.map(({ waitMs }) => waitMs).sort((a, b) => a - b);
    const median = waits[Math.floor((waits.length - 1) / 2)] ?? 0;
    return Math.max(LEAST_STARVED_MS, STARVED_FACTOR * median);
  }
}
