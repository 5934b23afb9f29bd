import { HARMS, type Genre, type Harm, type Rating } from './protocol.ts';

// The port to moderation: what the session asks about a text, and what it is told. moderation/ implements it.

export { HARMS };
export type { Genre, Harm };

/** A severity, 0 to 4, for each kind of harm. */
export type Severities = Record<Harm, number>;

/** Where a text is going. */
export const CHANNELS = ['story', 'draft', 'talk', 'name', 'title', 'direction', 'narrator'] as const;
export type Channel = (typeof CHANNELS)[number];

/** The six outcomes of a decision (D16), from mild to hard. */
export const OUTCOMES = [
  'allow',
  'allow_with_note',
  'soften',
  'hold_for_gm',
  'block',
  'block_escalate',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** The same in the words of the screening interface. */
export const ACTIONS = {
  allow: 'allow',
  allow_with_note: 'warn',
  soften: 'redact',
  hold_for_gm: 'hold',
  block: 'block',
  block_escalate: 'block',
} as const satisfies Record<Outcome, string>;
export type Action = (typeof ACTIONS)[Outcome];

/** What a table has agreed on. */
export interface TableRules {
  rating: Rating;
  genre: Genre;
  /** Severities the table allows where that is less than the policy's; more has no effect. */
  levels: Partial<Severities>;
  /** Topics that are never to appear, and topics that stay off-screen, each a word or a short description. */
  lines: readonly string[];
  veils: readonly string[];
}

/** A text and all that a decision about it may look at. One session's text only. */
export interface ScreenRequest {
  text: string;
  /** For the judge's place in the queue; null: not from a session. */
  sessionId: string | null;
  channel: Channel;
  rules: TableRules;
  /** Names of the story's cast, and display names of the people at the table. */
  cast: readonly string[];
  players: readonly string[];
  /** Display name of who wrote it; null: the narrator, or nobody known. */
  speaker: string | null;
  /** The passages or lines just before it, oldest first: what is split over several is judged together (S3.24). */
  recent: readonly string[];
  /** D15: share of clean texts of this person, 0 to 1; 1 for the narrator. */
  history: number;
  /** People at the table now. */
  playersPresent: number;
}

/** A part of the text as it was given; offsets in UTF-16 units, `end` behind it. */
export interface TextSpan {
  start: number;
  end: number;
  source: 'lexicon' | 'rule' | 'model' | 'pii' | 'table' | 'judge';
  /** What was found there: a harm, a kind of personal data, or the topic of a line. */
  label: string;
}

/** Probabilities, calibrated so that 0.5 is where a text counts as such. */
export const SCORES = [
  'toxicity',
  'hate',
  'harassment',
  'sexual',
  'sexual_minors',
  'violence',
  'self_harm',
  'privacy',
  'injection',
] as const;
export type Scores = Record<(typeof SCORES)[number], number>;

/** A replacement in a text: offsets in the text as given. */
export interface Mask {
  start: number;
  end: number;
  /** Masked letters, or a typed placeholder. */
  text: string;
}

export interface Verdict {
  outcome: Outcome;
  action: Action;
  /** The text as others may see it when the action is allow, warn or redact: masked words and typed placeholders in it. */
  text: string;
  /** How `text` differs from the text as given: what is written instead of what. Sorted, not overlapping. */
  masks: Mask[];
  /** Rules of the policy that applied, the deciding one first. */
  rules: string[];
  /** The harm that decided; null when nothing did. */
  harm: Harm | null;
  severities: Severities;
  scores: Scores;
  spans: TextSpan[];
  /** Why, in plain words for the author; '' for allow. Never quotes the text. */
  reason: string;
  /** Somebody may be telling of wanting to hurt themselves: help text for the author, a quiet flag for game masters. */
  needsHelp: boolean;
  /** It counts against the author's history. */
  isStrike: boolean;
  policyHash: string;
  modelVersion: string;
  /** Tiers that did not answer or answered too late; what they would have said was not heard. */
  failedTiers: string[];
  ms: number;
}

/** A second opinion on a text that the first tiers are not certain of. */
export interface Judgement {
  scores: Partial<Scores>;
  target: 'character' | 'player' | 'group' | 'self' | 'none';
  isFiction: boolean;
  decision: 'allow' | 'warn' | 'hold' | 'block';
  /** In plain words, 200 characters at most; '' when it gave none. */
  reason: string;
}

export interface Judge {
  /** Short name for versions and logs. */
  readonly name: string;
  /**
   * Judges a bare text; `context` is told apart from it and is never judged itself. Rejects when the answer is
   * late, is not understood, or the signal aborts.
   */
  judge(
    of: Pick<ScreenRequest, 'text' | 'channel' | 'rules' | 'sessionId'>,
    signal: AbortSignal,
  ): Promise<Judgement>;
}

/** One decision for the log: all that led to it but the text. */
export interface DecisionEntry {
  at: number;
  sessionId: string;
  /** Whose text; `narrator` for the narrator's. */
  author: string;
  channel: Channel;
  rating: Rating;
  length: number;
  /** 'input': before anybody saw it; 'delivered': found in what people have seen already. */
  stage: 'input' | 'delivered';
  verdict: Omit<Verdict, 'text' | 'masks' | 'reason'>;
}

/** What a person decided about a decision. */
export interface ReviewEntry {
  at: number;
  sessionId: string;
  /** The hold, or the report, that was decided. */
  holdId: string;
  /** Player id of the game master. */
  reviewer: string;
  /** 'upheld': a report was right; what it is about was shown and should not have been. */
  review: 'approved' | 'edited' | 'rejected' | 'revision' | 'undone' | 'upheld';
  harm: Harm | null;
  /** The text was let through although the decision had been against it. */
  isOverturn: boolean;
  waitedMs: number;
}

/** A text that a person has judged, for a later fit of the model; written only with the table's consent. */
export interface LabelledRow {
  at: number;
  sessionId: string;
  text: string;
  channel: Channel;
  rating: Rating;
  harm: Harm | null;
  isHarmful: boolean;
  policyHash: string;
  modelVersion: string;
}

/** Where decisions are recorded. Nothing here throws or waits. */
export interface ModerationLog {
  decided(entry: DecisionEntry): void;
  reviewed(entry: ReviewEntry): void;
  labelled(row: LabelledRow): void;
  /** Deletes labelled rows of a session with these texts (G1). Throws STORAGE_UNAVAILABLE. */
  purge(sessionId: string, texts: readonly string[]): Promise<void>;
}

export interface ModeratorInfo {
  policyHash: string;
  policyVersion: string;
  modelVersion: string;
  /** Paraphrases of lines and veils are found too. */
  hasEncoder: boolean;
  hasJudge: boolean;
}

/** The judge of texts as sessions use it. */
export interface Moderator {
  /**
   * The whole judgement, within a bounded time; never rejects: a tier that fails is named in the verdict. 'quick'
   * leaves out what takes long (encoder, judge), for texts by the thousand.
   */
  screen(request: ScreenRequest, depth?: 'full' | 'quick'): Promise<Verdict>;
  /** A look at once, at the last 2,000 characters of text that is being typed, without what takes long. Never throws. */
  look(request: ScreenRequest): Verdict;
  /** Words that nobody else may see even for a moment, whatever the table allows. */
  banned(text: string): TextSpan[];
  /** The most that the policy allows at a rating: tables may only tighten it. */
  floor(rating: Rating): Severities;
  info(): ModeratorInfo;
}
