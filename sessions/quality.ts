// How well a passage is told: what is measured, and the shape in which it travels.

/**
 * What is measured of passages, each 0 to 1, calibrated so that a healthy version stays above its threshold in 95 of
 * 100 passages (requirements D0 to D5, D17). Those that a language model judges, and those that need the sentence
 * encoder, are metrics of their own and never mixed with the fast ones.
 */
export const QUALITY_METRICS = [
  'narrative_coherence',
  'character_consistency',
  'user_engagement',
  'diversity',
  'embedding_coherence',
  'judge_coherence',
  'judge_voice',
  'judge_engagement',
] as const;
export type QualityMetric = (typeof QUALITY_METRICS)[number];

const SAMPLED: ReadonlySet<QualityMetric> = new Set([
  'embedding_coherence',
  'judge_coherence',
  'judge_voice',
  'judge_engagement',
]);

/** The metrics of one look at a passage: the fast ones, or (`isDeeper`) those that only sampled passages have. */
export function metricsOf(isDeeper: boolean): QualityMetric[] {
  return QUALITY_METRICS.filter((metric) => SAMPLED.has(metric) === isDeeper);
}

/** Scores 0 to 1; null: not measured (never 0 for that). */
export type QualityScores = Record<QualityMetric, number | null>;

/** Nothing measured yet. */
export function noScores(): QualityScores {
  return Object.fromEntries(QUALITY_METRICS.map((metric) => [metric, null])) as QualityScores;
}

/** Languages that are told apart by their small words. */
export type ToldLanguage = 'en' | 'de' | 'fr' | 'es' | 'it' | 'pt' | 'nl';

/** How a persona is to be written, for D4; every rule is optional. */
export interface Persona {
  castId: string;
  name: string;
  /** Words that this character never says, lower case. */
  neverUse: readonly string[];
  /** Whether contractions belong to the register: false: "I do not", true: either; null: no rule. */
  usesContractions: boolean | null;
  /** What it speaks; null: as the story does. */
  language: ToldLanguage | null;
  /** How it speaks of itself: 'third': by its name; null: no rule. */
  person: 'first' | 'third' | null;
  /** In which tense it tells things; null: no rule. */
  tense: 'past' | 'present' | null;
  /** Bounds for the mean number of words in a sentence of dialogue; null: no rule. */
  sentenceWords: { min: number; max: number } | null;
  /** Lines that sound right: of the card, and accepted since. */
  samples: readonly string[];
}

/** A passage that is to be measured, as it stands at its commit. */
export interface PassageToAssess {
  sessionId: string;
  passageId: string;
  alternativeId: string;
  authorKind: 'player' | 'narrator';
  text: string;
  /** The last shown passages before it, oldest first; at most 12, and 3 do unless they are short. */
  previous: readonly string[];
  /** Those whom the passage lets speak, or names. */
  cast: readonly Persona[];
  /** The cast member that the narrator was asked to speak as; null: none. */
  speaksAs: string | null;
  /** Which version of the narrator wrote it; null: a person did. */
  version: string | null;
  /** D5 of the session just now; null: not measured. */
  engagement: number | null;
  /** Waiting narrator turns in this moment: the judge is left out above 3 (D2). */
  narratorWaiting: number;
}

/** What was found wrong with a voice, in words for a game master. */
export interface VoiceFinding {
  castId: string;
  rule: 'never_use' | 'language' | 'person' | 'register' | 'sentence_length' | 'style';
  detail: string;
}

/** The measured quality of one passage. */
export interface PassageQuality {
  sessionId: string;
  passageId: string;
  alternativeId: string;
  authorKind: 'player' | 'narrator';
  version: string | null;
  /** Epoch ms. */
  at: number;
  scores: QualityScores;
  /** How each was measured, as `D1-tfidf/en-1`; absent: not measured. */
  methods: Partial<Record<QualityMetric, string>>;
  /** Names the baseline file. */
  thresholdVersion: string;
  /** Metrics under their threshold. */
  below: QualityMetric[];
  voice: VoiceFinding[];
}

/** Judges passages. The first answer is at once and costs less than 50 ms of CPU. */
export interface QualityAssessor {
  /** The fast metrics (no model). Pure: the same passage gives the same answer. */
  assess(of: PassageToAssess, at: number): PassageQuality;
  /**
   * The sampled ones: judge and encoder, where there are any and the queue has room. Null: not sampled, or not to be had.
   * Never throws.
   */
  deepen(of: PassageToAssess, fast: PassageQuality, signal: AbortSignal): Promise<PassageQuality | null>;
  /** Words that help to tell how rare a stem is, shared by all measures. */
  readonly background: Background;
  /**
   * How much a character's dialogue in these passages sounds like its samples (D4b), 0 to 1. Null: less than 600 words
   * of it, or too few samples. For sessions, never for one passage. Pure.
   */
  styleOf?(persona: Persona, passages: readonly string[], others: readonly string[]): number | null;
  /** Below which a session's score alerts (S0.16). */
  readonly thresholds: Readonly<Record<QualityMetric, number | null>>;
}

/** How rare stems are in stories at large. */
export interface Background {
  /** `en-1` and the like. */
  readonly version: string;
  /** ln(N / df) of a stem as `stemOf` makes it; unknown stems get the largest. */
  idf(stem: string): number;
  readonly medianIdf: number;
  /**
   * Share of the commonest words of its language among these (folded), 0 to 1; what tells whether a story is written in
   * it. Absent: every story is taken to be.
   */
  commonShare?(words: readonly string[]): number;
  /**
   * Whether these words (folded, in their order) follow each other as words of its language do: 0, no, to 1; null: they
   * are too few to tell. Absent: never told.
   */
  fluency?(words: readonly string[]): number | null;
}
