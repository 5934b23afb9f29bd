import { statfs } from 'node:fs/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Room on the disk of a folder, bytes. */
export interface DiskSpace {
  freeBytes: number;
  totalBytes: number;
}

/** A disk over a network may not answer at all. */
const DISK_TIMEOUT_MS = 1_000;

/** What the disk of a folder has left for the server's account; null: it cannot be told, or not within a second. */
export async function diskOf(folder: string): Promise<DiskSpace | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), DISK_TIMEOUT_MS);
  });
  const asked = statfs(folder).then(
    ({ bavail, blocks, bsize }) => ({ freeBytes: bavail * bsize, totalBytes: blocks * bsize }),
    () => null,
  );
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}

const WINDOW_MS = 60_000;
const RESOLUTION_MS = 100;

/** How late the main loop is: what everybody at every table waits. Measured anew every minute. */
export class LoopDelay {
  readonly #histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  readonly #timer: NodeJS.Timeout;
  #before: number | null = null;

  constructor() {
    this.#histogram.enable();
    this.#timer = setInterval(() => this.#next(), WINDOW_MS).unref();
  }

  #now(): number {
    // The timer itself is late by its resolution, which is no delay.
    return Math.max(0, this.#histogram.percentile(99) / 1e6 - RESOLUTION_MS) / 1_000;
  }

  #next(): void {
    this.#before = this.#now();
    this.#histogram.reset();
  }

  /** The 99th percentile of the last minute or two, seconds; null: nothing measured yet. */
  seconds(): number | null {
    const now = this.#histogram.count === 0 ? null : this.#now();
    if (now === null || this.#before === null) return now ?? this.#before;
    return Math.max(now, this.#before);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#histogram.disable();
  }
}
