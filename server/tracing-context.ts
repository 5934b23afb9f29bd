import { createHash } from 'node:crypto';

/** Where a trace comes from, as W3C Trace Context tells it. */
export interface TraceContext {
  /** 32 and 16 lower-case hex digits. */
  traceId: string;
  parentId: string | null;
}

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$/;
const MOST_TURNS = 5_000;

/**
 * A `traceparent` header (W3C Trace Context, level 1); null: there is none, or it is not one. Versions that are not known
 * yet are read as far as this one goes. Its sampling flag is not asked: what is kept is decided here.
 */
export function parseTraceparent(text: string | undefined): TraceContext | null {
  const match = TRACEPARENT.exec(text?.trim() ?? '');
  if (match === null) return null;
  const [, version = '', traceId = '', parentId = '', rest] = match;
  if (version === 'ff' || (version === '00' && rest !== undefined)) return null;
  if (/^0+$/.test(traceId) || /^0+$/.test(parentId)) return null;
  return { traceId, parentId };
}

/**
 * Which trace a narrator turn belongs to: that of the request that asked for it, where it named one, else one made from
 * the turn's id, the same whoever asks. Of the newest 5,000 turns with a trace from outside.
 */
export class TurnTraces {
  readonly #known = new Map<string, TraceContext>();

  remember(turnId: string, context: TraceContext): void {
    this.#known.delete(turnId);
    this.#known.set(turnId, context);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MOST_TURNS) return;
      this.#known.delete(oldest);
    }
  }

  of(turnId: string): TraceContext {
    return this.#known.get(turnId) ?? { traceId: ownTraceId(turnId), parentId: null };
  }
}

function ownTraceId(turnId: string): string {
  return createHash('sha256').update(`story.turn\0${turnId}`).digest('hex').slice(0, 32);
}
