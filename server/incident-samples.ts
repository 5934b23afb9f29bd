import type { FactSink, SessionFact } from '../sessions/facts.ts';

/** A passage of the narrator that is kept with an incident. */
export interface IncidentSample {
  sessionId: string;
  passageId: string;
  version: string | null;
  /** Epoch ms. */
  at: number;
  text: string;
  /** Held, reported or taken back. */
  isFlagged: boolean;
}

interface SampleParts {
  /** Whether the table allows that its texts are used; null: the session is not in memory, and nothing has changed. */
  mayUse: (sessionId: string) => boolean | null;
  /** Masks personal data. */
  redact: (text: string) => string;
}

const MOST_KEPT = 300;
const MOST_TAKEN = 20;
const LONGEST = 2_000;
const FLAGGING = new Set(['held', 'edited', 'rejected', 'revision', 'reported', 'upheld', 'x-card']);

/**
 * The newest passages of the narrator from tables that allow it, in memory only, for incidents: of others not a word is
 * kept (S2.11). What is purged goes here too.
 */
export class IncidentSamples implements FactSink {
  readonly #parts: SampleParts;
  readonly #kept = new Map<string, IncidentSample>();

  constructor(parts: SampleParts) {
    this.#parts = parts;
  }

  take(fact: SessionFact): void {
    switch (fact.kind) {
      case 'passage': {
        const { sessionId, passageId, at, text, generation, isHeld } = fact;
        if (generation === null || text === null || this.#parts.mayUse(sessionId) !== true) return;
        const version = generation.sight?.version ?? null;
        const shown = this.#parts.redact(text.slice(0, LONGEST));
        this.#keep({ sessionId, passageId, version, at, text: shown, isFlagged: isHeld });
        return;
      }
      case 'moderation':
        if (FLAGGING.has(fact.decision) && fact.passageId !== null)
          this.#flag(fact.sessionId, [fact.passageId]);
        return;
      case 'rollback':
        return this.#flag(fact.sessionId, fact.struckIds);
      case 'gm-action':
        // The table may just have withdrawn what it allowed; once it is out of memory nobody could tell.
        return this.#forgetWithdrawn();
      case 'purge':
        for (const id of fact.passageIds) this.#kept.delete(keyOf(fact.sessionId, id));
        return;
      default:
    }
  }

  #keep(sample: IncidentSample): void {
    const key = keyOf(sample.sessionId, sample.passageId);
    this.#kept.delete(key);
    this.#kept.set(key, sample);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= MOST_KEPT) return;
      this.#kept.delete(oldest);
    }
  }

  #flag(sessionId: string, passageIds: readonly string[]): void {
    for (const id of passageIds) {
      const sample = this.#kept.get(keyOf(sessionId, id));
      if (sample !== undefined) sample.isFlagged = true;
    }
  }

  #forgetWithdrawn(): void {
    for (const [key, { sessionId }] of this.#kept)
      if (this.#parts.mayUse(sessionId) === false) this.#kept.delete(key);
  }

  /** At most 20, flagged ones first, then the newest; a table that allows it no longer is forgotten. */
  newest(): IncidentSample[] {
    this.#forgetWithdrawn();
    const all = [...this.#kept.values()].reverse();
    const [flagged, others] = [all.filter((each) => each.isFlagged), all.filter((each) => !each.isFlagged)];
    return [...flagged, ...others].slice(0, MOST_TAKEN).map((sample) => ({ ...sample }));
  }
}

const keyOf = (sessionId: string, passageId: string): string => `${sessionId}/${passageId}`;
