import type { UpdateFault } from '../sessions/authorship.ts';
import type { CursorFault } from '../sessions/cursors.ts';

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
export const PREPARED_LABELS = {
  commandStatus: ['ok', 'rejected', 'error'],
  direction: ['in', 'out'],
  authorKind: ['player', 'narrator'],
  rollbackScope: ['point', 'passage', 'player', 'version', 'undo'],
  rollbackTiming: ['now', 'turn', 'scene', 'branch'],
  outcome: ['committed', 'empty', 'failed', 'cancelled'],
  llmStatus: ['success', 'error', 'timeout', 'cancelled', 'rejected'],
  tokenType: ['input', 'output'],
  restart: ['crash'],
  modelLoad: ['cold'],
  queueRefusal: ['busy', 'full', 'budget', 'loop', 'off', 'other'],
} as const;
