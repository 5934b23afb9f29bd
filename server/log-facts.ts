import type { Logger } from 'pino';
import type { FactSink, GenerationFact, PassageFact, SessionFact } from '../sessions/facts.ts';
import { withoutIds } from './log-ids.ts';
import type { TurnTraces } from './tracing-context.ts';

/** Passages of which the turn is remembered, for what happens to them later. */
const MOST_PASSAGES = 5_000;
/** Events that change no player. */
const NOT_PEOPLE = /^(invite|scene|branch|memory|thread)-/;
/** Lines about struck passages for one rollback. */
const MOST_STRUCK = 100;

interface FactLogParts {
  log: Logger;
  /** See `pseudonyms`. */
  pseudonym: (playerId: string) => string;
  traces: TurnTraces;
}

type FactOf<K extends SessionFact['kind']> = Extract<SessionFact, { kind: K }>;
type Fields = Record<string, unknown>;

/**
 * Writes what durably happened into the log: ids, counts and times, never text. All lines about a passage carry the id of
 * the turn it came from, so that one id finds a whole turn, from its request to its rollback.
 */
export class FactLog implements FactSink {
  readonly #parts: FactLogParts;
  readonly #turnOf = new Map<string, string>();
  /** Holds about passages whose turn goes on still, by passage. */
  readonly #early = new Map<string, string>();

  constructor(parts: FactLogParts) {
    this.#parts = parts;
  }

  take(fact: SessionFact): void {
    switch (fact.kind) {
      case 'passage':
        return this.#passage(fact);
      case 'turn-ended':
        return this.#stages(fact, fact.generation);
      case 'moderation':
        return this.#moderation(fact);
      case 'rollback':
        return this.#rollback(fact);
      case 'join':
        return this.#write('player-joined', fact, {});
      case 'leave':
        return this.#write('player-left', fact, {});
      case 'choice':
        return this.#write('choice-made', fact, { what: fact.what, ...this.#place(fact.passageId) });
      case 'gm-action':
        return this.#write('session-changed', fact, { what: fact.what, target: this.#target(fact) });
      case 'intervention':
        return this.#write('intervened', fact, { issue: fact.issue, action: fact.action });
      case 'feedback': {
        const { passageId, type, rating } = fact;
        return this.#write('feedback-given', fact, { ...this.#place(passageId), type, rating });
      }
      case 'purge':
        return this.#write('passages-purged', fact, { passages: fact.passageIds.length });
    }
  }

  #passage(fact: PassageFact): void {
    remember(this.#turnOf, [fact.passageId, fact.turnId]);
    if (fact.generation !== null) this.#stages(fact, fact.generation);
    const { passageId: passage, alternativeId: alternative, authorKind, isHeld, isReplacement } = fact;
    this.#write('passage-committed', fact, {
      turn: fact.turnId,
      passage,
      alternative,
      authorKind,
      isHeld,
      isReplacement,
      length: fact.text?.length ?? null,
    });
    const hold = this.#early.get(passage);
    // It was told before anybody knew the turn.
    if (hold !== undefined) this.#write('passage-was-held', fact, { ...this.#place(passage), hold });
    this.#early.delete(passage);
  }

  /** What was changed; a player by their pseudonym. */
  #target({ what, targetId }: FactOf<'gm-action'>): string | null {
    return targetId === null || NOT_PEOPLE.test(what) ? targetId : this.#parts.pseudonym(targetId);
  }

  /** The stations of a narrator turn. They are told when it is over; `happenedAt` says when each was. */
  #stages(
    fact: SessionFact,
    { turnId, askedBy, outcome, finish, timing, sight, promptHash, reusedTokens }: GenerationFact,
  ): void {
    const askedAt = fact.at - timing.totalMs;
    const grantedAt = askedAt + timing.queueMs;
    const firstTokenAt = grantedAt + timing.prefillMs;
    const turn = { turn: turnId };
    const asked = { ...fact, playerId: askedBy };
    this.#write('turn-asked', asked, { ...turn, happenedAt: iso(askedAt) });
    if (sight !== null) {
      this.#write('turn-granted', asked, { ...turn, happenedAt: iso(grantedAt), queueMs: timing.queueMs });
      this.#write('turn-first-token', asked, {
        ...turn,
        happenedAt: iso(firstTokenAt),
        prefillMs: timing.prefillMs,
      });
    }
    this.#write('turn-ended', asked, {
      ...turn,
      happenedAt: iso(fact.at),
      outcome,
      finish,
      model: sight?.model ?? null,
      version: sight?.version ?? null,
      promptHash,
      promptTokens: sight?.promptTokens ?? 0,
      outputTokens: sight?.outputTokens ?? 0,
      reusedTokens,
      ...timing,
    });
  }

  #moderation(fact: FactOf<'moderation'>): void {
    const event = fact.decision === 'held' ? 'passage-held' : 'moderation-decided';
    const { holdId: hold, decision, severity, passageId } = fact;
    if (passageId !== null && !this.#turnOf.has(passageId)) remember(this.#early, [passageId, hold]);
    this.#write(event, fact, { ...this.#place(passageId), hold, decision, severity });
  }

  #rollback(fact: FactOf<'rollback'>): void {
    const { rollbackId: rollback, scope, timing, disruption, struckIds, restoredIds } = fact;
    const counts = { struck: struckIds.length, restored: restoredIds.length };
    this.#write('rollback', fact, { rollback, scope, timing, disruption, ...counts });
    for (const id of struckIds.slice(0, MOST_STRUCK))
      this.#write('passage-struck', fact, { ...this.#place(id), rollback });
  }

  /** Id of a passage, and of its turn where that is known still. */
  #place(passageId: string | null): Fields {
    if (passageId === null) return {};
    const turn = this.#turnOf.get(passageId);
    return turn === undefined ? { passage: passageId } : { turn, passage: passageId };
  }

  #write(event: string, fact: Pick<SessionFact, 'sessionId' | 'seq' | 'playerId'>, fields: Fields): void {
    const { log, pseudonym, traces } = this.#parts;
    const { sessionId: session, seq, playerId } = fact;
    const trace = typeof fields.turn === 'string' ? { trace: traces.of(fields.turn).traceId } : {};
    const player = playerId === null ? {} : { player: pseudonym(playerId) };
    // Facts are told at the commit of a batch, which one of many requests has set going.
    withoutIds(() => log.info({ session, ...trace, ...player, seq, ...fields }, event));
  }
}

/** The newest 5,000. */
function remember(all: Map<string, string>, [id, value]: readonly [string, string]): void {
  all.delete(id);
  all.set(id, value);
  for (const oldest of all.keys()) {
    if (all.size <= MOST_PASSAGES) return;
    all.delete(oldest);
  }
}

const iso = (at: number): string => new Date(at).toISOString();
