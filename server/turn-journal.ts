import type { FactSink, GenerationFact, SessionFact, TurnTiming } from '../sessions/facts.ts';
import type { OpsTurn } from '../sessions/ops-view.ts';

/** Turns that are kept. */
const MOST_TURNS = 500;
/** From when on a turn is slow, ms from the request to the end. */
const SLOW_MS = 10_000;
/** A part that took more than this share of a slow turn is what to look at. */
const SHARE = 0.5;

type Part = Exclude<keyof TurnTiming, 'totalMs'>;

/** What helps against each part of a turn's time (S0.35). */
const ADVICE = {
  queueMs: 'It mostly waited: let more turns run at once (MODEL_PARALLEL), or have shorter passages told.',
  prefillMs:
    'It mostly read its prompt: give the model less context (MODEL_CONTEXT), or keep more stories ready (MODEL_RESIDENT).',
  decodeMs: 'It mostly wrote: use a smaller or more quantised model, or ask for fewer tokens a passage.',
  postMs:
    'It was mostly screened and stored: see whether the judge of moderation (MODERATION_JUDGE) or the disk is slow.',
} as const satisfies Record<Part, string>;

/** What would make a turn faster; empty: it was fast enough, or no part of it stands out. */
export function advise(timing: TurnTiming): string[] {
  if (timing.totalMs <= SLOW_MS) return [];
  const parts = Object.keys(ADVICE) as Part[];
  return parts.filter((part) => timing[part] > SHARE * timing.totalMs).map((part) => ADVICE[part]);
}

function turnOf({ sessionId: session, at }: SessionFact, generation: GenerationFact): OpsTurn {
  const { turnId: turn, outcome, sight, reusedTokens, timing } = generation;
  const { queueMs: queue, prefillMs: prefill, decodeMs: decode, postMs: post, totalMs: total } = timing;
  return {
    turn,
    session,
    at,
    model: sight?.model ?? null,
    version: sight?.version ?? null,
    outcome,
    ms: { queue, prefill, decode, post, total },
    tokens: { in: sight?.promptTokens ?? 0, reused: reusedTokens, out: sight?.outputTokens ?? 0 },
    advice: advise(timing),
  };
}

/** The newest 500 turns of the narrator, and what they spent their time on. */
export class TurnJournal implements FactSink {
  readonly #turns = new Map<string, OpsTurn>();

  take(fact: SessionFact): void {
    if (fact.kind !== 'passage' && fact.kind !== 'turn-ended') return;
    const { generation } = fact;
    if (generation === null) return;
    // A turn that is told twice (a passage tried once more under its old turn) is listed as it last was.
    this.#turns.delete(generation.turnId);
    this.#turns.set(generation.turnId, turnOf(fact, generation));
    for (const oldest of this.#turns.keys()) {
      if (this.#turns.size <= MOST_TURNS) return;
      this.#turns.delete(oldest);
    }
  }

  /** Newest first. */
  list(of: { session: string | null; limit: number }): OpsTurn[] {
    const all = [...this.#turns.values()].reverse();
    return all.filter(({ session }) => of.session === null || session === of.session).slice(0, of.limit);
  }
}
