/**
 * Which of this browser's changes to one document are durable on the server. The server counts the sync
 * messages of a connection that it has stored: one reply to its sync step, then one per change.
 */
export class SaveLedger {
  #sent = 0;
  #acked = 0;
  #isConnected = false;
  #isDirty: boolean;

  /** `isDirty`: the document already holds changes that the server may not have. */
  constructor(isDirty: boolean) {
    this.#isDirty = isDirty;
  }

  /** Whether everything written here is durable. */
  get isSaved(): boolean {
    return !this.#isDirty;
  }

  /** A connection opened; its counts start at nothing. */
  connected(): void {
    this.#sent = 0;
    this.#acked = 0;
    this.#isConnected = true;
  }

  /** The connection is gone; what it carried is uncertain. */
  disconnected(): void {
    this.#isConnected = false;
  }

  /** This browser changed the document. */
  changed(): void {
    this.#isDirty = true;
    if (this.#isConnected) this.#sent += 1;
  }

  /** The server says that `count` messages of this connection are durable. */
  acked(count: number): void {
    this.#acked = Math.max(this.#acked, count);
    if (this.#isConnected && this.#acked >= 1 + this.#sent) this.#isDirty = false;
  }
}
