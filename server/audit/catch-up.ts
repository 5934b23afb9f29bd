import { AppError } from '../../sessions/errors.ts';
import type { SessionFact } from '../../sessions/facts.ts';
import type { SqlAuditStore } from '../store/sql-audit-store.ts';
import type { AuditWriter } from './audit-writer.ts';
import type { Backlog } from './backlog.ts';
import type { Entry } from './group-builder.ts';

/** Facts of a journal that wait for the disk at once. */
const FACTS_AT_ONCE = 200;

/** Records what was left to the journal of a session. */
export class CatchUp {
  readonly #store: SqlAuditStore;
  readonly #writer: AuditWriter;
  readonly #backlog: Backlog;
  readonly #running = new Map<string, Promise<SessionFact[] | null>>();

  constructor(of: { store: SqlAuditStore; writer: AuditWriter; backlog: Backlog }) {
    this.#store = of.store;
    this.#writer = of.writer;
    this.#backlog = of.backlog;
  }

  /**
   * Answers the facts that came meanwhile and are still to be taken; null: something is still missing. Two calls for one
   * session are one. Throws AppError STORAGE_UNAVAILABLE.
   */
  run(sessionId: string, facts: AsyncIterable<SessionFact>): Promise<SessionFact[] | null> {
    const known = this.#running.get(sessionId);
    if (known !== undefined) return known.then((answer) => (answer === null ? null : []));
    const running = this.#run(sessionId, facts).finally(() => this.#running.delete(sessionId));
    this.#running.set(sessionId, running);
    return running;
  }

  async #run(sessionId: string, facts: AsyncIterable<SessionFact>): Promise<SessionFact[] | null> {
    this.#backlog.begin(sessionId);
    try {
      // What was taken of it before has its place first.
      await this.#writer.drain();
      const head = await this.#store.journalHead(sessionId);
      const last = await this.#readJournal(facts);
      const upTo = Math.max(head, last);
      await this.#add({ kind: 'mark', sessionId, seq: upTo });
      await this.#writer.drain();
      return this.#backlog.end(sessionId, upTo);
    } catch (error) {
      this.#backlog.fail(sessionId);
      throw error;
    }
  }

  /** Answers the position of the last fact. Facts of one event are handed on together. */
  async #readJournal(facts: AsyncIterable<SessionFact>): Promise<number> {
    let ofOneEvent: SessionFact[] = [];
    let last = 0;
    let read = 0;
    for await (const fact of facts) {
      if (fact.seq !== last) {
        await this.#handOn(ofOneEvent);
        ofOneEvent = [];
        if ((read += 1) % FACTS_AT_ONCE === 0) await this.#writer.drain();
      }
      ofOneEvent.push(fact);
      last = fact.seq;
    }
    await this.#handOn(ofOneEvent);
    return last;
  }

  async #handOn(facts: readonly SessionFact[]): Promise<void> {
    for (const fact of facts) await this.#add({ kind: 'fact', fact });
  }

  async #add(entry: Entry): Promise<void> {
    if (this.#writer.add(entry)) return;
    await this.#writer.drain();
    if (!this.#writer.add(entry)) throw new AppError('SHUTTING_DOWN');
  }
}
