// What has durably happened in a session, for those who keep records of it: audit, metrics, traces. Never sent to players.
import type { FeedbackType } from './feedback.ts';
import type { Issue, MonitorAction } from './monitor-view.ts';
import type { NarratorSight } from './sight.ts';

/** How the time of a narrator turn was spent, ms; the parts add up to the total. */
export interface TurnTiming {
  /** From the request to the place on the engine. */
  queueMs: number;
  /** From the place to the first token: reading the prompt. */
  prefillMs: number;
  /** From the first token to the last. */
  decodeMs: number;
  /** From the last token to the end: screening and storing. */
  postMs: number;
  totalMs: number;
}

/** How a passage of the narrator came to be. */
export interface GenerationFact {
  turnId: string;
  askedBy: string;
  outcome: 'committed' | 'empty' | 'failed' | 'cancelled';
  /** Why it ended; null: it failed. */
  finish: string | null;
  /** Null: no model was asked. */
  sight: Omit<NarratorSight, 'parts'> | null;
  /** SHA-256 (hex) of the prompt as the model read it, and its parts' kinds and lengths; null with `sight`. */
  promptHash: string | null;
  /** Prompt tokens that the engine still had. */
  reusedTokens: number;
  timing: TurnTiming;
}

interface Common {
  sessionId: string;
  /** Journal position of the event it follows from; rises, with holes. */
  seq: number;
  /** Epoch ms. */
  at: number;
  /** The player behind it; null: the server, or somebody who is not named (X-card). */
  playerId: string | null;
}

/** A passage, or a rewriting of one, that everybody can read now. */
export interface PassageFact extends Common {
  kind: 'passage';
  passageId: string;
  alternativeId: string;
  turnId: string;
  castId: string | null;
  authorKind: 'player' | 'narrator';
  /** It replaces a text that stood there. */
  isReplacement: boolean;
  /** Nobody but game masters reads it yet. */
  isHeld: boolean;
  /** As it stood; null: it can no longer be told (a record made up for later, of a text that has changed since). */
  text: string | null;
  /** Passages that stood before it on its line. */
  historyPassages: number;
  /** For the narrator's. */
  generation: GenerationFact | null;
}

export type SessionFact =
  | PassageFact
  /** A narrator turn that left no passage. */
  | (Common & { kind: 'turn-ended'; generation: GenerationFact })
  | (Common & { kind: 'join' | 'leave' })
  /** Somebody chose: an alternative, a branch, a direction. `what` is the event's type. */
  | (Common & { kind: 'choice'; what: string; passageId: string | null })
  | (Common & {
      kind: 'moderation';
      /** The hold or report; `decision`: held, approved, edited, rejected, revision, undone, reported, upheld, x-card. */
      holdId: string;
      decision: string;
      passageId: string | null;
      rule: string | null;
      severity: number | null;
    })
  | (Common & {
      kind: 'rollback';
      rollbackId: string;
      scope: string;
      timing: string;
      disruption: number;
      struckIds: string[];
      restoredIds: string[];
    })
  /** A game master or the owner changed something about the session; `what` is the event's type. */
  | (Common & { kind: 'gm-action'; what: string; targetId: string | null })
  | (Common & { kind: 'intervention'; issue: Issue; action: MonitorAction })
  | (Common & { kind: 'feedback'; passageId: string; type: FeedbackType; rating: number | null })
  | (Common & { kind: 'purge'; passageIds: string[] });

/** Takes facts in order of each session; must neither throw nor wait. */
export interface FactSink {
  take(fact: SessionFact): void;
}
