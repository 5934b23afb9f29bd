import { z } from 'zod';
import { idSchema as id } from './ids.ts';
import type { PassageState, Span } from './story-shape.ts';
import type { Branch, Scene } from './story-lines.ts';

// History, rollback and purge as they travel: what commands take, what the view and previews show.

const time = z.number().int().nonnegative();

/** Where a rollback goes back to: behind a passage; or the whole story as it stood at a checkpoint or a moment. */
const pointSchema = z.union([
  z.object({ passageId: id.nullable() }),
  z.object({ checkpointId: id }),
  z.object({ time }),
]);

export const rollbackScopeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('point'), to: pointSchema }),
  z.object({ kind: z.literal('passage'), passageId: id }),
  /** What one player wrote or changed from one moment to another. */
  z.object({ kind: z.literal('player'), playerId: id, from: time, to: time }),
  /** What a version of the narrator wrote; `AlternativeInfo.version`, or its `model` where there is none. */
  z.object({ kind: z.literal('version'), version: z.string().min(1).max(200) }),
  /** Takes an earlier rollback back. */
  z.object({ kind: z.literal('undo'), rollbackId: id }),
]);
export type RollbackScope = z.infer<typeof rollbackScopeSchema>;

export const choiceSchema = z.enum(['keep', 'go', 'ask']);
/** What becomes of a passage that builds on one that goes; 'ask': it stays until its author has answered. */
export type Choice = z.infer<typeof choiceSchema>;

export const timingSchema = z.enum(['now', 'turn', 'scene', 'branch']);
/**
 * When a rollback takes place: at once; when the open turn ends; when the scene does; or not here: the table goes on
 * where it is, and the story without those passages waits on a branch of its own.
 */
export type RollbackTiming = z.infer<typeof timingSchema>;

/** Why one passage builds on another. */
export const DEPENDENCY_KINDS = ['mention', 'quote', 'reply', 'thread', 'same-turn'] as const;
export interface DependencyReason {
  kind: (typeof DEPENDENCY_KINDS)[number];
  /** The passage that goes and that it builds on. */
  passageId: string;
  /** The name, the quoted words, or what the thread is about; '' when there is nothing to quote. */
  words: string;
}

/** A passage in a preview. */
export interface PreviewPassage {
  passageId: string;
  /** Player id of who opened it, or `narrator`. */
  by: string;
  /** Who wrote in it. */
  authors: string[];
  /** Its beginning, 160 characters at most. */
  excerpt: string;
  words: number;
  /**
   * 'strike': it goes. 'restore': it comes back. 'revert': its text becomes what it was. 'trim': the player's words
   * go, those of others stay. 'choose': another alternative takes its place.
   */
  effect: 'strike' | 'restore' | 'revert' | 'trim' | 'choose';
}

export interface PreviewDependent {
  passageId: string;
  by: string;
  excerpt: string;
  reasons: DependencyReason[];
  /** 0 to 1: how sure it is that it builds on what goes. */
  strength: number;
  /** What is proposed. */
  preset: Choice;
}

export interface PreviewDraft {
  draftId: string;
  openedBy: string;
  /** Who has words in it, and who types in it right now. */
  writers: string[];
  typing: string[];
}

/** What a rollback would do, before anything is done. */
export interface RollbackPreview {
  /** Names exactly this plan; `rollback:execute` takes it back so that nothing else is carried out. */
  planId: string;
  scope: RollbackScope;
  /** In story order. */
  passages: PreviewPassage[];
  dependents: PreviewDependent[];
  /** Open drafts of passages that go: each of their writers keeps their words in a private draft. */
  drafts: PreviewDraft[];
  /** What the narrator will no longer know. */
  memory: { itemId: string; kind: 'fact' | 'summary'; text: string; isPinned: boolean }[];
  /** Cast members of whom these passages tell. */
  castIds: string[];
  /** Narrator turns that are stopped. */
  narratorTurns: string[];
  /** Texts in the part concerned that wait for a game master; they stay where they are. */
  waiting: string[];
  /** Other branches that share passages that go: they go there too. */
  sharedWith: string[];
  /** 0 to 1, see `disruption`; and what follows from it. */
  disruption: number;
  advised: RollbackTiming;
  /** Why, in a sentence for people. */
  advice: string;
}

/** A named or automatic state of the story that one can go back to. */
export interface CheckpointView {
  id: string;
  kind: 'named' | 'scene' | 'regular' | 'rollback' | 'idle';
  /** What a person called it, or the title of the scene that begins; ''. */
  name: string;
  at: number;
  /** Player id; null: the server. */
  by: string | null;
  branchId: string;
  /** The last passage of the line then; null: none yet. */
  passageId: string | null;
}

export interface RollbackView {
  id: string;
  at: number;
  /** Player id of the game master. */
  by: string;
  scope: RollbackScope;
  /** What the game master said about it; ''. */
  reason: string;
  timing: RollbackTiming;
  /** In words: what happened. */
  summary: string;
  /** Passages that went, came back, or changed their text. */
  struck: string[];
  restored: string[];
  changed: string[];
  /** The branch that was made instead (`timing` 'branch'); null: none. */
  branchId: string | null;
  /** The rollback that took this one back; null: it stands. */
  undoneBy: string | null;
}

/** A rollback that waits for the end of the turn or scene. */
export interface PendingRollbackView {
  id: string;
  by: string;
  at: number;
  scope: RollbackScope;
  reason: string;
  timing: 'turn' | 'scene';
  /** Epoch ms: then it takes place at the end of the turn at the latest. */
  deadline: number;
}

/** The slice of the view about history; the same for everybody. */
export interface HistoryView {
  /** Oldest first. */
  checkpoints: CheckpointView[];
  rollbacks: RollbackView[];
  pending: PendingRollbackView | null;
  /** Passages whose authors are asked whether they still fit: passage id -> player id. */
  asked: Record<string, string>;
}

/** A passage as it was. */
export interface PastPassage {
  id: string;
  kind: 'player' | 'narrator';
  by: string;
  createdAt: number;
  state: PassageState;
  /** Text of the alternative that was chosen; empty when `isSealed`. */
  spans: Span[];
  /** A safety tool or a purge took it out of sight; its past is not shown either (B2). */
  isSealed: boolean;
}

/** The story as it stood: `GET /api/sessions/:id/history/at?time=` (epoch ms) or `?seq=`. */
export interface PastView {
  seq: number;
  /** When the newest record of it was written, epoch ms. */
  at: number;
  /** The branch that was played, and all there were. */
  branchId: string;
  branches: Branch[];
  scenes: Scene[];
  /** The passages of that branch then, in order, struck ones included. */
  line: string[];
  /** Those of them that were otherwise than they are now; the others stand as the story document has them now. */
  changed: PastPassage[];
}
