import { z } from 'zod';
import { CHANNELS, OUTCOMES, SCORES } from './moderator.ts';
import { genreSchema, HARMS, narratorModeSchema } from './protocol.ts';

// What a session remembers of moderation and of its safety tools; part of the persisted state (state.ts).

const severity = z.number().min(0).max(4);

const spanSchema = z.object({ author: z.string(), text: z.string() });

/** Why a text was held, masked or refused: the verdict without the text. */
const whySchema = z.object({
  outcome: z.enum(OUTCOMES),
  rules: z.array(z.string()),
  harm: z.enum(HARMS).nullable(),
  reason: z.string(),
  severities: z.partialRecord(z.enum(HARMS), severity),
  scores: z.partialRecord(z.enum(SCORES), z.number()),
  spans: z.array(
    z.object({
      start: z.number().int(),
      end: z.number().int(),
      source: z.enum(['lexicon', 'rule', 'model', 'pii', 'table', 'judge']),
      label: z.string(),
    }),
  ),
  policyHash: z.string(),
  modelVersion: z.string(),
});
export type Why = z.infer<typeof whySchema>;

const HOLD_KINDS = ['passage', 'talk', 'narrator', 'whisper', 'hidden', 'note'] as const;

/**
 * A text that people decide about. 'passage', 'talk': a player's. 'narrator': the narrator's, refused by the
 * screen or waiting as the scene wants it (Assist). 'whisper': a suggestion to game masters (Copilot).
 * 'hidden': taken out of sight by an X-card. 'note': a name, title or direction that was refused; nothing waits.
 */
export const holdSchema = z.object({
  id: z.string(),
  kind: z.enum(HOLD_KINDS),
  /** Player id, or `narrator`. */
  by: z.string(),
  at: z.number(),
  channel: z.enum(CHANNELS),
  /**
   * 'open': waits for a game master. 'masked': shown with words masked. 'refused': not taken, the author has it.
   * The last three wait only when they are appealed against; 'approved', 'rejected', 'revision': decided.
   */
  state: z.enum(['open', 'masked', 'refused', 'approved', 'rejected', 'revision']),
  /** The state that `hold:undo` goes back to; null: not decided. */
  before: z.enum(['open', 'masked', 'refused']).nullable(),
  /** The passage it belongs to; null for talk, whispers, and what never got a place. */
  passageId: z.string().nullable(),
  /** The passage stood in the story before: its new text waits, or its old text is out of sight. */
  isReplacement: z.boolean(),
  /** The draft its author still has it in; null: none. */
  draftId: z.string().nullable(),
  turnId: z.string().nullable(),
  castId: z.string().nullable(),
  direction: z.string().nullable(),
  /**
   * What is held, with its true authors: of every alternative when the passage is hidden, else one text. Behind it
   * what stood in the story then: the masked text, or the one that the held text is to replace.
   */
  texts: z.array(z.object({ alternativeId: z.string(), spans: z.array(spanSchema) })),
  /** Null: no screen decided it. */
  why: whySchema.nullable(),
  needsHelp: z.boolean(),
  /** What the author says against it; null: nothing. */
  appeal: z.string().nullable(),
  decidedBy: z.string().nullable(),
  decidedAt: z.number().nullable(),
  note: z.string(),
});
export type Hold = z.infer<typeof holdSchema>;

/** What players have asked of the table without giving a name. */
export const requestSchema = z.object({
  id: z.string(),
  kind: z.enum(['x-card', 'rewind', 'fast-forward', 'pause']),
  at: z.number(),
  passageId: z.string().nullable(),
});
export type TableRequest = z.infer<typeof requestSchema>;

export const reportSchema = z.object({
  id: z.string(),
  by: z.string(),
  at: z.number(),
  /** A passage, a line of table talk, or a player. */
  about: z.object({ kind: z.enum(['passage', 'talk', 'player']), id: z.string() }),
  reason: z.enum(['unsafe', 'harassment', 'line', 'privacy', 'other']),
  text: z.string(),
});
export type Report = z.infer<typeof reportSchema>;

const topics = z.array(z.string());
export const topicsSchema = z.object({ lines: topics, veils: topics });

/** What the table agreed on before play (session zero). */
export const agreementSchema = z.object({
  genre: genreSchema,
  tone: z.string(),
  /** What may come up, said beforehand. */
  contentNotes: z.string(),
  /** Shown to somebody who tells of wanting to hurt themselves; chosen by the host. */
  helpText: z.string(),
  lines: topics,
  veils: topics,
  levels: z.partialRecord(z.enum(HARMS), z.number().int().min(0).max(4)),
  /** Decided texts may be kept to fit the model better. */
  mayLearn: z.boolean(),
});

/** What a game master has put on a player, and how their texts were judged so far (D15). */
export const standingSchema = z.object({
  /** Epoch ms; null: not muted. */
  mutedUntil: z.number().nullable(),
  isReadOnly: z.boolean(),
  /** They have stepped out by the open door. */
  isAway: z.boolean(),
  clean: z.number(),
  violations: z.number(),
  /** When `clean` and `violations` were last brought up to date. */
  at: z.number(),
});
export type Standing = z.infer<typeof standingSchema>;

export const safetySchema = z.object({
  narratorMode: narratorModeSchema,
  isPaused: z.boolean(),
  slowSeconds: z.number().nullable(),
  agreement: agreementSchema,
  /** Each player's own lines and veils; shown to others only as one list without names. */
  topics: z.record(z.string(), topicsSchema),
  standings: z.record(z.string(), standingSchema),
  holds: z.array(holdSchema),
  requests: z.array(requestSchema),
  reports: z.array(reportSchema),
  /** For the narrator's next turn, once. */
  guidance: z.string().nullable(),
  /** Decisions about held texts, and how many of them went against the first one. */
  decided: z.number(),
  overturned: z.number(),
});
export type Safety = z.infer<typeof safetySchema>;

export const NEW_STANDING: Standing = {
  mutedUntil: null,
  isReadOnly: false,
  isAway: false,
  clean: 0,
  violations: 0,
  at: 0,
};

/** The safety state of a session in which nothing has been said yet. */
export function newSafety(): Safety {
  return {
    narratorMode: 'ai',
    isPaused: false,
    slowSeconds: null,
    agreement: {
      genre: 'general',
      tone: '',
      contentNotes: '',
      helpText: '',
      lines: [],
      veils: [],
      levels: {},
      mayLearn: false,
    },
    topics: {},
    standings: {},
    holds: [],
    requests: [],
    reports: [],
    guidance: null,
    decided: 0,
    overturned: 0,
  };
}
