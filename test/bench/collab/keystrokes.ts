import type { Transaction } from 'yjs';
import type { BenchClient } from './bench-client.ts';

/**
 * Follows single-character insertions between the clients of one document, all in this process: each takes one
 * clock value of its writer, so that (client, clock) names a keystroke without marking the text.
 */
export class Keystrokes {
  /** Milliseconds from keystroke to visible elsewhere, of the deliveries since `isMeasuring` was set. */
  readonly latenciesMs: number[] = [];
  sent = 0;
  delivered = 0;
  isMeasuring = false;
  private readonly sentAt = new Map<number, number[]>();

  /** Count what this client types and sees from now on; it must be a newcomer to the document. */
  follow(client: BenchClient): void {
    this.sentAt.set(client.doc.clientID, []);
    client.doc.on('afterTransaction', (transaction: Transaction) => {
      if (!transaction.local) this.countArrivals(transaction);
    });
  }

  /** Insert one character as this client. */
  type(client: BenchClient, at: number, character: string): void {
    this.sentAt.get(client.doc.clientID)?.push(performance.now());
    this.sent++;
    client.text.insert(at, character);
  }

  private countArrivals(transaction: Transaction): void {
    const now = performance.now();
    for (const [writer, end] of transaction.afterState) {
      const times = this.sentAt.get(writer);
      if (times === undefined) continue;
      for (let clock = transaction.beforeState.get(writer) ?? 0; clock < end; clock++) {
        this.delivered++;
        if (this.isMeasuring) this.latenciesMs.push(now - (times[clock] ?? Number.NaN));
      }
    }
  }
}
