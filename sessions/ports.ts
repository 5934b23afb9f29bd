import type { TurnTiming } from './facts.ts';
import type { NarratorSight } from './sight.ts';
import type { AlternativeInfo } from './story-shape.ts';
import type { Rating } from './protocol.ts';
import type { Refusal } from './errors.ts';

/** Wall time and timers, so that tests move time by hand. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Calls `run` once after `delayMs`; the returned function cancels it (idempotent). */
  after(delayMs: number, run: () => void): () => void;
}

/** One durable step of a session: a domain event or a Yjs update, under a number that only rises. */
export interface JournalRecord {
  /** Position in the session's journal, from 1 without holes. */
  seq: number;
  /** Epoch ms. */
  at: number;
  /** 'event': JSON of a session event. 'update': a Yjs v1 update of `doc`. */
  kind: 'event' | 'update';
  /** 'state' for events, else 'story' or 'draft-<id>'. */
  doc: string;
  /** Player behind it; null: the server itself. */
  author: string | null;
  data: Uint8Array;
}

/** State of one document (or of the domain state, doc 'state') as of journal position `seq`. */
export interface Snapshot {
  doc: string;
  seq: number;
  data: Uint8Array;
}

export interface StoredSession {
  createdAt: number;
  snapshots: Snapshot[];
  /** All records after the oldest snapshot's position, ascending. */
  tail: JournalRecord[];
}

/** Durable home of sessions. Adapters gather concurrent appends into one transaction (group commit). */
export interface SessionStore {
  /** Registers a new, empty session. Throws AppError STORAGE_UNAVAILABLE. */
  create(sessionId: string, createdAt: number): Promise<void>;
  /** The newest snapshots and what came after them; null: unknown session. */
  load(sessionId: string): Promise<StoredSession | null>;
  /**
   * Appends records whole or not at all; resolved means durable. Throws AppError STORAGE_UNAVAILABLE when
   * nothing was stored (disk full, or `seq` already taken by another writer).
   */
  append(sessionId: string, records: readonly JournalRecord[]): Promise<void>;
  /** Replaces the snapshots of the named documents; `dropped` names documents whose snapshots go. */
  saveSnapshots(sessionId: string, snapshots: readonly Snapshot[], dropped: readonly string[]): Promise<void>;
  /** Proves that a write works right now; throws when it does not. */
  probe(): Promise<void>;
  close(): Promise<void>;
}

/** What the narrator is told about the story when its turn starts. One session's text only (S3.F5). */
export interface StoryContext {
  sessionId: string;
  title: string;
  premise: string;
  rating: Rating;
  cast: {
    name: string;
    description: string;
    /** Played by a person who has not allowed the narrator to voice it. */
    isProtected: boolean;
  }[];
  /** Shown passages before the place that is written, oldest first. */
  passages: { id: string; text: string }[];
  /** What is known of older passages (docs/SPEC.md, E): pinned facts first, summaries in story order. */
  memory: {
    facts: { id: string; text: string; isPinned: boolean }[];
    /** `passageIds`: what it tells; a summary is of no use where all of them are in the prompt themselves. */
    summaries: { id: string; text: string; passageIds: string[] }[];
  };
  direction: string | null;
  /** Name of the cast member to speak as. */
  speakAs: string | null;
  /** Whole sentences of this very turn that are already in the story (after a crash); go on behind them. */
  written: string;
  /** Topics that the table wants never, and those it wants off-screen. */
  lines: string[];
  veils: string[];
  /** What to do otherwise than the last time: why a passage was taken back, in words for the model. */
  guidance: string | null;
  /** Answer with a prepared, harmless passage and leave the model alone (the operator's `safe_responder`). */
  isSafe: boolean;
}

/** Kinds of work on the engine, most urgent first: a kind yields to the ones before it. */
export const WORK_CLASSES = ['narrator', 'moderation', 'background'] as const;
export type WorkClass = (typeof WORK_CLASSES)[number];

/** A narrator turn as the queue and the narrator know it. */
export interface NarratorTurn {
  turnId: string;
  workClass: WorkClass;
  sessionId: string;
  /** Who pays: the browser identity that created the session. */
  tenantId: string;
  playerId: string;
  /** Tokens to sample at most; null: the narrator's default. */
  maxTokens: number | null;
  /** Equal for requests that would ask the model the very same thing; opaque (S2.4). */
  fingerprint: string;
}

