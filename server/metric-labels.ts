import type { UpdateFault } from '../sessions/authorship.ts';
import type { CursorFault } from '../sessions/cursors.ts';
import type { CollabMetric } from '../sessions/monitor-view.ts';
import { MODEL } from './metric-definition.ts';

type RefusalReason = UpdateFault | `cursor-${CursorFault}` | 'story' | 'other';

// A table of all, so that a new fault without its label does not compile.
const reasons: Record<RefusalReason, true> = {
  'undecodable': true,
  'too-many-structs': true,
  'gap': true,
  'forged-client': true,
  'foreign-root': true,
  'foreign-content': true,
  'foreign-delete': true,
  'unknown-delete': true,
  'too-long': true,
  'too-many-clients': true,
  'not-a-writer': true,
  'cursor-undecodable': true,
  'cursor-too-large': true,
  'cursor-several-states': true,
  'cursor-foreign-client': true,
  'story': true,
  'other': true,
};

/** Values of `reason` of story_refused_updates_total. */
export const REFUSAL_REASONS: readonly string[] = Object.keys(reasons);

/** Values of the other labels. */
export const LABELS = {
  commandStatus: ['ok', 'rejected', 'error'],
  direction: ['in', 'out'],
  authorKind: ['player', 'narrator'],
  rollbackScope: ['point', 'passage', 'player', 'version', 'undo'],
  rollbackTiming: ['now', 'turn', 'scene', 'branch'],
  /** How gently: at once, at the end of a turn or a scene, or beside what stands. */
  rollbackClass: ['immediate', 'turn_boundary', 'scene_boundary', 'preserve'],
  outcome: ['committed', 'empty', 'failed', 'cancelled'],
  /** What the model is asked for. */
  endpoint: ['narrator', 'judge', 'moderation', 'summary', 'embed'],
  llmStatus: ['success', 'error', 'timeout', 'cancelled', 'rejected'],
  priority: ['narrator', 'moderation', 'judge'],
  tokenType: ['input', 'output'],
  restart: ['crash'],
  modelLoad: ['cold', 'swap', 'rollback'],
  modelRole: ['production'],
  queueRefusal: ['busy', 'full', 'budget', 'loop', 'off', 'other'],
  /** Narrator turns that waited or ran when one was asked for, itself included (S0.62). */
  waiting: ['1', '2-4', '5-8', '9+'],
  qualityVerdict: ['ok', 'below', 'skipped'],
  /** Whose passages: of the configured model, of any other. */
  writer: [MODEL, 'other'],
} as const;

/** Measures of sessions that are ratios and told as story_collab_score. */
export const COLLAB_RATIOS = [
  'balance',
  'jain',
  'turn_balance',
  'turn_taking',
  'ideas_kept',
  'coherence',
  'threads',
  'synergy',
  'conflict_resolution',
  'engagement',
  'voice',
  'narrator_share',
  'contention',
] as const satisfies readonly CollabMetric[];

/** The `waiting` label of a number of turns. */
export function waitingLabel(turns: number): (typeof LABELS.waiting)[number] {
  if (turns <= 1) return '1';
  if (turns <= 4) return '2-4';
  return turns <= 8 ? '5-8' : '9+';
}

/** The `reason` label of a refused update. */
export function refusalLabel(fault: string): string {
  return REFUSAL_REASONS.find((reason) => reason === fault) ?? 'other';
}
