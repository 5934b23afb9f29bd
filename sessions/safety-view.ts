import type { Genre, Harm, NarratorMode } from './protocol.ts';
import type { Flag } from './ports.ts';
import type { Hold, Report, TableRequest } from './safety-state.ts';

/** What everybody at the table sees of its safety tools. Nobody is named in it. */
export interface SafetyView {
  narratorMode: NarratorMode;
  isPaused: boolean;
  slowSeconds: number | null;
  genre: Genre;
  tone: string;
  contentNotes: string;
  /** The lines and veils of all, in one list each. */
  lines: string[];
  veils: string[];
  /** Passages that an X-card has put out of sight, of those whose text is held. */
  hiddenPassages: string[];
  /** What the policy allows at this rating, and what this table does: severities 0 to 4. */
  floor: Record<Harm, number>;
  levels: Partial<Record<Harm, number>>;
  mayLearn: boolean;
  /** Paraphrases of lines and veils are found too. */
  findsParaphrases: boolean;
  /** Switches of the operator that are on here. */
  flags: Flag[];
}

/** A text of one's own that was held, masked or refused. */
export interface NoteView {
  holdId: string;
  at: number;
  kind: Hold['kind'];
  state: Hold['state'];
  passageId: string | null;
  /** Why, in plain words, and the rule of the policy that decided. */
  reason: string;
  rule: string;
  /** Chosen by the host; shown when `needsHelp`. */
  helpText: string | null;
  mayAppeal: boolean;
  appeal: string | null;
  /** What the game master said to it. */
  note: string;
}

/** A text in the review queue, with what a game master needs to decide. */
export interface HoldView {
  id: string;
  kind: Hold['kind'];
  state: Hold['state'];
  /** Player id, `narrator`, or null for what an X-card hid. */
  by: string | null;
  at: number;
  channel: Hold['channel'];
  passageId: string | null;
  text: string;
  why: Hold['why'];
  needsHelp: boolean;
  appeal: string | null;
  decidedBy: string | null;
  decidedAt: number | null;
  note: string;
  /** The decision can be taken back. */
  mayUndo: boolean;
}

/** What game masters have on their desk. */
export interface ReviewView {
  /** Waiting first, oldest first; then decided, newest first. */
  holds: HoldView[];
  requests: TableRequest[];
  reports: Report[];
  /** The table's own lines and veils, without those of players. */
  tableLines: string[];
  tableVeils: string[];
  /** Since when the oldest has been waiting, epoch ms. */
  oldestAt: number | null;
  waiting: number;
  decided: number;
  overturned: number;
}

/** What only one person sees. Sent whole when it has changed. */
export interface DeskView {
  notes: NoteView[];
  lines: string[];
  veils: string[];
  mutedUntil: number | null;
  isReadOnly: boolean;
  isAway: boolean;
  helpText: string;
  /** For game masters; null for others. */
  review: ReviewView | null;
}
