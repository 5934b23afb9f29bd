import type { FactSink, GenerationFact, SessionFact } from '../sessions/facts.ts';
import type { Clock } from '../sessions/ports.ts';
import type { PassageQuality } from '../sessions/quality.ts';
import type { TurnTraces } from './tracing-context.ts';
import { traceOf, type TracedTurn, type TurnTrace } from './tracing-turn.ts';

/** Where finished traces go. */
export interface TraceExporter {
  /** Takes a trace; must neither throw nor wait. */
  send(trace: TurnTrace): void;
  /** Sends what waits and ends. */
  close(): Promise<void>;
}

/** Share of ordinary turns that is kept. */
const SAMPLE = 0.05;
/** How long after its end a turn is decided about: until then its passage is measured, and may be held or reported. */
const SETTLE_MS = 10_000;
/** Turns that were not kept, and are if something happens to their passage later. */
const MOST_TURNS = 1_000;
/** A turn is slow when it took longer than 95 of 100 of so many before it; with fewer than 20 none is. */
const WINDOW = 200;
const LEAST_FOR_SLOW = 20;
const CLOSE_TIMEOUT_MS = 5_000;

/** Decisions of moderation that make a turn worth looking at. */
const FLAGGING = new Set(['held', 'edited', 'rejected', 'revision', 'reported', 'upheld', 'x-card']);

interface Entry {
  turn: Omit<TracedTurn, 'kept'>;
  /** Why it is to be kept. */
  why: Set<string>;
  isSettled: boolean;
}

interface TurnTracerParts {
  exporter: TraceExporter;
  clock: Clock;
  traces: TurnTraces;
  /** See `pseudonyms`. */
  pseudonym: (playerId: string) => string;
  /** The operators' switches for a session. */
  flags: (sessionId: string) => Readonly<Record<string, boolean>>;
  /** `gen_ai.provider.name`. */
  provider: string;
}

/**
 * Traces of narrator turns, decided about after their end (tail sampling): 5 in 100, and all that failed, were slow, were
 * flagged by moderation or readers, or taken back by a rollback, also when that comes later.
 */
export class TurnTracer implements FactSink {
  readonly #parts: TurnTracerParts;
  readonly #entries = new Map<string, Entry>();
  readonly #turnOf = new Map<string, string>();
  /** Passages of turns that go on still, of which something is known already. */
  readonly #early = new Set<string>();
  /** Newest measures by passage: they come before the passage is told of, which is once it is durable. */
  readonly #measured = new Map<string, PassageQuality>();
  readonly #timers = new Map<string, () => void>();
  #durations: number[] = [];

  constructor(parts: TurnTracerParts) {
    this.#parts = parts;
  }

