import { refuse } from '../sessions/errors.ts';
import type { Refusal } from '../sessions/errors.ts';
import { LIMITS } from '../sessions/limits.ts';
import { overTurnCap } from '../sessions/narrator-caps.ts';
import type { TurnCounts } from '../sessions/narrator-caps.ts';
import type { NarratorTurn, TokenCost } from '../sessions/ports.ts';
import { LoopGuard } from './loop-guard.ts';
import { SlidingSums } from './sliding-sums.ts';

const HOUR_MS = 3_600_000;
const SLOT_MS = 300_000;

/** Tokens, evaluated and sampled, that may be used in an hour; null: no limit (S2.4). */
export interface TokenBudgets {
  playerPerHour: number | null;
  sessionPerHour: number | null;
}

/** What is in the queue already when a turn asks to enter. */
export interface Held extends TurnCounts {
  /** Turns waiting over all sessions. */
  waiting: number;
  /** How long a turn takes, milliseconds. */
  turnMs: number;
}

/** Who pays: a player is one only within its session. */
function payerOf({ sessionId, playerId }: NarratorTurn): string {
  return `${sessionId}/${playerId}`;
}

function inMinutes(ms: number): string {
  const minutes = Math.max(1, Math.ceil(ms / 60_000));
  return minutes === 1 ? '1 minute' : `${minutes} minutes`;
}

/**
 * Who may enter the queue (S3.F7, S2.4): at most 2 turns a player, 8 a session and 64 waiting over all; token
 * budgets by the hour; never the very same request three times in a minute. Each refusal says why and when to
 * come again. Bounded; times are given.
 */
export class TurnAdmission {
  readonly #budgets: TokenBudgets;
  readonly #players = new SlidingSums({ windowMs: HOUR_MS, slotMs: SLOT_MS });
  readonly #sessions = new SlidingSums({ windowMs: HOUR_MS, slotMs: SLOT_MS });
  readonly #loops = new LoopGuard();

  constructor(budgets: TokenBudgets) {
    this.#budgets = budgets;
  }

  /** Why the turn may not enter now; null: it may. */
  check(turn: NarratorTurn, held: Held, nowMs: number): Refusal | null {
    return this.#overCap(held) ?? this.#overBudget(turn, nowMs) ?? this.#loop(turn, nowMs);
  }

  /** The turn has entered. */
  entered(turn: NarratorTurn, nowMs: number): void {
    this.#loops.note(`${payerOf(turn)}/${turn.fingerprint}`, nowMs);
  }

  /** The turn has used tokens. */
  spent(turn: NarratorTurn, { inputTokens, outputTokens }: TokenCost, nowMs: number): void {
    this.#players.add(payerOf(turn), inputTokens + outputTokens, nowMs);
    this.#sessions.add(turn.sessionId, inputTokens + outputTokens, nowMs);
  }

  #overCap(held: Held): Refusal | null {
    const { waiting, turnMs } = held;
    const busy = overTurnCap(held, turnMs);
    if (busy !== null || waiting < LIMITS.narratorTurnsWaiting) return busy;
    return refuse('NARRATOR_QUEUE_FULL', `${waiting} requests are waiting on this server.`, turnMs);
  }

  #overBudget(turn: NarratorTurn, nowMs: number): Refusal | null {
    const { playerPerHour, sessionPerHour } = this.#budgets;
    const ofPlayer = this.#players.msUntilBelow(payerOf(turn), playerPerHour ?? Infinity, nowMs);
    const ofSession = this.#sessions.msUntilBelow(turn.sessionId, sessionPerHour ?? Infinity, nowMs);
    const waitMs = Math.max(ofPlayer, ofSession);
    if (waitMs === 0) return null;
    const who = ofSession > 0 ? 'this session' : 'you';
    const detail = `The narrator has written as much for ${who} as one hour allows. It goes on in ${inMinutes(waitMs)}.`;
    return refuse('NARRATOR_BUDGET', detail, waitMs);
  }

  #loop(turn: NarratorTurn, nowMs: number): Refusal | null {
    const waitMs = this.#loops.retryAfterMs(`${payerOf(turn)}/${turn.fingerprint}`, nowMs);
    return waitMs === null ? null : refuse('NARRATOR_LOOP', null, waitMs);
  }
}
