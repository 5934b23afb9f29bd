import type { ErrorCode } from '../sessions/errors.ts';
import type { TurnTiming } from '../sessions/facts.ts';
import type { WorkClass } from '../sessions/ports.ts';

/** How a request to the model ended. */
export type RequestStatus = 'success' | 'error' | 'timeout' | 'cancelled' | 'rejected';

/** How one turn went, for metrics. */
export interface TurnFigures {
  status: Exclude<RequestStatus, 'rejected'>;
  timing: TurnTiming;
  inputTokens: number;
  /** Of these the engine still had so many. */
  reusedTokens: number;
  outputTokens: number;
  /** Narrator turns that waited or ran when it was asked for, itself included. */
  load: number;
  /** Estimated prompt and output over the model's context, 0 to 1; 0 when nothing was packed. */
  contextRatio: number;
}

/** What a request beside narrator turns is for: a score, a moderator's opinion, a digest. */
export type SideEndpoint = 'judge' | 'moderation' | 'summary';

/** How a request beside narrator turns went. */
export interface SideFigures {
  endpoint: SideEndpoint;
  status: RequestStatus;
  /** From the grant of the engine to the end, milliseconds; 0: it never got there. */
  durationMs: number;
  /** Null: no text came. */
  first: FirstToken | null;
  inputTokens: number;
  outputTokens: number;
}

/** When the first text came, milliseconds since the grant and since the request. */
export interface FirstToken {
  sinceGrantMs: number;
  sinceAskedMs: number;
}

/**
 * What the narrator tells whoever measures it. All methods must return at once and never throw. No story text,
 * names or ids pass through here.
 */
export interface NarratorObserver {
  /** A turn entered the queue. */
  queued(): void;
  /** A turn was refused at the door. */
  refused(code: ErrorCode): void;
  /** Work got its place on the engine after so many milliseconds. */
  granted(waitMs: number, workClass: WorkClass): void;
  /** A request that is no narrator turn is over; refused ones too. */
  sideEnded(figures: SideFigures): void;
  /** The first text came; `isSwitch`: it speaks as another character than the session's last voice (S0.7). */
  firstToken(of: FirstToken & Pick<TurnFigures, 'load'> & { isSwitch: boolean }): void;
  /** Between two pieces of text of one turn, pauses included, milliseconds. */
  gap(ms: number): void;
  /** A turn is over. */
  finished(figures: TurnFigures): void;
  /** Passages, premise or cast had to be left out or shortened for want of context. */
  truncated(): void;
  /** Sentences held back because they spoke for a protected character. */
  withheld(sentences: number): void;
  /** A turn is tried for the second time after the engine failed. */
  retried(): void;
  /** The model is used freely, left alone after failures, or on trial (S2.F6). */
  circuit(state: 'closed' | 'open' | 'trial'): void;
  /** The model is ready after so many milliseconds; 'swap': another one was before. */
  loaded(ms: number, reason: 'cold' | 'swap'): void;
  /** Something went wrong inside; for the log. */
  faulted(what: string, error: unknown): void;
}
