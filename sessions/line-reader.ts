import type { SessionKernel } from './kernel.ts';
import { readForMonitor, type Monitor, type Read } from './monitor.ts';

/** How many of the newest passages are read, how many and how much text at a time, and the pause in between, ms. */
const MOST_PASSAGES = 200;
const AT_ONCE = 10;
const CHARACTERS_AT_ONCE = 5_000;
const PAUSE_MS = 20;

/** Has the monitor read the line in play: each new passage, and a few at a time all of them when the line has changed. */
export class LineReader {
  private readonly kernel: SessionKernel;
  private readonly monitor: Monitor;
  private readonly onRead: () => void;
  private waiting: string[] = [];
  private cancel: (() => void) | null = null;

  /** `onRead`: a line that had changed has been read to its end. */
  constructor(kernel: SessionKernel, monitor: Monitor, onRead: () => void) {
    this.kernel = kernel;
    this.monitor = monitor;
    this.onRead = onRead;
  }

  /** Half of a line has been read, which tells nothing of it. */
  get isReading(): boolean {
    return this.cancel !== null;
  }

  /** A passage came to the end of the line; behind those that are read anew, in the order of the line. */
  add(read: Read): void {
    if (this.isReading) this.waiting.push(read.passageId);
    else this.monitor.wrote(read);
  }

  /** The line is another one, or has other texts: reads its newest passages anew. */
  restart(): void {
    const { story } = this.kernel;
    const line = story.line();
    const inLine = new Set(line);
    this.monitor.restart((id) => inLine.has(id) && story.passage(id)?.state === 'shown');
    this.waiting = line.slice(-MOST_PASSAGES);
    this.cancel ??= this.kernel.clock.after(PAUSE_MS, () => this.readSome());
  }

  private readSome(): void {
    this.cancel = null;
    let characters = 0;
    for (let count = 0; count < AT_ONCE && characters < CHARACTERS_AT_ONCE; count += 1) {
      const read = readForMonitor(this.kernel.story.passage(this.waiting.shift() ?? ''));
      if (read === null) continue;
      this.monitor.wrote(read);
      characters += read.text.length;
    }
    if (this.waiting.length > 0) this.cancel = this.kernel.clock.after(PAUSE_MS, () => this.readSome());
    else this.onRead();
  }

  /** Reads no further. */
  close(): void {
    this.cancel?.();
  }
}
