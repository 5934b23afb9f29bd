import type { JoinAnswer } from '../../sessions/protocol.ts';
import type { Result } from '../common/failure.ts';
import { httpApi } from './http-api.ts';

/** The pass for both kinds of sockets. Renewed by joining again; callers at the same time share one request. */
export class Ticket {
  readonly #sessionId: string;
  #answer: JoinAnswer | null = null;
  #renewal: Promise<Result<JoinAnswer>> | null = null;

  constructor(sessionId: string) {
    this.#sessionId = sessionId;
  }

  /** The present ticket; empty before the first renewal. */
  get value(): string {
    return this.#answer?.ticket ?? '';
  }

  /** Takes the answer of a join or recovery that happened elsewhere. */
  accept(answer: JoinAnswer): void {
    this.#answer = answer;
  }

  /** Whether the ticket may be refused by now. */
  isStale(now: number): boolean {
    return this.#answer === null || this.#answer.ticketExpiresAt - now < 15_000;
  }

  /** Gets a new ticket. */
  renew(): Promise<Result<JoinAnswer>> {
    this.#renewal ??= this.#join().finally(() => {
      this.#renewal = null;
    });
    return this.#renewal;
  }

  async #join(): Promise<Result<JoinAnswer>> {
    const result = await httpApi.join(this.#sessionId, null);
    if (result.ok) this.#answer = result.value;
    return result;
  }
}
