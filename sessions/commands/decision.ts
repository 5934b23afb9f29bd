import type { Refusal } from '../errors.ts';
import type { SessionEvent } from '../events.ts';
import type { TermCache } from '../dependency-terms.ts';
import type { PastStory } from '../history-ports.ts';
import type { MemoryItem } from '../memory-shape.ts';
import type { Severities } from '../moderator.ts';
import type { Flag } from '../ports.ts';
import type { CommandName, CommandPayload } from '../protocol.ts';
import { entryOf, type Draft, type Player, type SessionState } from '../state.ts';
import type { Passage, Span } from '../story-shape.ts';
import type { Branch, Scene } from '../story-lines.ts';
import type { StoryChange } from '../story.ts';
import type { Presence } from '../turns.ts';

/** The story as handlers may look at it. */
interface StoryLook {
  /** The branch in play. */
  branchId(): string;
  branches(): Branch[];
  /** Those whose lines have at least one of some passages. */
  branchesOver(passageIds: ReadonlySet<string>): Branch[];
  /** Passages of a branch in order, struck ones included; by default of the one in play. */
  line(branchId?: string): string[];
  /** Scenes of the line in play, and how many there are on all branches. */
  scenes(): Scene[];
  sceneCount(): number;
  /** All memory items, and those that count on the line in play. */
  memory(): MemoryItem[];
  currentMemory(): MemoryItem[];
}

/** What a command handler may look at. Handlers are pure: same context and payload, same decision. */
export interface DecideContext {
  state: SessionState;
  /** Who gives the command; an active player. */
  player: Player;
  /** Epoch ms. */
  now: number;
  isPresent: Presence;
  newId: () => string;
  /** Author runs of an open draft as it stands; empty for unknown drafts. */
  draftSpans: (draftId: string) => Span[];
  passage: (passageId: string) => Passage | null;
  passageCount: number;
  /** The newest passage that is shown; one that is being written counts. */
  lastShown: () => Passage | null;
  /** The story around its passages. */
  story: StoryLook;
  /** Position of the newest record in the journal. */
  seq: number;
  /** Who typed in the last seconds, and where: player id -> draft id. */
  typing: ReadonlyMap<string, string>;
  /** The words of passages, taken apart once. */
  terms: TermCache;
  /** The story as it was, for rollbacks that go back to a state; null: not asked for, or none. */
  past: PastStory | null;
  /** The most that the policy allows at this table's rating. */
  floor: Severities;
  /** Switches of the operator that are on here. */
  flags: ReadonlySet<Flag>;
}

/** What follows from an accepted command: events for the state, changes for the story, text for a new draft. */
export interface Accepted {
  ok: true;
  events: SessionEvent[];
  changes: StoryChange[];
  /** Texts that drafts opened by this command start with, with their true authors. */
  prefills: { draftId: string; spans: Span[] }[];
  /** Answer to the sender. */
  value: Record<string, unknown>;
}

export type Decision = Accepted | Refusal;

/** Decides one command. Role checks by the `can` table have been done by the dispatcher. */
export type Handler<N extends CommandName> = (context: DecideContext, payload: CommandPayload<N>) => Decision;

/** An accepted command with the parts that are not empty. */
export function accept(parts: Partial<Omit<Accepted, 'ok'>>): Accepted {
  return { ok: true, events: [], changes: [], prefills: [], value: {}, ...parts };
}

/** The draft of that id in the state, or null. */
export function findDraft(state: SessionState, draftId: string): Draft | null {
  return entryOf(state.drafts, draftId) ?? null;
}
