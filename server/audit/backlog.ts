import type { SessionFact } from '../../sessions/facts.ts';

/** Facts of a session that are kept while its journal is read again. */
const MAX_HELD = 200;

interface Behind {
  /** Position of the newest fact that was left to the journal. */
  missed: number;
  /** What comes while the journal is read; null: it is not being read. */
  held: SessionFact[] | null;
}

/** Sessions of which something was left to the journal: what comes of them would stand before what is missing. */
export class Backlog {
  readonly #sessions = new Map<string, Behind>();

  constructor(sessionIds: readonly string[]) {
    for (const id of sessionIds) this.#sessions.set(id, { missed: 0, held: null });
  }

  get sessionIds(): string[] {
    return [...this.#sessions.keys()];
  }

  /** From here on the session is read again from its journal. */
  leave(sessionId: string, seq: number): void {
    const behind = this.#sessions.get(sessionId) ?? { missed: 0, held: null };
    behind.missed = Math.max(behind.missed, seq);
    this.#sessions.set(sessionId, behind);
  }

  /** Whether it was taken: the session is behind, and will be read again. */
  takes(fact: SessionFact): boolean {
    const behind = this.#sessions.get(fact.sessionId);
    if (behind === undefined) return false;
    if (behind.held === null || behind.held.length >= MAX_HELD) this.leave(fact.sessionId, fact.seq);
    else behind.held.push(fact);
    return true;
  }

  /** The journal of a session is read from now on. */
  begin(sessionId: string): void {
    this.leave(sessionId, 0);
    const behind = this.#sessions.get(sessionId);
    if (behind !== undefined) behind.held = [];
  }

  /**
   * The journal was read up to a position. Answers what came meanwhile and is newer; null: something newer was left
   * out, the session is still behind.
   */
  end(sessionId: string, upTo: number): SessionFact[] | null {
    const behind = this.#sessions.get(sessionId);
    const held = behind?.held ?? [];
    if (behind !== undefined) behind.held = null;
    if (behind !== undefined && behind.missed > upTo) {
      for (const fact of held) this.leave(sessionId, fact.seq);
      return null;
    }
    this.#sessions.delete(sessionId);
    return held.filter((fact) => fact.seq > upTo);
  }

  /** The reading has failed: the session stays behind. */
  fail(sessionId: string): void {
    const behind = this.#sessions.get(sessionId);
    for (const fact of behind?.held ?? []) this.leave(sessionId, fact.seq);
    if (behind !== undefined) behind.held = null;
  }
}
