import type { DraftVisibility, Rating, Role, TurnMode } from './protocol.ts';
import type { Refusal } from './errors.ts';
import type { HistoryView } from './history-view.ts';
import type { MonitorView } from './monitor-view.ts';
import type { DeskView, SafetyView } from './safety-view.ts';

/** A cast member; `playerId` is the player whose own character it is. */
export interface CastMember {
  id: string;
  name: string;
  description: string;
  playerId: string | null;
  /** The player lets the narrator speak and act for this character. Meaningless while nobody plays it. */
  mayBeVoiced: boolean;
}

export interface PlayerView {
  id: string;
  name: string;
  role: Role;
  /** Index into the client's palette of author colours, 0-11. */
  colour: number;
  isOnline: boolean;
  /** Removed, or known only from an imported archive: listed so that authorship stays readable. */
  isGone: boolean;
  /** They have stepped out by the open door, or a game master keeps them from writing. */
  isAway: boolean;
  isMuted: boolean;
  isReadOnly: boolean;
}

export interface TurnView {
  mode: TurnMode;
  /** Playing order (ordered mode), including absent players, who are skipped. */
  order: string[];
  /** Whose turn it is (ordered, gm-calls); null: nobody's. */
  current: string | null;
  /** Who is next as things stand (ordered). */
  next: string | null;
  timerSeconds: number | null;
  /** Epoch ms at which the turn passes on by itself. */
  deadline: number | null;
  /** Number of the round (round mode), from 1. */
  round: number;
  /** Players whose passage for this round is submitted, and those the round waits for. */
  submitted: string[];
  waitingFor: string[];
}

export interface DraftView {
  id: string;
  openedBy: string;
  openedAt: number;
  /** The committed passage this draft will replace, when it was reopened. */
  replaces: string | null;
  /** Players who may type in it; 'all' = every writer. */
  writers: 'all' | string[];
  /** Whether everybody may read it (live) or only its writers and game masters (private). */
  visibility: DraftVisibility;
  isSubmitted: boolean;
  /** Which player stands behind each Yjs client id: the source of author colours while typing. */
  clients: Record<string, string>;
  /** A game master writes it as the narrator. */
  asNarrator: boolean;
  /** The screen keeps it from other eyes until it is changed. */
  isShielded: boolean;
  /** The rollback that took its passage away; the words stay with their writer. Null: none. */
  keptFrom: string | null;
  /** Characters in it now. */
  length: number;
}

export interface NarratorTurnView {
  turnId: string;
  askedBy: string;
  state: 'queued' | 'generating';
  /** Place in the whole server's queue, 1 = next; 0 while the engine works on it. */
  position: number;
  /** Until the engine works on it (again), ms, in whole seconds; null when there is no basis for it. */
  expectedWaitMs: number | null;
  /** It has begun and lets others pass for a moment; what it has written stays. */
  isPaused: boolean;
  /** The passage it writes into: known from its first sentence on, or from the start for a retry. */
  passageId: string | null;
  direction: string | null;
  castId: string | null;
}

export interface NarratorView {
  status: 'ready' | 'loading' | 'off';
  /** Why it is off, in words for people. */
  reason: string | null;
  model: string;
  /** The bundled demonstration model: the room says how to get a better one. */
  isDemo: boolean;
  /** Many wait: passages are kept short for now. */
  isShort: boolean;
  turns: NarratorTurnView[];
}

export interface TalkLine {
  id: string;
  by: string;
  at: number;
  text: string;
}

/** Notices are short things that happened to everyone or to one player; the client shows and reads them out. */
export interface Notice {
  kind:
    | 'narrator-failed'
    | 'narrator-clipped'
    | 'turn-skipped'
    | 'round-resolved'
    | 'update-refused'
    | 'player-removed'
    | 'draft-closed'
    /** To one player: something of theirs was held, masked, refused or decided. */
    | 'text-held'
    | 'text-masked'
    | 'text-refused'
    | 'text-decided'
    /** To one player, while they type: it would not pass as it stands. */
    | 'text-hint'
    | 'words-removed'
    | 'game-paused'
    | 'game-resumed'
    | 'table-request'
    | 'player-away'
    | 'narrator-mode'
    /** The story went back, or to another branch; to one player: your text is kept. */
    | 'rollback'
    | 'branch'
    | 'text-kept'
    | 'text-asked'
    /** A gentle word of the server's, about how the group writes together. */
    | 'nudge'
    | 'recap'
    /** To game masters. */
    | 'review-needed'
    | 'health';
  text: string;
}

/** Everything a player sees of a session besides documents, in slices that are replaced whole. */
export interface SessionView {
  about: {
    id: string;
    title: string;
    premise: string;
    rating: Rating;
    createdAt: number;
    draftVisibility: DraftVisibility;
    autoCommitIdleMs: number | null;
    /** 'read-only': the server cannot store anything now; nothing is acked until it can. */
    storage: 'ok' | 'read-only';
  };
  players: PlayerView[];
  cast: CastMember[];
  turn: TurnView;
  drafts: DraftView[];
  /** Who typed in the last seconds, and where: player id -> draft id. */
  typing: Record<string, string>;
  narrator: NarratorView;
  safety: SafetyView;
  history: HistoryView;
}

/** Server -> client events of the Socket.IO channel. */
export interface ServerEvents {
  /** First message on a connection. `talk` is the latest table talk, oldest first. */
  'session:welcome': (message: {
    protocolVersion: number;
    /** `lastSeenAt`: when your last connection ended, epoch ms; null: this is your first visit. */
    you: { playerId: string; role: Role; lastSeenAt: number | null };
    view: SessionView;
    talk: TalkLine[];
    serverTime: number;
  }) => void;
  /** Slices that changed, whole. */
  'session:patched': (patch: Partial<SessionView>) => void;
  /** What only this player sees; after the welcome, and whole whenever it has changed. */
  'session:desk': (desk: DeskView) => void;
  /** Only to game masters: after the welcome, and at most every few seconds while something changes. */
  'session:health': (health: MonitorView) => void;
  'talk:said': (line: TalkLine) => void;
  /** These lines were removed for good. */
  'talk:removed': (lineIds: string[]) => void;
  'session:noticed': (notice: Notice) => void;
  /** Sent just before the server closes the connection, with the reason. */
  'session:closing': (reason: { code: number; refusal: Refusal }) => void;
}
