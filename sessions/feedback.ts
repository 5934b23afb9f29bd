// What readers think of single passages of the narrator (requirements S1.12 to S1.14, S3.31).
import { z } from 'zod';
import { idSchema } from './ids.ts';
import { LIMITS } from './limits.ts';

export const FEEDBACK_TYPES = ['positive', 'neutral', 'negative', 'broke_story'] as const;
export type FeedbackType = (typeof FEEDBACK_TYPES)[number];

/** Body of `POST /api/sessions/:id/feedback`. A second one by the same player about the same passage replaces the first. */
export const feedbackSchema = z.object({
  passageId: idSchema,
  alternativeId: idSchema,
  type: z.enum(FEEDBACK_TYPES),
  rating: z.number().int().min(1).max(5).nullable().default(null),
  comment: z
    .string()
    .max(LIMITS.feedbackLength)
    .transform((text) => text.trim())
    .default(''),
});
export type FeedbackInput = z.output<typeof feedbackSchema>;

/** Feedback as it is kept. */
export interface Feedback extends FeedbackInput {
  sessionId: string;
  playerId: string;
  at: number;
  /** The narrator's version and model that wrote it. */
  version: string | null;
  model: string | null;
}

/** Durable home of feedback. */
export interface FeedbackStore {
  /** Upserts by session, passage, alternative and player. Throws AppError STORAGE_UNAVAILABLE. */
  put(feedback: Feedback): Promise<void>;
  /** What a player has said in a session. */
  ofPlayer(sessionId: string, playerId: string): Promise<Feedback[]>;
  /** All ratings of a session, for D20 when it is loaded. */
  ratings(sessionId: string): Promise<{ count: number; sum: number }>;
  /** Drops what was said about passages that are purged. */
  purge(sessionId: string, passageIds: readonly string[]): Promise<void>;
}