export interface NarratorOutcome {
  finish: NonNullable<AlternativeInfo['finish']>;
  model: string;
  inputTokens: number;
  outputTokens: number;
  /** Passages left out of the prompt for want of room (S3.18). */
  droppedPassageIds: string[];
  /** Tokens it was allowed when more had been asked for (S2.20); null: what was asked for. */
  clippedTo: number | null;
  /** Sentences held back because they spoke for a protected character. */
  withheldSentences: number;
  /** What it was given; null: nothing was asked of a model. */
  sight: NarratorSight | null;
  /** SHA-256 (hex) of that prompt as the model reads it, white space and Unicode forms made equal; null with `sight`. */
  promptHash: string | null;
  /** Prompt tokens that the engine still had, of `inputTokens`. */
  reusedTokens: number;
  /** How the time from the request to this moment was spent. */
  timing: TurnTiming;
}

/** The session's side of a narrator turn; the narrator calls it and nothing else. */
export interface NarratorDesk {
  /** Called when the turn gets its place on the engine; null: the turn is over, do not start. */
  start(turnId: string): StoryContext | null;
  /**
   * A whole piece of passage text, white space included. Resolves once it is screened, durable and where it belongs.
   * Rejects with NARRATOR_UNSAFE when nobody may see it: nothing more of this try is written. The turn is tried once
   * more (`start` tells what to avoid); after the second time what was refused is held for a game master, and the
   * turn ends with `complete` and finish 'held'.
   */
  write(turnId: string, text: string): Promise<void>;
  /** The turn is over and its text complete. */
  complete(turnId: string, outcome: NarratorOutcome): void;
  /** The turn is over without success; text already written stays. `timing`: how its time was spent, where known. */
  fail(turnId: string, refusal: Refusal, timing?: TurnTiming): void;
}

/** Where a turn stands in the queue. */
export interface NarratorPlace {
  /** 1 = next; 0 while the engine works on it. */
  position: number;
  /** Until the engine works on it (again), ms; null when there is no basis for it. */
  expectedWaitMs: number | null;
  /** It has begun and lets others pass for a moment; what it has written stays. */
  isPaused: boolean;
}

export interface NarratorStatus {
  status: 'ready' | 'loading' | 'off';
  /** Why it is off, in words for people. */
  reason: string | null;
  model: string;
  isDemo: boolean;
  /** Many wait: passages are kept short for now (S2.F1). */
  isShort: boolean;
}

/** The narrator as sessions use it. */
export interface Narrator {
  status(): NarratorStatus;
  /** Puts a turn into the queue, or says why not. Never throws. */
  ask(turn: NarratorTurn, desk: NarratorDesk): { ok: true } | Refusal;
  /** Ends a queued or running turn: the desk gets `complete` with finish 'stopped'. Unknown ids are ignored. */
  stop(turnId: string): void;
  /** Null: the turn is not in the queue. */
  place(turnId: string): NarratorPlace | null;
  /** Called when the status or any place has changed; returns the way to unsubscribe. */
  onChanged(listener: () => void): () => void;
}

/** Tokens that the engine really worked on: reused prompt tokens cost nothing. */
export interface TokenCost {
  /** Prompt tokens evaluated. */
  inputTokens: number;
  /** Tokens sampled. */
  outputTokens: number;
}

/** What operators can switch, for one session or for all. */
export const FLAGS = ['narrator_off', 'safe_responder', 'human_only', 'read_only'] as const;
export type Flag = (typeof FLAGS)[number];

/** The operators' switches. */
export interface FlagBoard {
  /** Whether it is on for this session, by itself or for all. */
  isOn(flag: Flag, sessionId: string): boolean;
  /** Called when any flag has changed; returns the way to unsubscribe. */
  onChanged(listener: () => void): () => void;
}

/** The queue in figures. */
export interface QueueStats {
  waiting: number;
  running: number;
  /** 0 when nothing waits. */
  oldestWaitMs: number;
  /** Waits are so long that passages are to be kept short (S2.F1). */
  isShort: boolean;
}

