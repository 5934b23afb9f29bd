import { z } from 'zod';
import {
  choiceSchema,
  rollbackScopeSchema,
  timingSchema,
  type CheckpointView,
  type RollbackView,
} from './history-view.ts';

// What a session remembers of its own history; part of the persisted state (state.ts). The story itself, with its
// branches, scenes and memory, is in the story document.

export const checkpointSchema = z.object({
  id: z.string(),
  kind: z.enum(['named', 'scene', 'regular', 'rollback', 'idle']),
  name: z.string(),
  /** Position in the journal: the story as it stood there. */
  seq: z.number().int(),
  at: z.number(),
  by: z.string().nullable(),
  branchId: z.string(),
  passageId: z.string().nullable(),
});
export type Checkpoint = z.infer<typeof checkpointSchema>;

/** A checkpoint as everybody sees it: where it is in the journal is the server's. */
export function checkpointView({ seq: _seq, ...checkpoint }: Checkpoint): CheckpointView {
  return checkpoint;
}

const ids = z.array(z.string());

export const rollbackSchema = z.object({
  id: z.string(),
  at: z.number(),
  by: z.string(),
  scope: rollbackScopeSchema,
  reason: z.string(),
  timing: timingSchema,
  summary: z.string(),
  struck: ids,
  restored: ids,
  changed: ids,
  /** Of `struck`: those under the mark of what had struck them before. */
  restruck: ids.default([]),
  branchId: z.string().nullable(),
  undoneBy: z.string().nullable(),
  /** The branch in play after it. */
  playedOn: z.string(),
  /** Position in the journal just before it: what an undo goes back to. */
  beforeSeq: z.number().int(),
  /** Its disruption when it was carried out, 0 to 1 (S0.52). */
  disruption: z.number(),
});
export type Rollback = z.infer<typeof rollbackSchema>;

/** A rollback as everybody sees it: without what only its undo and the figures need. */
export function rollbackView({
  beforeSeq: _seq,
  disruption: _score,
  playedOn: _branch,
  restruck: _marks,
  ...rollback
}: Rollback): RollbackView {
  return rollback;
}

export const pendingRollbackSchema = z.object({
  id: z.string(),
  by: z.string(),
  at: z.number(),
  scope: rollbackScopeSchema,
  reason: z.string(),
  timing: z.enum(['turn', 'scene']),
  deadline: z.number(),
  choices: z.record(z.string(), choiceSchema),
  /** The branch that was in play when it was ordered. */
  branchId: z.string().nullable().default(null),
});
export type PendingRollback = z.infer<typeof pendingRollbackSchema>;

/** What is being removed for good; kept until the last copy is gone. */
export const purgeSchema = z.object({
  id: z.string(),
  at: z.number(),
  /** Player id; null: the operator. */
  by: z.string().nullable(),
  passageIds: ids,
  talkIds: ids,
});
export type Purge = z.infer<typeof purgeSchema>;

export const historySchema = z.object({
  checkpoints: z.array(checkpointSchema),
  rollbacks: z.array(rollbackSchema),
  pending: pendingRollbackSchema.nullable(),
  /** Passage id -> whose answer is waited for, and about which rollback. */
  asked: z.record(z.string(), z.object({ playerId: z.string(), rollbackId: z.string() })),
  /** Player id -> when their last connection ended. */
  lastSeen: z.record(z.string(), z.number()),
  /** Passage id -> until when its past is out of sight, since a safety tool took it away. */
  sealed: z.record(z.string(), z.number()),
  purges: z.array(purgeSchema),
  /** Passages since the last automatic checkpoint. */
  sinceCheckpoint: z.number().int(),
});
export type History = z.infer<typeof historySchema>;

/** The history of a session that begins now. */
export function newHistory(): History {
  return {
    checkpoints: [],
    rollbacks: [],
    pending: null,
    asked: {},
    lastSeen: {},
    sealed: {},
    purges: [],
    sinceCheckpoint: 0,
  };
}