  take(fact: SessionFact): void {
    switch (fact.kind) {
      case 'passage':
        if (fact.generation === null) return;
        this.#turnOf.set(fact.passageId, fact.turnId);
        this.#begin(fact, fact.generation);
        if (fact.isHeld || this.#early.delete(fact.passageId)) this.#mark(fact.passageId, 'flagged');
        return;
      case 'turn-ended':
        return this.#begin(fact, fact.generation);
      case 'moderation':
        if (FLAGGING.has(fact.decision)) this.#mark(fact.passageId, 'flagged');
        return;
      case 'feedback':
        if (fact.type === 'broke_story') this.#mark(fact.passageId, 'flagged');
        return;
      case 'rollback':
        for (const id of fact.struckIds) this.#mark(id, 'rollback');
        return;
      default:
    }
  }

  /** A passage was measured; what comes after its turn was decided about is not in the trace. */
  assessed(quality: PassageQuality): void {
    if (quality.authorKind !== 'narrator') return;
    this.#measured.delete(quality.passageId);
    this.#measured.set(quality.passageId, quality);
    dropOldest(this.#measured, MOST_TURNS);
    const turnId = this.#turnOf.get(quality.passageId);
    const entry = turnId === undefined ? undefined : this.#entries.get(turnId);
    if (entry !== undefined) entry.turn.quality = quality;
  }

  #begin(fact: SessionFact, generation: GenerationFact): void {
    const { pseudonym, flags, clock } = this.#parts;
    const { turnId, outcome, timing } = generation;
    const why = new Set<string>();
    if (outcome === 'failed') why.add('error');
    if (this.#isSlow(timing.totalMs)) why.add('slow');
    if (isSampled(this.#parts.traces.of(turnId).traceId)) why.add('sample');
    const quality = fact.kind === 'passage' ? (this.#measured.get(fact.passageId) ?? null) : null;
    const turn = { fact, generation, player: pseudonym(generation.askedBy), quality };
    this.#forget(turnId);
    this.#entries.set(turnId, { turn: { ...turn, flags: flags(fact.sessionId) }, why, isSettled: false });
    this.#timers.set(
      turnId,
      clock.after(SETTLE_MS, () => this.#settle(turnId)),
    );
    this.#bound();
  }

  #isSlow(ms: number): boolean {
    const sorted = this.#durations.toSorted((one, other) => one - other);
    const p95 = sorted[Math.ceil(sorted.length * 0.95) - 1] ?? Infinity;
    this.#durations = [...this.#durations, ms].slice(-WINDOW);
    return sorted.length >= LEAST_FOR_SLOW && ms > p95;
  }

  #mark(passageId: string | null, why: string): void {
    const turnId = passageId === null ? undefined : this.#turnOf.get(passageId);
    if (passageId !== null && turnId === undefined) this.#markEarly(passageId);
    const entry = turnId === undefined ? undefined : this.#entries.get(turnId);
    if (entry === undefined || turnId === undefined) return;
    entry.why.add(why);
    if (entry.isSettled) this.#send(turnId, entry);
  }

  #markEarly(passageId: string): void {
    this.#early.add(passageId);
    dropOldest(this.#early, MOST_TURNS);
  }

  #settle(turnId: string): void {
    this.#timers.delete(turnId);
    const entry = this.#entries.get(turnId);
    if (entry === undefined) return;
    entry.isSettled = true;
    if (entry.why.size > 0) this.#send(turnId, entry);
  }

  #send(turnId: string, { turn, why }: Entry): void {
    const { traces, provider, exporter } = this.#parts;
    this.#forget(turnId);
    exporter.send(traceOf({ ...turn, kept: [...why] }, traces.of(turnId), provider));
  }

  #forget(turnId: string): void {
    this.#timers.get(turnId)?.();
    this.#timers.delete(turnId);
    this.#entries.delete(turnId);
  }

  /** The oldest go; one that is to be kept goes out at once. */
  #bound(): void {
    for (const [turnId, entry] of this.#entries) {
      if (this.#entries.size <= MOST_TURNS) break;
      if (entry.why.size > 0) this.#send(turnId, entry);
      else this.#forget(turnId);
    }
    dropOldest(this.#turnOf, 2 * MOST_TURNS);
  }

  /** Decides about all turns and sends what is kept; at most five seconds. Idempotent. */
  async close(): Promise<void> {
    for (const turnId of [...this.#timers.keys()]) {
      this.#timers.get(turnId)?.();
      this.#settle(turnId);
    }
    let cancel: () => void = () => undefined;
    const late = new Promise<void>((resolve) => {
      cancel = this.#parts.clock.after(CLOSE_TIMEOUT_MS, resolve);
    });
    // A collector that is gone must not keep the server from ending.
    await Promise.race([this.#parts.exporter.close().catch(() => undefined), late]);
    cancel();
  }
}

function dropOldest(all: Map<string, unknown> | Set<string>, most: number): void {
  for (const oldest of all.keys()) {
    if (all.size <= most) return;
    all.delete(oldest);
  }
}

/** By the id of the trace, so that several servers decide alike. */
function isSampled(traceId: string): boolean {
  return Number.parseInt(traceId.slice(0, 8), 16) / 2 ** 32 < SAMPLE;
}

/** Traces to a collector; null: none is configured, and nothing of OpenTelemetry is loaded. */
export async function openTracing(
  endpoint: string | null,
  of: Omit<TurnTracerParts, 'exporter'> & { version: string },
): Promise<TurnTracer | null> {
  if (endpoint === null) return null;
  const { openOtlp } = await import('./tracing-otlp.ts');
  return new TurnTracer({ ...of, exporter: openOtlp({ endpoint, version: of.version }) });
}