/** Fair share of the engine: who is next. */
export interface TurnQueue {
  /** Adds a turn. Refuses with a reason and a time to come again; a known id is accepted as is. */
  enqueue(turn: NarratorTurn): { ok: true } | Refusal;
  /** The next turn that begins now, or null; it counts as running from here on, also while it is paused. */
  claim(): NarratorTurn | null;
  /** What the engine has just done for a turn; unknown ids are ignored. */
  charge(turnId: string, cost: TokenCost): void;
  /** Ends a turn that ran to its end; what it has cost tells how long others will take. */
  complete(turnId: string): void;
  /** Removes a waiting or running turn. */
  cancel(turnId: string): void;
  place(turnId: string): NarratorPlace | null;
  /** How long a running turn has been paused so far, ms. */
  pausedMs(turnId: string): number;
  stats(): QueueStats;
  /** What the loaded model can do, see `ModelInfo`; running turns go on. */
  setParallel(parallel: number, resident: number | null): void;
  onChanged(listener: () => void): () => void;
}

/** One turn of a step. */
interface PlannedTurn {
  turnId: string;
  workClass: WorkClass;
}

/** Who is in the next step of an engine that steps many turns together. */
export interface StepPlan {
  /** Turns that may step, those whose prompt comes first in front. */
  run: readonly PlannedTurn[];
  /** Turns that pause: when memory is short, the first gives its up first. */
  paused: readonly string[];
}

/** Decides before each step of an engine which turns are in it. */
export interface StepSource {
  plan(): StepPlan;
  /** The engine is lost with all that it kept; another follows. */
  lost(): void;
  /** Called when `plan` may have another answer; returns the way to unsubscribe. */
  onChanged(listener: () => void): () => void;
}

export interface ModelInfo {
  /** Short name shown to people and used as metric label. */
  name: string;
  /** Tokens of prompt and output together. */
  contextTokens: number;
  /** 'chat' when the model has a chat template, else 'continuation'. */
  shape: 'continuation' | 'chat';
  isDemo: boolean;
  /** Turns it serves at the same time. */
  parallel: number;
  /** Turns of which it can keep what it has evaluated while they pause; null: none of ours to know. */
  resident: number | null;
  /** 'cpu', or the names of the graphics cards it runs on; absent: not known (another server's). */
  device?: string;
}

export type Prompt =
  | { shape: 'continuation'; text: string }
  | { shape: 'chat'; messages: { role: 'system' | 'user' | 'assistant'; content: string }[] };

export interface GenerateRequest {
  turnId: string;
  /** Requests of one story share what the engine keeps of their prompts; of two stories never. */
  storyId: string;
  prompt: Prompt;
  maxTokens: number;
  temperature: number;
  topP: number;
  minP: number;
  /** Same seed, prompt and model give the same text where the engine can; null: random. */
  seed: number | null;
  /** JSON schema of an object: the whole answer is one such object, cut off only by the cap. Default: free text. */
  grammar?: { type: 'object'; [keyword: string]: unknown };
  signal: AbortSignal;
  /** Text as it is generated, in order, split anywhere. */
  onText: (text: string) => void;
  /** What each step has cost, before its text is told. All costs together are those of the whole request. */
  onCost: (cost: TokenCost) => void;
}

export interface GenerateResult {
  finish: 'end' | 'cap' | 'stopped';
  /** Tokens of the prompt, and how many of them the engine still had from the last request of the story. */
  inputTokens: number;
  reusedTokens: number;
  outputTokens: number;
  /** From the engine's acceptance to the first token. */
  firstTokenMs: number | null;
}

/** A language model that can write. Engines: llama.cpp in a child process, OpenAI-compatible servers, scripted. */
export interface TextModel {
  /** Loads or connects; resolves when it can generate. Throws AppError NARRATOR_OFF with a detail for people. */
  load(): Promise<ModelInfo>;
  /**
   * Generates until the end, the cap or the abort. Throws AppError NARRATOR_FAILED when the engine broke;
   * what `onText` got until then stays valid and the call may be repeated.
   */
  generate(request: GenerateRequest): Promise<GenerateResult>;
  /** Tokens of each text: exact, or an upper estimate where the engine has no tokenizer. */
  countTokens(texts: readonly string[]): Promise<number[]>;
  close(): Promise<void>;
}
