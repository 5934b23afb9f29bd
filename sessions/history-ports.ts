import type { MemoryItem } from './memory-shape.ts';
import type { JournalRecord } from './ports.ts';
import type { GenerationRecord } from './sight.ts';
import type { Passage } from './story-shape.ts';
import type { Branch, Scene } from './story-lines.ts';

/** The part of a journal that is read: positions from `after` (left out) to `upTo` (taken in). */
export interface JournalRange {
  after: number;
  upTo: number;
  /** Documents as in `JournalRecord.doc`; null: all. */
  docs: readonly string[] | null;
}

/** A whole story document (Yjs update v1) as of journal position `seq`: replays start there. */
export interface StoryBase {
  seq: number;
  data: Uint8Array;
}

/** What is put in place of a record's data when history is rewritten; null: it stays as it is. */
export type Rewrite = (record: Pick<JournalRecord, 'kind' | 'doc' | 'data'>) => Uint8Array | null;

/** The journal as history: every record ever appended, also those that were packed away. */
export interface HistoryStore {
  /** Records of a range, ascending, page by page. */
  read(sessionId: string, range: JournalRange): AsyncIterable<readonly JournalRecord[]>;
  /** Position of the newest record at or before a time (epoch ms); 0: none. */
  positionAt(sessionId: string, time: number): Promise<number>;
  /** The newest base at or before `seq`; null: none. */
  baseAt(sessionId: string, seq: number): Promise<StoryBase | null>;
  saveBase(sessionId: string, base: StoryBase): Promise<void>;
  /**
   * Packs records up to a position that no load needs any more into compressed segments, whole segments only, each in
   * one transaction. Nothing is lost by it. Returns how many records were packed.
   */
  compact(sessionId: string, upTo: number): Promise<number>;
  /**
   * Replaces data of records, bases (told as kind 'update' of 'story') and snapshots (told as the newest base of their
   * document; 'state' as kind 'event' with the whole state) up to a position, in one transaction, and leaves nothing of
   * what was there in the file (secure delete, truncated log). Throws STORAGE_UNAVAILABLE and has changed nothing.
   */
  rewrite(sessionId: string, upTo: number, change: Rewrite): Promise<void>;
}

/** The story as it stood at a position of the journal. */
export interface PastStory {
  seq: number;
  /** When its newest record was written, epoch ms. */
  at: number;
  /** The branch that was played. */
  branchId: string;
  branches: Branch[];
  scenes: Scene[];
  /** All passages in story order, of all branches, struck ones included. */
  passages: Passage[];
  memory: MemoryItem[];
}

/** Rebuilds what was. */
export interface Past {
  /** The story after the newest record at or before a moment; null: the session had not begun. */
  storyAt(sessionId: string, moment: { seq: number } | { time: number }): Promise<PastStory | null>;
}

/** What the narrator saw, kept for every passage it wrote. Best effort: a lost record loses no story. */
export interface GenerationLog {
  save(sessionId: string, record: GenerationRecord): void;
  find(sessionId: string, passageId: string, alternativeId: string): Promise<GenerationRecord | null>;
  /** Replaces records of a session; null drops one. For purges. */
  rewrite(sessionId: string, change: (record: GenerationRecord) => GenerationRecord | null): Promise<void>;
}

/** A few passages to be told in short. */
export interface SummaryWork {
  sessionId: string;
  tenantId: string;
  /** Names of the cast. */
  names: readonly string[];
  passages: readonly { id: string; text: string }[];
  /** The most characters of the summary. */
  maxLength: number;
}

export interface Digest {
  summary: string;
  /** Sentences that say what somebody or something is, each with its passage. */
  facts: { text: string; passageId: string }[];
}

/** Tells passages in short for the narrator's memory. */
export interface Summariser {
  /** Never throws; null: it could not be done now, try again later. */
  summarise(work: SummaryWork, signal: AbortSignal): Promise<Digest | null>;
}

/** What sessions need for their past and their narrator's memory. */
export interface HistoryParts {
  store: HistoryStore;
  past: Past;
  generations: GenerationLog;
  summariser: Summariser;
}
