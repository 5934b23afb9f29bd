import type { Refusal } from './errors.ts';
import type { FeedbackType } from './feedback.ts';
import type { RollbackScope, RollbackTiming } from './history-view.ts';
import type { CollabScores, Issue, MonitorAction } from './monitor-view.ts';
import type { PassageQuality, QualityMetric } from './quality.ts';
import type { ServerEvents } from './view.ts';

/** A connection of the command channel, as the session sees it. */
export interface ControlPeer {
  readonly id: string;
  readonly playerId: string;
  send<E extends keyof ServerEvents>(event: E, ...message: Parameters<ServerEvents[E]>): void;
  /** Closes it with a code of `CLOSE` and a reason for people. */
  close(code: number, refusal: Refusal): void;
}

/** A connection to one document, as the session sees it. */
export interface DocumentPeer {
  readonly id: string;
  readonly playerId: string;
  /** It asked for durability acks on the document socket. */
  readonly wantsAcks: boolean;
  /** Too much is waiting to be sent to it: it gets no updates until `SessionDocuments.drained`. */
  readonly isSlow: boolean;
  /** Sends frames, in one go where it can; the adapter bounds what it buffers. */
  send(...frames: Uint8Array[]): void;
  close(code: number, refusal: Refusal): void;
}

/** What the session tells about itself for metrics and logs; ids and counts, never text. */
export interface SessionObserver {
  /** An update went out to its peers this long after it came in, seconds. */
  editPropagated(seconds: number): void;
  updateRefused(fault: string): void;
  /** Checking and applying one update took this long, seconds. */
  merged(seconds: number): void;
  passageCommitted(authorKind: 'player' | 'narrator'): void;
  turnEnded(outcome: 'committed' | 'empty' | 'failed' | 'cancelled'): void;
  turnWaited(seconds: number): void;
  /** A rollback took place; `waitedSeconds` from its order. */
  rolledBack(of: {
    scope: RollbackScope['kind'];
    timing: RollbackTiming;
    /** 0 to 1. */
    disruption: number;
    waitedSeconds: number;
  }): void;
  /** A passage was measured; again, with more scores, when the sampled metrics are there (`isDeeper`). */
  assessed(quality: PassageQuality, isDeeper: boolean): void;
  /** A session's mean of a metric has been under its threshold for a while; once in 10 minutes (J6). */
  qualityAlerted(sessionId: string, metric: QualityMetric): void;
  /** A session's measures, once a minute while people are there. */
  monitored(scores: CollabScores): void;
  /** The server did something about an issue by itself. */
  intervened(issue: Issue, action: MonitorAction): void;
  feedbackGiven(of: { type: FeedbackType; rating: number | null; version: string | null }): void;
  /** A session left memory this long after it was loaded, seconds. */
  sessionUnloaded(seconds: number): void;
}
